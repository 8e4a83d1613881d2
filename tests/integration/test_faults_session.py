# SPDX-License-Identifier: MIT
"""The end of a login session as logind tells it: faults F1. A stand-in for logind on a system bus
of its own."""
import os
import sqlite3
import subprocess

import pytest
from support.daemon import Daemon
from support.keyring import wait_until
from support.sandbox import ROOT, good

LOGIND = """
import os, sys, dbus, dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib
DBusGMainLoop(set_as_default=True)
bus = dbus.SystemBus()
MANAGER, SESSION = "org.freedesktop.login1.Manager", "org.freedesktop.login1.Session"
sessions = {}


class Session(dbus.service.Object):
    def __init__(self, id, kind, state):
        super().__init__(bus, "/org/freedesktop/login1/session/_3" + id)
        self.id, self.kind, self.state = id, kind, state

    @dbus.service.method("org.freedesktop.DBus.Properties", in_signature="s", out_signature="a{sv}")
    def GetAll(self, interface):
        user = dbus.Struct((dbus.UInt32(os.getuid()), dbus.ObjectPath("/u")), signature="uo")
        return {"Id": self.id, "Class": self.kind, "State": self.state,
                "Leader": dbus.UInt32(1), "User": user}

    @dbus.service.signal("org.freedesktop.DBus.Properties", signature="sa{sv}as")
    def PropertiesChanged(self, interface, changed, invalidated):
        pass


class Manager(dbus.service.Object):
    @dbus.service.method(MANAGER, out_signature="a(susso)")
    def ListSessions(self):
        uid = dbus.UInt32(os.getuid())
        return dbus.Array([(id, uid, "me", "", dbus.ObjectPath(one._object_path))
                           for id, one in sessions.items()], signature="(susso)")

    @dbus.service.signal(MANAGER, signature="so")
    def SessionNew(self, id, path):
        pass

    @dbus.service.signal(MANAGER, signature="so")
    def SessionRemoved(self, id, path):
        pass


def command(channel, condition):
    words = sys.stdin.readline().split()
    if not words:
        os._exit(0)
    if words[0] == "new":
        sessions[words[1]] = Session(*words[1:])
        manager.SessionNew(words[1], sessions[words[1]]._object_path)
    if words[0] == "state":
        sessions[words[1]].state = words[2]
        sessions[words[1]].PropertiesChanged(SESSION, {"State": words[2]}, [])
    if words[0] == "removed":
        path = sessions[words[1]]._object_path
        sessions.pop(words[1]).remove_from_connection()
        manager.SessionRemoved(words[1], path)
    print("done", flush=True)
    return True


for words in sys.argv[1:]:
    one = Session(*words.split(":"))
    sessions[one.id] = one
manager = Manager(bus, "/org/freedesktop/login1")
name = dbus.service.BusName("org.freedesktop.login1", bus)
print("ready", flush=True)
GLib.io_add_watch(0, GLib.IO_IN, command)
GLib.MainLoop().run()
"""


