# SPDX-License-Identifier: MIT
"""No forge id stands as a string outside providers/forges/: what is particular to a forge is asked
of `Provider`.

Exits 1 and names each place. The ids are read from the sources of the forges themselves, so a new
forge is
held to this as well. Longer strings (help, examples, SQL) may name forges.
"""
import os
import re
import sys

from sources import read, sources, without_comments

# Where an id is spelled for a reason; each needs one.
REASONS = {}


def ids_of(root):
    """The ids that providers define: `.id = "github"`."""
    found = set()
    for path in sources(root, ("providers/forges",)):
        found |= set(re.findall(r'\.id\s*=\s*"([a-z-]+)"', read(root, path)))
    return found


def main(root):
    ids, wrong = ids_of(root), []
    literal = re.compile('"(' + "|".join(sorted(map(re.escape, ids), key=len, reverse=True)) + ')"')
    for path in sources(root):
        if path.startswith("providers/forges/") or path in REASONS:
            continue
        for number, line in enumerate(without_comments(read(root, path)).splitlines(), 1):
            for found in literal.findall(line):
                wrong.append(f'{path}:{number}: "{found}" outside providers/forges/')
    unused = [path for path in REASONS if not os.path.exists(os.path.join(root, path))]
    wrong += [
        f"{path} is named in {os.path.basename(__file__)}, but is not there" for path in unused
    ]
    print("\n".join(wrong) or f"no id of {len(ids)} types outside providers/forges/")
    return 1 if wrong or len(ids) < 6 else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
