# SPDX-License-Identifier: MIT
"""The window's pages of rules and of sign-in apps."""
import pytest
from support.hand import focus
from support.keyring import wait_until
from support.sandbox import tokens
from support.window import Atspi, press, text_of
from support.window_steps import add, open_page, refusal_at

pytest_plugins = ("support.window_fixtures",)

SECRET = "window-secret-0001"


@pytest.fixture
def url(daemon):
    """An address that “Work” serves."""
    kinds = {kind["id"]: kind for kind in daemon.call("type.list")["types"]}
    return kinds["github"]["git_hosts"][0] + "/octo-org"


@pytest.fixture
def rules(window, daemon):
    add(daemon, "Work")
    window.find(starts="Work", role="list item")
    open_page(window, "Rules")
    window.find(name="No rules")
    return window


def write_rule(window, connection, url):
    window.press("Add a rule")
    window.write("Connection", connection)
    window.write("Address", url)
    window.press("Add", role="push button")


def test_a_rule_is_added_and_its_form_is_empty_again(rules, daemon, url):
    write_rule(rules, "Work", url)
    assert "Work" in rules.find(starts=url, role="list item").get_name()
    made = daemon.call("rule.list")["rules"]
    assert [(rule["name"], rule["url"]) for rule in made] == [("Work", url)]
    wait_until(lambda: text_of(rules.find(name="Address", role="text")) == "")


def test_a_rule_is_removed_after_a_question(rules, daemon, url):
    daemon.call("rule.add", connection="Work", url=url)
    press(rules.find(starts=url, role="list item"))
    question = rules.find(role="dialog")
    press(rules.find(name="Remove", role="push button", under=question))
    rules.find(name="No rules")
    assert daemon.call("rule.list")["rules"] == []


def test_the_rules_follow_other_clients(rules, daemon, url):
    made = daemon.call("rule.add", connection="Work", url=url)["rule"]
    rules.find(starts=url, role="list item")
    daemon.call("rule.remove", rule=made["id"])
    rules.find(name="No rules")


REFUSED_RULES = [
    ("Nobody", "https://example.org/x", "Connection"),
    ("Work", "https://example.org/x", "Address"),
    ("Work", "not an address", "Address"),
]


@pytest.mark.parametrize("connection,url,field", REFUSED_RULES)
def test_a_refused_rule_says_so_beside_its_field(rules, connection, url, field):
    write_rule(rules, connection, url)
    assert refusal_at(rules, field)
    assert text_of(rules.find(name="Connection", role="text")) == connection
    assert text_of(rules.find(name="Address", role="text")) == url


def write_app(window, kind, client):
    window.press("Add an app")
    window.choose_type(kind)
    write_client(window, client)


def write_client(window, client):
    window.write("Client ID", client)
    window.write("Client secret", SECRET)
    window.press("Add", role="push button")


def test_an_app_is_set_and_its_secret_is_never_readable(window, daemon):
    window.find(name="No connections yet")
    open_page(window, "Sign-in apps")
    write_app(window, "GitHub", tokens.OAUTH_CLIENT_ID)
    row = window.find(starts="GitHub", role="list item").get_name()
    assert tokens.OAUTH_CLIENT_ID in row and "with secret" in row
    assert SECRET not in window.texts()
    apps = daemon.call("oauth_app.list")["apps"]
    assert [(app["type"], app["has_secret"], app["from"]) for app in apps] == [
        ("github", True, "stored")
    ]
    wait_until(lambda: text_of(window.find(name="Client secret", role="text")) == "")


def test_a_secret_that_is_being_typed_is_bullets_to_every_reader(window):
    window.find(name="No connections yet")
    open_page(window, "Sign-in apps")
    window.press("Add an app")
    window.write("Client secret", SECRET)
    assert text_of(window.find(name="Client secret", role="text")) == "●" * len(SECRET)
    assert SECRET not in window.texts()


def test_an_app_is_removed_after_a_question(window, daemon, app):
    window.find(name="No connections yet")
    open_page(window, "Sign-in apps")
    press(window.find(starts="GitHub", role="list item"))
    question = window.find(role="dialog")
    press(window.find(name="Remove", role="push button", under=question))
    window.find(name="No apps")
    assert daemon.call("oauth_app.list")["apps"] == []


def test_a_refused_app_says_so_beside_its_field(window):
    window.find(name="No connections yet")
    open_page(window, "Sign-in apps")
    window.press("Add an app")
    window.write("Server", "not an address")
    write_client(window, "client")
    assert refusal_at(window, "Server")
    assert text_of(window.find(name="Client ID", role="text")) == "client"


def test_a_required_field_that_is_empty_is_asked_for(window):
    window.find(name="No connections yet")
    open_page(window, "Sign-in apps")
    window.press("Add an app")
    window.press("Add", role="push button")
    assert refusal_at(window, "Client ID") == "Fill this in."


def test_a_page_that_turns_out_empty_keeps_the_focus(window):
    window.find(name="No connections yet")
    focus(window)
    open_page(window, "Sign-in apps")
    window.find(name="No apps")

    def focused():
        states = window.find(name="Add an app", role="push button").get_state_set()
        return states.contains(Atspi.StateType.FOCUSED)

    wait_until(focused)
