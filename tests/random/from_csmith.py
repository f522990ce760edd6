#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""
Programs by csmith, with patchables.

In: a seed. Out: a program for harness.c, and the names of variables that are patchable without a
mark. csmith says itself which variables are never written, by `const`; to these come the scalars of
which the text shows it: not assigned, not incremented, and no address taken. All of them get random
values in the second round: csmith guards every operation, so that values decide no more than what
is computed. Pointers and structures keep the value that csmith gave them.

There are two ways, drawn from the seed. Marked: `const` becomes __patchable, and the compiler,
which cannot fold the variable then, optimizes what is around it. By symbol: the variable stays as
volatile as csmith wrote it, or becomes so, and is named to the filter.

    from_csmith.py SEED DIRECTORY   writes a.c, and the names into the file symbols
"""

import random
import re
import subprocess
import sys

INTEGER = re.compile(r"u?int(8|16|32|64)_t")
DEFINITION = re.compile(r"^static (?P<type>[^=;(){}\n]*?[ *])(?P<name>g_\d+)"
                        r"(?P<dimensions>(\[\d+\])*) = (?P<value>.*);$", re.MULTILINE)
PROBABILITIES = "regular_const_prob=40\n"
OPTIONS = ["--quiet", "--concise", "--no-argc", "--max-funcs", "4", "--max-block-depth", "2",
           "--max-block-size", "4", "--max-expr-complexity", "8"]
VALUES = [0, 1, 2**64 - 1, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**63, 63, 31, 0x80, 0xffff, 7]

ENTRY = """
#include "rcpp.h"
void report(unsigned long);
void finish(const char *);
const int rounds = 2;
__attribute__((noinline, section(".text.rcpp_init"))) void set_values(int round)
{
	if (round == 0)
		return;
%s
}
void check(void)
{
	csmith_main();
	report(crc32_context);
	finish("csmith");
}
"""


class NoProgram(Exception):
    """csmith finds no end for some seeds, and crashes for others."""


def is_const(kind):
    """Whether the variable itself is, not only what it points to."""
    return "const" in kind.rpartition("*")[2]


def without(qualifier, kind):
    head, star, last = kind.rpartition("*")
    return head + star + re.sub(rf"\b{qualifier}\b *", "", last)


def is_never_written(name, text):
    """For a scalar; `text` is all of the program. Doubt says no."""
    before = rf"(\+\+|--|(?<!&)&)\s*\(*\s*{name}\b"
    behind = rf"\b{name}\b\s*\)*\s*(\+\+|--|([-+*/%&|^]|<<|>>)?=(?!=))"
    others = DEFINITION.sub(lambda found: "" if found["name"] == name else found[0], text)
    return re.search(f"{before}|{behind}", others) is None


def run_csmith(seed, directory):
    with open(f"{directory}/probabilities", "w", encoding="ascii") as file:
        file.write(PROBABILITIES)
    command = ["csmith", "--seed", str(seed), "--probability-configuration", "probabilities"]
    try:
        return subprocess.run(command + OPTIONS, check=True, capture_output=True, text=True,
                              cwd=directory, timeout=60).stdout
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as failed:
        raise NoProgram from failed


def set_value(draw, kind, name):
    value = draw.choice(VALUES) if draw.random() < 0.6 else draw.getrandbits(64)
    element = INTEGER.search(kind)[0]
    return (f"\tfor (unsigned long i = 0; i < sizeof({name}) / sizeof({element}); i++)\n"
            f"\t\t((volatile {element} *)&{name})[i] = ({element})({value:#x}ul + i);")


def transform(text, seed):
    """csmith's text to (our text, symbols)."""
    draw = random.Random(seed)
    marked = draw.random() < 0.6
    keep_volatile = draw.random() < 0.3
    symbols, setters = [], []
    whole = text

    def rewrite(found):
        kind, name = found["type"], found["name"]
        scalar = not found["dimensions"] and not re.search(r"\b(struct|union)\b", kind)
        if not is_const(kind) and not (scalar and is_never_written(name, whole)):
            return found[0]
        kind = without("const", kind)
        if not (marked and keep_volatile):
            kind = without("volatile", kind)
        if "*" not in kind and INTEGER.search(kind):
            setters.append(set_value(draw, kind, name))
        if marked:
            kind = "__patchable " + kind
        else:
            symbols.append(name)
            kind = re.sub(r"([ *])$", r"\1volatile ", kind) if "*" in kind else f"volatile {kind}"
        return f"static {kind}{name}{found['dimensions']} = {found['value']};"

    text = DEFINITION.sub(rewrite, text)
    text = text.replace("int main (void)", "static int csmith_main(void)")
    text = re.sub(r"platform_main_end\(.*?\);\n", "\n", text)
    text = text.replace('#include "csmith.h"', '#include "csmith.h"\n#include "rcpp.h"')
    return text + ENTRY % "\n".join(setters), symbols


def generate(seed, directory):
    """The text of every file by name, and the symbols. csmith's own files go to the directory."""
    text, symbols = transform(run_csmith(seed, directory), seed)
    return {"a.c": text}, symbols


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: from_csmith.py SEED DIRECTORY")
    files, symbols = generate(int(sys.argv[1]), sys.argv[2])
    with open(f"{sys.argv[2]}/a.c", "w", encoding="utf-8") as file:
        file.write(files["a.c"])
    with open(f"{sys.argv[2]}/symbols", "w", encoding="ascii") as file:
        file.write("".join(f"{name}\n" for name in symbols))


if __name__ == "__main__":
    main()
