# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Completion of rcpp, rcpp-cc, rcpp-dump and rcpp-report for bash. The options, and the values of those
# that have a choice, are what --help says.

# The options of PROGRAMs that begin as WORD does, but for those that EXCEPT matches; those with an
# argument end in "=": _rcpp_options WORD EXCEPT PROGRAM...
_rcpp_options()
{
	local options program
	options=$(for program in "${@:3}"; do "$program" --help; done 2>/dev/null |
		grep -Eo -- '--[a-z][a-zA-Z-]*( [A-Z]|=)?' | sed 's/ [A-Z]$/=/' | grep -Evx -e "$2" | sort -u)
	mapfile -t COMPREPLY < <(compgen -W "$options" -- "$1")
	[[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
}

_rcpp_files()
{
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

# The value of an option, BEHIND which stands "=" or a blank: _rcpp_value PROGRAM OPTION BEHIND WORD
_rcpp_value()
{
	local value
	# [=FILE] must have its "=", all others may have a blank
	value=$("$1" --help 2>/dev/null | grep -Eo -- "(^| )$2([ =]|\\[=)[a-zA-Z|]+" | head -n 1)
	[[ $3 == " " && $value == *"["* ]] && return 1
	case ${value##*[ =]} in
	FILE) _rcpp_files "$4" ;;
	PID) mapfile -t COMPREPLY < <(compgen -W "$(printf '%s\n' /proc/[0-9]* | sed 's|.*/||')" -- "$4") ;;
	*"|"*) mapfile -t COMPREPLY < <(compgen -W "$(tr '|' ' ' <<<"${value##*[ =]}")" -- "$4") ;;
	*) return 1 ;;
	esac
}

_rcpp()
{
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	# bash splits words at "=".
	if [[ $word == "=" ]]; then
		_rcpp_value "$1" "$before" = "" && return
	elif [[ $before == "=" && $COMP_CWORD -gt 1 ]]; then
		_rcpp_value "$1" "${COMP_WORDS[COMP_CWORD - 2]}" = "$word" && return
	elif [[ $before == -* ]]; then
		_rcpp_value "$1" "$before" " " "$word" && return
	fi
	if [[ $word == -* ]]; then
		_rcpp_options "$word" "" "$1"
	else
		_rcpp_files "$word"
	fi
}

# The compiler's own completion, but for -Wr.
_rcpp_cc()
{
	local word=${COMP_WORDS[COMP_CWORD]}
	if [[ $COMP_CWORD -eq 1 && $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "--help --version" -- "$word")
	elif [[ $COMP_CWORD -eq 1 ]]; then
		mapfile -t COMPREPLY < <(compgen -c -- "$word")
	elif [[ $word == -Wr,* ]]; then
		_rcpp_options "${word##*,}" "--help|--version" rcpp "$1"
		COMPREPLY=("${COMPREPLY[@]/#/${word%,*},}")
	elif declare -F _command_offset >/dev/null; then
		_command_offset 1
	else
		_rcpp_files "$word"
	fi
}

complete -F _rcpp rcpp rcpp-dump rcpp-report
complete -F _rcpp_cc rcpp-cc
