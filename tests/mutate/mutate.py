# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Mutation of ourselves: which small changes of rcpp do the tests not notice?

In: this source tree; out: a line a mutant (mutants.py), KILLED with the test that fails, TEXT,
SURVIVED or UNBUILT, and a summary. The mutants are built in a copy of the tree (build/mutate/tree).

A mutant of C is first shown all inputs that the filter gets in the tests (record.py): tests whose
inputs come out as before cannot fail; the others run, cheapest first, until one fails. A mutant of
the rules must be noticed by executing code: by tests/execute.bats, whose generator reads the
mutated rules, too, or, of calls and branches, by calls.bats and branches.bats, and by a wrong
result, not by a comparison of lists. One that only the other tests see is TEXT: caught, but by an
expected text alone.

Exit status 1 if a mutant is neither killed nor has a reason in survivors.txt, or if an entry there
belongs to no mutant (any more); 2 if something is wrong with the run itself.
"""
import argparse
import fnmatch
import hashlib
import math
import os
import re
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True  # the source tree stays as it is
import mutants  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))

# Whose inputs are recorded. The others do not look at what the filter makes of its input.
CHEAP = ["golden", "liveness"]
OTHERS = ["divisions", "traps", "reader", "options", "link", "runtime", "calls", "branches", "turned",
          "hostile"]
EXECUTE = ["execute"]
RECORDED = CHEAP + OTHERS + EXECUTE
# The same cases with other options, which other tests have, too.
SLOW = re.compile("all cases with ")
# What tests/execute/run.c says about code that does something else, not about lists that differ.
EXECUTED = re.compile(r"FAILED: .*: (another result|should trap|traps)$|crashed: ", re.M)
# Rules of instructions that go elsewhere, and what executes those.
ELSEWHERE = [(re.compile(r"(use|consume!?) \{?(call|jmp)\b"), "calls.bats"),
             (re.compile(r"(settle|skip|compare|carry|step) "), "branches.bats"),
             (re.compile(r"(turn|mirror) "), "turned.bats")]
FAMILIES = {"load": "load|groups", "use": "use", "consume": "consume|groups", "address": "address"}


def fail(message):
    print(f"mutate: error: {message}", file=sys.stderr)
    sys.exit(2)


def run(command, timeout=600, **options):
    """Status and output; a command that takes too long is killed with all its children: None."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, start_new_session=True, **options)
    try:
        output = process.communicate(timeout=timeout)[0]
    except BaseException as problem:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        if isinstance(problem, subprocess.TimeoutExpired):
            return None, ""
        raise
    return process.returncode, output.decode(errors="replace")


