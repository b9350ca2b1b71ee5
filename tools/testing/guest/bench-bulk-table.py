#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
Print the CSV of the benchmark of batches (see bulk/main.c) as tables.

	bench-bulk-table.py tables UNIT		all tables, and what is expected
	bench-bulk-table.py plot		T1 for gnuplot
	bench-bulk-table.py irqs-off		interrupts, of kernels that can tell
	bench-bulk-table.py vmalloc		the CSV of jobs/bench-vmalloc
	bench-bulk-table.py frag		the CSV of jobs/bench-frag

Rows are named as in the tables of 2017, "alloc-odr0-64" for a batch of 64 pages
of order 0; columns are of a kernel, pristine or patched, and a way to allocate
and free. A value is per page, or per block of a higher order: the median of
the rounds, and of the runs; a second table has the least. What measuring costs
(table t0) is taken off, but for T1m, which is mmtests' own formula.

A column or table that a kernel did not measure is left out.
"""
import collections
import csv
import statistics
import sys

PARTS = ("alloc", "free", "both")
LOCKS = {"zone_hold": "zone->lock", "pcp_hold": "pcp->lock"}
ROW = {"alloc": "alloc", "free": "free", "both": "total"}

TITLES = {
    "t1": "T1: batches of pages, exact",
    "t1m": "T1m: batches of pages, by mmtests' formula: one page more than the "
           "batch has, divided by the batch",
    "t2": "T2: the steps of page_bench04_bulk, in arrays and on lists",
    "t3": "T3: blocks of a higher order, for each block",
    "t4": "T4: freed in random order, then allocated again",
    "t5": "T5: from and to a page pool with a ring of 1024 pages",
}

FRAG_WAYS = {
    "bulk": "free_pages_bulk(), on the pristine kernel by release_pages()",
    "release": "release_pages()",
    "single": "__free_page()",
}

# What ours costs of the cheapest of theirs, both with the part measured.
Bound = collections.namedtuple("Bound", "text part ours theirs first last most")
LARGE = (64, 16384)
MAINLINE_BULK = ("bulk_free", "bulk_release")
BOUNDS = (
    Bound("alloc, of mainline's bulk", "alloc", "bulk", MAINLINE_BULK,
          *LARGE, 1 / 4),
    Bound("free, of __free_page()", "free", "bulk", ("single", "bulk_free"),
          *LARGE, 1 / 5),
    Bound("free, of release_pages()", "free", "bulk", ("bulk_release",),
          *LARGE, 1 / 3),
    Bound("both, of mainline's best pair", "both", "bulk", MAINLINE_BULK,
          *LARGE, 1 / 4),
    Bound("both, of single pages", "both", "bulk", ("single",), *LARGE, 1 / 8),
    Bound("batch of 1, of a single page", "both", "bulk", ("single",), 1, 1, 1),
    Bound("a single page, of mainline's", "both", "single", ("single",),
          1, 16384, 1),
)
FROZEN_CYCLES = 6

# What the plot shows: the patched kernel's old forms would hide the rest.
PLOTTED = (("pristine", "single"), ("pristine", "bulk_free"),
           ("pristine", "bulk_release"), ("patched", "bulk"),
           ("patched", "frozen"), ("patched", "extents"))


class Cell:
    """One measurement of all runs; values are for the whole batch."""

    def __init__(self):
        self.leasts = collections.defaultdict(list)
        self.medians = collections.defaultdict(list)
        self.irqs_off = 0
        self.holds = collections.Counter()

    def add(self, row):
        self.irqs_off = max(self.irqs_off, int(row["off_most"]))
        for lock in LOCKS:
            self.holds[lock] = max(self.holds[lock], int(row[lock]))
        for part in PARTS:
            self.leasts[part].append(int(row[part + "_least"]))
            self.medians[part].append(int(row[part]))

    def value(self, part, least):
        if least:
            return min(self.leasts[part])
        return statistics.median(self.medians[part])


class Figures:
    """All measurements, by table, then (kernel, column), then (order, batch)."""

    def __init__(self, lines):
        self.tables = collections.defaultdict(
            lambda: collections.defaultdict(
                lambda: collections.defaultdict(Cell)))
        for row in csv.DictReader(lines):
            column = self.tables[row["table"]][row["kernel"], row["column"]]
            column[int(row["order"]), int(row["batch"])].add(row)

    def overhead(self, kernel, part, least):
        return self.tables["t0"][kernel, "nothing"][0, 1].value(part, least)

    def columns(self, table):
        """Those of the pristine kernel first, then as they were measured."""
        return sorted(self.tables[table], key=lambda c: c[0] != "pristine")

    def rows(self, table):
        return dict.fromkeys(key for column in self.tables[table].values()
                             for key in column)

    def each(self, table, column, key, part, least=False):
        """The cost of a page, or of a block; None if it was not measured."""
        cell = self.tables[table].get(column, {}).get(key)
        if cell is None:
            return None
        value = cell.value(part, least)
        if table != "t1m":
            value = max(value - self.overhead(column[0], part, least), 0)
        return value / key[1]


def text(value):
    return "" if value is None else f"{value:.2f}"


def print_head(columns):
    for part in (0, 1):
        print(" " * 18 + "".join(f"{column[part]:>13}" for column in columns))


def print_part(figures, table, part, least):
    columns = figures.columns(table)
    for key in figures.rows(table):
        name = f"{ROW[part]}-odr{key[0]}-{key[1]}"
        print(f"{name:18}" + "".join(
            f"{text(figures.each(table, column, key, part, least)):>13}"
            for column in columns))


def print_table(figures, table, unit, parts):
    for least in (False, True):
        print(f"{TITLES[table]}; {unit}, {'least' if least else 'median'}")
        print_head(figures.columns(table))
        for part in parts:
            print_part(figures, table, part, least)
        print()


def ratio(figures, bound, batch, least):
    """None if one side was not measured, or theirs is too small to tell."""
    ours = figures.each("t1", ("patched", bound.ours), (0, batch), bound.part,
                        least)
    theirs = [figures.each("t1", ("pristine", column), (0, batch), bound.part,
                           least) for column in bound.theirs]
    theirs = [value for value in theirs if value]
    return ours / min(theirs) if theirs and ours is not None else None


def worst(values):
    """The largest value and its batch, of (value, batch) pairs."""
    return max((pair for pair in values if pair[0] is not None), default=None)


def batches(figures, first, last):
    return [batch for _, batch in figures.rows("t1") if first <= batch <= last]


def print_verdict(name, limit, median, least):
    if median is None:
        print(f"{name:32}{limit:9.3f}  not measured")
        return
    print(f"{name:32}{limit:9.3f}{median[0]:9.3f} at {median[1]:<6}"
          f"{least[0]:9.3f} at {least[1]:<6}", end="  ")
    print("met" if median[0] <= limit else "not met")


def print_bounds(figures):
    print(f"{'Worst ratio of T1, and where':32}{'at most':>9}{'median':>9}"
          f"{'':10}{'least':>9}")
    for bound in BOUNDS:
        print_verdict(bound.text, bound.most, *(
            worst((ratio(figures, bound, batch, least), batch)
                  for batch in batches(figures, bound.first, bound.last))
            for least in (False, True)))


def print_frozen(figures):
    print_verdict("cycles for a frozen page", FROZEN_CYCLES, *(
        worst((figures.each("t1", ("patched", "frozen"), (0, batch), "both",
                            least), batch)
              for batch in batches(figures, *LARGE))
        for least in (False, True)))


def print_tables(figures, unit):
    for table, parts in (("t1", PARTS), ("t1m", PARTS), ("t2", ("both",)),
                         ("t3", PARTS), ("t4", PARTS), ("t5", PARTS)):
        if figures.tables[table]:
            print_table(figures, table, unit, parts)
    if figures.tables["t6"]:
        print_holds(figures)
    print_bounds(figures)
    if unit == "cycles":
        print_frozen(figures)


def print_plot(figures):
    """One data set for each part; the first line has the titles."""
    measured = [column for column in PLOTTED if column in figures.tables["t1"]]
    for part in PARTS:
        print("batch", *(f'"{" ".join(column)}"' for column in measured))
        for key in figures.rows("t1"):
            print(key[1], *(text(figures.each("t1", column, key, part)) or "?"
                            for column in measured))
        print("\n")


def print_holds(figures):
    columns = figures.columns("t6")
    for lock, name in LOCKS.items():
        print(f"T6: longest hold of {name} in any round; instructions")
        print_head(columns)
        for key in figures.rows("t6"):
            print(f"hold-odr{key[0]}-{key[1]}".ljust(18) + "".join(
                f"{figures.tables['t6'][column][key].holds[lock]:13}"
                for column in columns))
        print()


def print_irqs_off(figures):
    """Interrupts are off where zone->lock is held."""
    print("T6, interrupts: longest time with them off in any round of T1; "
          "instructions")
    columns = figures.columns("t1")
    print_head(columns)
    for key in figures.rows("t1"):
        print(f"off-odr{key[0]}-{key[1]}".ljust(18) + "".join(
            f"{figures.tables['t1'][column][key].irqs_off:13}"
            for column in columns))


def read_vmalloc(lines):
    """Least cost of a loop, by (test, pages), then kernel."""
    rows = collections.defaultdict(lambda: collections.defaultdict(list))
    for row in csv.DictReader(lines):
        rows[row["test"], int(row["pages"])][row["kernel"]].append(
            1000 * int(row["microseconds"]) / int(row["loops"]))
    return rows


def print_vmalloc(lines):
    """A loop's cost includes its share of what the test set up before."""
    print("T5: lib/test_vmalloc, instructions for each loop")
    print(f"{'test':16}{'pages':>6}{'pristine':>12}{'patched':>12}{'ratio':>8}")
    for (test, pages), costs in read_vmalloc(lines).items():
        theirs, ours = min(costs["pristine"]), min(costs["patched"])
        print(f"{test:16}{pages:6}{theirs:12.0f}{ours:12.0f}{ours / theirs:8.3f}")


