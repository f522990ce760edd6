# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What checks and measures rcpp; the Makefile includes it. tests/README.md says what is what.

# What a fresh machine lacks.
CHECK_PACKAGES = $(BUILD_PACKAGES) bats clang lld mold valgrind shellcheck clang-format \
	binutils g++ libclang-rt-14-dev diffutils jq python3 csmith libcsmith-dev man-db groff mandoc \
	pkg-config cmake meson ninja-build autoconf ccache distcc patchelf musl-tools strace gdb linux-perf \
	chromium $(DEB_PACKAGES)
REAL_PACKAGES = $(CHECK_PACKAGES) tcl-dev libevent-dev libgtest-dev libgmock-dev perl curl zlib1g-dev
KERNEL_PACKAGES = $(CHECK_PACKAGES) linux-source-6.1 xz-utils bc perl cpio kmod rsync patch \
	busybox-static qemu-system-x86
FUZZ_PACKAGES = $(CHECK_PACKAGES) creduce
BENCH_PACKAGES = $(BUILD_PACKAGES) binutils hyperfine gnuplot-nox jq valgrind mawk python3
REAL_BENCH_PACKAGES = $(BUILD_PACKAGES) binutils valgrind python3 dpkg-dev autoconf automake tcl

# For tests that link the filter with programs of their own.
filter-objects:
	@echo $(FILTER_OBJECTS)

# The folders that such a program may include from, as options for the compiler.
filter-flags:
	@echo $(addprefix -iquote $(CURDIR)/,$(call in-rcpp,filter $(filter-out $(B)/%,$(SEES.filter))))

# The sources of the part of the runtime that decodes sites.
decoder-sources:
	@echo $(DECODER:%=$(CURDIR)/runtime/%.c)

