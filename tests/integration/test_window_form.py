# SPDX-License-Identifier: MIT
"""The form that makes a connection, driven over AT-SPI."""
import pytest
from support.keyring import wait_until
from support.sandbox import tokens
from support.window import Atspi, text_of
from support.window_steps import GITHUB_TOKEN, TOKEN_FIELD, add, begin_form

pytest_plugins = ("support.window_fixtures",)


def test_a_token_makes_a_connection_and_leaves_the_form(window, daemon):
    begin_form(window, "Work", GITHUB_TOKEN)
    window.press("Save")
    window.find(name="Created connection “Work”")
    row = window.find(starts="Work", role="list item").get_name()
    assert "valid" in row and "octo-dev" in row
    window.wait_gone(name="Save")
    window.press("Add connection")
    assert text_of(window.find(**TOKEN_FIELD)) == ""


def test_the_form_is_drawn_from_type_list(window, daemon):
    window.press("Add connection")
    for kind in daemon.call("type.list")["types"]:
        window.choose_type(kind["label"])
        wanted = {field["label"] for field in kind["fields"]}
        wait_until(lambda: wanted <= window.names("text"))


def test_another_type_keeps_the_name_and_forgets_the_token_of_the_first(window):
    begin_form(window, "Work", GITHUB_TOKEN)
    window.choose_type("GitLab")
    assert text_of(window.find(name="Name", role="text")) == "Work"
    assert text_of(window.find(**TOKEN_FIELD)) == ""


def test_a_token_is_bullets_to_every_reader(window):
    begin_form(window, "Work", GITHUB_TOKEN)
    field = window.find(**TOKEN_FIELD)
    text = field.get_text_iface()
    seen = [text.get_text(0, -1), text.get_text(0, len(GITHUB_TOKEN)), text_of(field)]
    assert seen[2] == "●" * len(GITHUB_TOKEN)
    assert not [one for one in seen + [window.texts()] if GITHUB_TOKEN[:8] in one]


def test_no_event_of_the_accessibility_bus_carries_the_token(window, screen):
    heard = []
    listener = Atspi.EventListener.new(lambda event: heard.append(str(event.any_data)))
    listener.register("object:text-changed")
    try:
        begin_form(window, "Work", GITHUB_TOKEN)
        wait_until(lambda: window.has() and [one for one in heard if "●" in one])
    finally:
        listener.deregister("object:text-changed")
    assert not [one for one in heard if GITHUB_TOKEN[:4] in one]


REFUSED = [
    ("taken", GITHUB_TOKEN, "Name", "taken"),
    ("", GITHUB_TOKEN, "Name", "name"),
    ("Work", tokens.first(tokens.GITHUB, "revoked"), "Personal access token", "token"),
    ("Work", "glpat-good0000000000000001", "Personal access token", "token"),
]


@pytest.mark.parametrize("name,token,field,word", REFUSED)
def test_a_refusal_stands_beside_its_field_and_what_was_typed_stays(
    window, daemon, name, token, field, word
):
    add(daemon, "taken")
    begin_form(window, name, token)
    window.press("Save")
    entry = window.find(name=field, role="text")
    refusal = window.find(role="alert", under=entry.get_parent())
    assert word in refusal.get_name().lower()
    assert text_of(window.find(name="Name", role="text")) == name
    assert len(text_of(window.find(**TOKEN_FIELD))) == len(token)


def test_a_required_user_name_is_asked_for(window):
    begin_form(window, "Work", kind="Bitbucket")
    window.write("API token", tokens.first(tokens.BITBUCKET, "good"))
    window.press("Save")
    entry = window.find(name="Username", role="text")
    window.find(role="alert", under=entry.get_parent())
    window.write("Username", "octo-dev")
    window.write("Email", "dev@example.org")
    window.press("Save")
    window.find(name="Created connection “Work”")


def test_an_end_that_is_no_date_is_refused_beside_its_field(window):
    begin_form(window, "Work", kind="Bitbucket")
    window.write("Username", "octo-dev")
    window.write("API token", tokens.first(tokens.BITBUCKET, "good"))
    window.write("Expires", "soon")
    window.press("Save")
    entry = window.find(name="Expires", role="text")
    window.find(role="alert", under=entry.get_parent())


def test_cancel_closes_the_form_and_focuses_the_list(window, daemon):
    add(daemon, "Work")
    begin_form(window, "Play")
    window.press("Cancel")
    window.wait_gone(name="Save")

    def focused():
        items = window.all(role="list item")
        return [one for one in items if one.get_state_set().contains(Atspi.StateType.FOCUSED)]

    wait_until(focused)


def test_a_new_toast_replaces_the_old(window):
    for name in ("One", "Two"):
        begin_form(window, name)
        window.press("Save")
        window.find(name=f"Created connection “{name}”")
    window.wait_gone(name="Created connection “One”", seconds=3)
