# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Usage: page.py DIRECTORY SOURCE

What run.sh has measured, as tables on standard output and as DIRECTORY/bench.html, one page that
needs nothing else. All figures together are DIRECTORY/bench.json.
"""

import html
import json
import os
import statistics
import subprocess
import sys
import textwrap

DIRECTORY, SOURCE = sys.argv[1:]
PARTS = ["kernels", "counts", "encodings", "filter", "builds", "calls", "modules", "stops"]
COLUMNS = ["unpatched", "reverted", "patched", "macros", "labels", "constant"]
COLORS = {"unpatched": "#9a9a9a", "patched": "#1f6fb4", "macros": "#c77c11", "labels": "#7a4fa3",
          "constant": "#2c8a4b"}


def load():
    data = {}
    for part in PARTS:
        with open(f"{DIRECTORY}/{part}.json", encoding="utf-8") as file:
            data[part] = json.load(file)
    data["machine"] = machine()
    with open(f"{DIRECTORY}/bench.json", "w", encoding="utf-8") as file:
        json.dump(data, file, indent=1)
    return data


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        lines = dict(line.split(":", 1) for line in file if ":" in line)
    fields = {key.strip(): value.strip() for key, value in lines.items()}
    return {"processor": fields.get("model name", "?"),
            "family, model, stepping": ", ".join(fields.get(key, "?")
                                                 for key in ("cpu family", "model", "stepping")),
            "processors": os.cpu_count(),
            "system": output("uname", "-sr"),
            "compiler": output("gcc", "--version").split("\n")[0],
            "assembler": output("as", "--version").split("\n")[0]}


# --- tables, as lists of rows, the first of which is the head -----------------------------------------


def ratio(times):
    low, median, high = times
    spread = f" ±{(high - low) / 2:.2f}" if high - low >= 0.02 else ""
    return f"{median:.2f}{spread}"


def kernel_table(data):
    rows = [["kernel", "what it is", "ticks, plain", *COLUMNS]]
    for kernel in data["kernels"]:
        rows.append([kernel["kernel"], kernel["about"], str(kernel["ticks"]),
                     *(ratio(kernel["times"][column]) for column in COLUMNS)])
    return rows


def count_table(data):
    rows = [["kernel", "instructions, plain", "unpatched", "patched", "constant", "bytes, plain",
             "with sites", "NOPs, plain", "unpatched", "patched"]]
    for kernel, count in data["counts"].items():
        instructions, plain = count["instructions"], count["instructions"]["plain"]
        rows.append([kernel, str(plain),
                     *(f"{instructions[column] / plain:.3f}"
                       for column in ("unpatched", "patched", "constant")),
                     str(count["bytes"]["plain"]), str(count["bytes"]["rcpp"]),
                     *(str(count["nops"][column]) for column in ("plain", "unpatched", "patched"))])
    return rows


def encoding_table(data):
    return [["what stands there", "64 copies", "1500 copies"]] + \
        [[encoding["about"], ratio(encoding["times"]), ratio(encoding["decoded"])]
         for encoding in data["encodings"]]


def filter_table(data):
    names = list(data["filter"][0]["times"])
    rows = [["functions", "megabytes", *(f"{name}, ms" for name in names), "rcpp / as"]]
    for size in data["filter"]:
        times = size["times"]
        rows.append([str(size["functions"]), f"{size['bytes'] / 1e6:.1f}",
                     *(f"{times[name] * 1e3:.1f}" for name in names),
                     f"{times['rcpp'] / times['as']:.2f}"])
    return rows


def build_table(data):
    rows = [["compiler", "pairs", "processor time", "by the clock"]]
    for compiler in sorted({build["compiler"] for build in data["builds"]}):
        builds = [build for build in data["builds"] if build["compiler"] == compiler]
        rows.append([compiler, str(len(builds)),
                     *(f"{statistics.median(build[key] for build in builds):.3f}"
                       for key in ("processor", "clock"))])
    return rows


def call_table(data):
    rows = [["sites", "memcpy() of their bytes, ns a site", "exchange of the pages",
             "rcpp_patch(), all change", "none changes", "rcpp_revert()", "first rcpp_update()",
             "rcpp_update() of 10 sites, µs", "memory beside copies, KB", "index, bytes a site"]]
    for call in data["calls"]:
        rows.append([str(call["sites"]),
                     *(f"{call[key] * 1e3 / call['sites']:.1f}"
                       for key in ("memcpy", "exchange", "first", "same", "revert", "index")),
                     f"{call['update']:.0f}", f"{call['peak'] / 1024:.0f}",
                     f"{call['index_bytes'] / call['sites']:.1f}"])
    return rows


def module_table(data):
    return [["modules", "sites of all", "first rcpp_update(), µs", "others, µs"]] + [
        [str(modules["modules"]), str(modules["sites"]), f"{modules['index']:.0f}",
         f"{modules['update']:.0f}"] for modules in data["modules"]]


def stop_table(data):
    return [["threads", "they are", "median, µs", "99th percentile, µs", "the call, median, µs"]] + [
        [str(stop["threads"]), "in sites" if stop["busy"] else "idle", f"{stop['median']:.0f}",
         f"{stop['most']:.0f}", f"{stop['call']:.0f}"] for stop in data["stops"]]


SECTIONS = [
    ("Code that reads settled variables",
     "Time of one call relative to plain loads: 1.00 is the code without rcpp, less is faster. Each "
     "kernel is compiled by gcc -O2 with its functions and loops on 64 bytes, in these variants, which "
     "one process measures in turns, 301 times each; a figure is the median of the ratios within a "
     "round, ± is half of what lies between their quartiles, where that is more than 0.01. unpatched: "
     "through rcpp, never patched; reverted: patched and reverted; patched; macros: Linux's runtime "
     "constants, marked by hand; labels: jump labels for flags, marked by hand; constant: the compiler "
     "knows the value. The last is no limit where it drops or vectorises the code around.",
     kernel_table),
    ("What the code executes, and its size",
     "Instructions of one call as callgrind counts them, relative to plain loads; bytes and NOPs of the "
     "kernel's functions, alignment included.", count_table),
    ("What a site's bytes cost",
     "Copies of a load, or of what can stand in its place, with four independent additions each: time "
     "relative to the load. 64 copies are executed as the processor has decoded them before, 1500 are "
     "more than it keeps.", encoding_table),
    ("The filter",
     "Time of one run over compiled files of three sizes, beside other tools on the same file.",
     filter_table),
    ("Builds without patchables",
     "Time of compiling through rcpp-cc relative to compiling without: each of rcpp's own sources ten "
     "times in turn, the median pair.", build_table),
    ("Calls of the runtime",
     "For so many sites, ten a variable, in a program with one thread. The first rcpp_update() makes an "
     "index. Memory: what rcpp_patch() has at its peak beside the copies of the pages that change.",
     call_table),
    ("Many modules",
     "An rcpp_update() of 10 sites in one of so many shared libraries of 1000 sites each, in a program "
     "that has 1000 more.", module_table),
    ("How long threads stand",
     "An rcpp_update() of 10 sites among 1000: from before the first thread is asked to stop until all "
     "may go on. The call itself may take longer: where threads take all processors, its own thread has "
     "to wait for its turn.",
     stop_table),
]


def print_table(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                        for i, (cell, width) in enumerate(zip(row, widths))))


def print_all(data):
    for title, about, table in SECTIONS:
        print(f"{title}\n{textwrap.fill(about, 110)}\n")
        print_table(table(data))
        print()


# --- plots --------------------------------------------------------------------------------------------


def plot(script, width=900, height=420):
    head = (f"set terminal svg size {width},{height} enhanced background '#ffffff' font 'sans-serif,13'\n"
            "set border 3 lc rgb '#555555'\nset tics nomirror\nset grid y lc rgb '#dddddd'\n")
    result = subprocess.run(["gnuplot"], input=head + script, capture_output=True, text=True, check=True)
    return result.stdout[result.stdout.index("<svg"):]


def bars(data, names, columns, title):
    """Time relative to plain loads, with the quartiles."""
    kernels = [kernel for kernel in data["kernels"] if kernel["kernel"] in names]
    blocks = []
    for column in columns:
        rows = "\n".join('"{}" {} {} {}'.format(kernel["kernel"].replace("_", " "),
                                                *(kernel["times"][column][i] for i in (1, 0, 2)))
                         for kernel in kernels)
        blocks.append(f"${column} << END\n{rows}\nEND\n")
    plots = ", ".join(f'${column} using 2:3:4:xtic(1) title "{column}" lc rgb "{COLORS[column]}"'
                      for column in columns)
    return plot("".join(blocks) + f"""set title "{title}"
