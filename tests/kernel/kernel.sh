# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Functions for the tests that build and boot Linux: sourced by *.bats.
# shellcheck shell=bash disable=SC2154 # work is the caller's

# unpack DIRECTORY: Debian's source of Linux 6.1
unpack()
{
	mkdir -p "$1"
	tar xf /usr/src/linux-source-6.1.tar.xz --strip-components=1 -C "$1"
}

# configure DIRECTORY [MAKE-ARGUMENT]...: small, with modules and randomized addresses
configure()
{
	local linux=$1
	shift
	(
		cd "$linux" || exit
		make "$@" tinyconfig
		./scripts/config -e 64BIT -e SMP -e PRINTK -e TTY -e SERIAL_8250 -e SERIAL_8250_CONSOLE \
			-e BLK_DEV_INITRD -e BINFMT_ELF -e BINFMT_SCRIPT -e PROC_FS -e SYSFS -e DEVTMPFS \
			-e TMPFS -e FUTEX -e EPOLL -e KALLSYMS -e MODULES -e MODULE_UNLOAD \
			-e RELOCATABLE -e RANDOMIZE_BASE -e RANDOMIZE_MEMORY -e UNWINDER_ORC \
			-d CC_OPTIMIZE_FOR_SIZE -e CC_OPTIMIZE_FOR_PERFORMANCE -e KERNEL_GZIP
		make "$@" olddefconfig
	)
}

# build DIRECTORY [MAKE-ARGUMENT]...: the kernel, and the tests' module; says how long it took
build()
{
	local linux=$1 TIMEFORMAT='built in %R seconds, processor time %U user and %S system'
	shift
	cp -r "$BATS_TEST_DIRNAME/module" "$linux/rcpp-test"
	time make -C "$linux" "$@" -j2 bzImage modules
	make -C "$linux" "$@" M="$linux/rcpp-test"
}

# damaged DIRECTORY: a copy of this kernel's module in which the first row's check is wrong
damaged()
{
	(
		cd "$1/rcpp-test" || exit
		objcopy --dump-section rcpp_rows=rows rcpp_test.ko
		# Behind the note's head, the batch's, and what else is in the row.
		printf '\125\252' | dd of=rows bs=1 seek=$((20 + 28 + 14)) conv=notrunc status=none
		objcopy --update-section rcpp_rows=rows rcpp_test.ko rcpp_damaged.ko
	)
}

# initrd DIRECTORY: with this kernel's module
initrd()
{
	cat >"$1/initrd.list" <<-END
		dir /dev 755 0 0
		nod /dev/console 600 0 0 c 5 1
		dir /bin 755 0 0
		dir /proc 755 0 0
		dir /sys 755 0 0
		dir /tmp 755 0 0
		file /bin/busybox /bin/busybox 755 0 0
		file /workload $work/workload 755 0 0
		file /init $BATS_TEST_DIRNAME/guest/init 755 0 0
		file /rcpp_test.ko $1/rcpp-test/rcpp_test.ko 644 0 0
	END
	if [ -e "$1/rcpp-test/rcpp_damaged.ko" ]; then
		echo "file /rcpp_damaged.ko $1/rcpp-test/rcpp_damaged.ko 644 0 0" >>"$1/initrd.list"
	fi
	"$1/usr/gen_init_cpio" "$1/initrd.list" >"$1/initrd"
}

# boot DIRECTORY PARAMETERS [QEMU-ARGUMENT]...: what the console shows
boot()
{
	local linux=$1 parameters=$2
	shift 2
	timeout 600 qemu-system-x86_64 -accel tcg -cpu max -m 512 -display none -serial stdio -no-reboot \
		-kernel "$linux/arch/x86/boot/bzImage" -initrd "$linux/initrd" \
		-append "console=ttyS0 panic=-1 $parameters" "$@" </dev/null 2>/dev/null |
		stdbuf -oL tr -d '\r'
}

# between LOG: what the workload has printed
between()
{
	sed -n '/^==== begin/,/^==== end/p' "$1" | grep -v '^\[\|^rcpp_test:\|^rcpp:'
}
