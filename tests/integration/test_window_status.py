# SPDX-License-Identifier: MIT
"""How things are, in the window: the status, and what `forgelink doctor` finds."""
import json
import os
import shutil

import pytest
from support.keyring import wait_until
from support.window import Window, press
from support.window_fixtures import PROGRAMS, close_all
from support.window_steps import add, open_page

pytest_plugins = ("support.window_fixtures",)


def test_the_status_says_how_the_daemon_is(window, daemon):
    window.find(name="No connections yet")
    open_page(window, "Status")
    status = daemon.call("daemon.status")
    assert status["version"] in window.find(starts="Version of the daemon").get_name()
    assert "no" in window.find(starts="Locked", role="list item").get_name()


def test_the_status_names_what_needs_somebody_and_opens_it(window, daemon):
    add(daemon, "Work")
    window.find(starts="Work", role="list item")
    open_page(window, "Status")
    press(window.find(starts="“Work” needs you", role="list item"))
    window.find(name="Edit", role="push button")


def test_the_status_follows_a_lock(window, daemon):
    window.find(name="No connections yet")
    open_page(window, "Status")
    window.find(starts="Locked, no", role="list item")
    daemon.call("daemon.lock")
    window.find(starts="Locked, yes", role="list item")


def test_the_findings_are_those_of_the_doctor(window, daemon):
    window.find(name="No connections yet")
    found = json.loads(daemon.cli("doctor", "--json").stdout)["findings"]
    wrong = [one for one in found if one["state"] == "bad" and one.get("mend")]
    assert wrong, found
    open_page(window, "Findings")
    for finding in wrong:
        row = window.find(starts=finding["sentence"], role="list item", seconds=30).get_name()
        assert finding["mend"] in row


def test_what_can_be_mended_is_mended_after_a_question(window, daemon):
    window.find(name="No connections yet")
    open_page(window, "Findings")
    window.press("Fix what can be fixed", seconds=30)
    question = window.find(role="dialog")
    press(window.find(name="Run", role="push button", under=question))
    git = ("config", "--global", "--get-regexp", "credential.*helper")
    wait_until(lambda: "forgelink" in daemon.git(*git, check=False).stdout, 60)


@pytest.fixture
def window_with_doctor(screen, daemon, folder):
    """A window with a `forgelink` beside it that prints that."""
    opened = []

    def open_it(output):
        programs = os.path.join(folder, "programs")
        os.makedirs(programs)
        shutil.copy(os.path.join(PROGRAMS, "forgelink-gtk"), programs)
        with open(os.path.join(programs, "forgelink"), "w") as out:
            out.write(f"#!/bin/sh\ncat <<'END'\n{output}\nEND\n")
        os.chmod(os.path.join(programs, "forgelink"), 0o755)
        opened.append(Window(screen, daemon.environment, programs))
        opened[0].find(name="No connections yet")
        open_page(opened[0], "Findings")
        return opened[0]

    yield open_it
    close_all(opened)


def test_without_a_finding_nothing_is_wrong(window_with_doctor):
    good = {"about": "git", "state": "good", "sentence": "git asks Forgelink."}
    window = window_with_doctor(json.dumps({"findings": [good]}))
    window.find(name="Nothing is wrong")
    assert not window.has(name="Fix what can be fixed")


def test_lines_to_add_by_hand_are_shown_below_the_finding(window_with_doctor):
    finding = {"about": "git", "state": "bad", "sentence": "git's file is read-only."}
    lines = ["[credential]", "\thelper = forgelink"]
    window = window_with_doctor(json.dumps({"findings": [{**finding, "by_hand": lines}]}))
    row = window.find(starts=finding["sentence"], role="list item")
    assert "by hand:\n[credential]\n    helper = forgelink" in row.get_name()
    press(row)
    window.find(name="Copied the lines")


@pytest.mark.parametrize("output", ["", "{", "[]", '{"findings": 7}'])
def test_a_doctor_without_a_report_is_said(window_with_doctor, output):
    window_with_doctor(output).find(starts="The command “forgelink doctor” gave no", role="alert")