set style data histogram
set style histogram errorbars gap 1 lw 1
set style fill solid 0.85 border -1
set yrange [0:*]
set ylabel "time, plain loads = 1"
set xtics rotate by -35
set key outside top center horizontal
set arrow 1 from graph 0, first 1 to graph 1, first 1 nohead lc rgb '#b03030' dt 2
plot {plots}
""")


def lines(rows, columns, title, x, y, logscale="xy"):
    """Each column against the first one."""
    block = "\n".join(" ".join(str(value) for value in row) for row in rows)
    plots = ", ".join(f'$data using 1:{i + 2} with linespoints pt 7 ps 0.6 lw 2 title "{name}"'
                      for i, name in enumerate(columns))
    return plot(f"""$data << END
{block}
END
set title "{title}"
set logscale {logscale}
set xlabel "{x}"
set ylabel "{y}"
set key outside right
plot {plots}
""")


def pictures(data):
    """Plots by the title of the section that they belong to."""
    names = [kernel["kernel"] for kernel in data["kernels"]]
    settings = [name for name in names if name.startswith(("parser", "interpreter"))]
    conditions = [name for name in names if name.startswith(("compare", "level", "flags"))]
    rest = [name for name in names if name not in settings + conditions]
    sizes = list(data["filter"][0]["times"])
    busy = [stop for stop in data["stops"] if stop["busy"]]
    first = [bars(data, settings, ["patched", "macros", "labels", "constant"],
                  "Programs with twenty settings"),
             bars(data, conditions, ["unpatched", "patched", "macros", "labels", "constant"],
                  "Conditions")]
    for name, picture in zip(["settings", "conditions"], first): # README shows these two
        with open(f"{DIRECTORY}/{name}.svg", "w", encoding="utf-8") as file:
            file.write(f"<!-- SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause -->\n{picture}")
    return {
        "Code that reads settled variables":
            "".join(first) +
            bars(data, rest, ["unpatched", "patched", "macros", "constant"],
                 "Tables, arithmetic, calls, divisions"),
        "The filter":
            lines([[size["bytes"] / 1e6] + [size["times"][name] * 1e3 for name in sizes]
                   for size in data["filter"]], sizes, "Time by the size of the assembly",
                  "megabytes", "milliseconds"),
        "Calls of the runtime":
            lines([[call["sites"]] + [call[key] / 1e3 for key in ("first", "same", "update", "memcpy")]
                   for call in data["calls"]],
                  ["rcpp_patch(), all change", "rcpp_patch(), none changes", "rcpp_update(), 10 sites",
                   "memcpy() of the bytes"], "Time of a call by the number of sites", "sites",
                  "milliseconds"),
        "How long threads stand":
            lines([[stop["threads"], stop["median"], stop["most"]] for stop in busy],
                  ["median", "99th percentile"], "Threads that are inside of sites all the time",
                  "threads", "microseconds"),
    }


# --- the page -----------------------------------------------------------------------------------------

STYLE = """body { font: 15px/1.5 sans-serif; color: #222; max-width: 70em; margin: 2em auto; padding: 0 1em }
table { border-collapse: collapse; margin: 1em 0; font-variant-numeric: tabular-nums }
td, th { padding: .15em .7em; text-align: right; border-bottom: 1px solid #ddd }
td { white-space: nowrap } td.text { text-align: left } th:first-child { text-align: left }
th { border-bottom: 2px solid #888 } svg { display: block; max-width: 100%; height: auto }
code { background: #f2f2f2; padding: 0 .2em }"""


def html_table(rows):
    def cells(row, tag):
        return "".join(f"<{tag}{'' if cell[:1].isdigit() else ' class=text'}>{html.escape(cell)}</{tag}>"
                       for cell in row)
    return ("<table><tr>" + cells(rows[0], "th") + "</tr>" +
            "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows[1:]) + "</table>")


def write_page(data):
    plots = pictures(data)
    version = output("git", "-C", SOURCE, "describe", "--always", "--dirty")
    parts = [f"<!DOCTYPE html><html lang=en><meta charset=utf-8><title>rcpp: benchmarks</title>"
             f"<style>{STYLE}</style><h1>rcpp: benchmarks</h1><p>One run of <code>make bench</code>"
             f"{' at ' + html.escape(version) if version else ''}; the same command repeats it.</p>",
             html_table([["machine", ""]] + [[key, str(value)]
                                             for key, value in data["machine"].items()])]
    for title, about, table in SECTIONS:
        parts.append(f"<h2>{html.escape(title)}</h2><p>{html.escape(about)}</p>" +
                     plots.get(title, "") + html_table(table(data)))
    with open(f"{DIRECTORY}/bench.html", "w", encoding="utf-8") as file:
        file.write("\n".join(parts) + "</html>\n")


def main():
    data = load()
    print_all(data)
    write_page(data)
    print(f"The same with plots: {DIRECTORY}/bench.html; as JSON: {DIRECTORY}/bench.json")


main()
