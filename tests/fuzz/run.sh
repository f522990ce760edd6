#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# run.sh BUILD TARGET SECONDS [LIBFUZZER-OPTION]...: fuzz one target. Its corpus grows in
# BUILD/fuzz/corpus/TARGET from run to run; an input that fails a check is kept as
# BUILD/fuzz/findings/TARGET/crash-* (or leak-*, timeout-*, oom-*), and the exit status is not 0. To see one again:
#
#	build/fuzz/fuzz-filter build/fuzz/findings/filter/crash-...
#
# RCPP_FUZZ_AS is how seldom as is asked (filter.c); the default here is each 32nd changed output.
# RCPP_FUZZ_SEED: the same inputs each time, given the same corpus; the default is another each time.
set -eu
build=$1
target=$2
seconds=$3
shift 3
program=$build/fuzz/fuzz-$target
corpus=$build/fuzz/corpus/$target
findings=$build/fuzz/findings/$target
RCPP_FUZZ_AS=${RCPP_FUZZ_AS:-32}
TMPDIR=$build/fuzz/scratch
# Half the time goes without: memory that was freed need not stay poisoned for ever.
ASAN_OPTIONS=quarantine_size_mb=8:malloc_context_size=8
export RCPP_FUZZ_AS TMPDIR ASAN_OPTIONS
mkdir -p "$findings" "$TMPDIR"

# Damaged tables are no text: they begin with nothing.
if [ "$target" = tables ]; then
	mkdir -p "$corpus"
	exec "$program" -max_total_time="$seconds" -max_len=64 -artifact_prefix="$findings/" \
		-close_fd_mask=2 -print_final_stats=1 ${RCPP_FUZZ_SEED:+"-seed=$RCPP_FUZZ_SEED"} "$@" \
		"$corpus"
fi
if [ ! -d "$corpus" ]; then
	[ -d "$build/fuzz/seeds" ] || sh "$(dirname "$0")/corpus.sh" "$build"
	rm -rf "$corpus.new"
	mkdir -p "$corpus.new"
	RCPP_FUZZ_AS=0 "$program" -merge=1 -max_len=4096 -timeout=10 -close_fd_mask=2 \
		-artifact_prefix="$findings/" "$corpus.new" "$build/fuzz/seeds" 2>"$corpus.log" || {
		cat "$corpus.log"
		exit 1
	}
	mv "$corpus.new" "$corpus"
fi
exec "$program" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
	-dict="$build/fuzz/dictionary" -artifact_prefix="$findings/" -close_fd_mask=2 \
	-print_final_stats=1 ${RCPP_FUZZ_SEED:+"-seed=$RCPP_FUZZ_SEED"} "$@" "$corpus"
