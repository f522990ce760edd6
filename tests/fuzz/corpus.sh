#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# corpus.sh BUILD: the first inputs of the fuzz targets, and libFuzzer's dictionary, in BUILD/fuzz.
# Inputs are the assembly of the tests, what compilers make of their C with several options, and each
# function of that alone. Nothing of it is kept in the repository: it is made anew, then each target
# keeps what it learns something from (run.sh). Compilers that are not there, and sources that need
# what they do not have, are left out. With RCPP_FUZZ_CORPUS=small there is one set of options.
# shellcheck disable=SC2016 # dollars belong to the assembler
set -eu
build=$1
tests=$(cd "$(dirname "$0")/.." && pwd)
out=$build/fuzz/seeds
rm -rf "$out"
mkdir -p "$out"

# add NAME: standard input as an input. Half of them get options, so that both kinds are there.
add() {
	case $(printf %s "$1" | cksum) in
	*[02468]\ *) cat ;;
	*) printf '#rcpp --symbol=b --symbol=value,shift --section=.data*\n' && cat ;;
	esac >"$out/$1.s"
}

# functions NAME: the functions of the assembly on standard input, each an input.
functions() {
	awk -v out="$out/$1" '
		/^\t\.type.*@function/ { file = out "-" ++count ".s"
			print "#rcpp --symbol=b --symbol=value,shift --section=.data*\n\t.text" >file }
		file { print >file }
		/^\t\.size/ && file { close(file); file = "" }'
}

for file in "$tests"/*/*.s; do
	name=$(printf %s "${file#"$tests"/}" | tr / -)
	add "${name%.s}" <"$file"
	functions "${name%.s}" <"$file"
done
for file in "$tests"/traps/*.c "$tests"/runtime/*.c "$tests"/bench/*.c "$tests"/../examples/*/*.c; do
	for compiler in "gcc" "clang -fno-integrated-as"; do
		for options in "-O0" "-O2 -g" "-O1 -fno-pic -mcmodel=kernel -mno-red-zone" "-Os -fPIC" \
			"-O3 -mavx2 -mbmi2 -fcf-protection"; do
			[ "${RCPP_FUZZ_CORPUS:-}" != small ] || [ "$options" = "-O2 -g" ] || continue
			name=$(basename "$file" .c)-$(printf %s "$compiler$options" | cksum | cut -d ' ' -f 1)
			# shellcheck disable=SC2086 # several words
			$compiler $options -I"$tests/../runtime" -I"$tests/runtime" -w -S "$file" \
				-o "$build/fuzz/seed.s" 2>/dev/null || continue
			add "$name" <"$build/fuzz/seed.s"
			functions "$name" <"$build/fuzz/seed.s"
		done
	done
done
rm -f "$build/fuzz/seed.s"

# Mnemonics, directives, and what operands consist of.
{
	sed -n 's/^INSTRUCTION("\([^"]*\)".*/\1/p' "$tests/../grammar/x86-64/instructions.tbl" | sort -u
	cat "$out"/*.s | grep -oE '^[[:space:]]*\.[a-z_0-9]+' | tr -d ' \t' | sort -u
	cat "$tests/../rcpp/filter/survey.c" "$tests/../rcpp/filter/sections.c" "$tests/../rcpp/filter/cutting.c" |
		grep -oE '"\.[a-z_]+"' | tr -d '"' | sort -u
	printf '%s\n' 'b(%rip)' 'b+8(%rip)' '$rcpp_value(b)' '/* rcpp_value */ ' '@GOTPCREL' '@tpoff' '%rax' '%ecx' '%r8d' '(%rdi,%rcx)' \
		'$5' '#APP' '#NO_APP' '/*' '*/' '#' ';' ': ' ' = ' '{disp32} ' '%fs:' '1b' '1f' '0x7f' \
		"'" "'\\" '.internal b' '.size b, 8' '@function' ',comdat' ',unique,1' '"ax"' '"axG"'
} | sed -e 's/[\\"]/\\&/g' -e 's/.*/"&"/' >"$build/fuzz/dictionary"
