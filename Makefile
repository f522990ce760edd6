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
CPPFLAGS += -D_GNU_SOURCE -DRCPP_VERSION='"$(VERSION)"' -DRCPP_LIBEXECDIR='"$(LIBEXECDIR)"'
B = build

# --- the rooms: the folders of the sources

# SEES.ROOM: the other folders that a room's files may include from. The compiler is given no more,
# so what a room must not know does not compile. README.md says why; tests/style.bats checks what
# the compiler cannot. Objects lie in $(B) as their sources do, without rcpp/.
SEES.grammar = runtime
SEES.grammar/x86-64 = grammar runtime
SEES.common = grammar $(B)/common
SEES.filter = common grammar grammar/x86-64 runtime $(B)/filter
SEES.filter/x86-64 = filter common grammar grammar/x86-64 runtime
SEES.as = filter common grammar
SEES.launcher = common grammar
SEES.dump = common grammar runtime runtime/x86-64
SEES.report = dump common runtime runtime/x86-64 $(B)/report
SEES.runtime = runtime/x86-64
SEES.runtime/x86-64 = runtime
ROOMS = grammar grammar/x86-64 common filter filter/x86-64 as launcher dump report runtime runtime/x86-64

in-rcpp = $(foreach room,$(1),$(if $(wildcard rcpp/$(room)/.),rcpp/$(room),$(room)))
sees = $(addprefix -iquote ,$(call in-rcpp,$(1) $(SEES.$(1))))
room = $(patsubst $(B)/%/,%,$(dir $@))
COMPILE = $(CC) -std=c11 $(CPPFLAGS) $(CFLAGS) $(WARNINGS) -MMD -MP

GRAMMAR = memory names search lookup statement plain
X86_64 = registers instructions instruction-parser instruction-scanner plain-instruction prefix rules
COMMON = command descriptors kinds list_line output
FILTER = filter options first_look foreign operands counted survey stretches sections cutting entries $(addprefix x86-64/,target effects dividend code release counting) \
	liveness debug_unit debug_text returns described fields forward held pointers variable references reasons stores \
	match alternatives consumers conditions turn readers jumps skipped switch choose sites form emit tables \
	accesses counters report stats place
FILTER_OBJECTS = $(FILTER:%=$(B)/filter/%.o) $(COMMON:%=$(B)/common/%.o) $(GRAMMAR:%=$(B)/grammar/%.o) \
	$(X86_64:%=$(B)/grammar/x86-64/%.o)
RUNTIME = $(DECODER) index direct unload file origin pages sums maps entry peek \
	signals frames tasks stop call variables faults text update report linux
# The part of the runtime that decodes sites and says what they become. rcpp-dump and rcpp-report
# have it, too; there it reads copies of memory.
DECODER = core rows site joined forms values $(addprefix x86-64/,encoding flags nops) notes modules
# What rcpp-dump and rcpp-report share, and what each has of its own.
IMAGE = $(B)/common/json.o $(patsubst %,$(B)/dump/dump_%.o,elf file forbidden origin slots tables) $(B)/dump/demangle.o
DUMP = main dump_held dump_memory dump_module dump_print dump_print_held dump_process dump_text
REPORT = main error program explained profile locate rows verdict names types form_kind columns tally summary list \
	table written profile_table symbols output_json \
	segments loaded process given patched stayed mnemonic disassembly source listing side_by_side totals html page \
	page_code page_function page_profile show
PROGRAMS = $(B)/rcpp $(B)/rcpp-cc $(B)/rcpp-dump $(B)/rcpp-report $(B)/libexec/rcpp/as
LIBRARIES = $(B)/librcpp.a $(B)/librcpp.so

all: $(PROGRAMS) $(LIBRARIES)
programs: $(PROGRAMS)

