#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""
Many random programs through rcpp, each compared with itself.

In: a number of programs and a first seed. A seed draws a program (generate.py or from_csmith.py), a
compiler, its options and the filter's. The compiler runs once; its assembly becomes the plain
program and, through the filter, the one with sites. So nothing but rcpp can make a difference. In
some runs the whole program goes through the compiler twice, without rcpp and through rcpp-cc: what
link-time optimization does is seen only there.

Out: sites and patched sites by form, and a directory for each program that differed, with its
files, the commands, both outputs, and the program reduced. Exit status 1 if a program differed or
could not be built, or if a compiler's or a generator's programs had no patched site, for such a run
has proved nothing.
"""

import argparse
import collections
import concurrent.futures
import functools
import json
import os
import random
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True  # nothing is built beside the sources

import from_csmith  # noqa: E402
import generate  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
ALWAYS = ["-w", "-fwrapv", "-fno-strict-aliasing", "-ffp-contract=off"]
TIME = 250  # milliseconds that a program may take
TOO_LONG = (8, -signal.SIGVTALRM)  # how harness.c ends then

LEVELS = {"gcc": ["-O0", "-O1", "-O1", "-O2", "-O2", "-O2", "-O3", "-Os", "-Og"],
          "clang": ["-O0", "-O1", "-O1", "-O2", "-O2", "-O3", "-Os", "-Oz"]}
# Position and code model; the driver picks one.
LINKERS = [["-fuse-ld=gold"]] * 30 + [["-fuse-ld=bfd"]] * 8 + [["-fuse-ld=mold"], ["-fuse-ld=lld"]]
POSITIONS = [["-fPIE", "-pie"]] * 4 + [["-fno-pie", "-no-pie"]] * 3 + [
    ["-fPIC", "-pie"], ["-fPIC", "-pie", "-fno-plt"], ["-fno-pie", "-static"],
    ["-fno-pie", "-no-pie", "-mcmodel=large"], ["-fno-pie", "-no-pie", "-mcmodel=medium"]]
# Where references to variables with default visibility go through the global offset table.
REMOTE = {"gcc": [["-fPIC", "-pie"], ["-fPIC", "-pie"], ["-fPIC", "-pie", "-fno-plt"]],
          "clang": [["-fPIC", "-pie"], ["-fPIE", "-pie"], ["-fPIC", "-static"]]}
POSITION_FLAGS = ("-fPI", "-fno-pi", "-fpi", "-pie", "-no-pie", "-static", "-mcmodel", "-flto")
# (probability, options)
COMMON = [(.3, "-march=native"), (.1, "-march=x86-64-v3"), (.2, "-fno-omit-frame-pointer"),
          (.2, "-g"), (.1, "-fno-asynchronous-unwind-tables"),
          (.15, "-ffunction-sections"), (.1, "-fno-jump-tables"),
          (.1, "-funroll-loops"), (.15, "-fcf-protection=full"), (.08, "-fstack-protector-all"),
          (.15, "-fexceptions"), (.08, "-fnon-call-exceptions -fexceptions"), (.1, "-mno-red-zone"),
          (.1, "-finstrument-functions"), (.15, "-mtune=znver2"), (.1, "-mtune=bonnell"),
          (.05, "-fstack-clash-protection"),
          (.05, "-fno-optimize-sibling-calls"), (.05, "-fno-inline")]
OPTIONS = {
    "gcc": COMMON + [
        (.1, "-fno-ipa-ra"), (.1, "-mindirect-branch=thunk"),
        (.05, "-mindirect-branch=thunk-inline"),
        (.06, "-mfunction-return=thunk"), (.06, "-pg"), (.06, "-pg -mfentry"),
        (.1, "-frename-registers"), (.1, "-fsched-pressure"), (.1, "-fno-tree-ter"),
        (.05, "-ffixed-r11"), (.08, "-fweb"), (.1, "-ffunction-sections -Wl,--gc-sections"),
        (.1, "-fira-region=all"), (.1, "-maccumulate-outgoing-args"), (.08, "-mno-push-args"),
        (.1, "-fharden-compares"), (.1, "-fzero-call-used-regs=all"), (.1, "-fno-dwarf2-cfi-asm"),
        (.1, "-fselective-scheduling2"), (.1, "-fsched2-use-superblocks"), (.1, "-fsplit-paths"),
        (.1, "-flive-range-shrinkage"), (.1, "-fno-toplevel-reorder"), (.1, "-fgcse-after-reload"),
        (.05, "-fsplit-wide-types-early"), (.05, "-fno-tree-vectorize"), (.05, "-mno-sse4"),
        (.05, "-fno-guess-branch-probability"), (.05, "-freorder-blocks-algorithm=simple"),
        (.05, "-fno-ivopts"), (.05, "-fno-shrink-wrap"), (.05, "-fpatchable-function-entry=4,2")],
    "clang": COMMON + [
        (.08, "-mretpoline"), (.1, "-mllvm -enable-ipra"), (.08, "-mllvm -regalloc=basic"),
        (.05, "-mspeculative-load-hardening"), (.08, "-mllvm -enable-misched=0"),
        (.08, "-mllvm -enable-shrink-wrap=0"), (.06, "-pg"), (.06, "-pg -mfentry"),
        (.08, "-mllvm -x86-cmov-converter-force-mem-operand"), (.08, "-mtune=atom"),
        (.05, "-fpatchable-function-entry=4"), (.08, "-fno-vectorize -fno-slp-vectorize")],
}
SANITIZERS = [(.03, "-fsanitize=undefined"), (.015, "-fsanitize=address")]
FILTER = [(.12, "--wide=load"), (.12, "--no-fuse"), (.08, "--unpatched=fault"),
          (.05, "--no-branch"), (.05, "--no-call"), (.05, "--no-div"),
          (.05, "--only=branches,shifts"), (.05, "--only=arithmetic,divisions,addresses")]

# Of the programs that are reduced: what must stay true, or a reduction ends in nonsense.
GUARDS = [
    ["-fsyntax-only", "-Werror=implicit-function-declaration", "-Werror=implicit-int"],
    ["-fsyntax-only", "-Werror=return-type", "-Werror=int-conversion", "-Werror=div-by-zero",
     "-Werror=incompatible-pointer-types", "-Werror=shift-count-overflow"],
    ["-O2", "-S", "-o", "/dev/null", "-Werror=uninitialized", "-Werror=array-bounds",
     "-Werror=return-local-addr"],
]


class Failed(Exception):
    """A program that differs, or does not even get as far; `kind` is what a reduction keeps."""

    def __init__(self, kind, text):
        super().__init__(kind)
        self.kind = kind
        self.text = text


class Broken(Exception):
    """The compiler itself broke down on the plain program, or `as` refuses what it made of it."""


def family_of(compiler):
    """Whose options a compiler takes: clang-19 is a clang, x86_64-linux-gnu-gcc-11 a gcc."""
    return "clang" if "clang" in os.path.basename(compiler) else "gcc"


@functools.cache
def knows(compiler, words):
    """Does a program compile and link with these words? The tables suit Debian 12's two."""
    if compiler in LEVELS:
        return True
    command = [compiler, *words, "-x", "c", "-", "-o", "/dev/null"]
    return subprocess.run(command, input="int main(void) { return 0; }", capture_output=True,
                          text=True, check=False).returncode == 0


