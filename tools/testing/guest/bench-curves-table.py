#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
Print the CSV of jobs/bench-curves, each line of it behind a kernel's name.

	bench-curves-table.py table	success in per cent, means of all seeds
	bench-curves-table.py plot	success by part of the load, for gnuplot

In the table each mean is followed by its standard error, from the seeds' own
means. "below" is what is less than the first kernel's by more than two standard
errors of the difference of the two, seed by seed.
"""
import collections
import csv
import math
import statistics
import sys


class Successes:
    """Tries and what they got, by kernel and what was tried, then by seed."""

    def __init__(self):
        self.kernels = []
        self.cells = collections.defaultdict(
            lambda: collections.defaultdict(lambda: [0, 0]))

    def add(self, kernel, what, seed, tries, got):
        if kernel not in self.kernels:
            self.kernels.append(kernel)
        cell = self.cells[kernel, what][seed]
        cell[0] += tries
        cell[1] += got

    def rows(self):
        return dict.fromkeys(what for _, what in self.cells)

    def by_seed(self, kernel, what):
        return [100 * got / tries for tries, got in
                self.cells[kernel, what].values() if tries]


def read(lines, by_part):
    successes = Successes()
    for kernel, probe, *row in csv.reader(lines):
        if probe == "thp":
            seed, load, defrag, got, missed = row
            if not by_part:
                tries = int(got) + int(missed)
                successes.add(kernel, ("huge pages", defrag), seed + load,
                              tries, int(got))
            continue
        seed, part, order, tries, got, _ = row
        what = (probe, int(order)) + ((int(part),) if by_part else ())
        successes.add(kernel, what, seed, int(tries), int(got))
    return successes


def error(values):
    if len(values) < 2:
        return 0
    return statistics.stdev(values) / math.sqrt(len(values))


def verdict(theirs, ours):
    gains = [our - their for their, our in zip(theirs, ours)]
    gain = statistics.mean(gains)
    return "below" if gain < 0 and gain < -2 * error(gains) else ""


def print_table(successes):
    print("Success, per cent, and its standard error")
    print(" " * 18 + "".join(f"{name:>22}" for name in successes.kernels))
    for what in successes.rows():
        print("{:11}{:<7}".format(*what), end="")
        theirs = successes.by_seed(successes.kernels[0], what)
        for kernel in successes.kernels:
            ours = successes.by_seed(kernel, what)
            print(f"{statistics.mean(ours):9.2f} {error(ours):5.2f} "
                  f"{verdict(theirs, ours):6}", end="")
        print()


def print_plot(successes):
    """A data set for each curve, named by its first line."""
    rows = successes.rows()
    for curve in dict.fromkeys(what[:2] for what in rows):
        print('"{}, order {}"'.format(*curve),
              *(f'"{name}"' for name in successes.kernels))
        for what in rows:
            if what[:2] == curve:
                print(what[2], *(
                    f"{statistics.mean(successes.by_seed(kernel, what)):.2f}"
                    for kernel in successes.kernels))
        print("\n")


def main():
    if sys.argv[1] == "plot":
        print_plot(read(sys.stdin, True))
    else:
        print_table(read(sys.stdin, False))


if __name__ == "__main__":
    main()
