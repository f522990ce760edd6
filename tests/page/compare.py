#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# compare.py BUILD PROGRAM VALUE...: PROGRAM is linked with wait.c. For each VALUE, all variables of its
# sites get it, in a process that patches itself and in rcpp-report; then the bytes of each site must be
# the same in the process's memory and in the files that rcpp-report writes, once by --value and once by
# --pid. With --running PID FILE in the place of values, PROGRAM is what rcpp-report has written of FILE,
# the program of that process or a library in it, and only compared. "near" is the address of main(), "far" one that no call reaches. Prints how many sites were
# compared, and how many of them had changed.
import json
import os
import struct
import subprocess
import sys


def list_sites(build, program):
	text = subprocess.run([build + "/rcpp-dump", "--json", program], check=True,
			      capture_output=True, text=True).stdout
	sites = json.loads(text)
	return without_foreign(sites["sites"] if isinstance(sites, dict) else sites)


def without_foreign(sites):
	"""Sites of this module's variables: what reads those of others stays a load in files."""
	kept, foreign = [], False
	for site in sites:
		if "consumer" not in site["flags"]:
			foreign = "remote" in site["flags"] and site["variable"] is None
		if not foreign:
			kept.append(site)
	return kept


def variables_of(sites):
	"""Bytes that sites read: the widest read at each address."""
	found = {}
	for site in sites:
		if site["variable"] is None or "consumer" in site["flags"]:
			continue
		address = int(site["variable"], 16)
		found[address] = max(found.get(address, 0), site["read"]["width"])
	return sorted(found.items())


def symbol_of(program, name):
	for line in subprocess.run(["nm", program], check=True, capture_output=True, text=True).stdout.splitlines():
		if line.split()[-1] == name:
			return int(line.split()[0], 16)
	raise SystemExit(f"{program}: no {name}")


def settings_for(program, variables, value):
	if value == "near":
		number = symbol_of(program, "main")
	elif value == "far":
		number = 0x7fff00000000
	else:
		number = int(value, 0)
	return [f"{address:#x}:{width}={number & (1 << 8 * width) - 1:#x}" for address, width in variables]


def segments_of(contents):
	"""(offset in the file, address, size) of each PT_LOAD."""
	start, = struct.unpack_from("<Q", contents, 32)
	size, count = struct.unpack_from("<HH", contents, 54)
	for i in range(count):
		kind, _, offset, address, _, length = struct.unpack_from("<IIQQQQ", contents, start + i * size)
		if kind == 1:
			yield offset, address, length


def place_of(segments, address):
	for offset, start, size in segments:
		if start <= address < start + size:
			return offset + address - start
	raise SystemExit(f"{address:#x} is in no segment")


def base_of(pid, program, contents):
	"""What is added to the file's addresses in the process, by its lowest mapping."""
	if struct.unpack_from("<H", contents, 16)[0] == 2:
		return 0
	path = os.path.realpath(program)
	with open(f"/proc/{pid}/maps", encoding="utf-8") as maps:
		for line in maps:
			if line.rstrip("\n").endswith(" " + path):
				return int(line.split("-")[0], 16) - next(segments_of(contents))[1]
	raise SystemExit(f"{path} is not in the process")


def report(build, program, output, options):
	subprocess.run([build + "/rcpp-report", program, "--patched=" + output] + options, check=True)
	with open(output, "rb") as file:
		return file.read()


def differences(sites, memory, base, copy, original):
	"""The sites whose bytes differ; and how many changed at all."""
	segments = list(segments_of(original))
	wrong, changed = [], 0
	for site in sites:
		address, length = int(site["address"], 16), site["length"]
		memory.seek(base + address)
		wanted = memory.read(length)
		offset = place_of(segments, address)
		got = copy[offset:offset + length]
		changed += wanted != original[offset:offset + length]
		if wanted != got:
			wrong.append(f"{address:#x} {site['form']}: {wanted.hex()}, but {got.hex()}")
	return wrong, changed


def outside_is_equal(sites, copy, original):
	"""Nothing but sites differs from the program."""
	segments = list(segments_of(original))
	rest = bytearray(copy)
	for site in sites:
		offset = place_of(segments, int(site["address"], 16))
		rest[offset:offset + site["length"]] = original[offset:offset + site["length"]]
	return rest == original


def compare(build, program, sites, value):
	settings = settings_for(program, variables_of(sites), value)
	options = ["--value=" + setting for setting in settings]
	with open(program, "rb") as file:
		original = file.read()
	process = subprocess.Popen([program] + settings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
	try:
		if process.stdout.readline() != "ready\n":
			raise SystemExit(f"{program} with {value}: not ready")
		base = base_of(process.pid, program, original)
		given = report(build, program, program + ".given", options)
		seen = report(build, program, program + ".seen", ["--pid=" + str(process.pid)])
		with open(f"/proc/{process.pid}/mem", "rb") as memory:
			for name, copy in (("--value", given), ("--pid", seen)):
				wrong, changed = differences(sites, memory, base, copy, original)
				if wrong or not outside_is_equal(sites, copy, original):
					raise SystemExit(f"{value}, {name}: {len(wrong)} sites are wrong, or there are bytes outside of sites: " + "; ".join(wrong[:5]))
	finally:
		process.communicate("")
	return changed


def compare_running(sites, pid, program, written):
	with open(written, "rb") as file:
		copy = file.read()
	with open(program, "rb") as file:
		original = file.read()
	with open(f"/proc/{pid}/mem", "rb") as memory:
		wrong, changed = differences(sites, memory, base_of(pid, program, original), copy, original)
	if wrong or not changed:
		raise SystemExit(f"{changed} sites have changed; wrong: " + "; ".join(wrong[:5]))


def main():
	build, program, *values = sys.argv[1:]
	if values[0] == "--running":
		compare_running(list_sites(build, values[2]), values[1], values[2], program)
		return
	sites = list_sites(build, program)
	counts = [compare(build, program, sites, value) for value in values]
	print(len(sites), "sites; changed:", *counts)


main()
