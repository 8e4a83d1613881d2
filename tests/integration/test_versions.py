# SPDX-License-Identifier: MIT
"""A program and a daemon of different versions: said once, and they work where the protocol
allows."""
import json
import os
import socket
import subprocess
import threading

from support.daemon import DEBUG

CONNECTIONS = {"connections": [], "total": 0, "next_cursor": None}


class OtherDaemon:
    """A daemon of that version that knows two methods."""

    def __init__(self, path, version):
        os.makedirs(os.path.dirname(path), mode=0o700)
        self.version, self.server = version, socket.socket(socket.AF_UNIX)
        self.server.bind(path)
        os.chmod(path, 0o600)
        self.server.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            for line in client.makefile():
                asked = json.loads(line)
                known = {"daemon.status": {"version": self.version}, "connection.list": CONNECTIONS}
                reply = {"jsonrpc": "2.0", "id": asked["id"]}
                if asked["method"] in known:
                    reply["result"] = known[asked["method"]]
                else:
                    reply["error"] = {"code": -32601, "message": "Method not found."}
                client.sendall(json.dumps(reply).encode() + b"\n")


def run(folder, *words):
    environment = {**os.environ, "FORGELINK_SOCKET": os.path.join(folder, "forgelink", "socket")}
    return subprocess.run(
        [os.path.join(DEBUG, "forgelink"), *words],
        env=environment,
        text=True,
        capture_output=True,
        timeout=20,
    )


def own_version():
    return subprocess.run(
        [os.path.join(DEBUG, "forgelink"), "--version"], text=True, timeout=20, capture_output=True
    ).stdout.split()[-1]


def test_another_version_is_said_once_and_the_list_still_comes(folder):
    OtherDaemon(os.path.join(folder, "forgelink", "socket"), "9.9.9")
    done = run(folder, "list", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["total"] == 0
    assert done.stderr.count("9.9.9") == 1 and own_version() in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_same_version_is_not_worth_a_word(folder):
    OtherDaemon(os.path.join(folder, "forgelink", "socket"), own_version())
    assert run(folder, "list", "--json").stderr == ""
