#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
Print the CSV of the benchmark (see mm/memarea/bench/bench.c) as a table.

One line for each image and size: how many of the requests that a free run
could serve were served, and the median cost of serving, of refusing and of
freeing, for alloc_contig_pages() and for alloc_memarea(). Minima are in the
CSV. A ratio above 1 says that memarea is cheaper; the last lines have the
geometric means and the extremes of the ratios.

A second table has alloc_memarea() without and with the bitmap of free pages.
With an argument, a number of GiB, only lines for a third are printed: how the
costs grow with the size of the guest.
"""
import collections
import csv
import math
import statistics
import sys

HEAD = (f"{'image':12}{'pages':>7} | {'served':>9}{'':>8} |"
        f"{'alloc':>10}{'':>9}{'ratio':>8} |{'refuse':>10}{'':>8}{'ratio':>8} |"
        f"{'free':>9}{'':>8}{'ratio':>7}")
SUBHEAD = (f"{'':12}{'':>7} | {'contig':>9}{'memarea':>8} |"
           f"{'contig':>10}{'memarea':>9}{'':>8} |{'contig':>10}{'memarea':>8}"
           f"{'':>8} |{'contig':>9}{'memarea':>8}{'':>7}")


class Cell:
    """All tries of one allocator with one size on one kind of image."""

    def __init__(self):
        self.served, self.refused, self.freed = [], [], []
        self.fitting = self.hits = self.irqs_off = 0

    def add(self, row):
        self.irqs_off = max(self.irqs_off, int(row["irqs_off"]))
        self.fitting += int(row["fits"])
        if row["ok"] == "1":
            self.hits += int(row["fits"])
            self.served.append(int(row["alloc"]))
            self.freed.append(int(row["free"]))
        elif row["fits"] == "0":
            self.refused.append(int(row["alloc"]))


def median(costs):
    return round(statistics.median(costs)) if costs else None


class Ratios:
    """The ratios of one column of the table."""

    def __init__(self):
        self.values = []

    def of(self, theirs, ours):
        if theirs is None or ours is None:
            return ""
        self.values.append(theirs / ours)
        return f"{theirs / ours:.1f}"

    def __str__(self):
        if not self.values:
            return "none"
        mean = math.exp(statistics.fmean(map(math.log, self.values)))
        return (f"geometric mean {mean:.1f}, least {min(self.values):.1f}, "
                f"most {max(self.values):.1f}")


def read(lines):
    cells = collections.defaultdict(lambda: collections.defaultdict(Cell))
    for row in csv.DictReader(lines):
        cells[row["image"], int(row["pages"])][row["allocator"]].add(row)
    return cells


def costs(cell):
    return [median(cell.served), median(cell.refused), median(cell.freed)]


def text(number):
    return "" if number is None else str(number)


def line(key, contig, area, ratios):
    out = f"{key[0]:12}{key[1]:7} | "
    out += f"{contig.hits:4}/{contig.fitting:<4}{area.hits:4}/{area.fitting:<3} |"
    widths = ((10, 9, 8), (10, 8, 8), (9, 8, 7))
    for theirs, ours, ratio, (a, b, c) in zip(costs(contig), costs(area),
                                              ratios, widths):
        out += f"{text(theirs):>{a}}{text(ours):>{b}}"
        out += f"{ratio.of(theirs, ours):>{c}} |"
    return out.rstrip("| ")


def print_bitmap(cells):
    """Without the bitmap and with it: its price is what freeing costs more."""
    ratios = [Ratios(), Ratios(), Ratios()]
    print(f"{'bitmap':12}{'pages':>7} |{'alloc: off':>10}{'on':>9}{'ratio':>8} |"
          f"{'refuse':>10}{'on':>8}{'ratio':>8} |{'free':>9}{'on':>8}{'ratio':>7}")
    for (image, pages), cell in cells.items():
        out = f"{image:12}{pages:7} |"
        for off, on, ratio, width in zip(costs(cell["memarea"]),
                                         costs(cell["bitmap"]), ratios,
                                         ((10, 9, 8), (10, 8, 8), (9, 8, 7))):
            out += f"{text(off):>{width[0]}}{text(on):>{width[1]}}"
            out += f"{ratio.of(off, on):>{width[2]}} |"
        print(out.rstrip("| "))
    for name, ratio in zip(("alloc", "refuse", "free"), ratios):
        print(f"bitmap, {name}: {ratio}")


def print_growth(cells, gib):
    for (image, pages), cell in cells.items():
        out = f"{gib:>4} GiB {image:12}{pages:7} |"
        for name in ("contig", "memarea", "bitmap"):
            served, refused, _ = costs(cell[name])
            out += f"{text(refused if served is None else served):>12}"
            out += " -" if served is None else " +"
        print(out)


def main():
    cells = read(sys.stdin)
    if len(sys.argv) > 1:
        print_growth(cells, sys.argv[1])
        return
    ratios = [Ratios(), Ratios(), Ratios()]
    print(HEAD)
    print(SUBHEAD)
    for key, both in cells.items():
        print(line(key, both["contig"], both["memarea"], ratios))
    for name, ratio in zip(("alloc", "refuse", "free"), ratios):
        print(f"{name}: {ratio}")
    for name in ("contig", "memarea"):
        hits = sum(both[name].hits for both in cells.values())
        fitting = sum(both[name].fitting for both in cells.values())
        print(f"{name}: {hits} of {fitting} requests that fit were served")
        longest = max(both[name].irqs_off for both in cells.values())
        if longest:
            print(f"{name}: interrupts off for {longest} at most")
    print()
    print_bitmap(cells)


if __name__ == "__main__":
    main()
