#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Section by section, how fast and how large, beside others:   ./dev bench [helper] [load] [many]
[rules] [start] [idle] [lists] [after] [access] [front] [window]

Prints a table; README.md says how each figure is measured. Exit status 1 where a budget is
missed."""
import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "integration"))
import access_figures  # noqa: E402
import figures  # noqa: E402
import memory_figures  # noqa: E402
import window_figures  # noqa: E402
from subjects import Place  # noqa: E402

FIGURES = {
    "helper": figures.helper,
    "load": figures.load,
    "many": figures.many,
    "rules": figures.rules,
    "start": figures.start,
    "idle": memory_figures.idle,
    "lists": memory_figures.lists,
    "after": memory_figures.after,
    "access": access_figures.access,
    "front": access_figures.front,
    "window": window_figures.window,
}


def table(rows):
    heads = ("figure", "ours", "beside", "its", "ratio", "budget", "")
    lines = [heads] + [row.cells() for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(heads))]
    out = []
    for number, line in enumerate(lines):
        out.append(
            "  ".join(
                cell.rjust(width) if i in (1, 3, 4, 5) else cell.ljust(width)
                for i, (cell, width) in enumerate(zip(line, widths))
            ).rstrip()
        )
        if number == 0:
            out.append("-" * (sum(widths) + 2 * len(widths) - 2))
    return "\n".join(out)


def busy_share():
    """How much of the processors something else takes right now."""

    def times():
        with open("/proc/stat") as stat:
            numbers = [int(word) for word in stat.readline().split()[1:]]
        return sum(numbers), numbers[3] + numbers[4]

    (all_before, idle_before), _, (all_after, idle_after) = times(), time.sleep(1), times()
    return 1 - (idle_after - idle_before) / (all_after - all_before)


def come_first():
    """Everything measured alike goes before the rest of the machine, where that is allowed:
    medians are worth little where each wake-up may wait for somebody else's turn to end."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except PermissionError:
        pass


def main():
    wanted = sys.argv[1:] or list(FIGURES)
    if unknown := [name for name in wanted if name not in FIGURES]:
        sys.exit(f"bench: no figure is called {unknown[0]}; there are: {' '.join(FIGURES)}")
    come_first()
    rows, disturbed = [], 0
    for name in wanted:
        print(f"{name} ...", file=sys.stderr, flush=True)
        disturbed = max(disturbed, busy_share())
        with Place() as place:
            rows += FIGURES[name](place)
    print(table(rows))
    missed = sum(row.missed() for row in rows)
    print(f"\n{missed} of {sum(row.budget is not None for row in rows)} budgets missed")
    if disturbed > 0.1:
        print(
            f"Something else took up to {disturbed:.0%} of this machine meanwhile: measure again"
            " when it is quiet."
        )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
