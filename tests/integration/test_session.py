# SPDX-License-Identifier: MIT
"""The session: units in a real systemd user manager, socket activation, watchdog, logout,
notices."""
import os
import shutil
import subprocess
import tempfile
import time

import pytest
from support.daemon import DEBUG, RELEASE, ROOT, Rpc
from support.keyring import wait_until
from support.login_session import LoginSession, possible
from support.sandbox import good, tokens

pytestmark = pytest.mark.skipif(
    not possible(), reason="a login session needs root, systemd and setpriv"
)
PASSWORD = "login-password"
# The release programs where they are built: what a user has.
BUILT = RELEASE if os.path.exists(RELEASE) else DEBUG


@pytest.fixture(scope="module")
def installed():
    """The programs and units, installed where an ordinary user can read them."""
    prefix = tempfile.mkdtemp(prefix="fl-prefix-", dir="/opt")
    os.chmod(prefix, 0o755)
    subprocess.run(
        ["cmake", "--install", os.path.dirname(BUILT), "--prefix", prefix],
        check=True,
        capture_output=True,
        cwd=ROOT,
    )
    yield prefix
    shutil.rmtree(prefix)


@pytest.fixture
def login(installed, sandbox):
    sessions = []

    def begin(settings="", keyring=True):
        session = LoginSession(os.path.join(installed, "bin"))
        if not sessions:
            session.clean_home()
            for folder in (".config/forgelink", ".config/systemd/user"):
                session.run("mkdir", "-p", os.path.join(session.home, folder), check=True)
            with open(os.path.join(session.home, ".config/forgelink/config.toml"), "w") as out:
                out.write(sandbox.settings + settings)
            for unit in os.listdir(os.path.join(installed, "lib/systemd/user")):
                shutil.copy(
                    os.path.join(installed, "lib/systemd/user", unit),
                    os.path.join(session.home, ".config/systemd/user"),
                )
        sessions.append(session)
        if keyring:
            session.unlock_keyring(PASSWORD)
        session.systemctl("daemon-reload")
        session.systemctl(
            "enable",
            "--now",
            "forgelink.socket",
            "forgelink-session.service",
            "forgelink-graphical.service",
            check=True,
        )
        return session

    yield begin
    for session in sessions:
        if session.manager.poll() is None:
            session.end()
    if sessions:
        sessions[-1].clean_home()


