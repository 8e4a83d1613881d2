# SPDX-License-Identifier: MIT
"""The window on a daemon of another version: it says so, and shows the connections."""
import os
import socket
import subprocess
import threading

from support.window_fixtures import PROGRAMS
from support.window_steps import add

pytest_plugins = ("support.window_fixtures",)


class OtherVersion:
    """Passes everything on, and says another version for the daemon's own."""

    def __init__(self, folder, daemon):
        place = os.path.join(folder, "between")
        os.makedirs(place, mode=0o700)
        self.path, self.daemon = os.path.join(place, "socket"), daemon
        own = f'"version":"{daemon.call("daemon.status")["version"]}"'
        self.own, self.other = own.encode(), b'"version":"9.9.9"'
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(self.path)
        os.chmod(self.path, 0o600)
        self.server.listen()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            there = socket.socket(socket.AF_UNIX)
            there.connect(self.daemon.socket)
            for source, sink in ((client, there), (there, client)):
                threading.Thread(target=self.copy, args=(source, sink), daemon=True).start()

    def copy(self, source, sink):
        with source.makefile("rb") as lines:
            for line in lines:
                sink.sendall(line.replace(self.own, self.other))
        sink.close()

    def close(self):
        # Closing alone does not end an accept() that another thread waits in.
        self.server.shutdown(socket.SHUT_RDWR)
        self.thread.join(timeout=10)
        self.server.close()


def test_a_daemon_of_another_version_is_said_and_connections_show(open_window, daemon, folder):
    add(daemon, "Work")
    between = OtherVersion(folder, daemon)
    try:
        window = open_window(FORGELINK_SOCKET=between.path)
        window.find(starts="Work", role="list item")
        window.find(starts="The daemon is version 9.9.9")
    finally:
        between.close()


def test_its_own_version_needs_no_display():
    program = os.path.join(PROGRAMS, "forgelink-gtk")
    without = {"PATH": os.environ["PATH"]}
    done = subprocess.run([program, "--version"], env=without, text=True, capture_output=True)
    assert done.returncode == 0 and done.stdout.startswith("forgelink-gtk "), done
