# SPDX-License-Identifier: MIT
"""The window without a daemon, with one that dies, and with other programs beside it."""
import signal
import subprocess
import threading
import time

from support.fake_desktop import Desktop
from support.keyring import wait_until
from support.window import Window, text_of
from support.window_fixtures import PROGRAMS
from support.window_steps import GITHUB_TOKEN, TOKEN_FIELD, add, begin_form

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


def test_a_late_forge_leaves_the_window_alive(window, daemon, sandbox):
    sandbox.fault("github", "delay", seconds=8, times=99)
    begin_form(window, "Work", GITHUB_TOKEN)
    window.press("Save")
    window.find(starts="Asking GitHub")
    add(daemon, "Other")
    window.find(starts="Other", role="list item", seconds=5)
    window.press("Cancel")
    window.wait_gone(name="Save")


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