def add(session, name, token, *more, kind="github"):
    done = session.run(
        "forgelink", "add", name, "--type", kind, "--token-stdin", *more, stdin=token + "\n"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def state(session, name):
    import json

    return json.loads(session.run("forgelink", "show", name, "--json", check=True).stdout)[
        "connection"
    ]["token"]["state"]


def test_the_socket_starts_the_daemon_which_says_when_it_is_ready_and_restarts_after_a_crash(login):
    session = login()
    assert session.property("forgelink.service", "ActiveState") == "inactive"
    assert "by systemd's socket" in session.run("forgelink", "status", check=True).stdout
    assert session.property("forgelink.service", "ActiveState") == "active"
    assert session.property("forgelink.service", "WatchdogUSec") == "1min"
    pid = session.property("forgelink.service", "MainPID")
    for line, value in (("NoNewPrivs", "1"), ("Seccomp", "2")):
        assert f"{line}:\t{value}" in open(f"/proc/{pid}/status").read()
    os.kill(int(pid), 9)
    wait_until(lambda: session.property("forgelink.service", "MainPID") not in ("0", pid))
    assert session.run("forgelink", "status").returncode == 0
    begun = time.monotonic()
    session.systemctl("stop", "forgelink.service", check=True)
    assert (
        time.monotonic() - begun < 3
        and session.property("forgelink.service", "Result") == "success"
    )
    assert session.run("forgelink", "status").returncode == 0
    session.systemctl("reload", "forgelink.service", check=True)
    score = session.run(
        "systemd-analyze", "--user", "security", "forgelink.service", "--no-pager"
    ).stdout
    print(score.splitlines()[-1] if score else "")


def test_a_hung_daemon_is_ended_by_the_watchdog(login):
    session = login()
    session.run(
        "mkdir", "-p", os.path.join(session.home, ".config/systemd/user/forgelink.service.d")
    )
    with open(
        os.path.join(session.home, ".config/systemd/user/forgelink.service.d/quick.conf"), "w"
    ) as out:
        out.write("[Service]\nWatchdogSec=1s\n")
    session.systemctl("daemon-reload", check=True)
    session.run("forgelink", "status", check=True)
    pid = session.property("forgelink.service", "MainPID")
    time.sleep(2)
    assert session.property("forgelink.service", "MainPID") == pid
    os.kill(int(pid), 19)
    wait_until(lambda: session.property("forgelink.service", "MainPID") not in ("0", pid), 20)


def test_a_logout_takes_the_session_s_tokens_and_keeps_the_others(login, sandbox):
    session = login()
    add(session, "Keep", good(sandbox, "github")["token"])
    add(session, "Session", good(sandbox, "gitlab")["token"], "--session", kind="gitlab")
    session.systemctl("restart", "forgelink.service", check=True)
    assert state(session, "Session") == "valid"  # a restart of the daemon is no session end
    session.end()
    again = login()
    assert state(again, "Keep") == "valid" and state(again, "Session") == "missing"
    where = dict(zip(("protocol", "host"), sandbox.urls["gitlab"].split("://")))
    done = again.run(
        "git-credential-forgelink",
        "get",
        stdin="".join(f"{k}={v}\n" for k, v in where.items()) + "\n",
    )
    assert "forgelink edit" in done.stderr and done.stdout == ""
    add_again = again.run(
        "forgelink",
        "edit",
        "Session",
        "--token-stdin",
        stdin=good(sandbox, "gitlab")["token"] + "\n",
    )
    assert add_again.returncode == 0 and state(again, "Session") == "valid"


def test_a_pulled_plug_is_made_good_at_the_next_login(login, sandbox):
    session = login()
    add(session, "Keep", good(sandbox, "github")["token"])
    add(session, "Session", good(sandbox, "gitlab")["token"], "--session", kind="gitlab")
    session.end(kill=True)
    again = login()
    assert state(again, "Session") == "missing" and state(again, "Keep") == "valid"


def test_the_end_of_the_graphical_session_ends_its_tokens_while_the_user_stays(login, sandbox):
    session = login()
    # A desktop brings a unit that binds the target; graphical-session.target refuses to be started
    # by hand.
    with open(os.path.join(session.home, ".config/systemd/user/desktop.service"), "w") as out:
        out.write(
            "[Unit]\nBindsTo=graphical-session.target\nBefore=graphical-session.target\n"
            "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n"
        )
    session.systemctl("daemon-reload")
    session.systemctl("start", "desktop.service", check=True)
    assert session.property("forgelink-graphical.service", "ActiveState") == "active"
    add(session, "Session", good(sandbox, "gitlab")["token"], "--session", kind="gitlab")
    session.systemctl("stop", "graphical-session.target", check=True)
    wait_until(lambda: state(session, "Session") == "missing")


def test_an_idle_daemon_leaves_and_comes_back_unless_memory_alone_holds_a_token(login, sandbox):
    session = login('[daemon]\nidle_exit = "1s"\n')
    add(session, "Keep", good(sandbox, "github")["token"])
    wait_until(lambda: session.property("forgelink.service", "ActiveState") == "inactive", 15)
    assert state(session, "Keep") == "valid"
    # gnome-keyring has a session collection, so what ends with the session need not be in our
    # memory.
    add(session, "Session", good(sandbox, "gitlab")["token"], "--session", kind="gitlab")
    wait_until(lambda: session.property("forgelink.service", "ActiveState") == "inactive", 15)
    assert state(session, "Session") == "valid"


def test_notices_reach_a_real_notification_service_once(login, sandbox, folder):
    session = login()
    script = os.path.join(session.home, "notices.py")
    with open(script, "w") as out:
        out.write(
            """import sys, dbus, dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib
DBusGMainLoop(set_as_default=True)
bus = dbus.SessionBus()
name = dbus.service.BusName("org.freedesktop.Notifications", bus)
class Service(dbus.service.Object):
    @dbus.service.method("org.freedesktop.Notifications", in_signature="susssasa{sv}i",
    out_signature="u")
    def Notify(self, app, replaces, icon, summary, body, actions, hints, timeout):
        print(app, "|", summary, "|", body, flush=True)
        return 1
Service(bus, "/org/freedesktop/Notifications")
print("ready", flush=True)
GLib.MainLoop().run()
"""
        )
    service = subprocess.Popen(
        session.command("/usr/bin/python3", script),
        env=session.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert service.stdout.readline() == "ready\n"
        add(session, "Work & <b>Co</b>", tokens.first(tokens.GITHUB, "good"))
        said = service.stdout.readline()
        assert (
            said
            == "Forgelink | Created connection “Work & <b>Co</b>” | git can use it from now on.\n"
        )
        session.run(
            "forgelink",
            "call",
            "connection.add",
            '{"name":"Soon","type":"bitbucket","username":"octo-dev",'
            '"email":"dev@example.org","token":"%s","expires_at":"%s"}'
            % (
                good(sandbox, "bitbucket")["token"],
                time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3 * 86400)),
            ),
            check=True,
        )
        lines = {service.stdout.readline(), service.stdout.readline()}
        assert any("expires in 3 days" in line for line in lines), lines
        session.systemctl("restart", "forgelink.service")  # tells nothing twice
        session.run("forgelink", "purge", "--all", check=True)
        assert "Tokens taken away" in service.stdout.readline()
    finally:
        service.kill()
        service.wait()
        os.remove(script)


def test_settings_are_read_again_and_a_wrong_one_is_left_alone(login, sandbox):
    session = login()
    session.run("forgelink", "status", check=True)
    config = os.path.join(session.home, ".config/forgelink/config.toml")
    rpc = (
        Rpc(os.path.join(session.runtime, "forgelink/socket"))
        if os.getuid() == session.uid
        else None
    )
    for text, expected in (
        ('[session]\nretention = "session"\n', "end with the session"),
        ("[session]\nretention = 7\n", "end with the session"),
    ):
        with open(config, "w") as out:
            out.write(sandbox.settings + text)
        session.systemctl("reload", "forgelink.service", check=True)
        wait_until(lambda: expected in session.run("forgelink", "status").stdout)
    assert rpc is None
    # Another user's program, even root's, is told that it is not welcome.
    other = Rpc(os.path.join(session.runtime, "forgelink/socket"))
    assert "another user" in other.read()["error"]["message"]
    with pytest.raises(EOFError):
        other.read()
