#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Small functions in assembly, each with one thing that rcpp must take into account: a register that
# looks free and is not, a load that looks removable and is not. In the functions of
# tests/liveness/*.s stands what --explain must say of them, and what it must not:
#	#= REGEX	a line on this function matches
#	#! REGEX	no line on it does
# make mutate takes the cares out of rcpp one by one, and these are the tests that notice.
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/).

bats_require_minimum_version 1.5.0

setup()
{
	RCPP_BUILD=$(realpath -m "${RCPP_BUILD:-$BATS_TEST_DIRNAME/../build}")
	cd "$BATS_TEST_TMPDIR" || return
}

# expected FILE [OPTION]...: checks FILE's functions.
expected()
{
	local file=$BATS_TEST_DIRNAME/liveness/$1
	shift
	rm -f explain
	"$RCPP_BUILD/rcpp" "$@" --explain=explain -o out.s "$file"
	as out.s -o out.o
	awk '
		function matches(regex,    i) {
			for (i = 1; i <= count[name]; i++)
				if (line[name, i] ~ regex)
					return 1
			return 0
		}
		function complain(what,    i) {
			print name ": " what " " substr($0, 4)
			for (i = 1; i <= count[name]; i++)
				print "\t" line[name, i]
			wrong++
		}
		NR == FNR {
			split($0, field, ": ")
			sub(/^.*:[0-9]+: /, "") # a random directory may hold any word
			if (/: load: /)
				sub(/; .*/, "") # the advice
			line[field[2], ++count[field[2]]] = $0
			next
		}
		/^#= / { checked++; if (!matches(substr($0, 4))) complain("nothing matches") }
		/^#! / { if (matches(substr($0, 4))) complain("matches") }
		/^[a-z_][a-zA-Z0-9_.]*:/ { name = $1; sub(/:.*/, "", name) }
		END { exit wrong || !checked }
	' explain "$file"
}

@test "functions: what one writes, another does not lend" {
	expected functions.s
}

@test "effects: what instructions and directives say about registers" {
	expected effects.s
}

@test "ends: functions that no compiler wrote" {
	expected ends.s
	# whatever is said of functions
	expected ends.s --calls=abi
}

@test "languages: where the results of functions are is known of C's relatives" {
	expected languages.s
	# the same, said to be clang's
	{ cat "$BATS_TEST_DIRNAME/liveness/languages.s"; printf '\t.ident\t"clang version 14"\n'; } >said.s
	"$RCPP_BUILD/rcpp" --explain=explain -o out.s said.s
	grep -q ': three_results: b: movq VAR,%rcx => .*: nothing' explain
}

@test "consumers: which loads vanish" {
	expected consumers.s
}

@test "conditions: compares that vanish" {
	expected conditions.s
}

@test "steps: what is made of a value and then compared" {
	expected steps.s
}

@test "held: what a load has left in a register, behind labels" {
	expected held.s
	# It ends where the loop does.
	grep -q 'jne.*\.Lloop; \.Lrcpp1z:$' out.s
	[ "$(grep -o '; \.Lrcpp[0-9]*z:' out.s | wc -l)" = 8 ]
}

@test "held: where subsections are, nothing lies behind another" {
	{
		printf '\t.subsection 1\n\t.subsection 0\n'
		cat "$BATS_TEST_DIRNAME/liveness/held.s"
	} >in.s
	"$RCPP_BUILD/rcpp" --explain=explain -o out.s in.s
	grep -q 'movl VAR,%esi => ' explain
	grep -v ': straight: ' explain >others
	run -1 grep divl others
}

@test "held: with .altmacro, macros make names of what no backslash marks" {
	{
		cat "$BATS_TEST_DIRNAME/liveness/held.s"
		printf '\t.altmacro\n'
	} >in.s
	"$RCPP_BUILD/rcpp" --explain=explain -o out.s in.s
	grep -q 'movl VAR,%esi => ' explain
	grep -v ': straight: ' explain >others
	run -1 grep divl others
}

@test "skips: jumps that take in what they jump over" {
	expected skips.s
}

@test "counts: a loaded value may be the number of a variadic call's vector arguments" {
	expected counts.s
}

@test "turned: compares whose operands change places" {
	expected turned.s
}

@test "switches: jumps through tables by the value" {
	expected switches.s --symbol b
}

@test "abi: what --calls=abi says of calls and returns, and of which" {
	expected abi.s --calls=abi
	# Without it, none of them finds a register.
	rm -f explain
	"$RCPP_BUILD/rcpp" --explain=explain -o out.s "$BATS_TEST_DIRNAME/liveness/abi.s"
	[ "$(grep -c 'addq .* => s32' explain)" -eq "$(grep -c 'addq.*b(%rip)' "$BATS_TEST_DIRNAME/liveness/abi.s")" ]
	run ! grep -v 'return_thunk\|jump_to_a_label' <(grep 'any:' explain)
}

@test "callees: what --calls=abi takes for a function" {
	expected callees.s --calls=abi
}

@test "tail calls: what is a function reads no flags" {
	expected tailcalls.s
}

@test "noreturn: functions that read nothing and never come back" {
	expected noreturn.s
}

@test "cold: parts in other sections, and ends" {
	expected cold.s
}

@test "flow: ways through a function" {
	expected flow.s
}

@test "assembly: inline assembly, calls with conventions of their own" {
	expected assembly.s
}

@test "pads: what exceptions may find" {
	expected pads.s
}

@test "references: what is one, and why it stays a load" {
	expected references.s
}

@test "wide: --wide=load" {
	expected wide.s --wide=load
}

@test "division: --no-div" {
	expected division.s --no-div
}

@test "macros: bodies are left out, calls may do anything" {
	expected macros.s
}

@test "pointers: reads through registers that have addresses from the global offset table" {
	expected pointers.s --symbol b,c
	expected pointers-macro.s --symbol b
	expected pointers-by-hand.s --symbol b
}