def read_frag(lines):
    """Means of all seeds, by way, then part, then kernel."""
    seeds = collections.defaultdict(list)
    for row in csv.DictReader(lines):
        where = row.pop("way"), int(row["part"]), row.pop("kernel")
        seeds[where].append({name: int(n) for name, n in row.items()})
    ways = collections.defaultdict(lambda: collections.defaultdict(dict))
    for (way, part, kernel), rows in seeds.items():
        ways[way][part][kernel] = {
            name: statistics.mean(row[name] for row in rows)
            for name in rows[0]}
    return ways


def share(part, of):
    return 100 * part / of if of else 0


def print_frag_mean(parts, name, value):
    """The mean of all parts but the first, which is before the load."""
    theirs, ours = (statistics.mean(value(sides[side]) for part, sides
                                    in parts.items() if part)
                    for side in ("pristine", "patched"))
    print(f"{name:44}{theirs:9.2f}{ours:9.2f}  "
          f"{'not worse' if ours >= theirs else 'worse'}")


def print_frag(lines):
    print("T7: free memory, what of it is in blocks of order 9 and more, and "
          "huge pages got; %")
    for way, parts in read_frag(lines).items():
        print_frag_way(way, parts)


def print_frag_way(way, parts):
    print(f"batches are freed by {FRAG_WAYS[way]}")
    print(f"{'part':6}" + 2 * f"{'free, MiB':>11}{'in order 9':>12}{'got':>8}")
    for part, sides in parts.items():
        print(f"{part:<6}" + "".join(
            f"{row['free'] / 256:11.1f}"
            f"{share(row['huge_free'], row['free']):12.2f}"
            f"{share(row['huge'], row['huge_tries']):8.2f}"
            for row in (sides["pristine"], sides["patched"])))
    print(f"{'mean':44}{'pristine':>9}{'patched':>9}")
    print_frag_mean(parts, "free memory in blocks of order 9, %",
                    lambda row: share(row["huge_free"], row["free"]))
    print_frag_mean(parts, "huge pages got, %",
                    lambda row: share(row["huge"], row["huge_tries"]))
    print_frag_mean(parts, "free, MiB", lambda row: row["free"] / 256)


def main():
    if sys.argv[1] == "vmalloc":
        print_vmalloc(sys.stdin)
    elif sys.argv[1] == "frag":
        print_frag(sys.stdin)
    elif sys.argv[1] == "plot":
        print_plot(Figures(sys.stdin))
    elif sys.argv[1] == "irqs-off":
        print_irqs_off(Figures(sys.stdin))
    else:
        print_tables(Figures(sys.stdin), sys.argv[2])


if __name__ == "__main__":
    main()