def draw_configuration(seed, options):
    """How the program of this seed is made and compiled; everything that a rerun needs."""
    draw = random.Random(f"configuration {seed}")

    def drawn(table):
        chosen = [words.split() for chance, words in table if draw.random() < chance]
        return [word for words in chosen if knows(compiler, tuple(words)) for word in words]

    kind = "csmith" if seed % 4 == 3 else "own"
    if options.generator != "both":
        kind = options.generator
    compiler = draw.choice(options.compilers)
    family = family_of(compiler)
    level = draw.choice(LEVELS[family])
    table = [entry for entry in OPTIONS[family] if level != "-O0" or "-mllvm" not in entry[1]]
    flags = [level, *draw.choice(POSITIONS), *draw.choice(LINKERS), *drawn(table)]
    whole = draw.random() < .06
    lto = family == "gcc" and whole and draw.random() < .7
    sanitizers = drawn(SANITIZERS)
    filter_options = drawn(FILTER)
    if lto:
        flags += ["-flto", f"-flto-partition={draw.choice(['one', 'none', 'balanced'])}"]
    if options.rcpp != os.path.join(options.build, "rcpp"):
        whole = lto = False  # rcpp-cc would run another filter
    remote = kind == "own" and draw.random() < .25
    if remote:  # variables that other modules may define: in C as it is, named to the filter
        whole = lto = False
        flags = [level, *draw.choice(REMOTE[family])] + [
            flag for flag in flags[1:] if not flag.startswith(POSITION_FLAGS)]
    flags = without_conflicts(flags + sanitizers, family, lto)
    if "-fno-ipa-ra" in flags and "-ffixed-r11" not in flags:  # what the option asks for
        filter_options.append("--calls=abi")
    return {"seed": seed, "program": kind, "compiler": compiler, "flags": ALWAYS + flags,
            "filter": filter_options, "whole": whole, "remote": remote, "symbols": []}


