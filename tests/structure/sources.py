# SPDX-License-Identifier: MIT
"""What the structure tests read: the sources of the tree, and C++ text without comments or
strings."""
import os
import re

FOLDERS = ("base", "ipc", "storage", "providers", "daemon", "clients")
CPP = (".cpp", ".hpp")

# A comment, a raw string, a string or a character. Digit separators are no characters.
TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<tag>[^()\s\\]{0,16})\(.*?\)(?P=tag)"'
    r"|\"(?:\\.|[^\"\\\n])*\"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",
    re.DOTALL,
)


def sources(root, folders=FOLDERS, endings=CPP):
    """Paths from `root`, sorted."""
    found = []
    for folder in folders:
        for place, _, names in os.walk(os.path.join(root, folder)):
            found += [os.path.join(place, name) for name in names if name.endswith(endings)]
    return sorted(os.path.relpath(path, root) for path in found)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as text:
        return text.read()


def includes(text):
    """The project's own includes: pairs of line and path."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'\s*#\s*include "([^"]+)"', line)
        if match:
            found.append((number, match[1]))
    return found


def without_comments(text):
    """The same text with comments blanked; strings stay, lines keep their numbers."""
    return TOKEN.sub(lambda m: blank(m[0]) if m[0][0] == "/" else m[0], text)


def bare(text):
    """The same text with comments and what stands in quotes blanked."""
    return TOKEN.sub(lambda m: blank(m[0]), text)


def blank(piece):
    return re.sub(r"[^\n]", " ", piece)
