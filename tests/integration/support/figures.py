# SPDX-License-Identifier: MIT
"""What a test counted on its way, for whoever reads the log of a run: ./dev test prints it at the
end."""
import os

from .sandbox import ROOT

FILE = os.path.join(ROOT, "build", "test-logs", "figures.txt")


def note(text):
    os.makedirs(os.path.dirname(FILE), exist_ok=True)
    with open(FILE, "a") as out:
        out.write(text + "\n")
