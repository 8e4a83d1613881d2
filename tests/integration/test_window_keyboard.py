# SPDX-License-Identifier: MIT
"""The window without a mouse: what Tab reaches, in which order, and that all of it has a name."""
import pytest
from support.hand import focus, xdotool
from support.keyring import wait_until
from support.window import Atspi, press, text_of
from support.window_steps import GITHUB_TOKEN, add, add_good, begin_form, open_page

pytest_plugins = ("support.window_fixtures",)

CONTROLS = (
    "push button",
    "toggle button",
    "radio button",
    "check box",
    "switch",
    "combo box",
    "text",
    "entry",
    "list item",
)
NAMED = (*CONTROLS, "list")  # a list has no focus of its own, and is read out all the same


class Keys:
    """A hand on the keyboard of the window's screen."""

    def __init__(self, window):
        self.window = window

    def press(self, *keys):
        xdotool(self.window.screen, "key", *keys)

    def focused(self):
        """Name and role of the control that has the focus; its window has the state too."""

        def is_it(node):
            states = node.get_state_set()
            return states.contains(Atspi.StateType.FOCUSED) and node.get_role_name() in CONTROLS

        found = self.window.first(that=is_it)
        return (found.get_name(), found.get_role_name()) if found else None

    def go_to(self, name):
        """Tab until that button has the focus."""
        for _ in range(40):
            self.press("Tab")
            if wait_until(lambda: self.focused() or "nothing") == (name, "push button"):
                return
        raise AssertionError(f"Tab does not reach {name}")

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
    window.root()
    focus(window)
    return Keys(window)


def in_order(reached, wanted):
    """Those of `reached` that are wanted, from the first wanted one on: Tab goes round."""
    names = [name for name, _ in reached]
    start = names.index(wanted[0]) if wanted[0] in names else 0
    return [name for name in names[start:] + names[:start] if name in wanted]


def test_tab_reaches_all_of_the_main_window_in_reading_order(window, daemon, keys):
    add(daemon, "Work")
    row = window.find(starts="Work", role="list item").get_name()
    wanted = ["Add connection", "Search", "Menu", row]
    assert in_order(keys.walk(), wanted) == wanted


def test_tab_reaches_all_of_the_form_in_reading_order(window, keys):
    begin_form(window, "Work")
    wanted = [
        "Connection type",
        "Name",
        "Username",
        "Sign in with GitHub",
        "Make a token at GitHub",
        "What the token must be allowed",
        "Forget the token at the end of the session",
        "Ask before a program gets the token",
        "Cancel",
        "Save",
    ]
    assert in_order(keys.walk(), wanted) == wanted


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


def test_a_button_that_goes_leaves_its_focus_in_the_panel(window, daemon, sandbox, keys):
    add_good(daemon, sandbox, "Work")
    window.open_row("Work")
    wait_until(lambda: keys.focused() == ("Edit", "push button"))
    keys.go_to("Forget the token")
    keys.press("Return")
    question = window.find(role="dialog")
    press(window.find(name="Forget", role="push button", under=question))
    window.wait_gone(name="Forget the token")
    focus(window)
    wait_until(lambda: keys.focused() == ("Edit", "push button"))


PAGES = ("Rules", "Access log", "Allowed programs", "Sign-in apps", "Status", "Findings")


def nameless_controls(window):
    named = [(node.get_role_name(), node.get_name()) for node in window.all()]
    return [(role, name) for role, name in named if role in NAMED and (not name or "Gtk" in name)]


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
