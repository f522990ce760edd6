#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The mutation run itself (tests/mutate/, `make mutate`), on a few mutants: each kind is made, built
# and killed by the test that should kill it, one that changes nothing survives and needs a reason,
# and the list of reasons belongs to mutants that exist.

bats_require_minimum_version 1.5.0

setup_file()
{
	export TOP
	TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	if [ ! -s "$TOP/tests/mutate/survivors.txt" ]; then false; fi
}

# One scratch copy for all tests of this file.
mutate()
{
	python3 "$TOP/tests/mutate/mutate.py" --build "$BATS_FILE_TMPDIR" "$@" 3>&-
}

@test "rules and sets have their mutants, and each reason belongs to one" {
	local list=$BATS_TEST_TMPDIR/list set care
	mutate --list >"$list"
	[ "$(grep -c ': guard .* to any: ' "$list")" -ge \
		"$(grep -oE '^[^#]*(=>|\|) *[usa]32' "$TOP/grammar/x86-64/rules" | wc -l)" ]
	for care in 'flags dead' 'quotient dead' 'remainder dead' extended copied; do
		[ "$(grep -c ": $care gone: " "$list")" -eq \
			"$(grep -v '^#' "$TOP/grammar/x86-64/rules" | grep -oE "[(,][^()]*\)" |
				grep -o "$care" | wc -l)" ]
	done
	for set in use kill clobber preserved written frame_by_other; do
		grep -qE "^rcpp/filter/(cutting|x86-64/effects)\.c: .*: delete: .*[>.]$set [|&]?= " "$list"
	done
	grep -q '^rcpp/filter/liveness.h: live_before: drop `| item->use`: ' "$list"
	[ -z "$(sort "$list" | uniq -d)" ]
}

@test "a reason without a mutant is an error" {
	{
		cat "$TOP/tests/mutate/survivors.txt"
		printf '\n= rcpp/filter/cutting.c: gone: delete: gone();\n  It is gone.\n'
	} >"$BATS_TEST_TMPDIR/survivors"
	run -1 mutate --list --survivors "$BATS_TEST_TMPDIR/survivors"
	[[ $output == *'there is no such mutant: rcpp/filter/cutting.c: gone: delete: gone();'* ]]
}

@test "uses, kills and conditions that are gone are noticed" {
	run mutate --test liveness.bats \
		--only 'add_operand_effects: never: if \(operand->(base|index)|live_before: drop .& ~item|choose_scratch: drop .& \(~live_before'
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(grep -c ' KILLED ' <<<"$output")" -eq 4 ]
	[[ $output == *'4 mutants, 4 killed, 0 survived with a reason, 0 unexplained'* ]]
}

@test "a guard that is gone is noticed by executing the rule" {
	run mutate --only '^grammar/x86-64/rules: load .movslq. VAR.l, X.q: guard 1 u32 to any'
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *' KILLED '*'<- execute.bats: load: the value moves into the register'* ]]
}

@test "a change without effect survives, and needs a reason" {
	local only='add_operand_effects: drop .\|\| !access'
	run -0 mutate --test liveness.bats --only "$only"
	[[ $output == *'1 mutants, 0 killed, 1 survived with a reason, 0 unexplained'* ]]
	printf '#\n' >"$BATS_TEST_TMPDIR/survivors"
	run -1 mutate --test liveness.bats --only "$only" --survivors "$BATS_TEST_TMPDIR/survivors"
	[[ $output == *'1 mutants, 0 killed, 0 survived with a reason, 1 unexplained'* ]]
	run -2 mutate --only 'no mutant has this name'
}