class Logind:
    """A system bus with a logind on it; sessions as "id:class:state"."""

    def __init__(self, folder):
        self.folder, self.socket = folder, os.path.join(folder, "system-bus")
        self.environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=" + self.socket}
        self.bus = self.logind = None
        self.config = os.path.join(folder, "system.conf")
        with open(self.config, "w") as out:
            out.write(
                f"<busconfig><type>session</type><listen>unix:path={self.socket}</listen>"
                '<policy context="default"><allow send_destination="*" eavesdrop="true"/>'
                '<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>'
            )

    def start(self, *sessions):
        if os.path.exists(self.socket):
            os.remove(self.socket)
        self.bus = subprocess.Popen(
            ["dbus-daemon", "--nofork", "--config-file=" + self.config],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(lambda: os.path.exists(self.socket))
        self.logind = subprocess.Popen(
            ["/usr/bin/python3", "-c", LOGIND, *sessions],
            text=True,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self.logind.stdout.readline() == "ready\n"

    def tell(self, *words):
        self.logind.stdin.write(" ".join(words) + "\n")
        self.logind.stdin.flush()
        assert self.logind.stdout.readline() == "done\n"

    def stop(self):
        for process in (self.logind, self.bus):
            if process:
                process.kill()
                process.wait()


@pytest.fixture
def logind(folder):
    stand_in = Logind(folder)
    yield stand_in
    stand_in.stop()


@pytest.fixture
def daemon(logind, bus, sandbox):
    """A daemon with a session's token, once logind was started by the test."""
    made = []

    def make():
        one = Daemon(
            {
                **bus.environment,
                "DBUS_SYSTEM_BUS_ADDRESS": logind.environment["DBUS_SYSTEM_BUS_ADDRESS"],
            },
            sandbox.settings,
        )
        made.append(one)
        one.wait_store()
        one.call("connection.add", name="Session", retention="session", **good(sandbox, "github"))
        return one

    yield make
    for one in made:
        one.stop()


def state(daemon):
    return daemon.call("connection.get", connection="Session")["connection"]["token"]["state"]


def seen(daemon, ids):
    """The daemon has seen these sessions: what it keeps of them says so."""

    def there():
        with sqlite3.connect(f"file:{daemon.data}/connections.db?mode=ro", uri=True) as database:
            row = database.execute(
                "SELECT value FROM metadata WHERE key = 'login_sessions'"
            ).fetchone()
        database.close()
        return row == (ids,)

    wait_until(there)


def test_fault_f1_a_closing_session_counts_as_ended(logind, daemon):
    logind.start("1:user:active")
    one = daemon()
    seen(one, "1")
    logind.tell("state", "1", "closing")
    wait_until(lambda: state(one) == "missing")


def test_the_end_of_the_last_session_is_noticed(logind, daemon):
    logind.start("1:user:active", "2:user:online")
    one = daemon()
    seen(one, "1 2")
    logind.tell("removed", "1")
    seen(one, "2")
    assert state(one) == "valid"
    logind.tell("removed", "2")
    wait_until(lambda: state(one) == "missing")


@pytest.mark.parametrize("kind", ["manager", "manager-early", "background", "greeter"])
def test_fault_f1_what_holds_no_person_does_not_keep_the_session(logind, daemon, kind):
    logind.start("1:user:active", f"2:{kind}:active")
    one = daemon()
    seen(one, "1")
    logind.tell("removed", "1")
    wait_until(lambda: state(one) == "missing")


def test_fault_f1_an_end_while_the_daemon_was_away_is_noticed_under_lingering(logind, daemon):
    logind.start("1:user:active")
    one = daemon()
    seen(one, "1")
    one.stop()
    logind.tell("new", "5", "user", "active")
    logind.tell("removed", "1")
    one.start()
    wait_until(lambda: state(one) == "missing")


def test_fault_f1_an_end_while_the_bus_was_away_is_noticed(logind, daemon):
    logind.start("1:user:active")
    one = daemon()
    seen(one, "1")
    logind.stop()
    logind.start("7:user:active")
    wait_until(lambda: state(one) == "missing", 20)


def test_a_bus_that_comes_back_with_the_same_session_ends_nothing(logind, daemon):
    logind.start("1:user:active")
    one = daemon()
    seen(one, "1")
    logind.stop()
    logind.start("1:user:active", "2:user:active")
    seen(one, "1 2")
    assert state(one) == "valid"


def test_fault_f7_systemd_takes_every_key_of_the_units():
    done = subprocess.run(
        ["/usr/bin/python3", os.path.join(ROOT, "tests", "structure", "units.py"), ROOT],
        capture_output=True,
        text=True,
        timeout=60,
    )
    if done.returncode == 77:
        pytest.skip(done.stdout.strip())
    assert done.returncode == 0, done.stdout + done.stderr
