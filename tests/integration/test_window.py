# SPDX-License-Identifier: MIT
"""The window, driven over AT-SPI as a screen reader would, against the real daemon and the
sandbox."""
import signal
import subprocess
import threading
import time

import pytest
from support.browse import browse, redirect_of
from support.daemon import RELEASE
from support.keyring import wait_until
from support.sandbox import good, tokens
from support.window import Atspi, Screen, Window, press, text_of

GITHUB_TOKEN = tokens.first(tokens.GITHUB, "good")
TOKEN_FIELD = {"name": "Personal access token", "role": "text"}


@pytest.fixture(scope="module")
def screen():
    made = Screen()
    yield made
    made.close()


@pytest.fixture
def open_window(screen, daemon):
    opened = []

    def open_it(**extra):
        opened.append(Window(screen, daemon.environment, RELEASE, extra=extra))
        return opened[-1]

    yield open_it
    for one in opened:
        one.close()
        assert "CRITICAL" not in one.log() and "Sanitizer" not in one.log(), one.log()


@pytest.fixture
def window(open_window):
    return open_window()


def add(daemon, name, kind="github", **more):
    return daemon.call("connection.add", name=name, type=kind, **more)["connection"]


def add_good(daemon, sandbox, name, kind="github"):
    params = good(sandbox, kind)
    return add(daemon, name, params.pop("type"), **params)


def begin_form(window, name, token="", kind="GitHub"):
    window.press("Add connection")
    window.choose_type(kind)
    window.write("Name", name)
    if token:
        window.write(**TOKEN_FIELD, text=token)


# --- the list


def test_without_a_connection_the_window_teaches_the_first_step(window):
    window.find(name="No connections yet")
    window.press("Make the first connection")
    window.find(name="Name", role="text")


def test_each_connection_is_a_row_that_says_the_state_of_its_token(window, daemon):
    add(daemon, "Work")
    row = window.find(starts="Work", role="list item").get_name()
    assert "GitHub" in row and "missing" in row


def test_the_list_follows_other_clients(window, daemon):
    one = add(daemon, "Work")
    window.find(starts="Work", role="list item")
    daemon.call("connection.update", connection=one["id"], name="Play")
    window.find(starts="Play", role="list item")
    daemon.call("connection.remove", connection=one["id"])
    window.find(name="No connections yet")


def test_the_list_is_sorted_by_name_without_regard_to_case(window, daemon):
    for name in ("beta", "Alpha", "gamma", "Beta 2"):
        add(daemon, name)
    window.find(starts="gamma", role="list item")
    assert [row.split(",")[0] for row in window.rows()] == ["Alpha", "beta", "Beta 2", "gamma"]


def test_the_search_shows_what_fits(window, daemon):
    for name in ("Work", "Play"):
        add(daemon, name)
    window.find(starts="Work", role="list item")
    window.press("Search")
    window.write("Search connections", "pLa", role="entry")
    window.wait_gone(starts="Work", role="list item")
    window.find(starts="Play", role="list item")


# --- adding


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


# --- one connection


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


# --- signing in


@pytest.fixture
def app(daemon, sandbox):
    words = ("oauth-app", "set", "github", "--client-id", tokens.OAUTH_CLIENT_ID, "--secret-stdin")
    daemon.cli(*words, stdin=tokens.OAUTH_CLIENT_SECRET + "\n", check=0)
    sandbox.set(
        "github", expiring=False, signs_in="octo-dev", granted=None, interval=1, lifetime=28800
    )


def begin_sign_in(window, name):
    begin_form(window, name)
    window.press("Sign in with GitHub")
    window.press("Save")
    window.find(name="Use a device code")


def address_in(window):
    return window.find(starts="http", role="label").get_name()


def test_the_browser_comes_back_and_the_connection_is_there(window, app):
    begin_sign_in(window, "Work")
    address = address_in(window)
    assert wait_until(window.opened) == [address]
    browse(redirect_of({"authorize_url": address}))
    window.find(name="Created connection “Work”")
    assert "signed in" in window.find(starts="Work", role="list item").get_name()


def test_the_address_can_be_pasted(window, app):
    begin_sign_in(window, "Work")
    target = redirect_of({"authorize_url": address_in(window)})
    window.press("Paste the address")
    window.write("Address that the browser ended at", target)
    window.press("Finish")
    window.find(name="Created connection “Work”")