def without_conflicts(flags, family, lto):
    """What the compilers do not take together."""
    def drop(*names):
        return [flag for flag in flags if not flag.startswith(names)]

    if "-static" in flags:
        flags = drop("-fsanitize")
    if "-mcmodel=large" in flags:
        flags = drop("-mindirect-branch", "-mfunction-return", "-mretpoline",
                     "-mspeculative-load-hardening", "-fsanitize", "-pg", "-mfentry")
    if "-enable-ipra" in flags:  # clang 14 forgets the thunks then, and calls through registers
        flags = drop("-mretpoline", "-mspeculative-load-hardening", "-mcmodel=large")
    if "-O0" in flags and family == "clang":  # clang 14 makes programs that crash of these two
        flags = drop("-mspeculative-load-hardening")
    if lto:
        flags = drop("-fuse-ld", "-fno-toplevel-reorder", "-flive-range-shrinkage")
    if any(flag.startswith(("-mindirect-branch", "-mfunction-return")) for flag in flags):
        flags = drop("-fcf-protection")
    if "-finstrument-functions" in flags or "-fno-asynchronous-unwind-tables" in flags:
        flags = drop("-pg", "-mfentry")
    return flags


LINK_LINES = {}


def link_line(flags):
    """What gcc runs to link with these flags: to run it without gcc halves the time."""
    if flags not in LINK_LINES:
        done = subprocess.run(["gcc", *flags, "-###", "OBJECTS.o", "-o", "PROGRAM"],
                              capture_output=True, text=True, check=True)
        words = shlex.split([line for line in done.stderr.splitlines() if "/collect2 " in line][0])
        linker = next((word[len("-fuse-ld="):] for word in words if word.startswith("-fuse-ld=")),
                      "bfd")
        skip = ("-fuse-ld=", "-plugin")
        LINK_LINES[flags] = [f"ld.{linker}"] + [
            word for before, word in zip(words, words[1:])
            if not word.startswith(skip) and before != "-plugin"]
    return LINK_LINES[flags]


