# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Builds rcpp, its launcher, its runtime and its tests into build/. `make demo` and `make check`
# install what they miss first (Debian, as root), so that a fresh machine needs gcc and make only.

VERSION = 0.1.0
PREFIX = /usr/local
BINDIR = $(PREFIX)/bin
LIBDIR = $(PREFIX)/lib
LIBEXECDIR = $(PREFIX)/libexec
INCLUDEDIR = $(PREFIX)/include
MANDIR = $(PREFIX)/share/man
COMPLETIONDIR = $(PREFIX)/share/bash-completion/completions
CMAKEDIR = $(LIBDIR)/cmake/rcpp

CC = gcc
WARNINGS = -Wall -Wextra -Werror
CFLAGS = -O2 -g
CPPFLAGS += -D_GNU_SOURCE -DRCPP_VERSION='"$(VERSION)"' -DRCPP_LIBEXECDIR='"$(LIBEXECDIR)"' \
	-Ircpp -Igrammar -Iruntime -I$(B)
B = build
COMPILE = $(CC) -std=c11 $(CPPFLAGS) $(CFLAGS) $(WARNINGS) -MMD -MP

FILTER = filter counters accesses first_look foreign emit form code prefix choose references jumps consumers turn conditions \
	readers alternatives match sites reasons skipped dividend switch pointers lookup liveness variable stores returns fields described debug_unit debug_text \
	function effects entries survey operands sections names options kinds report stats place memory descriptors instructions registers plain output command
GENERATED = statement instruction-parser instruction-scanner rules
FILTER_OBJECTS = $(FILTER:%=$(B)/%.o) $(GENERATED:%=$(B)/%.o)
RUNTIME = core forms nops values notes modules index direct unload file origin pages sums maps entry peek \
	signals frames tasks stop call variables faults text update report linux
# What rcpp-dump and rcpp-report share, and each of them.
IMAGE = dump_elf dump_file dump_forbidden dump_origin dump_slots dump_tables json
DUMP = dump dump_held dump_memory dump_module dump_print dump_print_held dump_process $(IMAGE)
# What of the runtime decodes sites: in rcpp-dump it reads another process's memory.
DUMP_RUNTIME = core forms nops values notes modules
REPORT = main program explained profile locate rows verdict names types demangle form_kind columns tally summary list \
	table written profile_table symbols output_json \
	loaded process given patched stayed mnemonic disassembly source listing side_by_side totals html page \
	page_function page_profile show
# The runtime's own code says what a site becomes.
REPORT_RUNTIME = core forms nops values notes modules
PROGRAMS = $(B)/rcpp $(B)/rcpp-cc $(B)/rcpp-dump $(B)/rcpp-report $(B)/libexec/rcpp/as
LIBRARIES = $(B)/librcpp.a $(B)/librcpp.so

all: $(PROGRAMS) $(LIBRARIES)

# What a fresh machine lacks: to build, to test. Quick when nothing is missing.
BUILD_PACKAGES = flex bison libelf-dev libdw-dev libzydis-dev libc6-dev
DEMO_PACKAGES = $(BUILD_PACKAGES) binutils
DEB_PACKAGES = build-essential dpkg-dev debhelper fakeroot lintian
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
define install-missing
@missing=; for p in $(1); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
if [ -n "$$missing" ]; then \
	echo "installing$$missing"; \
	{ apt-get update && DEBIAN_FRONTEND=noninteractive \
		apt-get install -y --no-install-recommends $$missing; } >/dev/null || exit 1; \
fi
endef

# --- the tool

# The last of the directories, for all: the first may be there for another reason.
$(B)/libexec/rcpp:
	@mkdir -p $(B)/runtime $(B)/shared $@

$(B)/%.o: rcpp/%.c $(B)/instruction-parser.c | $(B)/libexec/rcpp
	$(COMPILE) -c $< -o $@

$(B)/report:
	@mkdir -p $@

$(B)/report/%.o: rcpp/report/%.c | $(B)/report
	$(COMPILE) -c $< -o $@

$(B)/%.o: grammar/%.c $(B)/instruction-parser.c | $(B)/libexec/rcpp
	$(COMPILE) -c $< -o $@

