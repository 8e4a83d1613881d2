# SPDX-License-Identifier: MIT
"""Every section of docs/ that a comment names is there: "docs/forges.md 3.4" wants a heading "3.4
...".

Links in Markdown files must lead to files as well. Exits 1 and names what leads nowhere.
"""
import glob
import os
import re
import sys

from sources import FOLDERS, read, sources

NAMED = re.compile(
    r"docs/(?P<page>[\w/-]+\.md)(?: (?P<first>\d+(?:\.\d+)?))?"
    r"(?:(?: and |, )(?P<second>\d+(?:\.\d+)?)\b)?"
)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")


def headings(text):
    """The numbers of all numbered headings, as `3.4`."""
    return set(re.findall(r"^#{2,4} (\d+(?:\.\d+)?)[. ]", text, re.MULTILINE))


def main(root):
    wrong, seen, pages = [], 0, {}
    for path in sources(root, FOLDERS + ("tests",), (".cpp", ".hpp", ".py", ".in")):
        if path == "tests/structure/doc_references.py":
            continue
        for found in NAMED.finditer(read(root, path)):
            page = os.path.join("docs", found["page"])
            seen += 1
            if not os.path.exists(os.path.join(root, page)):
                wrong.append(f"{path}: {page} is not there")
                continue
            pages.setdefault(page, headings(read(root, page)))
            for number in filter(None, (found["first"], found["second"])):
                if number not in pages[page]:
                    wrong.append(f"{path}: {page} has no section {number}")
    texts = [os.path.relpath(name, root) for name in glob.glob(f"{root}/*.md")]
    texts += sources(root, ("docs", "tests/bench"), (".md",))
    for path in texts:
        for target in LINK.findall(read(root, path)):
            seen += 1
            if not os.path.exists(os.path.join(root, os.path.dirname(path), target)):
                wrong.append(f"{path}: the link to {target} leads nowhere")
    print("\n".join(wrong) or f"{seen} references lead somewhere")
    return 1 if wrong or seen < 20 else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