class Work:
    """One program in a directory of its own: its commands are run and written down."""

    def __init__(self, directory, configuration, options):
        self.directory = directory
        self.configuration = configuration
        self.options = options
        self.commands = []

    def run(self, command, limit=120, environment=None):
        words = [f"{name}={value}" for name, value in (environment or {}).items()]
        self.commands.append(" ".join(words + [shlex.quote(word) for word in command]))
        try:
            return subprocess.run(command, cwd=self.directory, capture_output=True, text=True,
                                  errors="replace", timeout=limit,
                                  env={**os.environ, **(environment or {})})
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(command, -99, "", f"no end after {limit} seconds")

    def must(self, kind, command):
        done = self.run(command)
        if kind == "plain" and ("internal compiler error" in done.stderr or
                                done.returncode and command[0] == "as"):
            raise Broken()
        if done.returncode != 0:
            raise Failed(kind, f"{self.commands[-1]}\nexit status {done.returncode}\n{done.stderr}")
        return done.stdout

    def compile(self, sources):
        """From the C files to the programs `plain` and `sites`."""
        configuration, options = self.configuration, self.options
        include = ["-I", options.runtime]
        if configuration["program"] == "csmith":
            include += ["-I", "/usr/include/csmith"]
        compiler = [configuration["compiler"], *configuration["flags"]]
        ours = ["harness.o", os.path.join(options.build, "librcpp.a")]
        if configuration["whole"]:
            self.must("plain", compiler + include + ["-DRCPP_OFF", *sources, *ours, "-o", "plain"])
            through = [f"-Wr,{word}" for word in configuration["filter"]]
            self.must("build", [os.path.join(options.build, "rcpp-cc"), *compiler, *include,
                                *through, *sources, *ours, "-o", "sites"])
            return
        if family_of(configuration["compiler"]) == "clang":
            include.append("-fno-integrated-as")
        symbols = [f"--symbol={','.join(configuration['symbols'])}"] \
            if configuration["symbols"] else []
        names = [source[:-2] for source in sources]
        for name in names:
            self.must("plain", compiler + include + ["-S", f"{name}.c", "-o", f"{name}.s"])
            self.must("plain", ["as", f"{name}.s", "-o", f"{name}.plain.o"])
            self.must("filter", [options.rcpp, *configuration["filter"], *symbols, f"{name}.s",
                                 "-o", f"{name}.sites.s"])
            self.must("assembler", ["as", f"{name}.sites.s", "-o", f"{name}.sites.o"])
        for program in ["plain", "sites"]:
            objects = [f"{name}.{program}.o" for name in names]
            self.must("plain" if program == "plain" else "link",
                      self.link_command(objects + ours, program))

    def link_command(self, files, program):
        flags = self.configuration["flags"]
        if any(flag.startswith("-fsanitize") for flag in flags):
            return [self.configuration["compiler"], *flags, *files, "-o", program]
        matters = ("-pie", "-no-pie", "-static", "-fuse-ld=", "-Wl,", "-pg")
        words = link_line(tuple(flag for flag in flags if flag.startswith(matters)))
        command = []
        for word in words:
            command += files if word == "OBJECTS.o" else \
                [program] if word == "PROGRAM" else [word]
        return command

    def list_sites(self):
        """The rows of the program with sites, and a file for the harness."""
        listing = self.must("dump", [os.path.join(self.options.build, "rcpp-dump"), "--json",
                                     "sites"])
        rows = json.loads(listing)
        with open(os.path.join(self.directory, "sites.txt"), "w", encoding="ascii") as file:
            file.write("".join(f"{row['address']} {row['length']}\n" for row in rows))
        return rows

    def run_program(self, name, milliseconds):
        """The last line on standard error of `sites` says which sites have been patched."""
        environment = {"RANDOM_TIME": str(milliseconds), "ASAN_OPTIONS": "detect_leaks=0"}
        if self.configuration["program"] == "csmith":
            environment["RANDOM_FORK"] = "1"
        if "--unpatched=fault" in self.configuration["filter"]:
            environment["RANDOM_FAULT"] = "1"
        if name == "sites":
            environment["RANDOM_SITES"] = "sites.txt"
        return self.run([f"./{name}"], environment=environment)


def difference(plain, sites):
    """None, or (kind, text): what is different."""
    if (plain.stdout, plain.returncode) == (sites.stdout, sites.returncode):
        return None
    expected, got = plain.stdout.splitlines(), sites.stdout.splitlines()
    complaints = [line for line in got if line.startswith("round ")]
    if complaints:
        return "runtime", "\n".join(complaints)
    for number, line in enumerate(expected):
        if number >= len(got) or got[number] != line:
            other = got[number] if number < len(got) else "(nothing)"
            kind = "crash" if sites.returncode not in (0, plain.returncode) else "result"
            return kind, (f"line {number + 1}\nplain: {line}\nsites: {other}\n"
                          f"exit status {plain.returncode} and {sites.returncode}\n{sites.stderr}")
    return "crash", f"exit status {plain.returncode} and {sites.returncode}\n{sites.stderr}"


def normal_form(row):
    """A form without the choice of registers and of local operands, to count by."""
    original, _, alternatives = row["form"].partition(" => ")
    original = re.sub(r"VAR\(%[^)]*\)", "(VAR)", original)
    original = re.sub(r"-?\w*\(%[^)]*\)", "M", original)
    original = re.sub(r"%[a-z0-9]+", "R", original)
    original = re.sub(r"\$-?\w+", "I", original)
    original = re.sub(r"^(j|set|cmov)(?!mp)n?[a-z]{1,2}?([wlq]?) ", r"\1CC\2 ", original)
    guards = [part.strip().partition(":")[0] for part in alternatives.split(" | ")]
    kind = " (consumer)" if "consumer" in row["flags"] else ""
    return f"{original}{kind} => {' | '.join(guards)}"