TESTS = $(sort $(wildcard tests/*.bats))
# What runs once more, at the same time, with the programs built for AddressSanitizer and UBSan.
SANITIZED_TESTS = $(filter tests/golden.bats tests/traps.bats tests/reader.bats tests/options.bats \
	tests/dump.bats tests/pid.bats tests/liveness.bats tests/launcher.bats tests/driver.bats tests/examples.bats \
	tests/execute.bats tests/hostile.bats tests/divisions.bats tests/fields.bats tests/values.bats \
	tests/report.bats tests/page.bats,$(TESTS))
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all
BATS = RCPP_BUILD=$(CURDIR)/$(B) bats --tap

# `make check LINKER=mold` (bfd, gold, lld): whatever the tests link with the system's `ld` is linked
# with that one. It stands first in PATH, and so does clang, which looks for `ld` beside itself.
LINKER =
LINKER_DIRECTORY = $(abspath $(B))/linker/$(LINKER)
WITH_LINKER = $(if $(LINKER),PATH="$(LINKER_DIRECTORY):$$PATH")
linker:
	@mkdir -p $(LINKER_DIRECTORY)
	@for name in $(if $(LINKER),ld.$(LINKER) clang clang++); do \
		path=$$(command -v $$name) || \
			{ echo "no $$name: LINKER is bfd, gold, lld or mold" >&2; exit 1; }; \
		case $$name in \
			ld.lld) ln -sf $(CURDIR)/tests/ld-lld.sh $(LINKER_DIRECTORY)/ld ;; \
			ld.*) ln -sf $$path $(LINKER_DIRECTORY)/ld ;; \
			*) [ $$path = $(LINKER_DIRECTORY)/$$name ] || ln -sf $$path $(LINKER_DIRECTORY) ;; \
		esac; \
	done

# Two at a time: those with sanitizers, and behind them what only compiles and runs small programs;
# beside them all the others.
LATER_TESTS = $(filter $(patsubst %,tests/%.bats,branches calls divisions execute pointers profile random returns \
	traps turned values),$(TESTS))
check:
	$(call install-missing,$(CHECK_PACKAGES))
	@$(MAKE) --no-print-directory all $(B)/generate-instructions
	@$(MAKE) --no-print-directory sanitized linker
	@{ status=0; \
	$(if $(SANITIZED_TESTS),$(WITH_LINKER) RCPP_STATES=100 RCPP_DIVIDENDS=0 RCPP_DAMAGE_STEP=5 \
		RCPP_BUILD=$(CURDIR)/$(B)/sanitized bats --tap $(SANITIZED_TESTS) || status=1;) \
	$(if $(LATER_TESTS),$(WITH_LINKER) $(BATS) $(LATER_TESTS) || status=1;) \
	exit $$status; } >$(B)/later.tap 2>&1 & later=$$!; \
	status=0; $(if $(filter-out $(LATER_TESTS),$(TESTS)),$(WITH_LINKER) $(BATS) $(filter-out $(LATER_TESTS),$(TESTS)) || status=1;) \
	wait $$later || status=1; cat $(B)/later.tap; exit $$status

# Objects that tests link with programs of their own, which have neither sanitizers nor counters.
LINKED_OBJECTS = $(patsubst %,$(B)/grammar/x86-64/%.o,rules instructions registers)

# The programs with sanitizers; the libraries stay as they are, for tests link them everywhere.
sanitized:
	@$(MAKE) --no-print-directory B=$(B)/sanitized CFLAGS='-O1 -g $(SANITIZE)' programs
	@$(MAKE) --no-print-directory $(LIBRARIES) $(LINKED_OBJECTS)
	@cp -a $(LIBRARIES) $(B)/librcpp.so.1 $(B)/sanitized/
	@cp -a $(LINKED_OBJECTS) $(B)/sanitized/grammar/x86-64/

# Which lines of our C the tests execute. Left out are tests that do not run our programs, that build
# their own, and that run them only to count or to repeat other tests. librcpp.a contains libgcov, so
# that the tests link as ever. Those that count allocations or look for hardening fail with counters
# in the programs; that does not matter here. (gnu11: only there does exec() write the counts first.)
UNCOUNTED_TESTS = style instructions scale memory fuzz mutate
COVERED_TESTS = $(filter-out $(UNCOUNTED_TESTS:%=tests/%.bats),$(TESTS))
coverage:
	$(call install-missing,$(CHECK_PACKAGES) gcovr)
	@$(MAKE) --no-print-directory B=$(B)/coverage CFLAGS='-std=gnu11 -O0 -g --coverage' HARDENING= all
	@$(MAKE) --no-print-directory -s $(LINKED_OBJECTS)
	@cp -a $(LINKED_OBJECTS) $(B)/coverage/grammar/x86-64/
	@printf 'OPEN %s\nADDLIB %s\nSAVE\nEND\n' $(B)/coverage/librcpp.a \
		"$$(gcc -print-file-name=libgcov.a)" | ar -M
	@find $(B)/coverage -name '*.gcda' -delete
	-@RCPP_STATES=1 RCPP_BUILD=$(CURDIR)/$(B)/coverage bats --tap $(COVERED_TESTS)
	@gcovr --root . --filter rcpp/ --filter runtime/ --filter 'grammar/.*\.c$$' --object-directory $(B)/coverage \
		--sort-percentage --fail-under-line 95

# A million random states for each alternative of each rule, with registers that differ every day;
# values that change while threads use them, some 10^9 times.
NIGHTLY_STATES = 1000000
NIGHTLY_SECONDS = 600
NIGHTLY_SEED = $$(($$(date +%s) / 86400))

check-nightly:
	$(call install-missing,$(CHECK_PACKAGES))
	@$(MAKE) --no-print-directory all
	@seed=$(NIGHTLY_SEED); echo "RCPP_SEED=$$seed"; \
	RCPP_STATES=$(NIGHTLY_STATES) RCPP_SEED=$$seed RCPP_DIVIDENDS=$(NIGHTLY_STATES) \
		RCPP_LIVE_SECONDS=$(NIGHTLY_SECONDS) \
		$(BATS) tests/execute.bats tests/divisions.bats tests/live.bats

check-real:
	$(call install-missing,$(REAL_PACKAGES))
	@$(MAKE) --no-print-directory all
	@$(BATS) tests/real

check-kernel:
	$(call install-missing,$(KERNEL_PACKAGES))
	@$(MAKE) --no-print-directory all
	@$(BATS) tests/kernel

# Random programs: N of them from SEED on; what differs is kept in $(B)/fuzz/failures, reduced.
# COMPILERS: one is drawn for each program, say gcc-11,clang-16,clang-19.
N = 1000
SEED = 1
JOBS = 1
COMPILERS = gcc,gcc,clang
comma = ,
.PHONY: fuzz
fuzz:
	$(call install-missing,$(FUZZ_PACKAGES) $(sort $(subst $(comma), ,$(COMPILERS))))
	@$(MAKE) --no-print-directory all
	@python3 tests/random/drive.py --build $(B) --count $(N) --seed $(SEED) --jobs $(JOBS) \
		--compilers $(COMPILERS) $(FUZZ)

# Which small changes of rcpp do the tests not notice? ONLY='expression' picks some by name.
mutate:
	$(call install-missing,$(CHECK_PACKAGES))
	@python3 tests/mutate/mutate.py --build $(CURDIR)/$(B) --only '$(ONLY)'

# libFuzzer on one target: `make fuzz-filter TIME=3600`, in seconds. See tests/fuzz/run.sh.
TIME = 60
TARGETS = fuzz-reader fuzz-filter fuzz-tables
TARGET_PACKAGES = $(BUILD_PACKAGES) binutils clang libclang-rt-14-dev
TARGET_SOURCES = tests/fuzz/common.c tests/fuzz/mutate.c tests/fuzz/assemble.c
TARGET_FLAGS = -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
.PHONY: $(TARGETS)

$(TARGETS):
	$(call install-missing,$(TARGET_PACKAGES))
	@$(MAKE) --no-print-directory B=$(B)/fuzz CC=clang CFLAGS='$(TARGET_FLAGS)' $(B)/fuzz/$@
	@sh tests/fuzz/run.sh $(B) $(@:fuzz-%=%) $(TIME)

$(B)/fuzz-%: tests/fuzz/%.c $(TARGET_SOURCES) tests/fuzz/fuzz.h $(FILTER_OBJECTS)
	$(CC) -std=c11 $(CPPFLAGS) $(call sees,filter) $(CFLAGS) $(WARNINGS) -fsanitize=fuzzer $(filter %.c %.o,$^) -o $@

$(B)/fuzz-tables: tests/fuzz/tables.c $(DECODER:%=$(B)/runtime/%.o) \
		tests/runtime/sites.s tests/runtime/table.s
	$(CC) -std=c11 $(CPPFLAGS) -iquote runtime $(CFLAGS) $(WARNINGS) -fsanitize=fuzzer -fno-integrated-as \
		-Wa,-Itests/runtime $(filter-out %table.s,$^) -o $@

bench:
	$(call install-missing,$(BENCH_PACKAGES))
	@$(MAKE) --no-print-directory -s all
	@sh tests/bench/run.sh $(B)

# Real programs, without and with their settled variables patchable; ONLY='dash m4' measures these.
bench-real:
	$(call install-missing,$(REAL_BENCH_PACKAGES))
	@$(MAKE) --no-print-directory -s all
	@sh tests/bench/real.sh $(B) $(ONLY)

.PHONY: check linker filter-objects filter-flags decoder-sources sanitized coverage check-nightly check-real check-kernel \
	bench bench-real mutate
