# SPDX-License-Identifier: MIT
"""A hand on the mouse, the keyboard and the frame of a window; no window manager runs there."""
import os
import subprocess


def xdotool(screen, *words):
    done = subprocess.run(
        ["xdotool", *words],
        env={**os.environ, "DISPLAY": screen.display},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, (words, done.stderr)
    return done.stdout


def _number_of(window):
    pid = str(window.process.pid)
    return xdotool(window.screen, "search", "--sync", "--onlyvisible", "--pid", pid).split()[-1]


def focus(window):
    """Keys go to it from now on."""
    xdotool(window.screen, "windowfocus", "--sync", _number_of(window))


def resize(window, width, height):
    xdotool(window.screen, "windowsize", _number_of(window), str(width), str(height))
