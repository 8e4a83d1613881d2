"""Looks into a process from outside: how much memory it takes, and what is in it."""
import re


def resident(pid):
    """Kilobytes."""
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])


def found_in(pid, words):
    """Which of the words any readable page of the process holds, with the mapping, and how many bytes were searched."""
    found, searched = set(), 0
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            if "r" not in line.split()[1] or "[v" in line:
                continue
            begin, end = (int(part, 16) for part in line.split()[0].split("-"))
            try:
                memory.seek(begin)
                content = memory.read(end - begin)
            except OSError:
                continue
            searched += len(content)
            found |= {(word, line.split()[-1]) for word in words if word.encode() in content}
    return found, searched
