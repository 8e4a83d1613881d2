# SPDX-License-Identifier: MIT
"""The descriptions of packages agree on the version and are well formed as far as the tools here
can tell.

bash reads the PKGBUILD, rpmspec the spec file, dpkg-parsechangelog the changelog; a tool that is
not
installed is left out. Exits 1 and names what is wrong.
"""
import os
import re
import shutil
import subprocess
import sys

from sources import read

CHECKS = (
    ("bash", ["bash", "-n", "packaging/PKGBUILD"]),
    ("bash", ["bash", "-n", "packaging/forgelink.install"]),
    ("rpmspec", ["rpmspec", "-q", "--qf", "%{name} %{version}\\n", "packaging/forgelink.spec"]),
    ("dpkg-parsechangelog", ["dpkg-parsechangelog", "-l", "debian/changelog"]),
)


def versions(root):
    """Where the version is spelled, and how."""
    return {
        "CMakeLists.txt": re.search(
            r"project\(forgelink VERSION ([\d.]+)", read(root, "CMakeLists.txt")
        )[1],
        "debian/changelog": re.match(r"forgelink \(([\d.]+)-", read(root, "debian/changelog"))[1],
        "packaging/PKGBUILD": re.search(
            r"^pkgver=([\d.]+)$", read(root, "packaging/PKGBUILD"), re.M
        )[1],
        "packaging/forgelink.spec": re.search(
            r"^Version:\s+([\d.]+)$", read(root, "packaging/forgelink.spec"), re.M
        )[1],
        "NEWS.md": re.search(r"^## ([\d.]+)", read(root, "NEWS.md"), re.M)[1],
    }


def main(root):
    wrong, ran = [], 0
    spelled = versions(root)
    if len(set(spelled.values())) != 1:
        wrong.append(f"the version differs: {spelled}")
    for tool, command in CHECKS:
        if shutil.which(tool):
            ran += 1
            done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60)
            if done.returncode != 0:
                wrong.append(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    print(
        "\n".join(wrong)
        or f"version {spelled['CMakeLists.txt']} in {len(spelled)} places, {ran} tools satisfied"
    )
    return 1 if wrong or ran < 2 else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
