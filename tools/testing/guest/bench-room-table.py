#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
Print the CSV of bench-room.sh as tables: bench-room-table.py AREAS HUGE IRQSOFF

A column is a kernel and a way to allocate on it: alloc_contig_pages() in
mainline's way on the pristine kernel ("pristine") and on ours ("contig=0"), on
ours by memarea's engine ("engine"), and __alloc_memarea() of three efforts.
A value is the mean of the runs that succeeded. If none did it is that of
the runs that failed, and marked with "-". Of the time with interrupts off it is
the longest, whether the run succeeded or not.

Where there was a place is what the module's oracle said before each try. Ratios
are of the same try, of a size and a run, in two columns, and in all tries that
both could serve. One page is added to pages moved, for the sake of those who
moved none.
"""
import collections
import csv
import math
import statistics
import sys

COLUMNS = {
    ("mm-pristine", "mainline"): "pristine",
    ("mm", "mainline"): "contig=0",
    ("mm", "engine"): "engine",
    ("mm", "drop"): "drop",
    ("mm", "move"): "move",
    ("mm", "swap"): "swap",
    ("mm-irqsoff-pristine", "mainline"): "pristine",
    ("mm-irqsoff", "engine"): "engine",
    ("mm-irqsoff", "swap"): "swap",
}
WATCHED = ("pristine", "engine", "swap")
HEADS = list(dict.fromkeys(COLUMNS.values()))
TABLES = {
    "us": "Microseconds",
    "moved": "Pages moved",
    "dropped": "Pages of page cache dropped",
    "swapped": "Pages swapped out",
    "written": "KiB written to disks",
}
EXPECTED_RATIO = 1 / 4


def read_areas(name):
    """{(percent, mib): {column: [try, ...]}}, a try being a row of numbers."""
    areas = collections.defaultdict(lambda: collections.defaultdict(list))
    with open(name, encoding="ascii") as lines:
        for row in csv.DictReader(line for line in lines if line[0] != "#"):
            column = COLUMNS[row.pop("kernel"), row.pop("how")]
            numbers = {key: int(value) for key, value in row.items()}
            areas[numbers["percent"], numbers["mib"]][column].append(numbers)
    return areas


def print_head(title, heads=HEADS):
    print(f"{title}\n{'in use':>6}{'MiB':>6} |" + "".join(
        f"{column:>10}" for column in heads))


def print_rows(areas, text, heads=HEADS):
    for (percent, mib), columns in areas.items():
        print(f"{percent:5}%{mib:6} |" + "".join(
            f"{text(columns.get(column, [])):>10}"
            for column in heads))
    print()


def outcome(tries):
    """How many were served, of all, and of those that had a place."""
    if not tries:
        return ""
    got = sum(this["got"] for this in tries)
    place = sum(this["place"] for this in tries)
    return f"{got}/{len(tries)} ({place})"


def value(key):
    def text(tries):
        served = [this[key] for this in tries if this["got"]]
        if served:
            return f"{statistics.mean(served):.0f} "
        failed = [this[key] for this in tries]
        return f"{statistics.mean(failed):.0f}-" if failed else ""
    return text


def longest(tries):
    return f"{max(this['off'] for this in tries)} " if tries else ""


def pairs(areas, theirs, ours):
    """All tries that both columns have."""
    for columns in areas.values():
        by_run = {this["run"]: this for this in columns.get(ours, [])}
        for this in columns.get(theirs, []):
            if this["run"] in by_run:
                yield this, by_run[this["run"]]


def print_share(text, served, expected):
    count = len(served)
    share = sum(served)
    met = "" if expected is None or not count else \
        "  met" if share >= expected * count else "  not met"
    print(f"  {text:55}{share:4} of {count}{met}")


def print_ratio(text, ratios, totals):
    if not ratios:
        return
    mean = math.exp(statistics.mean(map(math.log, ratios)))
    print(f"  {text:55}{mean:7.3f}, of the sums {totals[1] / totals[0]:.3f}"
          f"{'  met' if mean <= EXPECTED_RATIO else '  not met'}")


def print_comparison(areas, theirs, ours):
    both = list(pairs(areas, theirs, ours))
    print(f"{ours} and {theirs}")
    print_share(f"served where {theirs} serves, all expected",
                [b["got"] for a, b in both if a["got"]], 1)
    print_share(f"where {theirs} fails and was a place, half expected",
                [b["got"] for a, b in both if not a["got"] and a["place"]],
                1 / 2)
    print_share(f"where {theirs} fails and was no place",
                [b["got"] for a, b in both
                 if not a["got"] and not a["place"]], None)
    served = [(a, b) for a, b in both if a["got"] and b["got"]]
    for key, more, text in (("moved", 1, "pages moved"), ("us", 0, "time")):
        print_ratio(f"{text}, geometric mean of ratios, 0.25 expected",
                    [(b[key] + more) / (a[key] + more) for a, b in served],
                    [sum(pair[i][key] for pair in served) or 1
                     for i in (0, 1)])
    print()


def print_huge(name):
    tries = collections.defaultdict(list)
    with open(name, encoding="ascii") as lines:
        for row in csv.DictReader(line for line in lines if line[0] != "#"):
            tries[row["kernel"]].append(int(row["pages"]))
    print("Huge pages of 1 GiB")
    for kernel, pages in tries.items():
        print(f"  {kernel:12}{sum(pages):3} of {len(pages)}")


def main():
    areas = read_areas(sys.argv[1])
    print_head("Served, of so many tries (and of these with a place)")
    print_rows(areas, outcome)
    for key, title in TABLES.items():
        print_head(title)
        print_rows(areas, value(key))
    for theirs in ("pristine", "contig=0"):
        print_comparison(areas, theirs, "engine")
    watched = read_areas(sys.argv[3])
    print_head("Longest time with interrupts off, in instructions, on kernels "
               "with tracepoints there", WATCHED)
    print_rows(watched, longest, WATCHED)
    print_huge(sys.argv[2])


main()