def contents(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def store(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


# --- the reasons ----------------------------------------------------------------------------------


class Reasons:
    """survivors.txt: `=` and a mutant's name (* is anything), the reason indented below it."""

    def __init__(self, path):
        self.entries, self.used = {}, set()
        names = []
        for number, line in enumerate(contents(path).split("\n"), 1):
            if not line.strip() or line.startswith("#"):
                continue
            if line.startswith("= "):
                if not names or self.entries[names[-1]]:
                    names = []
                names.append(line[2:].strip())
                self.entries[names[-1]] = ""
            elif line[0].isspace() and names:
                for name in names:
                    self.entries[name] += " " + line.strip()
            else:
                fail(f"{path}:{number}: neither a mutant nor a reason")
        for name, reason in self.entries.items():
            if not reason:
                fail(f"{path}: no reason for: {name}")

    def find(self, key):
        for name in self.entries:
            if key == name or ("*" in name and fnmatch.fnmatchcase(key, pattern_of(name))):
                self.used.add(name)
                return self.entries[name].strip()
        return None

    def stale(self, mutated):
        for mutant in mutated:
            self.find(mutant.key)
        return [name for name in self.entries if name not in self.used]


def pattern_of(name):
    """Brackets are text; only the star is not."""
    return re.sub(r"[\[\]?]", "?", name)


# --- the scratch copy -----------------------------------------------------------------------------


class Tree:
    """A copy of the sources with its own build directory, in which one file at a time is wrong."""

    def __init__(self, work, sources):
        self.path, self.build, self.sources = f"{work}/tree", f"{work}/tree/build", sources
        self.changed = None
        os.makedirs(self.path, exist_ok=True)
        parts = [f"{TOP}/{part}" for part in ("rcpp", "grammar", "runtime", "examples", "tests",
                                              "Makefile", "README.md", "LICENSE")]
        stale = [f"{self.path}/{os.path.basename(part)}" for part in parts]
        status, output = run(["sh", "-c", 'rm -rf "$@"', "sh", *stale])
        status, output = run(["cp", "-a", *parts, self.path])
        if status or not self.make("all"):
            fail(f"the unchanged sources do not build in {self.path}: {output}")

    def make(self, *targets):
        status, self.messages = run(["make", "-s", "B=build", "WARNINGS=", "CFLAGS=-O1", *targets],
                                    cwd=self.path)
        return status == 0

    def change(self, mutant):
        """Build with the mutant; with None, with nothing changed."""
        if self.changed and (not mutant or mutant.file != self.changed):
            store(f"{self.path}/{self.changed}", self.sources[self.changed])
        self.changed = mutant and mutant.file
        if mutant:
            store(f"{self.path}/{mutant.file}", mutant.apply(self.sources[mutant.file]))
        # rcpp-cc asks whether it is of one build with `as`
        return self.make("build/rcpp", "build/rcpp-cc", "build/libexec/rcpp/as")

    def link_replay(self):
        """The program as it is now, with replay.c around it."""
        script = """objcopy --redefine-sym main=rcpp_main build/filter/main.o build/filter-main
            gcc -std=c11 -D_GNU_SOURCE -O1 tests/mutate/replay.c -x none -o build/replay \\
                build/filter-main $(make -s --no-print-directory B=build filter-objects)"""
        status, output = run(["sh", "-c", script], cwd=self.path)
        if status:
            fail(f"replay.c does not link: {output}")
        return f"{self.build}/replay"

    def bats(self, file, name_pattern, build=None, timeout=600, families=""):
        environment = {**os.environ, "RCPP_BUILD": build or self.build, "RCPP_FAMILIES": families}
        for name in ("RCPP_FLAGS", "RCPP_AS", "RCPP_DISABLE", "RCPP_VERBOSE", "BATS_TMPDIR"):
            environment.pop(name, None)
        # A bats that runs this script has exported variables of its own.
        environment = {name: value for name, value in environment.items()
                       if not name.startswith("BATS_") or name in ("BATS_LIBEXEC",)}
        filters = ["-f", name_pattern] if name_pattern else []
        return run(["bats", "--tap", "--timing", *filters, f"tests/{file}"], timeout,
                   cwd=self.path, env=environment)


# --- inputs of the tests --------------------------------------------------------------------------


class Input:
    """What the filter was given once, or several times alike, and what it made of it unchanged."""

    def __init__(self, path, arguments, directory):
        self.path, self.arguments, self.directory = path, arguments, directory
        self.right = None
        os.makedirs(directory)
        for name in ("input", "symbols"):
            if os.path.exists(f"{path}/{name}"):
                os.symlink(f"{path}/{name}", f"{directory}/{name}")

    def result(self):
        digest = hashlib.sha256()
        for name in ("status", "stdout", "stderr", "out", "explain"):
            try:
                with open(f"{self.directory}/{name}", "rb") as file:
                    digest.update(file.read() + b"\0")
            except OSError:
                digest.update(b"-")
        return digest.digest()


def replay(inputs, program, work, seconds):
    """Show the filter all the inputs (replay.c). Returns those that come out otherwise than they
    did; the one that takes more than so many seconds, if any does: those behind it were not looked
    at, and count as different; and what the longest takes."""
    store(f"{work}/list", "".join("\n".join([entry.directory, *entry.arguments, "", ""])
                                  for entry in inputs))
    for entry in inputs:
        for name in ("status", "explain"):  # rcpp appends to the second
            if os.path.exists(f"{entry.directory}/{name}"):
                os.unlink(f"{entry.directory}/{name}")
    status, output = run([program, str(seconds), f"{work}/list"])
    if status != 0:
        fail(f"replay: {'too slow' if status is None else output}")
    said = output.strip()
    hung = next((entry for entry in inputs if entry.directory == said), None)
    different = {entry for entry in inputs if entry.result() != entry.right}
    return different, hung, None if hung else float(said)


class Test:
    def __init__(self, file, name, seconds):
        self.file, self.name, self.seconds = file, name, seconds
        self.inputs = []

    def pattern(self):
        return "^" + re.sub(r"([^\w\s,:'-])", r"\\\1", self.name) + "$"


def digest_of(paths):
    digest = hashlib.sha256()
    for path in sorted(paths):
        with open(path, "rb") as file:
            digest.update(path.encode() + file.read())
    return digest.hexdigest()


def files_below(path):
    for directory, _, names in os.walk(path):
        yield from (f"{directory}/{name}" for name in names)


class Corpus:
    """All inputs of the recorded tests, and how long each test takes."""

    def __init__(self, tree, work):
        self.tree, self.work = tree, work
        run(["rm", "-rf", f"{work}/replay"])
        self.tests, known = [], {}
        for name in RECORDED:
            self.record(f"{name}.bats")
            self.load(f"{name}.bats", known)
        self.tests.sort(key=lambda test: test.seconds)
        inputs = {entry for test in self.tests for entry in test.inputs}
        longest = replay(inputs, tree.link_replay(), work, 600)[2]
        self.seconds = math.ceil(2 + 5 * longest)  # more is a hang
        for entry in inputs:
            entry.right = entry.result()
        print(f"{len(inputs)} inputs of {len(self.tests)} tests", flush=True)

    def record(self, file):
        """Run the tests of one file once with the recorder, unless that has been done."""
        stem = file[:-5]
        key = digest_of([f"{TOP}/tests/{file}", f"{TOP}/{mutants.RULES}",
                         *files_below(f"{TOP}/tests/{stem}")])
        directory = f"{self.work}/corpus/{file}"
        if os.path.exists(f"{directory}/key") and contents(f"{directory}/key") == key:
            return
        print(f"recording {file}", flush=True)
        build = f"{self.work}/tree/recorder"
        run(["sh", "-c", 'rm -rf "$1" "$2" && cp -a "$3" "$1"', "sh", build, directory,
             self.tree.build])
        for program in ("rcpp", "libexec/rcpp/as"):
            os.unlink(f"{build}/{program}")
            store(f"{build}/{program}", f"#!/bin/sh\nexec python3 '{HERE}/record.py' "
                  f"'{self.tree.build}/{program}' '{self.work}/corpus' \"$@\"\n")
            os.chmod(f"{build}/{program}", 0o755)
        os.makedirs(directory)
        _, output = self.tree.bats(file, None, build, 1800)
        store(f"{directory}/output", output)
        store(f"{directory}/key", key)

    def load(self, file, known):
        directory = f"{self.work}/corpus/{file}"
        numbers = {}
        for line in contents(f"{directory}/output").split("\n"):
            done = re.match(r"(ok|not ok) (\d+) (.*?)(?: in (\d+)(ms|sec))?(?: # skip.*)?$", line)
            if not done:
                continue
            number, name = done.group(2, 3)
            if SLOW.match(name):
                continue
            if done.group(1) != "ok":
                print(f"{file}: fails without any mutant, left out: {name}")
                continue
            seconds = float(done.group(4) or 0) / (1000 if done.group(5) == "ms" else 1)
            numbers[number] = Test(file, name, seconds)
        shared = []
        for path in sorted(entry.path for entry in os.scandir(directory) if entry.is_dir()):
            if not os.path.exists(f"{path}/test"):
                continue
            arguments = contents(f"{path}/arguments").split("\0")
            key = hashlib.sha256(b"".join(
                open(f"{path}/{n}", "rb").read() if os.path.exists(f"{path}/{n}") else b"-"
                for n in ("arguments", "input", "symbols"))).hexdigest()
            if not all(arguments) or "\n" in "".join(arguments):
                continue
            if key not in known:
                known[key] = Input(path, arguments, f"{self.work}/replay/{len(known)}")
            entry = known[key]
            test = contents(f"{path}/test")
            if not test:
                shared.append(entry)
            elif test in numbers and entry not in numbers[test].inputs:
                numbers[test].inputs.append(entry)
        # What setup_file() filters belongs to the tests that filter nothing themselves.
        for test in numbers.values():
            if not test.inputs:
                test.inputs = shared
            if test.inputs:
                self.tests.append(test)

    def killer(self, *stages, because=""):
        """The first test of these stages that the present build fails (so), or None."""
        program = self.tree.link_replay()
        for stage in stages:
            tests = [test for test in self.tests if test.file[:-5] in stage]
            different, hung, _ = replay({entry for test in tests for entry in test.inputs},
                                        program, self.work, self.seconds)
            for test in sorted(tests, key=lambda test: hung not in test.inputs):
                if different.isdisjoint(test.inputs):
                    continue
                # What the test took when it was recorded, longer than it takes; or what a hang is.
                timeout = self.seconds + 3 * test.seconds if hung in test.inputs else 600
                status, output = self.tree.bats(test.file, test.pattern(), timeout=timeout)
                if status is None or (status and because in output):
                    return f"{test.file}: {test.name}" + (" (hangs)" if status is None else "")
        return None


# --- one mutant -----------------------------------------------------------------------------------


def executed_killer(tree, mutant):
    """By execution: the families of the rule's role, with the cases that its rules give."""
    for pattern, file in ELSEWHERE:
        if pattern.match(mutant.where):
            status, output = tree.bats(file, None)
            return (None, False) if status == 0 else (file, True)
    role = re.match(r"[a-z]+", mutant.where).group(0)
    families = FAMILIES.get(role, "load|use|consume|address|groups")
    status, output = tree.bats("execute.bats", f"^({families}):", families=families)
    if status is None:
        return "execute.bats (hangs)", True
    if status == 0:
        return None, False
    wrong = EXECUTED.search(output)
    failed = re.search(r"^not ok \d+ (.*?)(?: in \d+.*)?$", output, re.M)
    return f"execute.bats: {failed.group(1) if failed else '?'}", bool(wrong)


def unchanged_seconds(tree, tests):
    """What each of these tests takes without any mutant: far more is a hang."""
    seconds = {}
    for test in tests:
        file, _, pattern = test.partition(":")
        begin = time.monotonic()
        status, output = tree.bats(file, pattern or None)
        if re.search(r"^1\.\.0", output, re.M):
            fail(f"no such test: {test}")
        if status != 0:
            fail(f"fails without any mutant: {test}\n{output}")
        seconds[test] = time.monotonic() - begin
    return seconds


def verdict_of(tree, corpus, tests, mutant, explained):
    if not tree.change(mutant):
        return "UNBUILT", ""
    if tests:
        for test, seconds in tests.items():
            file, _, pattern = test.partition(":")
            status, _ = tree.bats(file, pattern or None, timeout=5 + 3 * seconds)
            if status != 0:
                return "KILLED", test + (" (hangs)" if status is None else "")
        return "SURVIVED", ""
    if not mutant.file.startswith("grammar/"):
        # Millions of bytes, and hardly ever the only ones that notice.
        killer = corpus().killer(CHEAP, OTHERS, *([] if explained else [EXECUTE]))
        return ("KILLED", killer) if killer else ("SURVIVED", "")
    killer, by_execution = executed_killer(tree, mutant)
    if killer and by_execution:
        return "KILLED", killer
    # The traps compare the results of programs before they look at what --explain says.
    trap = corpus().killer(["traps"], because="from function `compare'")
    if trap:
        return "KILLED", trap
    killer = killer or corpus().killer(CHEAP, OTHERS)
    return ("TEXT", killer) if killer else ("SURVIVED", "")


def report(results, reasons):
    with_reason = [m for m, verdict in results if verdict in ("SURVIVED", "TEXT")
                   and reasons.find(m.key)]
    unexplained = [(m, verdict) for m, verdict in results if verdict in ("SURVIVED", "TEXT")
                   and not reasons.find(m.key)]
    killed = sum(verdict == "KILLED" for _, verdict in results)
    unbuilt = sum(verdict == "UNBUILT" for _, verdict in results)
    for mutant, verdict in results:
        if verdict == "KILLED" and reasons.find(mutant.key):
            print(f"killed, though survivors.txt has a reason: {mutant.key}")
    for mutant, verdict in unexplained:
        print(f"unexplained {verdict}: {mutant.key}")
    print(f"{len(results) - unbuilt} mutants, {killed} killed, {len(with_reason)} survived with a "
          f"reason, {len(unexplained)} unexplained ({unbuilt} more do not compile)")
    return 1 if unexplained else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=f"{TOP}/build", help="where mutate/ is made")
    parser.add_argument("--only", default="", help="mutants whose name this expression matches")
    parser.add_argument("--list", action="store_true", help="list them, and check survivors.txt")
    parser.add_argument("--survivors", default=f"{HERE}/survivors.txt")
    parser.add_argument("--test", action="append", help="FILE.bats[:PATTERN]: run only that")
    options = parser.parse_args()
    # Read once: the tree may be worked on meanwhile.
    sources = {file: contents(f"{TOP}/{file}") for file in mutants.FILES}
    every = mutants.all_mutants(sources)
    reasons = Reasons(options.survivors)
    stale = reasons.stale(every)
    for name in stale:
        print(f"survivors.txt: there is no such mutant: {name}")
    wanted = [mutant for mutant in every if re.search(options.only, mutant.key)]
    if not wanted:
        fail(f"no mutant's name matches '{options.only}'")
    if options.list:
        for mutant in wanted:
            print(mutant.key)
        return 1 if stale else 0
    work = os.path.abspath(f"{options.build}/mutate")
    tree, made, results = Tree(work, sources), [], []
    tests = unchanged_seconds(tree, options.test or [])

    def corpus():
        if not made:
            tree_mutant = current[0]
            tree.change(None)
            made.append(Corpus(tree, work))
            tree.change(tree_mutant)
        return made[0]

    for number, mutant in enumerate(wanted, 1):
        current, begin = [mutant], time.monotonic()
        verdict, killer = verdict_of(tree, corpus, tests, mutant,
                                     reasons.find(mutant.key))
        print(f"[{number}/{len(wanted)}] {verdict:8} {time.monotonic() - begin:5.1f}s {mutant.key}"
              + (f"  <- {killer}" if killer else ""), flush=True)
        results.append((mutant, verdict))
    tree.change(None)
    return report(results, reasons) or (1 if stale else 0)


signal.signal(signal.SIGTERM, signal.default_int_handler)
sys.exit(main())
