# SPDX-License-Identifier: MIT
"""A desktop's services on a test's bus: logind with one session, a server of notices, and the
portal that opens pages. Run as a program by `Desktop`."""
import json
import os
import queue
import subprocess
import sys
import threading

LOGIN, SESSION = "org.freedesktop.login1", "/org/freedesktop/login1/session/_31"
NOTICES = "org.freedesktop.Notifications"
PORTAL = "org.freedesktop.portal"


class Desktop:
    """`address`: the bus on which both are offered."""

    def __init__(self, address):
        self.process = subprocess.Popen(
            ["/usr/bin/python3", os.path.abspath(__file__), address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        assert self._line() == "ready\n"

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put("")

    def _line(self, seconds=20):
        try:
            line = self.lines.get(timeout=seconds)
        except queue.Empty:
            raise AssertionError(f"the desktop was told nothing in {seconds} s") from None
        assert line, "the desktop has ended"
        return line

    def tell(self, **what):
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()

    def screen(self, member):
        self.tell(screen=member)

    def press(self, notice, action):
        self.tell(notice=notice, action=action)

    def next_notice(self):
        return json.loads(self._line())

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.process.stdout.close()


def serve(address):
    import dbus
    import dbus.mainloop.glib
    import dbus.service
    from gi.repository import GLib

    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.bus.BusConnection(address)
    loop = GLib.MainLoop()

    class Manager(dbus.service.Object):
        @dbus.service.method(LOGIN + ".Manager", out_signature="a(susso)")
        def ListSessions(self):
            return [
                ("1", dbus.UInt32(os.getuid()), "me", "seat0", dbus.ObjectPath(SESSION)),
                (
                    "2",
                    dbus.UInt32(os.getuid() + 1),
                    "other",
                    "seat0",
                    dbus.ObjectPath(SESSION + "0"),
                ),
            ]

    class Session(dbus.service.Object):
        @dbus.service.signal(LOGIN + ".Session")
        def Lock(self):
            pass

        @dbus.service.signal(LOGIN + ".Session")
        def Unlock(self):
            pass

    class Notices(dbus.service.Object):
        last = 0

        @dbus.service.method(NOTICES, in_signature="susssasa{sv}i", out_signature="u")
        def Notify(self, name, replaces, icon, summary, body, actions, hints, timeout):
            self.last += 1
            print(
                json.dumps(
                    {
                        "id": self.last,
                        "summary": str(summary),
                        "body": str(body),
                        "actions": [str(one) for one in actions],
                    }
                ),
                flush=True,
            )
            return dbus.UInt32(self.last)

        @dbus.service.method(NOTICES, in_signature="u")
        def CloseNotification(self, notice):
            print(json.dumps({"closed": int(notice)}), flush=True)

        @dbus.service.signal(NOTICES, signature="us")
        def ActionInvoked(self, notice, action):
            pass

    class Portal(dbus.service.Object):
        @dbus.service.method(PORTAL + ".OpenURI", in_signature="ssa{sv}", out_signature="o")
        def OpenURI(self, parent, uri, options):
            print(json.dumps({"opened": str(uri)}), flush=True)
            return dbus.ObjectPath("/org/freedesktop/portal/desktop/request/1")

    names = [dbus.service.BusName(name, bus) for name in (LOGIN, NOTICES, PORTAL + ".Desktop")]
    portal = Portal(bus, "/org/freedesktop/portal/desktop")
    manager, session, other = (
        Manager(bus, "/org/freedesktop/login1"),
        Session(bus, SESSION),
        Session(bus, SESSION + "0"),
    )
    notices = Notices(bus, "/org/freedesktop/Notifications")

    def command(source, _):
        line = source.readline()
        if not line:
            loop.quit()
            return False
        asked = json.loads(line)
        if "screen" in asked:
            getattr(other if asked.get("other") else session, asked["screen"])()
        else:
            notices.ActionInvoked(dbus.UInt32(asked["notice"]), asked["action"])
        return True

    GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, command)
    print("ready", flush=True)
    loop.run()
    del names, manager, portal


if __name__ == "__main__":
    serve(sys.argv[1])
