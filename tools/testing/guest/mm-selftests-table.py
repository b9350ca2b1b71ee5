#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
The results of the kernel's own mm selftests, and how two kernels differ.

	mm-selftests-table.py parse BAD		records of jobs/mm-selftests on
						stdin, as TSV; BAD is what the
						console should not have shown
	mm-selftests-table.py again LIST THEIRS OURS
						the lines of LIST to run again
	mm-selftests-table.py compare LIST THEIRS OURS [THEIRS2 OURS2]

A row is test, part, result, seconds. The part of a whole test is "", its
result by its exit status. Of what tests print, four formats are known: TAP,
that of khugepaged, that of uffd-unit-tests, and test_vmalloc's in the kernel's
log. A part that a test has more than once is counted, so that each is compared
with its like.

Ours is worse if it passed there and not here, or failed here in a worse way; a
part that is only on one side counts as skipped on the other. So a new line of
the console that should not be there is worse. Tests that came out worse are run
again on both sides, several times; then the verdict is whether ours came out
worse than theirs had at first more often than theirs did, and if not, the
part is called flaky. A test of huge pages must not skip.
"""
import collections
import re
import sys

RANK = {"crash": 0, "timeout": 1, "fail": 2, "skip": 3, "": 3, "pass": 4}
MUST_RUN = ("hugetlb", "thp")
RUNS_AGAIN = 3
WORDS = {"ok": "pass", "done": "pass", "fail": "fail", "failed": "fail",
         "timeout": "fail", "skip": "skip", "skipped": "skip"}

TAP = re.compile(r"(?:# )?(not ok|ok) \d+ (?:- )?(.*)")
UFFD = re.compile(r"Testing (.*)\.\.\. (done|failed|skipped)")
VMALLOC = re.compile(r".*Summary: (\w+) passed: \d+ failed: (\d+)")
KHUGEPAGED = re.compile(r"Run test: (.*)")
KHUGEPAGED_STEP = re.compile(r"(.*?)\.\.\..*\b(OK|Fail|Skip|Timeout)\b")
COLOR = re.compile(r"\x1b\[\d+m")


def plain(text):
    """Without what differs from run to run: addresses, counts, sizes."""
    text = re.sub(r"0x[0-9a-f]+|\b[0-9a-f]{8,}\b|\d+(\.\d+)?", "N", text)
    return " ".join(text.split())


class Parts:
    """What a test said of its parts, line by line."""

    def __init__(self):
        self.found = []
        self.run = ""

    def add(self, name, result):
        self.found.append((plain(name), result))

    def tap(self, match):
        name, _, directive = match[2].partition(" # ")
        if match[1] == "not ok":
            self.add(name, "pass" if "XFAIL" in directive else "fail")
        else:
            self.add(name, "skip" if directive.startswith("SKIP") else "pass")

    def line(self, text):
        text = COLOR.sub("", text)
        if match := TAP.fullmatch(text):
            self.tap(match)
        elif match := UFFD.match(text):
            self.add(match[1], WORDS[match[2]])
        elif match := VMALLOC.match(text):
            self.add(match[1], "fail" if int(match[2]) else "pass")
        elif match := KHUGEPAGED.match(text):
            self.run = match[1]
        elif self.run and (match := KHUGEPAGED_STEP.match(text)):
            self.add(f"{self.run}: {match[1]}", WORDS[match[2].lower()])


def result_of(status):
    return {0: "pass", 4: "skip", 143: "timeout", 137: "timeout"}.get(
        status, "fail")


def records(lines):
    """Yield (test, result, seconds, parts); a test with no end is a crash."""
    test = None
    for text in lines:
        text = text.rstrip("\r\n")
        if text.startswith("> "):
            if test:
                yield test, "crash", 0, parts
            test, parts = text[2:], Parts()
        elif text.startswith("< ") and test:
            status, seconds = text[2:].split()
            yield test, result_of(int(status)), int(seconds), parts
            test = None
        elif test:
            parts.line(text[2:])
    if test:
        yield test, "crash", 0, parts


def numbered(pairs):
    """A name that comes again gets a number."""
    seen = collections.Counter()
    for name, result in pairs:
        seen[name] += 1
        yield (name if seen[name] == 1 else f"{name} #{seen[name]}"), result


def parse(lines, bad):
    for test, result, seconds, parts in records(lines):
        print(test, "", result, seconds, sep="\t")
        for part, partial in numbered(parts.found):
            print(test, part, partial, "", sep="\t")
    for line in dict.fromkeys(plain(re.sub(r"^\d+:\[.*?\]", "", text))
                              for text in bad):
        print("console", line, "fail", "", sep="\t")



def read(path):
    """The results by (test, part), one for each run; and seconds by test."""
    results = collections.defaultdict(list)
    seconds = {}
    with open(path, encoding="utf-8") as rows:
        for row in rows:
            test, part, result, took = row.rstrip("\n").split("\t")
            results[test, part].append(result)
            if not part:
                seconds[test] = took
    return results, seconds


def read_list(path):
    """Categories by test, and lines by test."""
    categories, lines = {}, {}
    with open(path, encoding="utf-8") as tests:
        for line in tests:
            if line[0].isalpha():
                category, _, test = line.rstrip("\n").split(" ", 2)
                categories[test], lines[test] = category, line
    return categories, lines


def first(results, key):
    return results[key][0] if key in results else ""


def worse(theirs, ours):
    return RANK[ours] < RANK[theirs]


def suspects(theirs, ours):
    keys = dict.fromkeys(list(theirs) + list(ours))
    return [key for key in keys if worse(first(theirs, key), first(ours, key))]


def again(categories, lines, theirs, ours):
    for test in dict.fromkeys(test for test, _ in suspects(theirs, ours)):
        if test in categories:
            sys.stdout.write(RUNS_AGAIN * lines[test])


def as_good(results, key, least):
    """How many runs were no worse than this."""
    return sum(not worse(least, result) for result in results.get(key, ()))


def flaky(key, least, theirs, ours):
    """Does ours do as well as theirs, where both had several tries?"""
    return key in ours and (as_good(ours, key, least) >=
                            as_good(theirs, key, least))


def print_tests(theirs, ours, their_seconds, our_seconds):
    print(f"{'test':52}{'theirs':>9}{'s':>5}{'ours':>9}{'s':>5}")
    for test in dict.fromkeys(list(their_seconds) + list(our_seconds)):
        key = test, ""
        print(f"{test:52}{first(theirs, key):>9}{their_seconds.get(test, ''):>5}"
              f"{first(ours, key):>9}{our_seconds.get(test, ''):>5}")


def verdict(key, theirs, ours, repeated):
    """What a difference comes to; None if there is none."""
    there, here = first(theirs, key), first(ours, key)
    if worse(there, here):
        if repeated and flaky(key, there, *repeated):
            return "flaky"
        return "worse"
    return "better" if worse(here, there) else None


def differences(theirs, ours, repeated):
    keys = dict.fromkeys(list(theirs) + list(ours))
    verdicts = ((key, verdict(key, theirs, ours, repeated)) for key in keys)
    return [(key, said) for key, said in verdicts if said]


def skipped(categories, results):
    """Tests of huge pages that did not run."""
    return [test for test, category in categories.items()
            if category in MUST_RUN and first(results, (test, "")) != "pass"
            and first(results, (test, "")) in ("skip", "")]


def compare(categories, theirs, ours, repeated):
    """Print it all; return whether ours is no worse."""
    (theirs, their_seconds), (ours, our_seconds) = theirs, ours
    print_tests(theirs, ours, their_seconds, our_seconds)
    found = differences(theirs, ours, repeated)
    idle = skipped(categories, ours)
    print("\ndifferences" if found or idle else "\nno differences")
    for (test, part), said in found:
        print(f"{said:8}{first(theirs, (test, part)) or '-':>8} ->"
              f" {first(ours, (test, part)) or '-':8}{test}: {part}")
    for test in idle:
        print(f"{'worse':8}it must not skip    {test}")
    nr_worse = sum(said == "worse" for _, said in found) + len(idle)
    print(f"{len(set(theirs) | set(ours))} compared, {nr_worse} worse")
    return nr_worse == 0


def main():
    command, paths = sys.argv[1], sys.argv[2:]
    if command == "parse":
        with open(paths[0], encoding="utf-8", errors="replace") as bad:
            parse(sys.stdin, bad)
        return 0
    categories, lines = read_list(paths[0])
    theirs, ours, *repeated = [read(path) for path in paths[1:]]
    if command == "again":
        again(categories, lines, theirs[0], ours[0])
        return 0
    return not compare(categories, theirs, ours,
                       [results for results, _ in repeated])


if __name__ == "__main__":
    sys.exit(main())
