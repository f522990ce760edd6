#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# page.py PAGE: are all elements of this page of HTML closed in their order, and do all links within it
# lead somewhere? page.py --picture PNG: is there more than one colour in the picture, in many rows?
import sys
import zlib
from html.parser import HTMLParser

ALONE = {"meta", "br", "input", "link", "img"}


class Checker(HTMLParser):
	def __init__(self):
		super().__init__()
		self.open, self.names, self.links = [], set(), set()

	def handle_starttag(self, tag, attrs):
		if tag not in ALONE:
			self.open.append(tag)
		for name, value in attrs:
			if name == "id":
				if value in self.names:
					raise SystemExit(f"two elements are {value}")
				self.names.add(value)
			if name == "href" and value.startswith("#"):
				self.links.add(value[1:])

	def handle_endtag(self, tag):
		if not self.open or self.open.pop() != tag:
			raise SystemExit(f"line {self.getpos()[0]}: </{tag}> closes something else")


def check_page(path):
	checker = Checker()
	with open(path, encoding="utf-8") as file:
		checker.feed(file.read())
	checker.close()
	if checker.open or checker.links - checker.names:
		raise SystemExit(f"open: {checker.open}; links to nothing: {checker.links - checker.names}")


def check_picture(path):
	with open(path, "rb") as file:
		contents = file.read()
	width = int.from_bytes(contents[16:20], "big")
	data, at = b"", 8
	while at < len(contents):
		length = int.from_bytes(contents[at:at + 4], "big")
		if contents[at + 4:at + 8] == b"IDAT":
			data += contents[at + 8:at + 8 + length]
		at += 12 + length
	rows = zlib.decompress(data)
	stride = len(rows) // int.from_bytes(contents[20:24], "big")
	if stride < width:
		raise SystemExit("no picture")
	# A filtered row of one colour repeats one byte behind its first pixel.
	busy = sum(len(set(rows[start + 5:start + stride])) > 8 for start in range(0, len(rows), stride))
	if busy < 200:
		raise SystemExit(f"only {busy} rows have anything in them")


if sys.argv[1] == "--picture":
	check_picture(sys.argv[2])
else:
	check_page(sys.argv[1])
