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

CC = gcc
WARNINGS = -Wall -Wextra -Werror
CFLAGS = -O2 -g
CPPFLAGS += -D_GNU_SOURCE -DRCPP_VERSION='"$(VERSION)"' -DRCPP_LIBEXECDIR='"$(LIBEXECDIR)"' \
	-Ircpp -Igrammar -Iruntime -I$(B)
B = build
COMPILE = $(CC) -std=c11 $(CPPFLAGS) $(CFLAGS) $(WARNINGS) -MMD -MP

FILTER = filter emit sites liveness function survey sections names options report memory \
	instructions registers
GENERATED = statement instruction-parser instruction-scanner rules
FILTER_OBJECTS = $(FILTER:%=$(B)/%.o) $(GENERATED:%=$(B)/%.o)
RUNTIME = core modules pages maps linux
DUMP = dump dump_elf dump_tables
PROGRAMS = $(B)/rcpp $(B)/rcpp-cc $(B)/rcpp-dump $(B)/libexec/rcpp/as
LIBRARIES = $(B)/librcpp.a $(B)/librcpp.so

all: $(PROGRAMS) $(LIBRARIES)

# What a fresh machine lacks: to build, to test. Quick when nothing is missing.
BUILD_PACKAGES = flex bison libelf-dev libc6-dev
CHECK_PACKAGES = bats clang lld libzydis-dev valgrind shellcheck clang-format binutils g++ \
	libclang-rt-14-dev diffutils
define install-missing
@missing=; for p in $(1); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
if [ -n "$$missing" ]; then \
	echo "installing$$missing"; \
	{ apt-get update && DEBIAN_FRONTEND=noninteractive \
		apt-get install -y --no-install-recommends $$missing; } >/dev/null || exit 1; \
fi
endef

build-packages:
	$(call install-missing,$(BUILD_PACKAGES))

check-packages:
	$(call install-missing,$(BUILD_PACKAGES) $(CHECK_PACKAGES))

# --- the tool

$(B):
	@mkdir -p $(B)/runtime $(B)/shared $(B)/libexec/rcpp

$(B)/%.o: rcpp/%.c $(B)/instruction-parser.c | $(B)
	$(COMPILE) -c $< -o $@

$(B)/%.o: grammar/%.c $(B)/instruction-parser.c | $(B)
	$(COMPILE) -c $< -o $@

$(B)/statement.c: grammar/statement.l | $(B)
	flex -o $@ $<

$(B)/instruction-scanner.c: grammar/instruction.l $(B)/instruction-parser.c | $(B)
	flex -o $@ $<

$(B)/instruction-parser.c: grammar/instruction.y | $(B)
	bison -Wall -Wno-yacc -d -o $@ $<

$(B)/rules-parser.c: grammar/rules.y | $(B)
	bison -Wall -Wno-yacc -d -o $@ $<

$(B)/rules-scanner.c: grammar/rules.l $(B)/rules-parser.c | $(B)
	flex -o $@ $<

$(B)/compile-rules: $(B)/rules-parser.c $(B)/rules-scanner.c rcpp/rules.h runtime/rcpp_tables.h
	$(CC) -std=c11 $(CPPFLAGS) $(CFLAGS) $(GENERATED_WARNINGS) $(B)/rules-parser.c \
		$(B)/rules-scanner.c -o $@

$(B)/rules.c: grammar/x86-64.rules $(B)/compile-rules
	$(B)/compile-rules < $< > $@.tmp && mv $@.tmp $@

# What flex and bison write is theirs, not ours, to keep free of warnings.
GENERATED_WARNINGS = -Wall -Wno-unused-function -Wno-sign-compare
$(GENERATED:%=$(B)/%.o): $(B)/%.o: $(B)/%.c
	$(CC) -std=c11 $(CPPFLAGS) $(CFLAGS) $(GENERATED_WARNINGS) -MMD -MP -c $< -o $@

$(B)/rcpp: $(B)/main.o $(FILTER_OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@

$(B)/libexec/rcpp/as: $(B)/as.o $(FILTER_OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@

$(B)/rcpp-cc: $(B)/cc.o
	$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@

$(B)/rcpp-dump: $(DUMP:%=$(B)/%.o)
	$(CC) $(CFLAGS) $(LDFLAGS) $^ -lelf -o $@

# --- the runtime

$(B)/runtime/%.o: runtime/%.c | $(B)
	$(COMPILE) -c $< -o $@

$(B)/shared/%.o: runtime/%.c | $(B)
	$(COMPILE) -fPIC -c $< -o $@

$(B)/librcpp.a: $(RUNTIME:%=$(B)/runtime/%.o)
	rm -f $@ && ar rcs $@ $^

$(B)/librcpp.so.1: $(RUNTIME:%=$(B)/shared/%.o) runtime/librcpp.map
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,librcpp.so.1 -Wl,-z,relro,-z,now \
		-Wl,--version-script,runtime/librcpp.map $(filter %.o,$^) -o $@

$(B)/librcpp.so: $(B)/librcpp.so.1
	ln -sf librcpp.so.1 $@

# --- the table of instructions: generated from Zydis and as, committed, checked by make check

$(B)/generate-instructions: grammar/generate-instructions.c | $(B)
	$(COMPILE) $< -lZydis -lZycore -o $@

instructions: $(B)/generate-instructions
	$(B)/generate-instructions > grammar/instructions.tbl.tmp
	mv grammar/instructions.tbl.tmp grammar/instructions.tbl

clean:
	rm -rf $(B)

.PHONY: all build-packages check-packages instructions clean
-include $(wildcard $(B)/*.d $(B)/runtime/*.d $(B)/shared/*.d)
