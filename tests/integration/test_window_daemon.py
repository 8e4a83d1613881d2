# SPDX-License-Identifier: MIT
"""The window without a daemon, with one that dies, and with other programs beside it."""
import signal
import subprocess
import threading
import time

import pytest
from support.fake_desktop import Desktop
from support.hand import focus, xdotool
from support.keyring import wait_until
from support.window import Window, text_of
from support.window_fixtures import PROGRAMS
from support.window_steps import GITHUB_TOKEN, TOKEN_FIELD, add, add_good, begin_form

pytest_plugins = ("support.window_fixtures",)


def test_without_a_daemon_the_window_says_so_and_starts_none(open_window, daemon):
    daemon.stop()
    window = open_window(FORGELINK_NO_AUTOSTART="1")
    assert "not running" in window.find(starts="Forgelink’s daemon").get_name()
    assert not window.has(name="Start the daemon")
    daemon.start()
    window.find(name="No connections yet", seconds=5)


def test_a_restarted_daemon_is_found_again(open_window, daemon):
    window = open_window(FORGELINK_NO_AUTOSTART="1")
    window.find(name="No connections yet")
    daemon.restart()
    add(daemon, "Work")
    window.find(starts="Work", role="list item", seconds=5)


def test_a_daemon_killed_in_a_save_leaves_what_was_typed(open_window, daemon, sandbox):
    window = open_window(FORGELINK_NO_AUTOSTART="1")
    sandbox.fault("github", "delay", seconds=8, times=99)
    begin_form(window, "Work", GITHUB_TOKEN)
    window.press("Save")
    window.find(starts="Asking GitHub")
    daemon.stop(signal.SIGKILL)
    window.find(starts="The daemon stopped", role="alert")
    daemon.start()
    assert text_of(window.find(name="Name", role="text")) == "Work"
    assert len(text_of(window.find(**TOKEN_FIELD))) == len(GITHUB_TOKEN)
    sandbox.clear()
    wait_until(lambda: not window.has(starts="Forgelink’s daemon"), 5)
    window.press("Save")
    window.find(name="Created connection “Work”")


@pytest.fixture
def late_forge(sandbox):
    """GitHub answers after 30 s. No test waits for that."""
    sandbox.fault("github", "delay", seconds=30, times=99)
    yield
    sandbox.clear()


@pytest.fixture
def save_that_waits(window, late_forge):
    begin_form(window, "Work", GITHUB_TOKEN)
    window.press("Save")
    window.find(name="Asking GitHub about the token…")
    return window


def test_a_save_that_waits_leaves_the_window_alive(save_that_waits, daemon):
    window = save_that_waits
    add(daemon, "Other")
    window.find(starts="Other", role="list item", seconds=5)
    window.press("Search")
    window.write("Search connections", "no such thing", role="entry")
    window.find(name="Nothing found", seconds=5)
    window.find(name="Asking GitHub about the token…")


def test_a_save_that_waits_can_be_cancelled(save_that_waits):
    window = save_that_waits
    window.press("Cancel")
    window.wait_gone(name="Save", seconds=5)
    window.press("Add connection")
    window.find(name="Save")
    assert not window.has(name="Asking GitHub about the token…")


def test_a_window_whose_save_waits_closes_at_once(save_that_waits):
    window = save_that_waits
    focus(window)
    xdotool(window.screen, "key", "ctrl+q")
    wait_until(lambda: window.process.poll() is not None, 5)
    assert window.process.returncode == 0


@pytest.fixture
def row_of_late_forge(window, daemon, sandbox, late_forge):
    """The window with a connection open whose forge is late from now on."""
    sandbox.clear()
    add_good(daemon, sandbox, "Work")
    sandbox.fault("github", "delay", seconds=30, times=99)
    window.open_row("Work")
    return window


def test_a_verification_that_waits_leaves_the_window_alive(row_of_late_forge):
    window = row_of_late_forge
    window.press("Verify")
    window.find(name="Asking GitHub about the token…")
    window.press("Edit")
    window.find(name="Save", seconds=5)


def test_a_list_that_waits_says_so_and_can_be_left(row_of_late_forge):
    window = row_of_late_forge
    window.press("Repositories")
    window.find(name="Waiting for the answer…")
    window.press("Back")
    window.find(name="Add connection", seconds=5)


def test_what_was_cancelled_and_made_all_the_same_is_removed(window, daemon, sandbox):
    sandbox.fault("github", "delay", seconds=2, times=1)
    rpc = daemon.rpc()
    rpc.call("event.subscribe")
    begin_form(window, "Work", GITHUB_TOKEN)
    window.press("Save")
    window.find(name="Asking GitHub about the token…")
    window.press("Cancel")
    window.wait_gone(name="Save")
    assert rpc.wait_event("connection.removed")["connection"]["name"] == "Work"
    assert daemon.call("connection.list")["total"] == 0


def test_another_program_opens_a_connection(window, daemon):
    one = add(daemon, "Work")
    window.find(starts="Work", role="list item")
    words = [
        "gdbus",
        "call",
        "--session",
        "--dest",
        "org.forgelink.Forgelink",
        "--object-path",
        "/org/forgelink/Forgelink",
        "--method",
        "org.freedesktop.Application.ActivateAction",
        "open-connection",
        f"[<'{one['id']}'>]",
        "{}",
    ]
    subprocess.run(words, env=daemon.environment, check=True, timeout=20, capture_output=True)
    window.find(name="Edit", role="push button")


def test_a_click_on_the_notice_opens_the_connection(window, daemon, bus):
    window.find(name="No connections yet")
    desktop = Desktop(bus.environment["DBUS_SESSION_BUS_ADDRESS"])
    try:
        add(daemon, "Work")
        notice = desktop.next_notice()
        assert notice["summary"] == "Created connection “Work”"
        assert notice["actions"] == ["default", "Open"]
        desktop.press(notice["id"], "default")
        window.find(name="Edit", role="push button")
    finally:
        desktop.close()


def test_the_window_speaks_german(open_window):
    window = open_window(LANGUAGE="de")
    window.press("Verbindung hinzufügen")
    window.find(name="Speichern")


def test_two_windows_are_one(window, screen, daemon):
    window.root()
    second = Window(screen, daemon.environment, PROGRAMS)
    ended = threading.Event()

    def wait():
        second.process.wait(timeout=20)
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    wait_until(ended.is_set, 20)
    assert second.process.returncode == 0
    time.sleep(0.1)
    assert window.process.poll() is None