def try_program(work, sources):
    """
    Build, run, compare. Returns the rows and which of them were patched, or None if the program
    takes too long. Raises Failed.
    """
    work.compile(sources)
    plain = work.run_program("plain", TIME)
    if plain.returncode in TOO_LONG:
        return None
    if plain.returncode != 0:
        raise Failed("plain", f"exit status {plain.returncode}\n{plain.stdout}{plain.stderr}")
    rows = work.list_sites()
    sites = work.run_program("sites", TIME)
    if sites.returncode in TOO_LONG:  # by bad luck, or because it differs
        sites = work.run_program("sites", 40 * TIME)
    found = difference(plain, sites)
    if found is not None:
        again = work.run_program("plain", 40 * TIME)
        if again.stdout != plain.stdout:
            return None  # not even equal to itself
        for name, run in [("plain", plain), ("sites", sites)]:
            with open(os.path.join(work.directory, f"{name}.output"), "w",
                      encoding="utf-8") as file:
                file.write(run.stdout)
        raise Failed(*found)
    lines = sites.stderr.splitlines()
    changed = lines[-1] if lines else ""
    if len(changed) != len(rows):
        raise Failed("runtime", f"no word about the sites\n{sites.stderr}")
    return list(zip(rows, changed))


def write_program(directory, configuration, options):
    """Generates the program. Returns the names of its C files."""
    if configuration["program"] == "csmith":
        files, symbols = from_csmith.generate(configuration["seed"], directory)
        configuration["symbols"] = symbols
        if symbols:  # link-time optimization would give them other names
            configuration["whole"] = False
            configuration["flags"] = [flag for flag in configuration["flags"]
                                      if not flag.startswith("-flto")]
    else:
        files, symbols = generate.generate(configuration["seed"], configuration["remote"])
        configuration["symbols"] = symbols
    for name, text in files.items():
        with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
            file.write(text)
    shutil.copy(os.path.join(options.output, "harness.o"), directory)
    return sorted(files)


class Totals:
    """What all programs together had; the workers' threads add to it."""

    def __init__(self):
        self.lock = threading.Lock()
        self.programs = collections.Counter()  # own, csmith, discarded, broken, failed
        self.forms = collections.defaultdict(lambda: [0, 0])
        self.parts = collections.defaultdict(lambda: [0, 0])  # by compiler, and by generator
        self.failures = []
        self.began = time.monotonic()

    def add(self, configuration, rows):
        with self.lock:
            self.programs[configuration["program"]] += 1
            for row, changed in rows:
                for counts in (self.forms[normal_form(row)],
                               self.parts[configuration["compiler"]],
                               self.parts[configuration["program"]],
                               self.parts["remote" if "remote" in row["flags"] else "direct"]):
                    counts[0] += 1
                    counts[1] += changed == "1"

    def print_forms(self):
        print("   sites patched  form")
        for form, (sites, patched) in sorted(self.forms.items(), key=lambda item: -item[1][0]):
            print(f"{sites:8d} {patched:7d}  {form}")

    def summary(self):
        count = self.programs
        done = sum(count.values())
        sites = sum(number for number, _ in self.forms.values())
        patched = sum(number for _, number in self.forms.values())
        return (f"{done} programs ({count['own']} own and {count['csmith']} of csmith's compared, "
                f"{count['discarded']} without an end, {count['broken']} that broke the "
                f"compiler itself), {sites} sites, {patched} patched, "
                f"{len(self.failures)} failures, {processor_seconds() / max(done, 1):.2f} s of "
                f"processor time a program, {time.monotonic() - self.began:.0f} s")


def processor_seconds():
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def one_seed(seed, options, totals):
    configuration = draw_configuration(seed, options)
    with tempfile.TemporaryDirectory(prefix="random-") as directory:
        work = Work(directory, configuration, options)
        try:
            sources = write_program(directory, configuration, options)
            rows = try_program(work, sources)
        except from_csmith.NoProgram:
            rows = None
        except Broken:
            with totals.lock:
                totals.programs["broken"] += 1
            return
        except Failed as failed:
            save_failure(work, failed, options, totals)
            return
        if rows is None:
            with totals.lock:
                totals.programs["discarded"] += 1
        else:
            totals.add(configuration, rows)


def save_failure(work, failed, options, totals):
    configuration = work.configuration
    name = f"{configuration['program']}-{configuration['seed']}"
    kept = os.path.join(options.output, "failures", name)
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(work.directory, kept)
    with open(os.path.join(kept, "commands"), "w", encoding="utf-8") as file:
        file.write("\n".join([f"# {failed.kind}, in this directory:", *work.commands, ""]))
    with open(os.path.join(kept, "difference"), "w", encoding="utf-8") as file:
        file.write(failed.text + "\n")
    configuration["kind"] = failed.kind
    with open(os.path.join(kept, "configuration.json"), "w", encoding="utf-8") as file:
        json.dump(configuration, file, indent=1)
    with totals.lock:
        totals.programs["failed"] += 1
        totals.failures.append(kept)
        first = failed.text.strip().splitlines()[:4]
        print(f"FAILED ({failed.kind}): {kept}", *first, sep="\n    ", flush=True)


