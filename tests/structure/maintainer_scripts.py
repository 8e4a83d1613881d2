# SPDX-License-Identifier: MIT
"""What the package's scripts ask of systemd at installation, upgrade and removal, told to a
stand-in for systemctl.

Exits 1 and names each difference. The stand-in knows two users whose managers run; the second
one's does
not answer, which must stop neither the other's restart nor the upgrade.
"""
import os
import subprocess
import sys
import tempfile

STAND_IN = """#!/bin/sh
echo "$*" >>"$CALLS"
case "$*" in
  list-units*)
    echo "user@1000.service loaded active running User Manager for UID 1000"
    echo "user@1001.service loaded active running User Manager for UID 1001"
    echo "user@abc.service loaded active running Nobody" ;;
  *--machine=1001@*) exit 1 ;;
esac
"""
UNITS = "forgelink.socket forgelink-session.service forgelink-graphical.service"
LIST = "list-units --no-legend --plain user@*.service"
CASES = (
    ("postinst", ["configure", ""], [f"--global enable {UNITS}"]),
    (
        "postinst",
        ["configure", "0.1.0"],
        [
            LIST,
            "--user --machine=1000@ daemon-reload",
            "--user --machine=1000@ try-restart forgelink.service",
            "--user --machine=1001@ daemon-reload",
        ],
    ),
    ("postinst", ["abort-upgrade", "0.1.0"], []),
    ("prerm", ["remove"], [f"--global disable {UNITS}"]),
    ("prerm", ["upgrade", "0.2.0"], []),
)


def calls_of(root, folder, script, arguments):
    """What the script asks of systemctl, line by line; fails if its exit status is not 0."""
    log = os.path.join(folder, "calls")
    with open(log, "w", encoding="utf-8"):
        pass
    subprocess.run(
        ["sh", os.path.join(root, "debian", f"forgelink.{script}"), *arguments],
        env={"PATH": f"{folder}:/usr/bin:/bin", "CALLS": log},
        check=True,
        timeout=60,
    )
    with open(log, encoding="utf-8") as text:
        return text.read().splitlines()


def main(root):
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        stand_in = os.path.join(folder, "systemctl")
        with open(stand_in, "w", encoding="utf-8") as text:
            text.write(STAND_IN)
        os.chmod(stand_in, 0o755)
        for script, arguments, expected in CASES:
            try:
                calls = calls_of(root, folder, script, arguments)
            except subprocess.SubprocessError as error:
                calls = [str(error)]
            if calls != expected:
                wrong.append(f"{script} {' '.join(arguments)}: {calls} instead of {expected}")
    print("\n".join(wrong) or f"{len(CASES)} times, each as it should be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
