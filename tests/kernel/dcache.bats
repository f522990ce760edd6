#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# fs/dcache.c of Debian's linux-source-6.1, compiled with the kernel's own flags: the variables of the
# dentry hash table, read in five inlined lookups, become sites outside of init code.
# bats ends a test at the first command that fails, and dollars here are the assembler's.
# shellcheck disable=SC2164,SC2016

setup_file() {
	export build=${RCPP_BUILD:-$BATS_TEST_DIRNAME/../../build} work=$BATS_FILE_TMPDIR
	mkdir "$work/linux"
	tar xf /usr/src/linux-source-6.1.tar.xz --strip-components=1 -C "$work/linux"
	cd "$work/linux"
	{
		make tinyconfig
		./scripts/config -e 64BIT -e SMP -e PRINTK -e TTY \
			-d CC_OPTIMIZE_FOR_SIZE -e CC_OPTIMIZE_FOR_PERFORMANCE
		make olddefconfig
		make -j2 fs/dcache.s
	} >"$work/make.log" 2>&1
	rm -f "$work/explained"
	"$build/rcpp" --symbol dentry_hashtable,d_hash_shift --explain="$work/explained" \
		fs/dcache.s -o "$work/filtered.s"
}

@test "all references outside of init code are sites, five of each variable" {
	cat "$work/explained" >&3
	[ "$(grep -c ': dentry_hashtable: mov' "$work/explained")" -eq 5 ]
	[ "$(grep -c ': d_hash_shift: mov' "$work/explained")" -eq 5 ]
	[ "$(grep ': load: ' "$work/explained" | grep -vc 'init code runs before patching')" -eq 0 ]
}

@test "each instruction of the file is known, or listed with a reason" {
	top=$BATS_TEST_DIRNAME/../..
	"$top/tests/instructions/build-coverage.sh" "$build" "$work/coverage"
	"$work/coverage" "$top/tests/instructions/barriers.txt" 35000 "$work/linux/fs/dcache.s" >&3
}

@test "shrl %cl became shrl \$V in each of the five" {
	[ "$(grep -c 'd_hash_shift: .*shrl %cl,%e[a-z]* => any: shrl \$V, %e' "$work/explained")" -eq 5 ]
}

@test "the result assembles, and rcpp-dump finds the sites in the object" {
	as "$work/filtered.s" -o "$work/filtered.o"
	[ "$("$build/rcpp-dump" "$work/filtered.o" | grep -c 'd_hash_shift.*shrl %cl')" -eq 5 ]
}

@test "diff shows sites, forms and tables, and nothing else" {
	cd "$work/linux"
	# Without the labels, padding, forms and tables of ours the text is the compiler's again.
	sed -e 's/\.loc_mark_labels [01]; //g; s/\.Lrcpp[0-9]*n: [^;]*; //; s/\.Lrcpp[0-9]*: //; s/\.reloc \.Lrcpp[^;]*; //' \
		-e 's/\(; \.Lrcpp[0-9]*e: \.nops [^;]*\)\?; \.Lrcpp[0-9]*x://' \
		-e 's/\.nops ([^;]*; //; s/\.fill \.LrcppF[0-9]*p[^;]*; //; s/{disp32} //' \
		-e 's/; \(\.byte 0xeb,[^;]*; \)\?\.\(nops\|fill\) \.LrcppF[0-9]*g[-,0-9x]*//' \
		-e 's/\.pushsection rcpp_forms.*\.popsection; //' \
		-e '/\.pushsection rcpp_rows/,/\.popsection/d' "$work/filtered.s" |
		diff fs/dcache.s -
	run diff fs/dcache.s "$work/filtered.s"
	[ "$status" -eq 1 ]
}

@test "Kbuild's CC=, as the README has it: the object has the sites" {
	cd "$work/linux"
	make CC="$build/rcpp-cc gcc" KCFLAGS=-Wr,--symbol=dentry_hashtable,d_hash_shift fs/dcache.o \
		>"$work/kbuild.log" 2>&1
	[ "$("$build/rcpp-dump" fs/dcache.o | grep -c ' d_hash_shift .*shrl %cl')" -eq 5 ]
	make CC="$build/rcpp-cc gcc" fs/namei.o >>"$work/kbuild.log" 2>&1
	cp fs/namei.o through.o
	rm fs/namei.o
	make CC=gcc fs/namei.o >>"$work/kbuild.log" 2>&1
	cmp through.o fs/namei.o
}