# --- reduction


def passes_guard(work, sources, guard):
    include = ["-I", work.options.runtime]
    return all(work.run(["gcc", *ALWAYS[1:], *guard, *include, source]).returncode == 0
               for source in sources)


def agrees_without_rcpp(work, sources):
    """The program has one meaning: two compilers and two levels give it the same results."""
    outputs = set()
    for compiler, flags in [("gcc", ["-O0"]), ("gcc", ["-O2"]), ("clang", ["-O1"])]:
        command = [compiler, *ALWAYS, *flags, "-I", work.options.runtime, *sources, "harness.o",
                   os.path.join(work.options.build, "librcpp.a"), "-o", "meaning"]
        if work.run(command).returncode != 0:
            return False
        environment = {"RANDOM_FORK": "1"} if work.configuration["program"] == "csmith" else {}
        done = work.run(["./meaning"], environment=environment)
        outputs.add((done.stdout, done.returncode))
    return len(outputs) == 1


def still_fails(work, sources):
    try:
        try_program(work, sources)
    except Failed as failed:
        return failed.kind == work.configuration["kind"]
    return False


def is_interesting(directory, options):
    """For the reducer, in its directory: does the program fail as it did, and is it still one?"""
    with open(os.path.join(directory, "configuration.json"), encoding="utf-8") as file:
        configuration = json.load(file)
    shutil.copy(os.path.join(options.output, "harness.o"), ".")
    work = Work(".", configuration, options)
    sources = configuration["sources"]
    return passes_guard(work, sources, ["-fsyntax-only"]) and still_fails(work, sources) and \
        all(passes_guard(work, sources, guard) for guard in configuration["guards"]) and \
        (not configuration["agrees"] or agrees_without_rcpp(work, sources))


def reduce_flags(work, sources):
    """Leaves out, one by one, the options that the failure does not need."""
    for table in ("filter", "flags"):
        flags = work.configuration[table]
        at = len(ALWAYS) if table == "flags" else 0
        while at < len(flags):
            pair = 2 if flags[at] == "-mllvm" else 1
            work.configuration[table] = flags[:at] + flags[at + pair:]
            if still_fails(work, sources):
                flags = work.configuration[table]
            else:
                at += pair
        work.configuration[table] = flags


def reduce_failure(kept, options):
    """Leaves the smallest program that fails the same way in KEPT/reduced. Returns a sentence."""
    with open(os.path.join(kept, "configuration.json"), encoding="utf-8") as file:
        configuration = json.load(file)
    sources = sorted(name for name in os.listdir(kept) if name in ("a.c", "b.c"))
    reduced = os.path.join(kept, "reduced")
    os.makedirs(reduced, exist_ok=True)
    shutil.copy(os.path.join(options.output, "harness.o"), reduced)
    work = Work(reduced, configuration, options)
    include = ["-I", options.runtime, "-I", "/usr/include/csmith"]
    for source in sources:  # without headers, for the reducer to see all there is
        done = work.run([configuration["compiler"], *configuration["flags"], *include, "-E", "-P",
                         os.path.join(kept, source), "-o", source])
        if done.returncode != 0:
            return f"not reduced: {done.stderr}"
    if not still_fails(work, sources):
        return "not reduced: it does not fail once more"
    reduce_flags(work, sources)
    configuration["sources"] = sources
    configuration["guards"] = [guard for guard in GUARDS if passes_guard(work, sources, guard)]
    configuration["agrees"] = agrees_without_rcpp(work, sources)
    with open(os.path.join(reduced, "configuration.json"), "w", encoding="utf-8") as file:
        json.dump(configuration, file, indent=1)
    script = os.path.join(reduced, "interesting.sh")
    with open(script, "w", encoding="utf-8") as file:
        words = [sys.executable, os.path.abspath(__file__), "--build", options.build, "--rcpp",
                 options.rcpp, "--output", options.output, "--interesting", reduced]
        file.write("#!/bin/sh\nexec " + " ".join(map(shlex.quote, words)) + "\n")
    os.chmod(script, 0o755)
    before = size_of(reduced, sources)
    temporary = os.path.join(reduced, "temporary")
    os.makedirs(temporary, exist_ok=True)
    done = work.run(["timeout", str(options.reduce_seconds), *shlex.split(options.reducer),
                     "./interesting.sh", *sources], limit=options.reduce_seconds + 60,
                    environment={"TMPDIR": temporary})
    shutil.rmtree(temporary, ignore_errors=True)
    ending = " (the reducer's time was up)" if done.returncode == 124 else \
        f" (the reducer: {done.stderr.strip()[-200:]})" if done.returncode != 0 else ""
    flags = " ".join(configuration["flags"][len(ALWAYS):] + configuration["filter"])
    return (f"reduced from {before} to {size_of(reduced, sources)} bytes, "
            f"{configuration['compiler']} {flags}{ending}")


