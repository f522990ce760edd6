#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Random programs, a few hundred of them, always the same ones (make fuzz runs others, and more):
# what a program computes does not depend on rcpp. And the driver itself: that it notices a filter
# that is wrong, keeps the program and reduces it, and that no run passes in which nothing happened.
# Reads: RCPP_BUILD.

setup_file()
{
	RCPP_BUILD=$(realpath -m "${RCPP_BUILD:-$BATS_TEST_DIRNAME/../build}")
	export RCPP_BUILD
}

setup()
{
	top=$BATS_TEST_DIRNAME/..
	cd "$BATS_TEST_TMPDIR" || return
}

drive()
{
	python3 "$BATS_TEST_DIRNAME/random/drive.py" --build "$RCPP_BUILD" --output out --reducer '' \
		"$@"
}

# wrong_filter SED: ./wrong/rcpp, the filter made from rules that the sed command has changed.
wrong_filter()
{
	mkdir wrong
	cp -a "$RCPP_BUILD"/{common,filter,grammar,compile-rules} wrong
	sed "$1" "$top/grammar/x86-64/rules" >wrong.rules
	! cmp -s wrong.rules "$top/grammar/x86-64/rules"
	wrong/compile-rules <wrong.rules >wrong/grammar/x86-64/rules.c
	rm wrong/grammar/x86-64/rules.o # for make to build the filter anew
	make -s -C "$top" B="$PWD/wrong" -o "$PWD/wrong/grammar/x86-64/rules.c" "$PWD/wrong/rcpp"
	! cmp -s wrong/rcpp "$RCPP_BUILD/rcpp"
}

# notices KIND DRIVE-OPTION...: the filter in ./wrong makes a difference, and the driver keeps it.
notices()
{
	local kind=$1
	shift
	run drive --rcpp wrong/rcpp --max-failures 1 --count 60 "$@"
	[ "$status" -eq 1 ]
	[[ $output == *"FAILED ($kind)"* ]]
	set -- out/failures/*
	[ -s "$1/a.c" ]
	[ "$(jq -r .kind "$1/configuration.json")" = "$kind" ]
	grep -q 'plain: ' "$1/difference"
	! cmp -s "$1/plain.output" "$1/sites.output"
	kept=$1
}

# A reducer in place of creduce, called as that is: it leaves out one tested function after another.
small_reducer()
{
	cat >reducer <<-'EOF'
		#!/bin/bash
		interesting=$1
		cp "$2" whole
		"$interesting" || exit 1 # what fails is interesting,
		: >"$2"
		"$interesting" && exit 1 # and what is no program is not
		cp whole "$2"
		for function in $(sed -n 's/.*finish("\(.*\)").*/\1/p' whole); do
			cp "$2" before
			awk -v end="finish(\"$function\")" '{ line[NR] = $0 }
				index($0, end) { at = NR } # a loop of two lines stands before it
				END { for (i = 1; i <= NR; i++) if (i < at - 2 || i > at) print line[i] }' \
				before >"$2"
			"$interesting" || cp before "$2"
		done
	EOF
	chmod +x reducer
}

@test "programs of our own" {
	drive --generator own --count 120 --seed 1
}

@test "programs of csmith's" {
	drive --generator csmith --count 50 --seed 1
}

@test "the generators say the same for the same seed" {
	mkdir one two
	for directory in one two; do
		python3 "$BATS_TEST_DIRNAME/random/generate.py" 7 "$directory"
		python3 "$BATS_TEST_DIRNAME/random/from_csmith.py" 8 "$directory"
		mkdir "$directory/remote"
		python3 "$BATS_TEST_DIRNAME/random/generate.py" 9 "$directory/remote" remote
	done
	diff -r one two
	grep -q __patchable one/a.c
	[ "$(wc -l <one/remote/symbols)" -ge 5 ]
}

@test "noticed, kept and reduced: a guard that lets wide values through" {
	wrong_filter 's/=> s32: &q $V, R |/=> any: \&q $V, R |/'
	small_reducer
	notices result --generator own --seed 600 --reducer "$PWD/reducer"
	[[ $output == *"reduced from "* ]]
	tested=$(grep -c 'finish("' "$kept/reduced/a.c")
	[ "$tested" -ge 1 ]
	[ "$tested" -lt "$(grep -c 'finish("' "$kept/a.c")" ]
}

@test "noticed and kept: flags that are thought to be dead" {
	wrong_filter 's/ (flags dead)//'
	notices result --generator own --seed 100
}

@test "noticed and kept: a lost sign, in csmith's programs" {
	wrong_filter 's/u32: movl $V, X.l | any: movq $V, X$/any: movl $V, X.l/'
	notices result --generator csmith --seed 1
}

@test "noticed and kept: conditions that are not mirrored" {
	wrong_filter '/^mirror /s/\(j\|set\)~/\&/'
	notices result --generator own --seed 1
}

@test "noticed and kept: a module that rcpp_patch() refuses" {
	# an addend for which the guard's margin is too small
	wrong_filter 's/^\(consume lea.*\) => any:/\1 => a32:/'
	run drive --rcpp wrong/rcpp --max-failures 1 --count 60 --generator own --seed 1
	[ "$status" -eq 1 ]
	[[ $output == *"FAILED (runtime)"*"rcpp_patch() failed: "*"names a damaged form"* ]]
	grep -q 'rcpp_patch() failed' out/failures/*/difference
}

@test "a run without sites is a failure" {
	cat >copy <<-'EOF'
		#!/bin/bash
		cp "${@: -3:1}" "${@: -1}" # OPTION... INPUT -o OUTPUT
	EOF
	chmod +x copy
	run drive --rcpp copy --generator own --count 3
	[ "$status" -eq 1 ]
	[[ $output == *" 0 patched, 0 failures"* ]]
	[[ $output == *"no site was patched: "* ]]
}

@test "a filter that fails is a failure, and so is a run without programs" {
	printf '#!/bin/sh\necho broken >&2\nexit 1\n' >broken
	chmod +x broken
	run drive --rcpp broken --generator own --count 1
	[ "$status" -eq 1 ]
	[[ $output == *"FAILED (filter)"*broken* ]]
	run drive --generator own --count 0
	[ "$status" -eq 1 ]
	[[ $output == *"no site was patched: any program"* ]]
}
