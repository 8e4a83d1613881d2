# SPDX-License-Identifier: MIT
"""One connection in the window: what is known about it, and what can be done with it."""
import pytest
from support.keyring import wait_until
from support.window import press, text_of
from support.window_steps import GITHUB_TOKEN, TOKEN_FIELD, add, add_good

pytest_plugins = ("support.window_fixtures",)


def test_an_opened_row_shows_what_can_be_done(window, daemon):
    add(daemon, "Work")
    window.open_row("Work")
    for name in ("Edit", "Verify", "Remove", "Repositories"):
        window.find(name=name, role="push button")


def test_a_connection_is_renamed(window, daemon):
    add(daemon, "Work")
    window.open_row("Work")
    window.press("Edit")
    window.write("Name", "Play")
    window.press("Save")
    window.find(starts="Play", role="list item")
    assert daemon.call("connection.get", connection="Play")["connection"]["name"] == "Play"


def test_a_connection_is_configured_again(window, daemon):
    add(daemon, "Work")
    window.open_row("Work")
    window.press("Edit")
    window.write(**TOKEN_FIELD, text=GITHUB_TOKEN)
    window.press("Save")
    wait_until(lambda: [row for row in window.rows() if "valid" in row])


def test_verify_says_what_the_forge_says(window, daemon, sandbox):
    add_good(daemon, sandbox, "Work")
    sandbox.token_state("github", "good", "refused")
    window.open_row("Work")
    window.press("Verify")
    wait_until(lambda: [row for row in window.rows() if "rejected" in row])


@pytest.fixture
def forgotten(window, daemon, sandbox):
    """The details of “Work”, whose token has been forgotten by the button there."""
    add_good(daemon, sandbox, "Work")
    window.open_row("Work")
    window.press("Forget the token")
    question = window.find(role="dialog")
    press(window.find(name="Forget", role="push button", under=question))
    window.find(name="Forgot the token of “Work”")
    return window


def test_a_token_is_forgotten(forgotten, daemon):
    token = daemon.call("connection.get", connection="Work")["connection"]["token"]
    assert token["state"] == "missing"


def test_a_connection_without_a_token_says_what_to_do(forgotten):
    forgotten.find(starts="Git gets no token from this connection. Choose Edit")


def test_a_panel_that_opens_takes_the_toast_away(forgotten):
    forgotten.press("Edit")
    forgotten.wait_gone(name="Forgot the token of “Work”", seconds=3)


def test_removing_asks_first(window, daemon):
    add(daemon, "Work")
    window.open_row("Work")
    window.press("Remove")
    window.press("Cancel", role="push button")
    window.wait_gone(role="dialog")
    assert daemon.call("connection.get", connection="Work")
    window.press("Remove")
    question = window.find(role="dialog")
    press(window.find(name="Remove", role="push button", under=question))
    window.find(name="No connections yet")


def test_what_is_edited_here_and_removed_elsewhere_keeps_what_was_typed(window, daemon):
    one = add(daemon, "Work")
    window.open_row("Work")
    window.press("Edit")
    window.write("Username", "typed")
    daemon.call("connection.remove", connection=one["id"])
    window.find(starts="“Work” was removed", role="alert")
    assert text_of(window.find(name="Username", role="text")) == "typed"


def test_repositories_and_commits_show_authors_as_the_daemon_says(window, daemon, sandbox):
    add_good(daemon, sandbox, "Work")
    first = daemon.call("repository.list", connection="Work", limit=1)["repositories"][0]
    commits = daemon.call("commit.list", connection="Work", repository=first["path"], limit=1)
    window.open_row("Work")
    window.press("Repositories")
    press(window.find(starts=first["path"], role="list item"))
    row = window.find(starts=commits["commits"][0]["title"], role="list item").get_name()
    assert commits["commits"][0]["author_display"] in row