# What a fresh machine lacks. Quick when nothing is missing.
BUILD_PACKAGES = flex bison libelf-dev libdw-dev libzydis-dev libc6-dev
DEMO_PACKAGES = $(BUILD_PACKAGES) binutils
DEB_PACKAGES = build-essential dpkg-dev debhelper fakeroot lintian
define install-missing
@missing=; for p in $(1); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
if [ -n "$$missing" ]; then \
	echo "installing$$missing"; \
	{ apt-get update && DEBIAN_FRONTEND=noninteractive \
		apt-get install -y --no-install-recommends $$missing; } >/dev/null || exit 1; \
fi
endef

# --- the tool

DIRECTORIES = $(addprefix $(B)/,$(ROOMS) process process/x86-64 shared shared/x86-64 libexec/rcpp)
$(DIRECTORIES):
	@mkdir -p $@

$(B)/%.o: rcpp/%.c | $(DIRECTORIES)
	$(COMPILE) $(call sees,$(room)) -c $< -o $@

$(B)/grammar/%.o: grammar/%.c | $(DIRECTORIES)
	$(COMPILE) $(call sees,$(room)) -c $< -o $@

$(B)/grammar/%.c: grammar/%.l | $(DIRECTORIES)
	flex -o $@ $<

$(B)/grammar/%-scanner.c: grammar/%.l $(B)/grammar/%-parser.c
	flex -o $@ $<

$(B)/grammar/%-parser.c: grammar/%.y | $(DIRECTORIES)
	bison -Wall -Wno-yacc -d -o $@ $<

RULES_COMPILER = $(addprefix grammar/rule_,error.c words.c code.c rows.c) $(B)/grammar/compile-rules-parser.c $(B)/grammar/compile-rules-scanner.c
$(B)/compile-rules: $(RULES_COMPILER) $(wildcard grammar/rule*.h) grammar/vocabulary.h runtime/rcpp_tables.h
	$(CC) -std=c11 $(CPPFLAGS) $(call sees,grammar) -O1 -g $(GENERATED_WARNINGS) $(RULES_COMPILER) \
		-o $@ # built without sanitizers: it frees nothing before it ends

$(B)/grammar/x86-64/rules.c: grammar/x86-64/rules $(B)/compile-rules
	$(B)/compile-rules $< > $@.tmp && mv $@.tmp $@

# What flex and bison write is theirs, not ours, to keep free of warnings.
GENERATED_WARNINGS = -Wall -Wno-unused-function -Wno-sign-compare
GENERATED = statement x86-64/instruction-parser x86-64/instruction-scanner x86-64/rules
$(GENERATED:%=$(B)/grammar/%.o): %.o: %.c
	$(CC) -std=c11 $(CPPFLAGS) $(call sees,$(room)) $(CFLAGS) $(GENERATED_WARNINGS) -MMD -MP -c $< -o $@

# What --profile adds to each object: the assembly of these, as a string. It is made by one
# compiler with one set of options, whatever rcpp is built with: it runs in other programs.
PROFILE_FLAGS = -std=gnu11 -O2 -fPIC -ffreestanding -mgeneral-regs-only -fcf-protection=branch \
	-fno-stack-protector -fasynchronous-unwind-tables -fno-jump-tables -fno-builtin \
	-fno-tree-loop-distribute-patterns -fno-lto -g0 -D_GNU_SOURCE -Wall -Wextra -Werror
PROFILE = profile_counts profile_places profile_clock profile_file profile_records
$(PROFILE:%=$(B)/filter/%.s): $(B)/filter/%.s: runtime/%.c runtime/profile.h runtime/rcpp_profile.h | $(DIRECTORIES)
	gcc $(PROFILE_FLAGS) -Iruntime -S $< -o $@

$(B)/filter/profile_text.h: rcpp/filter/profile-text.awk $(PROFILE:%=$(B)/filter/%.s)
	awk -f $^ >$@.tmp && mv $@.tmp $@

$(B)/filter/counters.o: $(B)/filter/profile_text.h

