# SPDX-License-Identifier: MIT
"""Everything that `connection.add` refuses, in the window: beside its field, with nothing lost of
what was typed."""
import pytest
from support.keyring import wait_until
from support.sandbox import tokens
from support.window import press, text_of
from support.window_steps import (
    GITHUB_TOKEN,
    TOKEN_FIELD,
    add_good,
    begin_form,
    refusal_at,
    wait_row,
)

pytest_plugins = ("support.window_fixtures",)

GITLAB_TOKEN = tokens.first(tokens.GITLAB, "good")
BITBUCKET_TOKEN = tokens.first(tokens.BITBUCKET, "good")

# The type, what is filled in, and the field beside which the refusal stands.
BESIDE = {
    "too long a name": ("GitHub", {"Name": "x" * 101}, "Name"),
    "no server": ("GitLab self-managed", {"Personal access token": GITLAB_TOKEN}, "Server"),
    "no address": (
        "GitLab self-managed",
        {"Server": "not an address", "Personal access token": GITLAB_TOKEN},
        "Server",
    ),
    "plain http": (
        "GitLab self-managed",
        {"Server": "http://git.example.org", "Personal access token": GITLAB_TOKEN},
        "Server",
    ),
    "a strange organization": (
        "Azure DevOps",
        {"Organization": "no/such", "Personal access token": "A" * 76 + "AZDOgood"},
        "Organization",
    ),
    "a token with a blank": (
        "GitHub",
        {"Personal access token": "ghp_with a blank in it"},
        "Personal access token",
    ),
    "a token of another": (
        "Bitbucket",
        {
            "Username": "octo-dev",
            "Email": "dev@example.org",
            "API token": tokens.first(tokens.BITBUCKET, "second"),
        },
        "API token",
    ),
    "no user name": ("Bitbucket", {"API token": BITBUCKET_TOKEN}, "Username"),
}


def fill(window, kind, texts):
    begin_form(window, texts.get("Name", "Work"), kind=kind)
    for field, text in texts.items():
        window.write(field, text)


def assert_nothing_lost(window, texts):
    for field, text in texts.items():
        shown = text_of(window.find(name=field, role="text"))
        assert shown == text or shown == "●" * len(text), field


@pytest.mark.parametrize("case", BESIDE)
def test_a_refusal_stands_beside_its_field(window, case):
    kind, texts, field = BESIDE[case]
    fill(window, kind, texts)
    window.press("Save")
    assert refusal_at(window, field)
    assert_nothing_lost(window, texts)


def test_the_page_that_helps_stands_beside_the_field(window):
    fill(window, "GitHub", {"Personal access token": tokens.first(tokens.GITHUB, "revoked")})
    window.press("Save")
    beside = window.find(**TOKEN_FIELD).get_parent()
    refusal_at(window, "Personal access token")
    press(window.find(name="Open the page that helps", role="push button", under=beside))
    wait_until(window.opened)


FAULTS = {
    "unreachable": {"kind": "reset"},
    "rate limited": {
        "kind": "status",
        "status": 429,
        "body": "{}",
        "headers": {"Retry-After": "60"},
    },
    "an error": {"kind": "status", "status": 500, "body": "{}"},
}


@pytest.mark.parametrize("case", FAULTS)
def test_what_is_about_no_field_is_said_at_the_top(window, daemon, sandbox, case):
    fault = dict(FAULTS[case])
    sandbox.fault("github", fault.pop("kind"), times=99, **fault)
    texts = {"Name": "Work", "Personal access token": GITHUB_TOKEN}
    fill(window, "GitHub", texts)
    window.press("Save")
    window.find(role="alert", that=lambda node: node.get_name(), seconds=30)
    assert_nothing_lost(window, texts)
    assert daemon.call("connection.list")["total"] == 0


def test_another_account_is_asked_about(window, daemon, sandbox):
    add_good(daemon, sandbox, "Work")
    window.open_row("Work")
    window.press("Edit")
    window.write(**TOKEN_FIELD, text=tokens.first(tokens.GITHUB, "second"))
    window.press("Save")
    question = window.find(role="dialog")
    press(window.find(name="Use this account", role="push button", under=question))
    wait_row(window, "Work", "mona")


def test_another_account_that_is_not_wanted_changes_nothing(window, daemon, sandbox):
    add_good(daemon, sandbox, "Work")
    window.open_row("Work")
    window.press("Edit")
    token = tokens.first(tokens.GITHUB, "second")
    window.write(**TOKEN_FIELD, text=token)
    window.press("Save")
    question = window.find(role="dialog")
    press(window.find(name="Cancel", role="push button", under=question))
    window.wait_gone(role="dialog")
    assert_nothing_lost(window, {"Personal access token": token})
    account = daemon.call("connection.get", connection="Work")["connection"]["account"]
    assert account["login"] == "octo-dev"
