# SPDX-License-Identifier: MIT
"""Prints the figures of the code itself that we watch: ./dev metrics [--json].

Counted over base/, ipc/, storage/, providers/, daemon/ and clients/, without tests. A function is
a body in braces behind a parameter list, counted from its first line to its closing brace; lambdas
count as part of theirs.
"""
import json
import os
import re
import statistics
import subprocess
import sys

from include_directions import cycle_in
from sources import TOKEN, bare, includes, read, sources

LONG = 40
COMMITS = 100
NOT_FUNCTIONS = {
    "if",
    "for",
    "while",
    "switch",
    "catch",
    "return",
    "do",
    "else",
    "sizeof",
    "decltype",
}


def parameter_list_before(text, brace):
    """Where the parentheses end that make `brace` a function's body; -1 if it is none."""
    at = brace - 1
    while at >= 0:
        tail = text[: at + 1].rstrip()
        at = len(tail) - 1
        word = re.search(r"(\bconst|\bnoexcept|\boverride|\bfinal|&&?|->[\w:<>,\s*&]+)$", tail)
        if not word:
            return at if tail.endswith(")") else -1
        at = word.start() - 1
    return -1


def opening_of(text, closing):
    depth = 0
    for at in range(closing, -1, -1):
        depth += (text[at] == ")") - (text[at] == "(")
        if depth == 0:
            return at
    return -1


def function_lengths(text):
    """Lines of each function in one source."""
    code, lengths, stack = bare(text), [], []
    for at, letter in enumerate(code):
        if letter == "{":
            inside = any(start is not None for start in stack)
            stack.append(None if inside else start_of_function(code, at))
        elif letter == "}" and stack:
            start = stack.pop()
            if start is not None:
                lengths.append(code.count("\n", start, at) + 1)
    return lengths


def start_of_function(code, brace):
    """The first letter of the function whose body begins at `brace`, or nothing."""
    closing = parameter_list_before(code, brace)
    if closing < 0:
        return None
    begin = max(code.rfind(mark, 0, opening_of(code, closing)) for mark in ";}{") + 1
    begin += len(code[begin:]) - len(code[begin:].lstrip())
    # An initialiser list lies between parameters and body: `X::X(int a) : a_(a) {`.
    head = code[begin : closing + 1]
    first = re.match(r"\w+", head)
    lambda_or_call = re.search(r"[=\]]\s*\(|^\W*\[", head) and "operator" not in head
    if not first or first[0] in NOT_FUNCTIONS or lambda_or_call:
        return None
    return begin


def comment_share(texts):
    """Lines that hold a comment, of all lines that hold anything."""
    comment = filled = 0
    for text in texts:
        commented = set()
        for match in TOKEN.finditer(text):
            if match[0][0] == "/":
                first = text.count("\n", 0, match.start())
                commented |= set(range(first, first + match[0].count("\n") + 1))
        comment += len(commented)
        filled += sum(1 for line in text.splitlines() if line.strip())
    return comment / filled


def types_in(text):
    """How many classes, structs and enums a header defines outside of other types."""
    code, count, depth, namespaces = bare(text), 0, 0, 0
    pattern = r"\bnamespace\b[^;{]*\{|\b(?:class|struct|enum(?:\s+class)?)\s+\w+[^;{()]*\{|[{}]"
    opened = []
    for match in re.finditer(pattern, code):
        word = match[0]
        if word == "}":
            if opened and opened.pop() == "namespace":
                namespaces -= 1
            else:
                depth -= 1
        elif word.startswith("namespace"):
            opened.append("namespace")
            namespaces += 1
        else:
            count += word != "{" and depth == 0
            opened.append("other")
            depth += 1
    return count


def files_naming(root, word, folders):
    paths = sources(root, folders)
    return [path for path in paths if re.search(word, read(root, path))]


def method_costs(root):
    """Per method of openrpc.json: how many sources name its type, the test left out."""
    with open(os.path.join(root, "ipc", "openrpc.json"), encoding="utf-8") as text:
        names = [method["name"] for method in json.load(text)["methods"]]
    costs = []
    for name in names:
        stem = name.replace(".", "_")
        touched = {
            path
            for path in sources(root)
            if re.search(rf"\b{stem}\.hpp\"", read(root, path))
            or os.path.basename(path).split(".")[0] == stem
        }
        if touched:
            # And openrpc.json, made again.
            costs.append(len(touched) + 1)
    return costs


def forge_costs(root):
    """Per family: how many sources outside its folder name it; inside it is one folder."""
    top = os.path.join(root, "providers", "forges")
    costs = []
    for family in sorted(os.listdir(top)):
        if os.path.isdir(os.path.join(top, family)):
            inside = f"providers/forges/{family}/"
            naming = files_naming(
                root, rf'"{inside}', ("base", "ipc", "storage", "providers", "daemon", "clients")
            )
            costs.append(len([path for path in naming if not path.startswith(inside)]))
    return costs