def test_a_device_code_can_be_used(window, app, sandbox):
    begin_sign_in(window, "Work")
    window.press("Use a device code")
    window.find(name="The address as a QR code")
    sandbox.device("granted")
    window.find(name="Created connection “Work”", seconds=20)


def test_a_denied_sign_in_says_so_in_the_form(window, app):
    begin_sign_in(window, "Work")
    browse(redirect_of({"authorize_url": address_in(window)}, decision="no"))
    window.find(name="Save")
    assert text_of(window.find(name="Name", role="text")) == "Work"
    assert window.find(role="alert").get_name()


def test_a_cancelled_sign_in_goes_back_to_the_form(window, app, daemon):
    begin_sign_in(window, "Work")
    window.press("Cancel")
    assert text_of(window.find(name="Name", role="text")) == "Work"
    assert daemon.call("connection.list")["total"] == 0


def test_a_missing_app_is_told_in_the_form(window):
    begin_form(window, "Work")
    window.press("Sign in with GitHub")
    window.press("Save")
    assert "app" in window.find(role="alert").get_name().lower()


# --- the daemon


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


# --- other programs


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


NOTICES = """
import sys, dbus, dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib
DBusGMainLoop(set_as_default=True)
name = dbus.service.BusName("org.freedesktop.Notifications", dbus.SessionBus())
class Service(dbus.service.Object):
    @dbus.service.method("org.freedesktop.Notifications", in_signature="susssasa{sv}i",
                         out_signature="u")
    def Notify(self, app, replaces, icon, summary, body, actions, hints, timeout):
        print(summary, "|", ",".join(actions), flush=True)
        GLib.timeout_add(200, self.click)
        return 7
    def click(self):
        self.ActionInvoked(7, "default")
        return False
    @dbus.service.signal("org.freedesktop.Notifications", signature="us")
    def ActionInvoked(self, number, action):
        pass
Service(dbus.SessionBus(), "/org/freedesktop/Notifications")
print("ready", flush=True)
GLib.MainLoop().run()
"""


def test_a_click_on_the_notice_opens_the_connection(window, daemon):
    window.find(name="No connections yet")
    words = ["/usr/bin/python3", "-c", NOTICES]
    service = subprocess.Popen(words, env=daemon.environment, stdout=subprocess.PIPE, text=True)
    try:
        assert service.stdout.readline() == "ready\n"
        add(daemon, "Work")
        assert service.stdout.readline() == "Created connection “Work” | default,Open\n"
        window.find(name="Edit", role="push button")
    finally:
        service.kill()
        service.wait()


def test_the_window_speaks_german(open_window):
    window = open_window(LANGUAGE="de")
    window.press("Verbindung hinzufügen")
    window.find(name="Speichern")


def test_everything_that_can_be_pressed_has_a_name(window, daemon):
    add(daemon, "Work")
    window.open_row("Work")
    window.find(name="Edit")
    nameless = [
        node
        for role in ("push button", "text", "radio button", "combo box", "list")
        for node in window.all(role=role)
        if not node.get_name() or "Gtk" in node.get_name()
    ]
    inner = ("push button",)  # The title bar's own buttons are GTK's.
    assert not [one for one in nameless if one.get_role_name() not in inner], nameless


def test_first_rows_of_many_are_there_soon(open_window, daemon):
    rpc = daemon.rpc()
    for number in range(100):
        rpc.call("connection.add", name=f"Work {number:03}", type="github")
    window = open_window()
    window.find(starts="Work 000", role="list item", seconds=5)


def test_memory_stays_small(window, daemon):
    add(daemon, "Work")
    window.find(starts="Work", role="list item")
    with open(f"/proc/{window.process.pid}/smaps_rollup") as text:
        lines = dict(line.split(":") for line in text.read().splitlines()[1:] if ":" in line)
    assert int(lines["Anonymous"].split()[0]) < 120_000


def test_two_windows_are_one(window, screen, daemon):
    window.root()
    second = Window(screen, daemon.environment, RELEASE)
    ended = threading.Event()

    def wait():
        second.process.wait(timeout=20)
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    wait_until(ended.is_set, 20)
    assert second.process.returncode == 0
    time.sleep(0.1)
    assert window.process.poll() is None
