# SPDX-License-Identifier: MIT
"""Who uses which connection, in the window: the log, questions of consent, grants, the lock."""
import threading

import pytest
from support.keyring import wait_until
from support.window import press
from support.window_steps import add_good, open_page

pytest_plugins = ("support.window_fixtures",)


@pytest.fixture
def work(daemon, sandbox):
    return add_good(daemon, sandbox, "Work")


@pytest.fixture
def asking(daemon, sandbox):
    return add_good(daemon, sandbox, "Work", access="ask")


class Use:
    """A use of “Work” by a program, which may have to wait for an answer."""

    def __init__(self, daemon):
        self.done = None
        self.thread = threading.Thread(target=self._run, args=(daemon,), daemon=True)
        self.thread.start()

    def _run(self, daemon):
        self.done = daemon.cli("repos", "Work", "--limit", "1")

    def wait(self):
        self.thread.join(60)
        return self.done


def test_the_log_shows_a_use_live(window, daemon, work):
    window.find(starts="Work", role="list item")
    open_page(window, "Access log")
    Use(daemon).wait()
    row = window.find(starts="forgelink", role="list item").get_name()
    assert "Work" in row and "repositories" in row and "given" in row


def test_the_log_shows_what_was_before(window, daemon, work):
    Use(daemon).wait()
    window.find(starts="Work", role="list item")
    open_page(window, "Access log")
    window.find(starts="forgelink", role="list item")


def test_an_empty_log_says_so(window):
    window.find(name="No connections yet")
    open_page(window, "Access log")
    window.find(name="No entries")


def answer(window, decision):
    question = window.find(role="dialog")
    press(window.find(name=decision, role="push button", under=question))


def test_a_yes_to_the_question_lets_the_program_go_on(window, daemon, asking):
    window.find(starts="Work", role="list item")
    use = Use(daemon)
    answer(window, "Once")
    assert use.wait().returncode == 0
    assert daemon.call("access.grants")["grants"] == []


def test_a_no_to_the_question_is_a_no(window, daemon, asking):
    window.find(starts="Work", role="list item")
    use = Use(daemon)
    answer(window, "Deny")
    done = use.wait()
    assert done.returncode == 1 and "denied" in done.stderr


def test_a_question_from_before_the_window_is_asked_in_it(open_window, daemon, asking):
    use = Use(daemon)
    wait_until(lambda: daemon.call("access.questions")["questions"])
    answer(open_window(), "Once")
    assert use.wait().returncode == 0


def test_a_question_that_somebody_else_answers_goes(window, daemon, asking):
    window.find(starts="Work", role="list item")
    use = Use(daemon)
    window.find(role="dialog")
    daemon.cli("approve", check=0)
    window.wait_gone(role="dialog")
    assert use.wait().returncode == 0


def test_a_grant_is_listed_and_taken_back(window, daemon, asking):
    window.find(starts="Work", role="list item")
    use = Use(daemon)
    answer(window, "Always")
    assert use.wait().returncode == 0
    open_page(window, "Allowed programs")
    row = window.find(starts="forgelink", role="list item")
    assert "Work" in row.get_name() and "always" in row.get_name()
    press(row)
    answer(window, "Ask again")
    window.find(name="No program is allowed")
    assert daemon.call("access.grants")["grants"] == []


def test_the_tokens_are_locked_and_unlocked(window, daemon, work):
    window.find(starts="Work", role="list item")
    open_page(window, "Lock all tokens")
    window.find(starts="Forgelink is locked", role="alert")
    assert daemon.call("daemon.status")["locked"]
    window.press("Unlock", role="push button")
    window.wait_gone(starts="Forgelink is locked")
    assert not daemon.call("daemon.status")["locked"]


def test_what_a_lock_kept_from_being_listed_is_listed_after_it(window, daemon, work):
    daemon.call("daemon.lock")
    window.open_row("Work")
    window.press("Repositories")
    window.find(name="This could not be listed")
    daemon.call("daemon.unlock")
    window.find(starts="octo-dev", role="list item")


def test_a_lock_from_elsewhere_is_said(window, daemon):
    window.find(name="No connections yet")
    daemon.cli("lock", check=0)
    window.find(starts="Forgelink is locked", role="alert")
    daemon.cli("unlock", check=0)
    window.wait_gone(starts="Forgelink is locked")


def test_a_window_that_starts_while_it_is_locked_says_so(open_window, daemon):
    daemon.call("daemon.lock")
    open_window().find(starts="Forgelink is locked", role="alert")
