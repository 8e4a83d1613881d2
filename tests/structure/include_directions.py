# SPDX-License-Identifier: MIT
"""Holds every #include against docs/architecture.md section 2.

Exits 1 and names what goes the wrong way. A room is a folder of the table below; the longest that
fits
a path counts. Files that include each other in a circle are refused too, and so are the daemon's
rooms (docs/architecture.md section 2).
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


def subject_of(path):
    """The room of the daemon that `path` lies in, or nothing."""
    parts = path.split("/")
    return parts[1] if parts[0] == "daemon" and len(parts) == 3 else None


def main(root):
    wrong, seen, files, subjects = [], 0, {}, {}
    for path in sources(root):
        for number, target in includes(read(root, path)):
            room = room_of(target)
            seen += bool(room)
            if room and room not in MAY[room_of(path)]:
                wrong.append(f"{path}:{number}: {room_of(path)} may not include {room}")
            files.setdefault(path, set()).add(target)
            here, there = subject_of(path), subject_of(target)
            if here and there and here != there:
                subjects.setdefault(here, set()).add(there)
    for graph, what in ((files, "headers"), (subjects, "the daemon's rooms")):
        cycle = cycle_in(graph)
        if cycle:
            wrong.append(f"{what} include each other: " + " -> ".join(cycle))
    print("\n".join(wrong) or f"{seen} includes, all in the right direction")
    return 1 if wrong or seen < 100 else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
