# SPDX-License-Identifier: MIT
"""What `add` and others ask on a terminal: an answer that cannot be is refused at once, and asked
for again; a secret is never shown."""
import termios

import pytest
from support.sandbox import good
from support.terminal import Terminal

TOKEN = "Token (it is not shown; empty to add it later): "


def test_a_name_that_is_taken_is_refused_before_anything_else_is_asked(daemon):
    daemon.call("connection.add", name="Work", type="github")
    person = Terminal(daemon, "add", "wORK", "--type", "github")
    person.wait("There is already a connection “Work”.")
    assert "Username" not in person.seen
    person.answer("Name: ", "Second")
    person.answer("Username (may be empty): ", "octo-dev")
    person.answer(TOKEN, "")
    assert person.end()[0] == 0
    made = daemon.call("connection.get", connection="Second")["connection"]
    assert made["username"] == "octo-dev"


@pytest.mark.parametrize("name", ["x" * 101, " "])
def test_a_name_that_cannot_be_is_asked_for_again(daemon, name):
    person = Terminal(daemon, "add", "--type", "github")
    person.answer("Name: ", name)
    person.answer("Name: ", "Work")
    person.answer("Username (may be empty): ", "")
    person.answer(TOKEN, "")
    assert person.end()[0] == 0
    assert daemon.call("connection.list")["total"] == 1


def test_a_user_name_that_cannot_be_is_asked_for_again(daemon):
    person = Terminal(daemon, "add", "Work", "--type", "bitbucket")
    person.answer("Username: ", "a:b")
    person.answer("Username: ", "octo-dev")
    person.answer("(may be empty): ", "")
    person.answer(TOKEN, "")
    assert person.end()[0] == 0
    made = daemon.call("connection.get", connection="Work")["connection"]
    assert made["username"] == "octo-dev"


def test_a_server_that_cannot_be_is_asked_for_again_and_no_page_of_it_is_shown(daemon, sandbox):
    server = good(sandbox, "azure-devops-server")["server_url"]
    person = Terminal(daemon, "add", "Work", "--type", "azure-devops-server")
    person.answer(": ", "x")
    person.wait("forgelink: ")
    assert "x/_usersSettings" not in person.everything
    person.answer(": ", server)
    person.answer("(may be empty): ", "")
    person.answer(TOKEN, "")
    assert person.end()[0] == 0
    assert daemon.call("connection.get", connection="Work")["connection"]["server_url"] == server


def test_an_option_that_cannot_be_is_asked_for_before_the_token(daemon):
    person = Terminal(daemon, "add", "Work", "--type", "bitbucket", "--username", "a:b")
    person.answer("(may be empty): ", "")
    person.answer("Username: ", "octo-dev")
    person.answer(TOKEN, "")
    assert person.end()[0] == 0


def test_what_no_answer_mends_ends_the_run_before_the_token_is_asked_for(daemon, sandbox):
    server = good(sandbox, "bitbucket-data-center")["server_url"]
    fields = ("--server", server, "--username", "octo-dev")
    person = Terminal(
        daemon, "add", "Work", "--type", "bitbucket-data-center", "--sign-in", *fields
    )
    status, said = person.end()
    assert status == 1 and "Token" not in said


def echoes(person):
    return bool(termios.tcgetattr(person.master)[3] & termios.ECHO)


@pytest.mark.parametrize(
    "words, question",
    [
        (("add", "New", "--type", "github", "--username", "o", "--token-stdin"), "Token"),
        (("edit", "Work", "--token-stdin"), "Token"),
        (
            ("oauth-app", "set", "gitlab", "--client-id", "abc", "--secret-stdin"),
            "Client secret",
        ),
    ],
    ids=["add", "edit", "oauth-app"],
)
def test_a_secret_from_standard_input_is_not_shown_on_a_terminal(daemon, sandbox, words, question):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    secret = good(sandbox, "github")["token"]
    person = Terminal(daemon, *words)
    person.wait(question + " (it is not shown): ")
    assert not echoes(person)
    person.answer(question + " (it is not shown): ", secret)
    status, said = person.end()
    assert status == 0 and secret not in said + person.everything


def test_an_app_s_id_and_secret_are_asked_for(daemon):
    person = Terminal(daemon, "oauth-app", "set", "gitlab")
    person.answer("Client id: ", "abc")
    person.answer("Client secret (it is not shown; empty if the app has none): ", "sesame")
    status, said = person.end()
    assert status == 0 and "sesame" not in said + person.everything
    app = next(one for one in daemon.call("oauth_app.list")["apps"] if one["type"] == "gitlab")
    assert app["client_id"] == "abc" and app["has_secret"] is True


def test_an_app_may_have_no_secret(daemon):
    person = Terminal(daemon, "oauth-app", "set", "gitlab")
    person.answer("Client id: ", "abc")
    person.answer("Client secret (it is not shown; empty if the app has none): ", "")
    assert person.end()[0] == 0
    app = next(one for one in daemon.call("oauth_app.list")["apps"] if one["type"] == "gitlab")
    assert app["has_secret"] is False
