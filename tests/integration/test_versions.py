# SPDX-License-Identifier: MIT
"""A program and a daemon of different versions: said once, and they work where the protocol
allows."""
import json
import os
import socket
import subprocess
import threading

import pytest
from support.daemon import DEBUG
from support.sandbox import good

CONNECTIONS = {"connections": [], "total": 0, "next_cursor": None}


class OtherDaemon:
    """A daemon of that version that knows two methods."""

    known = {}

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
                known = {
                    "daemon.status": {"version": self.version},
                    "connection.list": CONNECTIONS,
                    **self.known,
                }
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


# --- git's helper: it lives for one question, so the daemon remembers


def ask_as(daemon, sandbox, version):
    host = sandbox.urls["github"].split("://")[1]
    return daemon.call("credential.get", protocol="http", host=host, client_version=version)


def test_a_helper_of_another_version_is_told_once_and_gets_the_token(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    first = ask_as(daemon, sandbox, "0.0.9")
    assert own_version() in first["notice"] and "0.0.9" in first["notice"]
    assert first["password"] and "restart" in first["notice"]
    assert "notice" not in ask_as(daemon, sandbox, "0.0.9")
    assert "notice" in ask_as(daemon, sandbox, "0.0.8")


def test_nonsense_for_a_version_is_no_version(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    for version in ("", "x" * 33, "1.0 2", "\u001b[31m", own_version()):
        assert "notice" not in ask_as(daemon, sandbox, version)


def test_the_helper_of_the_same_version_says_nothing(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    host = sandbox.urls["github"].split("://")[1]
    done = daemon.helper("get", f"protocol=http\nhost={host}\n\n")
    assert b"password=" in done.stdout and done.stderr == b""


class OtherGitDaemon(OtherDaemon):
    """Answers git's helper, with a sentence about versions."""

    known = {
        "credential.get": {
            "username": "u",
            "password": "p",
            "notice": "the daemon is \x1b[31m9.9.9",
        }
    }


def test_the_helper_says_the_notice_on_stderr_and_cleans_it(folder):
    place = os.path.join(folder, "forgelink", "socket")
    OtherGitDaemon(place, "9.9.9")
    done = subprocess.run(
        [os.path.join(DEBUG, "git-credential-forgelink"), "get"],
        env={**os.environ, "FORGELINK_SOCKET": place},
        input="protocol=https\nhost=git.example\n\n",
        text=True,
        capture_output=True,
        timeout=20,
    )
    assert done.stdout == "username=u\npassword=p\n"
    assert "the daemon is" in done.stderr and "\x1b" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_daemon_that_knows_no_versions_is_asked_all_the_same(folder):
    """It ignores what it does not know, so git gets its token."""
    place = os.path.join(folder, "forgelink", "socket")
    daemon = OtherGitDaemon(place, "0.0.1")
    daemon.known = {"credential.get": {"username": "u", "password": "p"}}
    done = subprocess.run(
        [os.path.join(DEBUG, "git-credential-forgelink"), "get"],
        env={**os.environ, "FORGELINK_SOCKET": place},
        input="protocol=https\nhost=git.example\n\n",
        text=True,
        capture_output=True,
        timeout=20,
    )
    assert done.stdout == "username=u\npassword=p\n" and done.stderr == ""


@pytest.mark.parametrize("program", ["forgelink", "forgelinkd", "git-credential-forgelink"])
def test_every_program_says_its_version(program):
    words = [os.path.join(DEBUG, program), "--version"]
    done = subprocess.run(words, text=True, timeout=20, capture_output=True)
    assert (done.returncode, done.stdout) == (0, f"{program} {own_version()}\n")
