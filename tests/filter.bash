# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash disable=SC2034 # those that load it use the variables
#
# What tests of the filter begin with: an empty directory, and nothing that changes what it does.
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/).

filter_setup()
{
	RCPP_BUILD=$(realpath -m "${RCPP_BUILD:-$BATS_TEST_DIRNAME/../build}")
	rcpp=$RCPP_BUILD/rcpp
	library=$RCPP_BUILD/librcpp.a
	CPATH=$BATS_TEST_DIRNAME/../runtime
	export CPATH
	unset RCPP_FLAGS RCPP_AS RCPP_DISABLE RCPP_VERBOSE
	cd "$BATS_TEST_TMPDIR" || return
}
