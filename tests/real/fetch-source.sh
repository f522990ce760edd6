#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: fetch-source.sh PACKAGE DIRECTORY
# Unpack a Debian source package there. The machine's own list of sources is read but not changed:
# the same places are asked for source packages, with lists of their own.
set -eu
package=$1
directory=$2
mkdir -p "$directory/apt/lists/partial" "$directory/apt/sources"

for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
	if [ -e "$list" ]; then
		sed -n 's/^deb[[:space:]]/deb-src /p' "$list" >>"$directory/apt/sources/all.list"
	fi
done
for list in /etc/apt/sources.list.d/*.sources; do
	if [ -e "$list" ]; then
		sed 's/^Types:.*/Types: deb-src/' "$list" \
			>"$directory/apt/sources/$(basename "$list")"
	fi
done

apt_options="-qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts=$directory/apt/sources
	-o Dir::State::lists=$directory/apt/lists -o APT::Sandbox::User=root"
# The options are words on purpose.
# shellcheck disable=SC2086
apt-get $apt_options update
cd "$directory"
# A mirror may lack the newest: a list that is ahead of it names what is gone, or not there yet.
# shellcheck disable=SC2086
versions=$(apt-cache $apt_options showsrc --only-source "$package" | sed -n 's/^Version: //p' | sort -rVu)
for version in $versions; do
	# shellcheck disable=SC2086
	if apt-get $apt_options source "$package=$version"; then
		exit 0
	fi
done
exit 1
