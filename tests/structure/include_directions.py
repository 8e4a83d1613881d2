# SPDX-License-Identifier: MIT
"""Holds every #include against who may include whom; exits 1 and names what goes the wrong way."""
import os
import re
import sys

MAY = {
    "base": {"base"},
    "ipc": {"base", "ipc"},
    "storage": {"base", "storage"},
    "providers": {"base", "providers"},
    "daemon": {"base", "ipc", "storage", "providers", "daemon"},
    "clients": {"base", "ipc", "clients"},
}


def main(root):
    wrong, seen = [], 0
    for folder, allowed in MAY.items():
        for place, _, names in os.walk(os.path.join(root, folder)):
            for name in names:
                if not name.endswith((".cpp", ".hpp")):
                    continue
                path = os.path.join(place, name)
                with open(path) as text:
                    for number, line in enumerate(text, 1):
                        found = re.match(r'\s*#include "([^"/]+)/', line)
                        seen += bool(found)
                        if found and found[1] not in allowed:
                            wrong.append(f"{os.path.relpath(path, root)}:{number}: {folder} may not include {found[1]}")
    print("\n".join(wrong) or f"{seen} includes, all in the right direction")
    return 1 if wrong or seen < 100 else 0


sys.exit(main(sys.argv[1]))
