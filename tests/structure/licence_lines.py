# SPDX-License-Identifier: MIT
"""Every source says its licence in its first lines; exits 1 and names those that do not."""
import os
import subprocess
import sys

ENDINGS = (".cpp", ".hpp", ".py", ".sh")
LINE = "SPDX-License-Identifier: MIT"


def main(root):
    listed = subprocess.run(
        [
            "git",
            "-c",
            "safe.directory=*",
            "-C",
            root,
            "ls-files",
            "-co",
            "--exclude-standard",
            "-z",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [path for path in listed.stdout.split("\0") if path.endswith(ENDINGS) or path == "dev"]
    paths = [path for path in paths if os.path.exists(os.path.join(root, path))]
    missing = []
    for path in paths:
        with open(os.path.join(root, path), encoding="utf-8") as text:
            if LINE not in text.read(200):
                missing.append(path)
    print("\n".join(missing) or f"{len(paths)} sources say their licence")
    return 1 if missing or len(paths) < 100 else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
