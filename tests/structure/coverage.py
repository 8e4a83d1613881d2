# SPDX-License-Identifier: MIT
"""How much of each source of daemon/ its unit tests run: ./dev coverage.

Runs the daemon_test of the preset `coverage` (clang's source-based coverage), prints the sources
with the least first, and leaves the figures in build/coverage/daemon.json for ./dev metrics. Exits
with 1 where a source has no line that ran, or a test failed.
"""
import glob
import json
import os
import re
import shutil
import subprocess
import sys

from sources import sources

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.path.join(ROOT, "build", "coverage")
FIGURES = os.path.join(BUILD, "daemon.json")
TEST = os.path.join(BUILD, "bin", "daemon_test")
SHOWN = 20


def tool(name):
    """The tool of the compiler's version: another cannot read its profiles."""
    with open(os.path.join(BUILD, "CMakeCache.txt"), encoding="utf-8") as cache:
        version = re.search(r"FORGELINK_CLANG:\w+=.*?(-\d+)?$", cache.read(), re.MULTILINE)
    found = shutil.which(name + ((version and version[1]) or "")) or shutil.which(name)
    if not found:
        sys.exit(f"{name} is missing: install the package llvm of the clang that built {BUILD}")
    return found


def run_tests():
    for old in glob.glob(os.path.join(BUILD, "*.profraw")):
        os.remove(old)
    # One file for all processes, into which each adds its counts.
    environment = dict(os.environ, LLVM_PROFILE_FILE=os.path.join(BUILD, "daemon-%m.profraw"))
    return subprocess.run([TEST, "--gtest_brief=1"], env=environment, check=False).returncode


def measured():
    """Per file of the tree: lines that ran, and lines that could have."""
    profile = os.path.join(BUILD, "daemon.profdata")
    raw = glob.glob(os.path.join(BUILD, "*.profraw"))
    subprocess.run([tool("llvm-profdata"), "merge", "-sparse", *raw, "-o", profile], check=True)
    command = [tool("llvm-cov"), "export", "-summary-only", f"-instr-profile={profile}", TEST]
    said = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return {
        os.path.relpath(one["filename"], ROOT): (
            one["summary"]["lines"]["covered"],
            one["summary"]["lines"]["count"],
        )
        for one in said["data"][0]["files"]
    }


def figures_of(lines):
    """The same for the sources of daemon/, those that no test is linked with among them."""
    paths = [path for path in sources(ROOT, ("daemon",), (".cpp",)) if path != "daemon/main.cpp"]
    return {path: lines.get(path, (0, 0)) for path in paths}


def share(ran, lines):
    return 100 * ran / lines if lines else 0


def main():
    failed = run_tests()
    figures = figures_of(measured())
    with open(FIGURES, "w", encoding="utf-8") as out:
        json.dump(figures, out, indent=1)
    ordered = sorted(figures.items(), key=lambda item: share(*item[1]))
    for path, (ran, lines) in ordered[:SHOWN]:
        print(f"{share(ran, lines):5.1f} %  {path}")
    unreached = [path for path, (ran, _) in figures.items() if ran == 0]
    ran, lines = (sum(one[i] for one in figures.values()) for i in (0, 1))
    print(f"{len(figures) - len(unreached)} of {len(figures)} sources, {share(ran, lines):.1f} %")
    sys.exit(1 if failed or unreached else 0)


if __name__ == "__main__":
    main()
