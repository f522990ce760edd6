# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The mutants of rcpp: source text in, small changes of it out, each with a name that stays.

Nothing is listed by hand: a new rule, statement or condition brings its mutants with it. C is read
as text, with comments and strings blanked: the house style (kernel-like, formatted by a program) is
regular enough. A name says file, function, operator and the text that is changed, without line
numbers, so that the reasons in survivors.txt outlive unrelated changes.
"""
import re

RULES = "grammar/x86-64/rules"

# Where use, kill, preserved, written and live sets come from, and who looks at them. (switch.c does,
# too, but only for a line of --explain.)
C_FILES = ["rcpp/filter/x86-64/dividend.c", "rcpp/filter/x86-64/effects.c",
           "rcpp/filter/x86-64/target.c", "rcpp/filter/skipped.c", "rcpp/filter/cutting.c",
           "rcpp/filter/entries.c", "rcpp/filter/liveness.c", "rcpp/filter/liveness.h",
           "rcpp/filter/forward.c", "rcpp/filter/held.c",
           "rcpp/filter/pointers.c", "rcpp/filter/alternatives.c", "rcpp/filter/choose.c",
           "rcpp/filter/conditions.c", "rcpp/filter/consumers.c", "rcpp/filter/jumps.c",
           "rcpp/filter/match.c", "rcpp/filter/readers.c", "rcpp/filter/reasons.c",
           "rcpp/filter/references.c", "rcpp/filter/sites.c", "rcpp/filter/turn.c",
           "rcpp/filter/survey.c", "rcpp/filter/counted.c", "rcpp/filter/variable.c"]
FILES = [RULES, *C_FILES]

# Functions that read text, keep memory, look up, or choose the words of a message: what they do
# wrong shows at once, and nothing there guards a site.
PLUMBING = {
    "function_init", "function_free", "new_item", "follow_source", "section_slot",
    "mentions_patchable",
    "sites_add", "sites_add_reference", "sites_clear", "sites_free", "reason_of_exclusion", "rules_of",
    "held_of", "held_uses", "held_free", "held_in", "compare_uses",
    "rule_bind", "read_of", "has_modifier", "skipped_text",
    "survey_free", "survey_take", "next_piece", "written_name", "refuse_thread_local", "note_marker", "mark",
}


class Mutant:
    """One change: the text of `file` between `start` and `end` becomes `new`."""

    def __init__(self, file, where, operator, start, end, new, context):
        self.file, self.where, self.operator = file, where, operator
        self.start, self.end, self.new = start, end, new
        self.key = f"{file}: {where}: {operator}: {squeeze(context)}"

    def apply(self, text):
        return text[: self.start] + self.new + text[self.end :]


def squeeze(text):
    return re.sub(r"\s+", " ", text).strip()


def blanked(text):
    """C with comments and the insides of literals blanked, every character in its place."""

    def blank(match):
        found = match.group(0)
        if found[0] in "\"'":
            return found[0] + "x" * (len(found) - 2) + found[0]
        return re.sub(r"[^\n]", " ", found)

    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'', blank, text, flags=re.S)


# --- the rules ------------------------------------------------------------------------------------


def rule_mutants(text):
    """Each guard gone or weaker, each care for flags gone, each role and operand weaker."""
    for line in re.finditer(r"^(load|use|consume!?|address|settle|skip|step|compare|carry|into|[ ]+[|a-z]).*$",
                            text, re.M):
        yield from line_mutants(text, line.start(), line.group(0))


def line_mutants(text, start, line):
    rule = rule_of(text, start)

    def change(operator, begin, end, new):
        return Mutant(RULES, rule, operator, start + begin, start + end, new, line.strip())

    guards = re.finditer(r"(?:^|=>|\|) *([a-z]+[0-9]*)(?= \(|:)", line)
    for number, guard in enumerate(guards, 1):
        if guard.group(1) == "any":
            continue
        weaker = ["any"] + (["s32"] if guard.group(1) == "a32" else [])
        for new in weaker:
            yield change(f"guard {number} {guard.group(1)} to {new}", *guard.span(1), new)
    for brackets in re.finditer(r" \(([a-z]+(?: dead)?(?:, [a-z]+(?: dead)?)*)\)", line):
        cares = brackets.group(1).split(", ")
        for care in cares:
            left = [other for other in cares if other != care]
            yield change(f"{care} gone", *brackets.span(),
                         f" ({', '.join(left)})" if left else "")
    role = re.match(r"consume(!?)", line)
    if not role:
        return
    yield change(*(("alone gone", 7, 8, "") if role.group(1) else ("alone", 7, 7, "!")))
    # R is never X, W may be. The code has the same letters.
    for old, new in (("R", "W"), ("W", "R")):
        letters = re.compile(rf"(?<![A-Za-z]){old}(?![A-Za-z0-9])")
        if letters.search(line[: line.index("=>")]) and not letters.sub("", line).count(new + " "):
            yield change(f"{old} to {new}", 0, len(line), letters.sub(new, line))


def rule_of(text, start):
    """What the rule on this line, or on the line that this one continues, matches."""
    lines = text[: text.index("\n", start)].split("\n")
    while lines[-1][0] in " \t":
        lines.pop()
    return squeeze(lines[-1].split("=>")[0])


# --- C --------------------------------------------------------------------------------------------

DECLARATION = re.compile(
    r"(?:static |const |struct |enum |unsigned |bool |char |int |long |resources |u?int\d+_t |size_t )")


def functions(masked):
    """Name, begin and end of the body of each function."""
    for head in re.finditer(r"^[a-z][^;{}()=]*?(\w+)\([^;{}]*\)\n\{\n", masked, re.M):
        yield head.group(1), head.end(), masked.index("\n}\n", head.end()) + 1


def closing(masked, at):
    """The end of the bracket that opens at `at`."""
    depth = 0
    for i in range(at, len(masked)):
        depth += (masked[i] in "([{") - (masked[i] in ")]}")
        if not depth:
            return i + 1
    raise ValueError("brackets do not match")


def split(masked, start, end, operator):
    """The operands of a binary operator that is not in brackets; one if there is none."""
    parts, begin, depth, i = [], start, 0, start
    while i < end:
        depth += (masked[i] in "([{") - (masked[i] in ")]}")
        if not depth and masked.startswith(operator, i):
            parts.append((begin, i))
            i += len(operator)
            begin = i
        else:
            i += 1
    return parts + [(begin, end)]


def stripped(masked, start, end):
    while start < end and masked[start].isspace():
        start += 1
    while end > start and masked[end - 1].isspace():
        end -= 1
    return start, end


def inner(masked, start, end):
    """An expression without the brackets, negations and casts around all of it."""
    while True:
        start, end = stripped(masked, start, end)
        if masked[start : start + 2] in ("!(", "~(") and closing(masked, start + 1) == end:
            start += 1
        elif masked[start] == "(" and closing(masked, start) == end:
            start, end = start + 1, end - 1
        elif cast := re.compile(r"\((?:\w+|enum \w+)\)(?=\()").match(masked, start, end):
            start = cast.end()
        else:
            return start, end


def operand_changes(masked, start, end):
    """(start, end, new) for each operand of ||, &&, | and each mask of & that can be left out."""
    start, end = inner(masked, start, end)
    choice = split(masked, start, end, " ? ")
    if len(choice) > 1:
        pieces = [choice[0]] + split(masked, choice[1][0], end, " : ")
        for piece in pieces:
            yield from operand_changes(masked, *piece)
        return
    for operator in ("||", "&&", " | ", " & "):
        parts = split(masked, start, end, operator)
        if len(parts) == 1:
            continue
        for i, part in enumerate(parts):
            if i:
                yield parts[i - 1][1], part[1], ""
            elif operator != " & ":
                yield part[0], parts[1][0], ""
            yield from operand_changes(masked, *part)
        return


class Walker:
    """Goes through the statements of one function and collects its mutants."""

    def __init__(self, file, text, masked, name):
        self.file, self.text, self.masked, self.name = file, text, masked, name
        self.found = []

    def add(self, operator, start, end, new, context):
        self.found.append(Mutant(self.file, self.name, operator, start, end, new, context))

    def drop_operands(self, start, end, context):
        for begin, stop, new in operand_changes(self.masked, start, end):
            self.add(f"drop `{squeeze(self.text[begin:stop])}`", begin, stop, new, context)

    def condition(self, keyword, start, end):
        context = f"{keyword} {self.text[start:end]}"
        begin, stop = start + 1, end - 1
        self.drop_operands(begin, stop, context)
        if keyword == "while":
            return
        self.add("never", begin, stop, "0", context)
        within = inner(self.masked, begin, stop)
        if all(len(split(self.masked, *within, operator)) == 1 for operator in ("&&", "||")):
            self.add("always", begin, stop, "1", context)

    def statement(self, start, end):
        text = self.text[start:end]
        if DECLARATION.match(text) or text.startswith("return"):
            equals = self.masked.find("=", start, end)
            begin = start + 6 if text.startswith("return") else equals + 1
            if begin > start and "{" not in self.masked[begin:end] and begin < end - 1:
                self.drop_operands(begin, end - 1, text)
            return
        if re.match(r"(?:break|continue|goto|free\(|names_free\()", text):
            return
        assignment = re.match(r"[^=;(]+[|&]?=(?!=)", text)
        # What an `if` guards alone is gone with the `if`, and a local variable is no set.
        alone = re.search(r"\)\s*$", self.masked[:start])
        if not alone and not (assignment and re.match(r"\w+ =", text)):
            self.add("delete", start, end, ";", text)
        if assignment:
            if "{" not in text:
                self.drop_operands(start + assignment.end(), end - 1, text)
            if re.search(r"(?:->|\.)(?:kill|whole)$", text[: assignment.end() - 1].rstrip(" |&")):
                self.add("all", start + assignment.end(), end - 1, " RESOURCE_ALL", text)

    def walk(self, at, end):
        masked = self.masked
        while True:
            while at < end and (masked[at].isspace() or masked[at] in "{};"):
                at += 1
            if at >= end:
                return self.found
            word = re.compile(r"\w*").match(masked, at).group(0)
            if word in ("if", "while", "switch", "for"):
                begin = masked.index("(", at)
                stop = closing(masked, begin)
                if word in ("if", "while"):
                    self.condition(word, begin, stop)
                at = stop
            elif word in ("else", "do"):
                at += len(word)
            elif word in ("case", "default"):
                at = masked.index(":", at) + 1
            else:
                stop = at
                while masked[stop] != ";":
                    stop = closing(masked, stop) if masked[stop] in "([{" else stop + 1
                self.statement(at, stop + 1)
                at = stop + 1


def c_mutants(file, text):
    masked = blanked(text)
    for name, start, end in functions(masked):
        if name not in PLUMBING:
            yield from Walker(file, text, masked, name).walk(start, end)


# --- all ------------------------------------------------------------------------------------------


def all_mutants(sources):
    """Every mutant, in the order of the sources, which are the texts of FILES by their names."""
    mutants = [*rule_mutants(sources[RULES])]
    for file in C_FILES:
        mutants += c_mutants(file, sources[file])
    seen = {}
    for mutant in mutants:
        seen[mutant.key] = count = seen.get(mutant.key, 0) + 1
        if count > 1:
            mutant.key += f" #{count}"
    return mutants