$(B)/statement.c: grammar/statement.l | $(B)/libexec/rcpp
	flex -o $@ $<

$(B)/instruction-scanner.c: grammar/instruction.l $(B)/instruction-parser.c | $(B)/libexec/rcpp
	flex -o $@ $<

$(B)/instruction-parser.c: grammar/instruction.y | $(B)/libexec/rcpp
	bison -Wall -Wno-yacc -d -o $@ $<

$(B)/rules-parser.c: grammar/rules.y | $(B)/libexec/rcpp
	bison -Wall -Wno-yacc -d -o $@ $<

$(B)/rules-scanner.c: grammar/rules.l $(B)/rules-parser.c | $(B)/libexec/rcpp
	flex -o $@ $<

$(B)/compile-rules: $(B)/rules-parser.c $(B)/rules-scanner.c rcpp/rules.h rcpp/vocabulary.h \
	runtime/rcpp_tables.h
	$(CC) -std=c11 $(CPPFLAGS) -O1 -g $(GENERATED_WARNINGS) $(B)/rules-parser.c \
		$(B)/rules-scanner.c -o $@ # frees nothing: it ends with its one file

$(B)/rules.c: grammar/x86-64.rules $(B)/compile-rules
	$(B)/compile-rules $< > $@.tmp && mv $@.tmp $@

# What flex and bison write is theirs, not ours, to keep free of warnings.
GENERATED_WARNINGS = -Wall -Wno-unused-function -Wno-sign-compare
$(GENERATED:%=$(B)/%.o): $(B)/%.o: $(B)/%.c
	$(CC) -std=c11 $(CPPFLAGS) $(CFLAGS) $(GENERATED_WARNINGS) -MMD -MP -c $< -o $@

# What --profile adds to each object: the assembly of these, as a string. It is made by one
# compiler with one set of options, whatever rcpp is built with: it runs in other programs.
PROFILE_FLAGS = -std=gnu11 -O2 -fPIC -ffreestanding -mgeneral-regs-only -fcf-protection=branch \
	-fno-stack-protector -fasynchronous-unwind-tables -fno-jump-tables -fno-builtin \
	-fno-tree-loop-distribute-patterns -fno-lto -g0 -D_GNU_SOURCE -Wall -Wextra -Werror
PROFILE = profile profile_places profile_file
$(PROFILE:%=$(B)/%.s): $(B)/%.s: runtime/%.c runtime/profile.h runtime/rcpp_profile.h | $(B)/libexec/rcpp
	gcc $(PROFILE_FLAGS) -Iruntime -S $< -o $@

$(B)/profile_text.h: rcpp/profile-text.awk $(PROFILE:%=$(B)/%.s)
	awk -f $^ >$@.tmp && mv $@.tmp $@

$(B)/counters.o: $(B)/profile_text.h

# For tests that link the filter with programs of their own.
filter-objects:
	@echo $(FILTER_OBJECTS)

