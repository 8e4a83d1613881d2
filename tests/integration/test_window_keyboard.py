# SPDX-License-Identifier: MIT
"""The window without a mouse: what Tab reaches, in which order, and that all of it has a name."""
import os
import subprocess

import pytest
from support.keyring import wait_until
from support.window import Atspi, text_of
from support.window_steps import GITHUB_TOKEN, add, begin_form, open_page

pytest_plugins = ("support.window_fixtures",)

CONTROLS = (
    "push button",
    "toggle button",
    "radio button",
    "combo box",
    "text",
    "entry",
    "list item",
)


class Keys:
    """A hand on the keyboard of the window's screen."""

    def __init__(self, window):
        self.window = window

    def press(self, *keys):
        environment = {**os.environ, "DISPLAY": self.window.screen.display}
        subprocess.run(["xdotool", "key", *keys], env=environment, check=True, timeout=20)

    def focused(self):
        """Name and role of what has the focus."""

        def has_focus(node):
            return node.get_state_set().contains(Atspi.StateType.FOCUSED)

        # A window that has the focus has the state too.
        controls = [node for role in CONTROLS for node in self.window.all(role=role)]
        found = [node for node in controls if has_focus(node)]
        return (found[0].get_name(), found[0].get_role_name()) if found else None

    def walk(self, most=40):
        """All that Tab reaches, in order, until it comes round."""
        reached = []
        for _ in range(most):
            self.press("Tab")
            before = reached[-1] if reached else None
            try:
                now = wait_until(lambda: self.focused() not in (None, before) and self.focused(), 2)
            except AssertionError:
                now = self.focused()
            if now in reached:
                break
            reached.append(now)
        return reached


@pytest.fixture
def keys(window):
    found = subprocess.run(
        ["xdotool", "search", "--sync", "--onlyvisible", "--pid", str(window.process.pid)],
        env={**os.environ, "DISPLAY": window.screen.display},
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    ).stdout.split()
    subprocess.run(
        ["xdotool", "windowfocus", found[-1]],
        env={**os.environ, "DISPLAY": window.screen.display},
        check=True,
        timeout=20,
    )
    return Keys(window)


def names_of(reached):
    return [name for name, _ in reached]


def test_tab_reaches_all_of_the_main_window_in_reading_order(window, daemon, keys):
    add(daemon, "Work")
    window.find(starts="Work", role="list item")
    reached = names_of(keys.walk())
    row = next(name for name in reached if name.startswith("Work"))
    wanted = ["Add connection", "Search", "Menu", row]
    order = sorted(wanted, key=reached.index)
    assert order == ["Add connection", "Search", "Menu", row] or order[0] == row, reached


def test_tab_reaches_all_of_the_form_in_reading_order(window, daemon, keys):
    begin_form(window, "Work")
    window.find(name="Save")
    wanted = [
        "Connection type",
        "Name",
        "Username",
        "Personal access token",
        "Make a token at GitHub",
        "Forget the token at the end of the session",
        "Cancel",
        "Save",
    ]
    reached = names_of(keys.walk())
    start = reached.index("Connection type") if "Connection type" in reached else 0
    turned = reached[start:] + reached[:start]
    assert [name for name in turned if name in wanted][: len(wanted)] == wanted, reached


def test_a_connection_is_made_by_the_keyboard_alone(window, daemon, keys):
    window.find(name="No connections yet")
    keys.press("ctrl+n")
    window.find(name="Name", role="text")
    wait_until(lambda: keys.focused() == ("Name", "text"))
    keys.press(*"Work")
    wait_until(lambda: text_of(window.find(name="Name", role="text")) == "Work")
    keys.press("Return")
    window.find(name="Created connection “Work”")


def test_escape_answers_a_question_with_no(window, daemon, keys):
    add(daemon, "Work")
    window.open_row("Work")
    window.press("Remove")
    window.find(role="dialog")
    keys.press("Escape")
    window.wait_gone(role="dialog")
    assert daemon.call("connection.get", connection="Work")


PAGES = ("Rules", "Access log", "Allowed programs", "Sign-in apps", "Status", "Findings")


def nameless_controls(window):
    controls = [node for role in CONTROLS for node in window.all(role=role)]
    return [
        (node.get_role_name(), node.get_name())
        for node in controls
        if not node.get_name() or "Gtk" in node.get_name()
    ]


@pytest.mark.parametrize("page", PAGES)
def test_all_controls_of_a_page_have_a_name(window, page):
    window.find(name="No connections yet")
    open_page(window, page)
    window.find(name="Back", role="push button")
    assert nameless_controls(window) == []


def test_all_controls_of_the_form_and_of_the_details_have_a_name(window, daemon):
    add(daemon, "Work")
    begin_form(window, "Play", GITHUB_TOKEN)
    window.find(name="Save")
    assert nameless_controls(window) == []
    window.press("Cancel")
    window.wait_gone(name="Save")
    window.open_row("Work")
    window.find(name="Edit")
    assert nameless_controls(window) == []