$(B)/rcpp: $(B)/filter/main.o $(FILTER_OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@

# The version and a hash of all that decides what the filter writes: rcpp-cc and its `as` tell each
# other, and compiler caches, whether they belong together.
$(B)/common/id.h: $(wildcard rcpp/filter/*.[ch] rcpp/filter/x86-64/*.[ch] rcpp/common/*.[ch] rcpp/as/*.[ch] \
		rcpp/launcher/*.[ch] grammar/*.[chly] grammar/x86-64/*) runtime/rcpp_tables.h Makefile | $(DIRECTORIES)
	@id=$$(cat $(filter-out Makefile,$(sort $^)) | sha256sum | cut -c 1-16) && \
		echo "#define RCPP_ID \"$(VERSION)-$$id\"" > $@

$(B)/common/command.o: $(B)/common/id.h

$(B)/libexec/rcpp/as: $(B)/as/as.o $(B)/as/arguments.o $(B)/as/assemble.o $(FILTER_OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@

$(B)/rcpp-cc: $(patsubst %,$(B)/%.o,launcher/cc launcher/compiler common/lasting common/command grammar/memory)
	$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@

$(B)/process/%.o: runtime/%.c rcpp/dump/dump_at.h | $(DIRECTORIES)
	$(COMPILE) $(call sees,runtime) -iquote runtime -include rcpp/dump/dump_at.h -c $< -o $@

$(B)/rcpp-dump: $(DUMP:%=$(B)/dump/%.o) $(IMAGE) $(DECODER:%=$(B)/process/%.o)
	$(CC) $(CFLAGS) $(LDFLAGS) $^ -lelf -o $@

$(B)/rcpp-report: $(REPORT:%=$(B)/report/%.o) $(DECODER:%=$(B)/process/%.o) $(IMAGE) \
		$(B)/common/kinds.o $(B)/common/list_line.o $(B)/common/output.o $(B)/grammar/memory.o
	$(CC) $(CFLAGS) $(LDFLAGS) $^ -lZydis -lZycore -ldw -lelf -o $@

# What the page of rcpp-report has in it, as a C string.
$(B)/report/page-parts.h: rcpp/report/page.css rcpp/report/page.js | $(DIRECTORIES)
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
$(B)/runtime/%.o: runtime/%.c | $(DIRECTORIES)
	$(COMPILE) $(call sees,$(room)) $(HARDENING) -fPIC -c $< -o $@

$(B)/shared/%.o: runtime/%.c | $(DIRECTORIES)
	$(COMPILE) $(call sees,runtime) $(HARDENING) -D_FORTIFY_SOURCE=2 -fPIC -c $< -o $@

$(B)/librcpp.a: $(RUNTIME:%=$(B)/runtime/%.o)
	rm -f $@ && ar rcs $@ $^

$(B)/librcpp.so.1: $(RUNTIME:%=$(B)/shared/%.o) runtime/librcpp.map
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,librcpp.so.1 -Wl,-z,relro,-z,now \
		-Wl,--version-script,runtime/librcpp.map $(filter %.o,$^) -o $@

$(B)/librcpp.so: $(B)/librcpp.so.1
	ln -sf librcpp.so.1 $@

# --- the table of instructions: generated from Zydis and as, committed, checked by make check

$(B)/generate-instructions: grammar/x86-64/generate-instructions.c | $(DIRECTORIES)
	$(COMPILE) $< -lZydis -lZycore -o $@

instructions: $(B)/generate-instructions
	$(B)/generate-instructions > grammar/x86-64/instructions.tbl.tmp
	mv grammar/x86-64/instructions.tbl.tmp grammar/x86-64/instructions.tbl

# --- trying it; tests/tests.mk has the rest

demo:
	$(call install-missing,$(DEMO_PACKAGES))
	@$(MAKE) --no-print-directory -s all
	@sh examples/dcache/demo.sh $(B)

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

.PHONY: all programs demo install uninstall deb instructions clean
include tests/tests.mk
-include $(wildcard $(addsuffix /*.d,$(DIRECTORIES)))
