# SPDX-License-Identifier: MIT
"""Reads JUnit files of ctest and pytest and adds them up.

Prints one line `PASSED FAILED SKIPPED` for ./dev, and on standard error each failed case with its
last lines. A file that is missing or broken, or that holds no case, is one failure: a runner that
died must not look like a run without faults. `--passed FILE` prints the names of what passed.
"""
import os
import sys
import xml.etree.ElementTree as ElementTree

LINES_SHOWN = 25


def outcome(case):
    """`passed`, `failed` or `skipped`, and what the case printed."""
    for tag, meaning in (("failure", "failed"), ("error", "failed"), ("skipped", "skipped")):
        found = case.find(tag)
        if found is not None:
            printed = [found.get("message"), found.text, case.findtext("system-out")]
            return meaning, "\n".join(text for text in printed if text)
    return ("passed", "") if case.get("status") != "notrun" else ("skipped", "")


def name_of(case):
    group, name = case.get("classname", ""), case.get("name", "")
    return name if group == name else f"{group}.{name}"


def read(path):
    """Counts of one file, and the names and texts of what failed."""
    try:
        cases = list(ElementTree.parse(path).getroot().iter("testcase"))
    except (OSError, ElementTree.ParseError) as error:
        return {"failed": 1}, [(path, str(error))]
    if not cases:
        return {"failed": 1}, [(path, "holds no test case")]
    counts, failures = {}, []
    for case in cases:
        what, printed = outcome(case)
        counts[what] = counts.get(what, 0) + 1
        if what == "failed":
            failures.append((name_of(case), printed))
    return counts, failures


def print_passed(path):
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        if outcome(case)[0] == "passed":
            print(name_of(case))


def main(paths):
    totals = {"passed": 0, "failed": 0, "skipped": 0}
    for path in paths:
        counts, failures = read(path)
        for what, count in counts.items():
            totals[what] += count
        for name, printed in failures:
            print(f"FAILED {name}", file=sys.stderr)
            for line in printed.splitlines()[-LINES_SHOWN:]:
                print(f"  {line}", file=sys.stderr)
        if len(paths) > 1:
            print(f"{os.path.basename(path)}: {counts}", file=sys.stderr)
    print(totals["passed"], totals["failed"], totals["skipped"])


if __name__ == "__main__":
    if sys.argv[1] == "--passed":
        print_passed(sys.argv[2])
    else:
        main(sys.argv[1:])
