# SPDX-License-Identifier: MIT
"""Holds every #include against docs/architecture.md section 2.

Exits 1 and names what goes the wrong way. A room is a folder of the table below; the longest that
fits
a path counts. Files that include each other in a circle are refused too.
"""
import os
import sys

from sources import includes, read, sources

MAY = {
    "base": {"base"},
    "ipc": {"base", "ipc"},
    "ipc/protocol": {"base", "ipc", "ipc/protocol"},
    "storage": {"base", "storage"},
    "providers": {"base", "providers"},
    "daemon": {"base", "ipc", "ipc/protocol", "storage", "providers", "daemon"},
    "clients": {"base", "ipc", "ipc/protocol", "clients"},
}


def room_of(path):
    """The key of MAY that `path` lies in, or nothing."""
    parts = path.split("/")
    for depth in range(len(parts) - 1, 0, -1):
        if "/".join(parts[:depth]) in MAY:
            return "/".join(parts[:depth])
    return None


def cycle_in(graph):
    """The nodes of one cycle, or nothing."""
    done, path = set(), []

    def visit(node):
        if node in path:
            return path[path.index(node) :] + [node]
        if node in done:
            return None
        path.append(node)
        for following in sorted(graph.get(node, ())):
            found = visit(following)
            if found:
                return found
        path.pop()
        done.add(node)
        return None

    for start in sorted(graph):
        found = visit(start)
        if found:
            return found
    return None


def main(root):
    wrong, seen, files = [], 0, {}
    for path in sources(root):
        for number, target in includes(read(root, path)):
            room = room_of(target)
            seen += bool(room)
            if room and room not in MAY[room_of(path)]:
                wrong.append(f"{path}:{number}: {room_of(path)} may not include {room}")
            files.setdefault(path, set()).add(target)
    cycle = cycle_in(files)
    if cycle:
        wrong.append("headers include each other: " + " -> ".join(cycle))
    print("\n".join(wrong) or f"{seen} includes, all in the right direction")
    return 1 if wrong or seen < 100 else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
