/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the page does by itself: tables sort by their heads, and a filter hides functions. The buttons
 * are made here, so that without this script nothing looks as if it did something.
 */
"use strict";

function cellValue(row, column) {
	const cell = row.cells[column];
	const text = cell.dataset.sort ?? cell.textContent;
	const number = Number(text);

	return text.trim() !== "" && !Number.isNaN(number) ? number : text;
}

function compareValues(a, b) {
	if (typeof a === "number" && typeof b === "number")
		return a - b;
	return String(a).localeCompare(String(b), "en", { numeric: true });
}

function sortTable(table, head) {
	const body = table.tBodies[0];
	const column = head.cellIndex;
	const rows = [...body.rows].map((row) => [cellValue(row, column), row]);
	const old = head.getAttribute("aria-sort");
	/* The largest numbers first, and names from A on; the next time the other way round. */
	const down = old ? old === "ascending" : rows.some((pair) => typeof pair[0] === "number");

	rows.sort((a, b) => compareValues(a[0], b[0]) * (down ? -1 : 1));
	body.append(...rows.map((pair) => pair[1]));
	for (const other of table.tHead.rows[0].cells)
		other.removeAttribute("aria-sort");
	head.setAttribute("aria-sort", down ? "descending" : "ascending");
}

function makeSortable(table) {
	for (const head of table.tHead.rows[0].cells) {
		const button = document.createElement("button");

		button.type = "button";
		button.append(...head.childNodes);
		button.addEventListener("click", () => sortTable(table, head));
		head.append(button);
	}
}

function applyFilter() {
	const wanted = document.getElementById("filter").value.toLowerCase();
	let shown = 0;

	for (const link of document.querySelectorAll("#functions tbody a")) {
		const fits = link.textContent.toLowerCase().includes(wanted);

		link.closest("tr").hidden = !fits;
		document.getElementById(link.hash.slice(1)).hidden = !fits;
		shown += fits;
	}
	document.getElementById("shown").textContent = wanted ? shown + " shown" : "";
}

document.querySelectorAll("table.sortable").forEach(makeSortable);
if (document.getElementById("filter")) {
	document.querySelector(".filter").hidden = false;
	document.getElementById("filter").addEventListener("input", applyFilter);
}
document.documentElement.dataset.ready = "yes";
