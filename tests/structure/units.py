# SPDX-License-Identifier: MIT
"""systemd reads every unit without a word: a key in the wrong section is ignored by systemd, and
the limit it stands for is not in force. Exits 1 and prints what `systemd-analyze --user verify`
says.

Units with @FORGELINK_BINDIR@ are filled in with a folder of stand-ins, since verify wants the
programs.
"""
import glob
import os
import shutil
import subprocess
import sys
import tempfile

NO_TEST = 77


def fill(root, folder):
    """Writes the units into `folder`, ready to be verified; returns their paths."""
    programs = os.path.join(folder, "bin")
    os.mkdir(programs)
    for name in ("forgelinkd", "forgelink"):
        shutil.copy("/bin/true", os.path.join(programs, name))
    made = []
    for path in sorted(glob.glob(os.path.join(root, "systemd", "*"))):
        name = os.path.basename(path).removesuffix(".in")
        if name.endswith((".service", ".socket", ".target")):
            with open(path, encoding="utf-8") as text:
                filled = text.read().replace("@FORGELINK_BINDIR@", programs)
            made.append(os.path.join(folder, name))
            with open(made[-1], "w", encoding="utf-8") as unit:
                unit.write(filled)
    return made


def main(root):
    if not shutil.which("systemd-analyze"):
        print("systemd-analyze is not here")
        return NO_TEST
    with tempfile.TemporaryDirectory() as folder:
        units = fill(root, folder)
        environment = {**os.environ, "SYSTEMD_UNIT_PATH": folder + ":", "XDG_RUNTIME_DIR": folder}
        done = subprocess.run(
            ["systemd-analyze", "--user", "--man=no", "verify", *units],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
    said = [line for line in (done.stdout + done.stderr).splitlines() if "forgelink" in line]
    print("\n".join(said) or f"{len(units)} units verified")
    return 1 if said or done.returncode != 0 or len(units) < 4 else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
