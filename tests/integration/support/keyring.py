# SPDX-License-Identifier: MIT
"""A session bus of its own with a real gnome-keyring on it, for one person in one folder."""
import os
import signal
import subprocess
import time

PASSWORD = "keyring-password"


class PrivateBus:
    def __init__(self, folder, keyring=True):
        self.folder = folder
        self.environment = {
            "HOME": folder,
            "XDG_RUNTIME_DIR": os.path.join(folder, "run"),
            "XDG_DATA_HOME": os.path.join(folder, "data"),
            "XDG_CONFIG_HOME": os.path.join(folder, "config"),
            "XDG_STATE_HOME": os.path.join(folder, "state"),
            "XDG_CACHE_HOME": os.path.join(folder, "cache"),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
        }
        for name in (
            "XDG_RUNTIME_DIR",
            "XDG_DATA_HOME",
            "XDG_CONFIG_HOME",
            "XDG_STATE_HOME",
            "XDG_CACHE_HOME",
        ):
            os.makedirs(self.environment[name], mode=0o700, exist_ok=True)
        self.socket = os.path.join(self.environment["XDG_RUNTIME_DIR"], "bus")
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=" + self.socket
        self.config = os.path.join(folder, "bus.conf")
        # Without service files: nothing is started by the bus behind a test's back.
        with open(self.config, "w") as out:
            out.write(
                f"<busconfig><type>session</type><listen>unix:path={self.socket}</listen><policy"
                ' context="default"><allow send_destination="*" eavesdrop="true"/><allow'
                ' eavesdrop="true"/><allow own="*"/></policy></busconfig>'
            )
        self.bus = self.keyring = None
        self.start_bus()
        if keyring:
            self.start_keyring()

    def start_bus(self):
        self.bus = subprocess.Popen(
            ["dbus-daemon", "--nofork", "--config-file=" + self.config],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(lambda: os.path.exists(self.socket))

    def start_keyring(self, unlock=True):
        words = ["gnome-keyring-daemon", "--foreground", "--components=secrets"] + (
            ["--unlock"] if unlock else []
        )
        self.keyring = subprocess.Popen(
            words,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if unlock:
            self.keyring.stdin.write(PASSWORD.encode())
        self.keyring.stdin.close()
        wait_until(self.has_keyring)

    def has_keyring(self):
        return b"true" in self.busctl(
            "call",
            "org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            "org.freedesktop.DBus",
            "NameHasOwner",
            "s",
            "org.freedesktop.secrets",
        )

    def busctl(self, *words):
        return subprocess.run(
            ["busctl", "--user", "--timeout=3", *words], env=self.environment, capture_output=True
        ).stdout

    def lock(self):
        self.busctl(
            "call",
            "org.freedesktop.secrets",
            "/org/freedesktop/secrets",
            "org.freedesktop.Secret.Service",
            "Lock",
            "ao",
            "1",
            "/org/freedesktop/secrets/collection/login",
        )

    def unlock(self):
        """As a person would at the prompt: gnome-keyring's own interface for it takes the
        password."""
        import dbus

        connection = dbus.bus.BusConnection(self.environment["DBUS_SESSION_BUS_ADDRESS"])
        service = connection.get_object("org.freedesktop.secrets", "/org/freedesktop/secrets")
        _, session = service.OpenSession(
            "plain", "", dbus_interface="org.freedesktop.Secret.Service"
        )
        secret = dbus.Struct(
            (session, dbus.ByteArray(b""), dbus.ByteArray(PASSWORD.encode()), "text/plain"),
            signature="oayays",
        )
        service.UnlockWithMasterPassword(
            "/org/freedesktop/secrets/collection/login",
            secret,
            dbus_interface="org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface",
        )
        connection.close()

    def stop_keyring(self, how=signal.SIGKILL):
        self.keyring.send_signal(how)
        self.keyring.wait(timeout=10)
        self.keyring = None

    def items(self):
        """What secret-tool lists of ours, as text."""
        done = subprocess.run(
            ["secret-tool", "search", "--all", "xdg:schema", "org.forgelink.Token"],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=20,
        )
        return done.stdout + done.stderr

    def count(self):
        return self.items().count("attribute.item = ")

    def close(self):
        for process in (self.keyring, self.bus):
            if process and process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
                process.wait(timeout=10)


def wait_until(what, seconds=10, every=0.05):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        got = what()
        if got:
            return got
        time.sleep(every)
    raise AssertionError("waited in vain")