def size_of(directory, names):
    return sum(os.path.getsize(os.path.join(directory, name)) for name in names)


# --- all of it


def parse_arguments():
    parser = argparse.ArgumentParser(description="Random programs through rcpp.")
    parser.add_argument("--build", default=os.path.join(HERE, "..", "..", "build"))
    parser.add_argument("--output", help="default: BUILD/fuzz; failures go below it")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--generator", choices=["own", "csmith", "both"], default="both")
    parser.add_argument("--compilers", default="gcc,gcc,clang", metavar="NAME[,NAME]...",
                        help="one is drawn for each program; default: %(default)s")
    parser.add_argument("--rcpp", help="another filter; default: BUILD/rcpp")
    parser.add_argument("--reducer", default="creduce --n 1", help="empty: do not reduce")
    parser.add_argument("--reduce", type=int, default=3, help="how many failures are reduced")
    parser.add_argument("--reduce-seconds", type=int, default=900)
    parser.add_argument("--max-failures", type=int, default=20)
    parser.add_argument("--interesting", metavar="DIRECTORY", help="for the reducer only")
    options = parser.parse_args()
    options.compilers = options.compilers.split(",")
    options.build = os.path.abspath(options.build)
    options.output = os.path.abspath(options.output or os.path.join(options.build, "fuzz"))
    options.rcpp = os.path.abspath(options.rcpp or os.path.join(options.build, "rcpp"))
    options.runtime = os.path.abspath(os.path.join(HERE, "..", "..", "runtime"))
    return options


def run_all(options, totals):
    seeds = range(options.seed, options.seed + options.count)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        def one(seed):
            if len(totals.failures) < options.max_failures:
                one_seed(seed, options, totals)

        for number, _ in enumerate(pool.map(one, seeds), 1):
            if number % 500 == 0:
                print(totals.summary(), flush=True)


def idle_parts(options, totals):
    """What the run should have tested and has not: compilers, generators."""
    if options.count < 20:  # so few that chance may have left one out
        expected = set(totals.parts) or {"any program"}
    else:
        expected = set(options.compilers)
        expected |= {"own", "csmith"} if options.generator == "both" else {options.generator}
        expected |= set() if options.generator == "csmith" else {"remote"}
    return sorted(part for part in expected if totals.parts[part][1] == 0)


def main():
    options = parse_arguments()
    for name in ["RCPP_FLAGS", "RCPP_AS", "RCPP_DISABLE", "RCPP_VERBOSE"]:
        os.environ.pop(name, None)
    if options.interesting:
        return 0 if is_interesting(options.interesting, options) else 1
    os.makedirs(options.output, exist_ok=True)
    subprocess.run(["gcc", "-std=c11", "-O2", "-fPIC", "-I", options.runtime, "-c",
                    os.path.join(HERE, "harness.c"), "-o",
                    os.path.join(options.output, "harness.o")], check=True)
    totals = Totals()
    run_all(options, totals)
    totals.print_forms()
    print(totals.summary())
    if options.reducer and totals.failures:
        if shutil.which(shlex.split(options.reducer)[0]) is None:
            sys.exit(f"not reduced: there is no {options.reducer}")
        for kept in totals.failures[:options.reduce]:
            print(f"{kept}: {reduce_failure(kept, options)}", flush=True)
    idle = idle_parts(options, totals)
    if idle:
        print(f"no site was patched: {' '.join(idle)}")
    return 1 if totals.failures or idle else 0


if __name__ == "__main__":
    sys.exit(main())