def header_of(root, path):
    """The header that a source implements: of its own name, else the first that it includes."""
    own = path[:-4] + ".hpp"
    if os.path.exists(os.path.join(root, own)):
        return own
    first = includes(read(root, path))[:1]
    return first[0][1] if first else path


def reached_by_tests(root):
    """How much of daemon/ unit tests reach: by the header they include, and by the lines they run.

    The second is what counts; it is known once ./dev coverage has measured it.
    """
    included = {
        target for path in sources(root, ("tests",)) for _, target in includes(read(root, path))
    }
    paths = [path for path in sources(root, ("daemon",), (".cpp",)) if path != "daemon/main.cpp"]
    by_header = sum(header_of(root, path) in included for path in paths)
    said = f"{by_header} of {len(paths)} by its header"
    measured = os.path.join(root, "build", "coverage", "daemon.json")
    if not os.path.exists(measured):
        return said + "; by its lines: ./dev coverage"
    with open(measured, encoding="utf-8") as text:
        lines = json.load(text)
    ran = sum(lines.get(path, (0, 0))[0] > 0 for path in paths)
    share = 100 * sum(one[0] for one in lines.values()) / sum(one[1] for one in lines.values())
    return said + f", {ran} by its lines ({share:.0f} % of all run)"


def daemon_room(path):
    """The room below daemon/ that `path` lies in; nothing for what stands in daemon/ itself."""
    parts = path.split("/")
    return parts[1] if parts[0] == "daemon" and len(parts) > 2 else None


def mutual_rooms(root):
    """Pairs of rooms of daemon/ that include each other."""
    uses = set()
    for path in sources(root, ("daemon",)):
        for _, target in includes(read(root, path)):
            uses.add((daemon_room(path), daemon_room(target)))
    return [
        f"{one} and {other}"
        for one, other in uses
        if one and other and one < other and (other, one) in uses
    ]


def readable_by_clang(root):
    """Sources with a command of their own in the preset `dev`, and how many there are."""
    database = os.path.join(root, "build", "dev", "compile_commands.json")
    paths = set(sources(root, endings=(".cpp",)))
    if not os.path.exists(database):
        return None, len(paths)
    with open(database, encoding="utf-8") as text:
        listed = {os.path.relpath(entry["file"], root) for entry in json.load(text)}
    return len(paths & listed), len(paths)


def subject_median(root):
    command = ["git", "-c", "safe.directory=*", "-C", root, "log", f"-{COMMITS}", "--format=%s"]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return statistics.median([len(line) for line in said.splitlines()] or [0])


def measure(root):
    paths = sources(root)
    texts = {path: read(root, path) for path in paths}
    lengths = [length for path in paths for length in function_lengths(texts[path])]
    long = sum(length > LONG for length in lengths)
    lines = [text.count("\n") for text in texts.values()]
    headers = [path for path in paths if path.endswith(".hpp")]
    small = sum(types_in(texts[path]) <= 2 for path in headers)
    cycle = cycle_in({path: {target for _, target in includes(texts[path])} for path in paths})
    methods, forges = method_costs(root), forge_costs(root)
    readable, compiled = readable_by_clang(root)
    header_texts = [texts[path] for path in headers]
    source_texts = [texts[path] for path in paths if path.endswith(".cpp")]
    return [
        ("files, lines", f"{len(paths)}, {sum(lines)}"),
        (
            f"functions over {LONG} lines",
            f"{100 * long / len(lengths):.1f} % ({long} of {len(lengths)})",
        ),
        ("median file", f"{statistics.median(lines):.0f} lines"),
        ("files over 300 lines", str(sum(count > 300 for count in lines))),
        ("include cycles", " -> ".join(cycle) if cycle else "0"),
        ("rooms of daemon/ that include each other", ", ".join(sorted(mutual_rooms(root))) or "0"),
        ("comment share", f"{100 * comment_share(texts.values()):.0f} %"),
        ("  in headers", f"{100 * comment_share(header_texts):.0f} %"),
        ("  in sources", f"{100 * comment_share(source_texts):.0f} %"),
        (
            "headers with at most two types",
            f"{100 * small / len(headers):.0f} % ({small} of {len(headers)})",
        ),
        ("files to add a method, median", f"{statistics.median(methods or [0]):.0f} and the test"),
        (
            "files to add a forge, outside its folder",
            f"{statistics.median(forges):.0f}" if forges else "no folders",
        ),
        ("daemon sources reached by a unit test", reached_by_tests(root)),
        (
            "sources that clang reads by themselves",
            f"{'not configured' if readable is None else readable} of {compiled}",
        ),
        (f"commit subject, median of the last {COMMITS}", f"{subject_median(root):.0f} characters"),
    ]


def main(options):
    root = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
    table = measure(root)
    if "--json" in options:
        print(json.dumps(dict(table), indent=2))
        return
    width = max(len(name) for name, _ in table)
    for name, figure in table:
        print(f"{name:<{width}}  {figure}")


if __name__ == "__main__":
    main(sys.argv[1:])
