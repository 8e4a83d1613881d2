# SPDX-License-Identifier: MIT
"""Fixtures of the window's tests: one screen for all of them, a window for each."""
import os

import pytest

from .daemon import DEBUG, RELEASE
from .sandbox import tokens
from .window import Screen, Window

# The window of the same build as the daemon where one was named, else the release one.
PROGRAMS = DEBUG if os.environ.get("FORGELINK_BIN_DIR") else RELEASE


def close_all(windows):
    """Ends them; none may have complained."""
    for one in windows:
        one.close()
        assert "CRITICAL" not in one.log() and "Sanitizer" not in one.log(), one.log()


@pytest.fixture(scope="session")
def screen():
    made = Screen()
    yield made
    made.close()


@pytest.fixture
def open_window(screen, daemon):
    opened = []

    def open_it(**extra):
        opened.append(Window(screen, daemon.environment, PROGRAMS, extra=extra))
        return opened[-1]

    yield open_it
    close_all(opened)


@pytest.fixture
def window(open_window):
    return open_window()


@pytest.fixture
def app(daemon, sandbox):
    """GitHub's sign-in app."""
    words = ("oauth-app", "set", "github", "--client-id", tokens.OAUTH_CLIENT_ID, "--secret-stdin")
    daemon.cli(*words, stdin=tokens.OAUTH_CLIENT_SECRET + "\n", check=0)
    sandbox.set(
        "github", expiring=False, signs_in="octo-dev", granted=None, interval=1, lifetime=28800
    )
