# SPDX-License-Identifier: MIT
"""Looks into a process from outside: how much memory it takes, and what is in it."""
import base64
import re
import urllib.parse


def resident(pid):
    """Kilobytes."""
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])


def forms(word):
    """What a word looks like in memory: as it is, percent-encoded, and the part of a base64 text
    that is its own wherever it stands in it (as "user:word" of Basic)."""
    text = word.encode()
    encoded = [
        base64.b64encode(b"\0" * before + text)[(8 * before + 5) // 6 :] for before in range(3)
    ]
    return {
        text,
        urllib.parse.quote(word, safe="").encode(),
        *(one[:-4].rstrip(b"=") for one in encoded),
    }


def found_in(pid, words, core_only=False):
    """Which of the words any readable page of the process holds, in which form and where, and how
    many bytes were searched. `core_only`: what a core file would hold, that is without the pages
    that are kept out of it."""
    wanted = {form: word for word in words for form in forms(word)}
    found, searched = set(), 0
    with open(f"/proc/{pid}/smaps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for head, flags in re.findall(
            r"^([0-9a-f]+-[0-9a-f]+ .*)\n(?:.*\n)*?VmFlags:(.*)$", maps.read(), re.MULTILINE
        ):
            if "r" not in head.split()[1] or "[v" in head or (core_only and " dd" in flags):
                continue
            begin, end = (int(part, 16) for part in head.split()[0].split("-"))
            try:
                memory.seek(begin)
                content = memory.read(end - begin)
            except OSError:
                continue
            searched += len(content)
            found |= {
                (word, form, head.split()[-1]) for form, word in wanted.items() if form in content
            }
    return found, searched
