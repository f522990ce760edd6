# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Completion of rcpp, rcpp-cc and rcpp-dump for bash. The options are those that --help names.

# The options of a program that begin as $2 does; those with an argument end in "=".
_rcpp_options()
{
	local options
	options=$("$1" --help 2>/dev/null | grep -Eo -- '--[a-z][a-zA-Z-]*( [A-Z]|=)?' | sed 's/ [A-Z]$/=/' | sort -u)
	mapfile -t COMPREPLY < <(compgen -W "$options" -- "$2")
	[[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
}

_rcpp_files()
{
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

# The value of an option, whether "=" stands before it or a blank: _rcpp_value OPTION WORD
_rcpp_value()
{
	case $1 in
	--unpatched) mapfile -t COMPREPLY < <(compgen -W "load fault" -- "$2") ;;
	--calls) mapfile -t COMPREPLY < <(compgen -W "any abi" -- "$2") ;;
	--wide) mapfile -t COMPREPLY < <(compgen -W "temp load" -- "$2") ;;
	--stats) mapfile -t COMPREPLY < <(compgen -W "text json" -- "$2") ;;
	--symbols-from | --early-from | --explain | -o) _rcpp_files "$2" ;;
	*) return 1 ;;
	esac
}

_rcpp()
{
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	# bash splits words at "=".
	if [[ $word == "=" ]]; then
		_rcpp_value "$before" "" && return
	elif [[ $before == "=" && $COMP_CWORD -gt 1 ]]; then
		_rcpp_value "${COMP_WORDS[COMP_CWORD - 2]}" "$word" && return
	elif [[ $before == -o || $before == --symbols-from ]]; then
		_rcpp_value "$before" "$word" && return
	fi
	if [[ $word == -* ]]; then
		_rcpp_options "$1" "$word"
	else
		_rcpp_files "$word"
	fi
}

# The compiler's own completion, but for -Wr.
_rcpp_cc()
{
	local word=${COMP_WORDS[COMP_CWORD]} options
	if [[ $COMP_CWORD -eq 1 && $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "--help --version" -- "$word")
	elif [[ $COMP_CWORD -eq 1 ]]; then
		mapfile -t COMPREPLY < <(compgen -c -- "$word")
	elif [[ $word == -Wr,* ]]; then
		_rcpp_options rcpp "${word#-Wr,}"
		COMPREPLY=("${COMPREPLY[@]/#/-Wr,}")
	elif declare -F _command_offset >/dev/null; then
		_command_offset 1
	else
		_rcpp_files "$word"
	fi
}

complete -F _rcpp rcpp rcpp-dump
complete -F _rcpp_cc rcpp-cc
