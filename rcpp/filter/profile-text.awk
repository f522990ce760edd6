# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The assembly that gcc makes of runtime/profile*.c in, a C string out that can stand behind any
# assembly: all of it in one group, so that the linker keeps one copy a module, and its names, but
# for those that begin with rcpp_ or __, become labels that are local to each file. The group has the
# number of the counters' layout: objects with different ones do not link.

function group(flags, type) { return ",\"" flags "G\",@" type ",rcpp_profile_code_2,comdat" }

FNR == 1 { part++ }

{
	line[NR] = $0
	part_of[NR] = part
}

$1 == ".type" {
	name = $2
	sub(/,$/, "", name)
	if (name !~ /^(rcpp_|__)/)
		own[part, name] = 1
}

# Word by word, so that no name is taken for a part of another.
function renamed(text, part,    out, word)
{
	while (match(text, /[.A-Za-z_][.A-Za-z_0-9]*/)) {
		word = substr(text, RSTART, RLENGTH)
		if ((part, word) in own)
			word = ".LrcppPx" part "_" word
		else if (word ~ /^\.L[A-Z]*[0-9]/)
			word = ".LrcppPx" part substr(word, 3)
		out = out substr(text, 1, RSTART - 1) word
		text = substr(text, RSTART + RLENGTH)
	}
	return out text
}

END {
	print "static const char profile_text[] ="
	for (i = 1; i <= NR; i++) {
		text = line[i]
		if (text ~ /^\t\.section\t\.note\.GNU-stack/)
			ended = part_of[i] # what follows is about a file of its own
		if (ended == part_of[i] || text ~ /^\t\.(file|ident)\t/)
			continue
		if (text ~ /^\t\.text$/)
			text = "\t.section\t.text.rcpp_profile" group("ax", "progbits")
		else if (text ~ /^\t\.section\t\.rodata/)
			text = "\t.section\t.rodata.rcpp_profile" group("a", "progbits")
		else if (text ~ /^\t\.section\t\.data/)
			text = "\t.section\t.data.rcpp_profile" group("aw", "progbits")
		else if (text ~ /^\t\.section\t\.bss/)
			text = "\t.section\t.bss.rcpp_profile" group("aw", "nobits")
		else if (text ~ /^\t\.section\t\.init_array/)
			text = "\t.section\t.init_array.00000" group("aw", "init_array")
		else if (text ~ /^\t\.section\t\.fini_array/)
			text = "\t.section\t.fini_array.00000" group("aw", "fini_array")
		else if (text !~ /^\t\.(string|ascii)/)
			text = renamed(text, part_of[i])
		gsub(/\\/, "&&", text)
		gsub(/"/, "\\\"", text)
		print "\t\"" text "\\n\""
	}
	print "\t;"
}