$(B)/rcpp: $(B)/main.o $(FILTER_OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@

# The version and a hash of all that decides what the filter writes: rcpp-cc and its `as` tell each
# other, and compiler caches, whether they belong together.
$(B)/id.h: $(wildcard rcpp/*.[ch] grammar/*) runtime/rcpp_tables.h Makefile | $(B)/libexec/rcpp
	@id=$$(cat $(filter-out Makefile,$(sort $^)) | sha256sum | cut -c 1-16) && \
		echo "#define RCPP_ID \"$(VERSION)-$$id\"" > $@

$(B)/command.o: $(B)/id.h

$(B)/libexec/rcpp/as: $(B)/as.o $(B)/assemble.o $(FILTER_OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@

$(B)/rcpp-cc: $(B)/cc.o $(B)/compiler.o $(B)/lasting.o $(B)/command.o $(B)/memory.o
	$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@

$(B)/process:
	@mkdir -p $@

$(B)/process/%.o: runtime/%.c rcpp/dump_at.h | $(B)/process
	$(COMPILE) -include rcpp/dump_at.h -c $< -o $@

$(B)/rcpp-dump: $(DUMP:%=$(B)/%.o) $(DUMP_RUNTIME:%=$(B)/process/%.o)
	$(CC) $(CFLAGS) $(LDFLAGS) $^ -lelf -o $@

$(B)/rcpp-report: $(REPORT:%=$(B)/report/%.o) $(REPORT_RUNTIME:%=$(B)/runtime/%.o) $(IMAGE:%=$(B)/%.o) \
		$(B)/kinds.o $(B)/output.o $(B)/memory.o
	$(CC) $(CFLAGS) $(LDFLAGS) $^ -lZydis -lZycore -ldw -lelf -o $@

# What the page of rcpp-report has in it, as a C string.
$(B)/report/page-parts.h: rcpp/report/page.css rcpp/report/page.js | $(B)/report
	@for part in css js; do \
		echo "static const char page_$$part[] ="; \
		sed -e 's/[\\"]/\\&/g' -e 's/.*/"&\\n"/' rcpp/report/page.$$part; echo ';'; \
	done > $@.tmp && mv $@.tmp $@

$(B)/report/page.o: $(B)/report/page-parts.h

# --- the runtime

# It changes code: whatever the compiler has against attackers, so that programs lose none of it.
HARDENING = -fcf-protection=full -fstack-protector-strong

# The archive goes into programs and shared libraries, with any C library: of the checks, those that
# only glibc has are left to librcpp.so.
$(B)/runtime/%.o: runtime/%.c | $(B)/libexec/rcpp
	$(COMPILE) $(HARDENING) -fPIC -c $< -o $@

$(B)/shared/%.o: runtime/%.c | $(B)/libexec/rcpp
	$(COMPILE) $(HARDENING) -D_FORTIFY_SOURCE=2 -fPIC -c $< -o $@

$(B)/librcpp.a: $(RUNTIME:%=$(B)/runtime/%.o)
	rm -f $@ && ar rcs $@ $^

$(B)/librcpp.so.1: $(RUNTIME:%=$(B)/shared/%.o) runtime/librcpp.map
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,librcpp.so.1 -Wl,-z,relro,-z,now \
		-Wl,--version-script,runtime/librcpp.map $(filter %.o,$^) -o $@

$(B)/librcpp.so: $(B)/librcpp.so.1
	ln -sf librcpp.so.1 $@

# --- the table of instructions: generated from Zydis and as, committed, checked by make check

$(B)/generate-instructions: grammar/generate-instructions.c | $(B)/libexec/rcpp
	$(COMPILE) $< -lZydis -lZycore -o $@

instructions: $(B)/generate-instructions
	$(B)/generate-instructions > grammar/instructions.tbl.tmp
	mv grammar/instructions.tbl.tmp grammar/instructions.tbl

# --- trying and testing it

demo:
	$(call install-missing,$(DEMO_PACKAGES))
	@$(MAKE) --no-print-directory -s all
	@sh examples/dcache/demo.sh $(B)

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

check:
	$(call install-missing,$(CHECK_PACKAGES))
	@$(MAKE) --no-print-directory all $(B)/generate-instructions
	@$(MAKE) --no-print-directory sanitized linker
	@$(WITH_LINKER) RCPP_STATES=100 RCPP_DIVIDENDS=0 RCPP_DAMAGE_STEP=5 RCPP_BUILD=$(CURDIR)/$(B)/sanitized \
		bats --tap $(SANITIZED_TESTS) \
		>$(B)/sanitized.tap 2>&1 & sanitized=$$!; \
	status=0; $(WITH_LINKER) $(BATS) $(TESTS) || status=1; \
	wait $$sanitized || status=1; cat $(B)/sanitized.tap; exit $$status

# Objects that tests link with programs of their own, which have neither sanitizers nor counters.
LINKED_OBJECTS = $(B)/rules.o $(B)/instructions.o $(B)/registers.o

# The programs with sanitizers; the libraries stay as they are, for tests link them everywhere.
sanitized:
	@$(MAKE) --no-print-directory B=$(B)/sanitized CFLAGS='-O1 -g $(SANITIZE)' programs
	@$(MAKE) --no-print-directory $(LIBRARIES) $(LINKED_OBJECTS)
	@cp -a $(LIBRARIES) $(B)/librcpp.so.1 $(LINKED_OBJECTS) $(B)/sanitized/

programs: $(PROGRAMS)

# Which lines of rcpp/ and runtime/ the tests execute. Tests that do not run our programs, build
# their own, run them only to count or only once more, have no part in it. librcpp.a takes libgcov
# with it, so that the tests link as ever; those that count allocations or look for hardening fail
# with counters in the programs, which is not what is asked here. (Only GNU C's exec() writes the
# counts first.)
UNCOUNTED_TESTS = style instructions scale memory fuzz mutate
COVERED_TESTS = $(filter-out $(UNCOUNTED_TESTS:%=tests/%.bats),$(TESTS))
coverage:
	$(call install-missing,$(CHECK_PACKAGES) gcovr)
	@$(MAKE) --no-print-directory B=$(B)/coverage CFLAGS='-std=gnu11 -O0 -g --coverage' HARDENING= all
	@$(MAKE) --no-print-directory -s $(LINKED_OBJECTS)
	@cp -a $(LINKED_OBJECTS) $(B)/coverage/
	@printf 'OPEN %s\nADDLIB %s\nSAVE\nEND\n' $(B)/coverage/librcpp.a \
		"$$(gcc -print-file-name=libgcov.a)" | ar -M
	@find $(B)/coverage -name '*.gcda' -delete
	-@RCPP_STATES=1 RCPP_BUILD=$(CURDIR)/$(B)/coverage bats --tap $(COVERED_TESTS)
	@gcovr --root . --filter rcpp/ --filter runtime/ --object-directory $(B)/coverage \
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
	$(CC) -std=c11 $(CPPFLAGS) $(CFLAGS) $(WARNINGS) -fsanitize=fuzzer $(filter %.c %.o,$^) -o $@

$(B)/fuzz-tables: tests/fuzz/tables.c $(B)/runtime/core.o $(B)/runtime/forms.o $(B)/runtime/nops.o $(B)/runtime/values.o \
		$(B)/runtime/notes.o $(B)/runtime/modules.o \
		tests/runtime/sites.s tests/runtime/table.s
	$(CC) -std=c11 $(CPPFLAGS) $(CFLAGS) $(WARNINGS) -fsanitize=fuzzer -fno-integrated-as \
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

# --- installing it

# What has the directories and the version in it. An installation can be moved as a whole: directories
# under PREFIX are named from where the file itself lies. (pkg-config leaves -I/usr/include out only if
# it is spelled so.)
CONFIGURE = sed -e 's|@bindir@|$(call from-prefix,$(BINDIR))|g' -e 's|@libdir@|$(call from-prefix,$(LIBDIR))|g' \
	-e 's|@includedir@|$(call from-prefix,$(INCLUDEDIR))|g' -e 's|@version@|$(VERSION)|g'
from-prefix = $(patsubst $(PREFIX)/%,$${prefix}/%,$(1))
relative-prefix = $(shell realpath -ms --relative-to='$(1)' '$(PREFIX)')
PC_PREFIX = $(if $(filter /usr,$(PREFIX))$(filter-out $(PREFIX)/%,$(LIBDIR)),$(PREFIX),$\
	$${pcfiledir}/$(call relative-prefix,$(LIBDIR)/pkgconfig))

# `man rcpp_patch`: each name of librcpp(3) is a link to it.
LINKED_PAGES = $(patsubst %,$(DESTDIR)$(MANDIR)/man3/%.3,$(shell \
	sed -n '/^\.Sh NAME/,/^\.Nd/s/^\.Nm \([^ ]*\).*/\1/p' runtime/librcpp.3))

install: all
	install -d $(addprefix $(DESTDIR),$(BINDIR) $(LIBDIR)/pkgconfig $(INCLUDEDIR) \
		$(LIBEXECDIR)/rcpp $(MANDIR)/man1 $(MANDIR)/man3 $(COMPLETIONDIR) $(CMAKEDIR))
	install $(B)/rcpp $(B)/rcpp-cc $(B)/rcpp-dump $(B)/rcpp-report $(DESTDIR)$(BINDIR)
	install $(B)/libexec/rcpp/as $(DESTDIR)$(LIBEXECDIR)/rcpp
	install -m 644 runtime/rcpp.h $(DESTDIR)$(INCLUDEDIR)
	install -m 644 $(B)/librcpp.a $(B)/librcpp.so.1 $(DESTDIR)$(LIBDIR)
	ln -sf librcpp.so.1 $(DESTDIR)$(LIBDIR)/librcpp.so
	$(CONFIGURE) -e 's|@prefix@|$(PC_PREFIX)|' runtime/rcpp.pc.in > $(DESTDIR)$(LIBDIR)/pkgconfig/rcpp.pc
	$(CONFIGURE) -e 's|@prefix@|$(call relative-prefix,$(CMAKEDIR))|' -e 's|$${prefix}|$${rcpp_prefix}|g' \
		runtime/rcpp-config.cmake.in > $(DESTDIR)$(CMAKEDIR)/rcpp-config.cmake
	$(CONFIGURE) runtime/rcpp-config-version.cmake.in > $(DESTDIR)$(CMAKEDIR)/rcpp-config-version.cmake
	install -m 644 rcpp/rcpp.1 rcpp/rcpp-cc.1 rcpp/rcpp-dump.1 rcpp/rcpp-report.1 $(DESTDIR)$(MANDIR)/man1
	install -m 644 runtime/librcpp.3 $(DESTDIR)$(MANDIR)/man3
	for page in $(LINKED_PAGES); do ln -sf librcpp.3 $$page; done
	install -m 644 rcpp/completion.bash $(DESTDIR)$(COMPLETIONDIR)/rcpp
	ln -sf rcpp $(DESTDIR)$(COMPLETIONDIR)/rcpp-cc
	ln -sf rcpp $(DESTDIR)$(COMPLETIONDIR)/rcpp-dump
	ln -sf rcpp $(DESTDIR)$(COMPLETIONDIR)/rcpp-report

uninstall:
	rm -f $(addprefix $(DESTDIR)$(BINDIR)/,rcpp rcpp-cc rcpp-dump rcpp-report) \
		$(DESTDIR)$(LIBEXECDIR)/rcpp/as $(DESTDIR)$(INCLUDEDIR)/rcpp.h \
		$(addprefix $(DESTDIR)$(LIBDIR)/,librcpp.a librcpp.so librcpp.so.1 pkgconfig/rcpp.pc) \
		$(addprefix $(DESTDIR)$(CMAKEDIR)/,rcpp-config.cmake rcpp-config-version.cmake) \
		$(addprefix $(DESTDIR)$(MANDIR)/man1/,rcpp.1 rcpp-cc.1 rcpp-dump.1 rcpp-report.1) \
		$(DESTDIR)$(MANDIR)/man3/librcpp.3 $(LINKED_PAGES) \
		$(addprefix $(DESTDIR)$(COMPLETIONDIR)/,rcpp rcpp-cc rcpp-dump rcpp-report)
	-rmdir $(DESTDIR)$(LIBEXECDIR)/rcpp $(DESTDIR)$(CMAKEDIR) 2>/dev/null

# Debian's packages, from a copy of the tree with debian/ where its tools want it, into $(B)/deb.
DEB = $(B)/deb/rcpp-$(VERSION)
deb:
	$(call install-missing,$(BUILD_PACKAGES) $(DEB_PACKAGES))
	@rm -rf $(B)/deb && mkdir -p $(DEB)
	@cp -r rcpp grammar runtime examples tests Makefile README.md LICENSE $(DEB)
	@mv $(DEB)/rcpp/debian $(DEB)/debian
	@sed -e 1d -e 's|@version@|$(VERSION)|' -e "s|@date@|$$(date -R -d @$${SOURCE_DATE_EPOCH:-$$(date +%s)})|" \
		rcpp/debian/changelog.in > $(DEB)/debian/changelog && rm $(DEB)/debian/changelog.in
	cd $(DEB) && env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS dpkg-buildpackage -us -uc -b
	lintian --allow-root --fail-on error $(B)/deb/rcpp_$(VERSION)_amd64.changes
	@ls $(B)/deb/*.deb

clean:
	rm -rf $(B)

.PHONY: all programs demo check linker filter-objects sanitized coverage check-nightly check-real check-kernel bench bench-real mutate \
	install uninstall deb instructions clean
-include $(wildcard $(B)/*.d $(B)/process/*.d $(B)/report/*.d $(B)/runtime/*.d $(B)/shared/*.d)
