# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""record.py PROGRAM DIRECTORY [ARGUMENT]...: run rcpp or its `as`, and keep what it was given.

Stands in for the programs while the tests run once: every input of the filter goes to DIRECTORY,
with its options and the number of the test. A mutant that makes the same of all inputs of a test
cannot fail it, so mutate.py runs few tests a mutant. `as` filters what it is given as rcpp does
with the options in RCPP_FLAGS; that is how its input is kept.
"""
import os
import stat
import sys
import tempfile
import time

SEPARATE = ("-o", "--output", "--symbol", "--section", "--init-section", "--symbols-from")


def is_file(name):
    try:
        return stat.S_ISREG(os.stat(name).st_mode)
    except OSError:
        return False


def copy(source, target):
    with open(source, "rb") as file, open(target, "wb") as out:
        out.write(file.read())


def keep_stdin(directory):
    """Read all of standard input, keep it, and put it back."""
    data = sys.stdin.buffer.read()
    with open(f"{directory}/input", "wb") as out:
        out.write(data)
    file = tempfile.TemporaryFile()
    file.write(data)
    file.seek(0)
    os.dup2(file.fileno(), 0)


def keep_rcpp(directory, given):
    """rcpp's arguments, with the names of files replaced by those of the copies."""
    arguments, named, i = [], False, 0
    while i < len(given):
        word = given[i]
        option, equals, value = word.partition("=")
        if word in SEPARATE and i + 1 < len(given):
            option, equals, value, i = word, " ", given[i + 1], i + 1
        if option == "-o" and equals:
            arguments += ["-o", "out"]
        elif option == "--explain" and equals:
            arguments += ["--explain=explain"]
        elif option == "--symbols-from" and is_file(value):
            copy(value, f"{directory}/symbols")
            arguments += ["--symbols-from", "symbols"]
        elif not word.startswith("-") and not equals.strip() and equals != " ":
            named = True
            if is_file(word):
                copy(word, f"{directory}/input")
            arguments += ["input"]
        else:
            arguments += [option, value] if equals == " " else [word]
        i += 1
    if not named and not any(word in ("--help", "--version") for word in given):
        keep_stdin(directory)
    return arguments


def keep_as(directory, given):
    files = [word for before, word in zip([""] + given, given)
             if not word.startswith("-") and before not in ("-o", "-I") and is_file(word)]
    if files:
        copy(files[-1], f"{directory}/input")
    elif not sys.stdin.isatty() and not any("--" in word for word in given):
        keep_stdin(directory)
    flags = [word for word in os.environ.get("RCPP_FLAGS", "").split()
             if not word.startswith("--explain=")]
    return flags + ["--explain=explain", "input"]


def main():
    program, corpus, given = sys.argv[1], sys.argv[2], sys.argv[3:]
    test = os.environ.get("BATS_TEST_FILENAME")
    if test:
        directory = f"{corpus}/{os.path.basename(test)}/{time.time_ns()}.{os.getpid()}"
        os.makedirs(directory)
        keep = keep_as if os.path.basename(program) == "as" else keep_rcpp
        arguments = keep(directory, given)
        with open(f"{directory}/arguments", "w", encoding="utf-8") as out:
            out.write("\0".join(arguments))
        with open(f"{directory}/test", "w", encoding="utf-8") as out:
            out.write(os.environ.get("BATS_TEST_NUMBER", ""))
    os.execv(program, [program] + given)


main()
