# SPDX-License-Identifier: MIT
"""Lent sockets: some connections, for a time, to a container or over a relay, and nothing else."""
import json
import os
import shutil
import socket
import stat
import subprocess
import threading
import time

import pytest
from support.daemon import ROOT, Rpc, RpcError
from support.keyring import wait_until
from support.sandbox import good


@pytest.fixture
def both(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    daemon.call("connection.add", name="Private", **good(sandbox, "gitlab"))
    return daemon


def lend(daemon, *names, **more):
    return daemon.call("lend.start", connections=list(names), **more)["lend"]


def address(sandbox, kind, **more):
    protocol, host = sandbox.urls[kind].split("://")
    return {"protocol": protocol, "host": host, **more}


class Relay:
    """What `ssh -R` is: a socket elsewhere whose every connection goes to ours."""

    def __init__(self, path, to):
        self.path, self.to = path, to
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(path)
        self.server.listen(16)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            behind = socket.socket(socket.AF_UNIX)
            try:
                behind.connect(self.to)
            except OSError:
                client.close()
                continue
            for one, other in ((client, behind), (behind, client)):
                threading.Thread(target=self.pump, args=(one, other), daemon=True).start()

    @staticmethod
    def pump(one, other):
        try:
            while piece := one.recv(1 << 16):
                other.sendall(piece)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.server.close()


def test_a_lent_socket_gives_git_the_credential_of_what_is_lent(both, sandbox):
    lent = lend(both, "Work")
    assert stat.S_IMODE(os.stat(lent["socket"]).st_mode) == 0o600 and lent["read_only"] is False
    rpc = Rpc(lent["socket"])
    assert (
        rpc.call("credential.get", **address(sandbox, "github"))["password"]
        == good(sandbox, "github")["token"]
    )
    assert rpc.call("credential.get", **address(sandbox, "gitlab")) == {}
    rpc.close()
    assert both.call("access.list", limit=1)["entries"][0]["action"] == "lend"


def test_lists_and_status_know_what_is_lent_and_no_more(both):
    rpc = Rpc(lend(both, "Work")["socket"])
    assert rpc.call("repository.list", connection="Work")["repositories"]
    assert rpc.call("commit.list", connection="Work", repository="octo-dev/hello")["commits"]
    assert rpc.call("daemon.status")["connections"] == 1
    for name in (
        "Private",
        "Nowhere",
        both.call("connection.get", connection="Private")["connection"]["id"],
    ):
        with pytest.raises(RpcError) as refused:
            rpc.call("repository.list", connection=name)
        assert refused.value.kind == "not_found" and "connection" not in refused.value.data
    rpc.close()


@pytest.mark.parametrize(
    "method",
    [
        "connection.list",
        "connection.get",
        "connection.add",
        "connection.remove",
        "credential.store",
        "credential.erase",
        "event.subscribe",
        "access.list",
        "front.open",
        "forge.request",
        "lend.start",
        "token.purge",
        "daemon.lock",
        "daemon.unlock",
        "sign_in.start",
        "type.list",
    ],
)
def test_everything_else_is_no_method_there(both, method):
    rpc = Rpc(lend(both, "Work")["socket"])
    with pytest.raises(RpcError) as refused:
        rpc.call(method, connection="Work")
    assert refused.value.code == -32601
    rpc.close()


def test_stored_credentials_do_not_exist_there(both):
    both.call(
        "credential.store", protocol="https", host="other.example", username="u", password="p"
    )
    assert both.call("credential.get", protocol="https", host="other.example")["password"] == "p"
    rpc = Rpc(lend(both, "Work")["socket"])
    assert rpc.call("credential.get", protocol="https", host="other.example") == {}
    rpc.close()


def test_read_only_gives_git_no_token_and_says_why(both, sandbox):
    rpc = Rpc(lend(both, "Work", read_only=True)["socket"])
    answer = rpc.call("credential.get", **address(sandbox, "github"))
    assert "password" not in answer and "push" in answer["message"]
    assert rpc.call("repository.list", connection="Work")["repositories"]
    rpc.close()


def test_it_ends_by_itself(both):
    lent = lend(both, "Work", **{"for": "1s"})
    rpc = Rpc(lent["socket"])
    wait_until(lambda: not os.path.exists(lent["socket"]))
    assert both.call("lend.list")["lends"] == []
    with pytest.raises((EOFError, RpcError, OSError)):
        time.sleep(0.7)
        rpc.call("daemon.status")
        rpc.call("daemon.status")


def test_it_is_ended_by_hand_and_told(both):
    rpc = both.rpc()
    rpc.call("event.subscribe", kinds=["lend.started", "lend.ended"])
    lent = lend(both, "Work")
    assert rpc.wait_event("lend.started")["detail"]["socket"] == lent["socket"]
    both.call("lend.end", lend=lent["id"])
    assert rpc.wait_event("lend.ended")["detail"]["id"] == lent["id"]
    rpc.close()
    assert not os.path.exists(lent["socket"])
    with pytest.raises(RpcError) as refused:
        both.call("lend.end", lend=lent["id"])
    assert refused.value.kind == "not_found"


def test_it_ends_with_its_connection_and_with_the_daemon(both):
    first, second = lend(both, "Private"), lend(both, "Work")
    both.call("connection.remove", connection="Private")
    assert [one["id"] for one in both.call("lend.list")["lends"]] == [second["id"]]
    assert not os.path.exists(first["socket"])
    both.stop()
    assert not os.path.exists(second["socket"])


def test_a_locked_daemon_lends_nothing(both, sandbox):
    rpc = Rpc(lend(both, "Work")["socket"])
    both.call("daemon.lock")
    answer = rpc.call("credential.get", **address(sandbox, "github"))
    assert "password" not in answer and answer["quit"] is True
    assert rpc.call("daemon.status")["locked"] is True
    rpc.close()


@pytest.mark.parametrize(
    "params, field",
    [
        ({"connections": []}, "connections"),
        ({"connections": ["Nowhere"]}, "connections"),
        ({"for": "soon"}, "for"),
        ({"for": "0s"}, "for"),
        ({"for": "400d"}, "for"),
        ({"socket": "relative"}, "socket"),
    ],
)
def test_what_cannot_be_lent_is_said(both, params, field):
    with pytest.raises(RpcError) as refused:
        both.call("lend.start", **{"connections": ["Work"], **params})
    assert refused.value.data["field"] == field


def test_a_path_where_something_is_is_refused(both, folder):
    there = os.path.join(folder, "there")
    open(there, "w").write("precious")
    for path in (there, os.path.join(folder, "dangling")):
        if not os.path.exists(path):
            os.symlink("/nowhere/at/all", path)
        with pytest.raises(RpcError) as refused:
            both.call("lend.start", connections=["Work"], socket=path)
        assert refused.value.data["field"] == "socket"
    assert open(there).read() == "precious"


def test_more_than_anybody_needs_is_too_busy(both):
    kinds = []
    for _ in range(40):
        try:
            lend(both, "Work")
        except RpcError as refused:
            kinds.append(refused.kind)
    assert kinds and set(kinds) == {"too_busy"}


def test_a_connection_that_asks_is_asked_for_when_it_is_lent(both, sandbox):
    both.call("connection.update", connection="Work", access="ask")
    lending = subprocess.Popen(
        [os.path.join(both.bin, "forgelink"), "lend", "Work"],
        env=both.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert "forgelink approve" in lending.stderr.readline()
    both.cli("approve", check=0)
    path = lending.communicate(timeout=30)[0].split()[1]
    rpc = Rpc(path)
    assert "password" in rpc.call("credential.get", **address(sandbox, "github"))
    rpc.close()


# --- recipes of docs/lending.md


def test_the_commands_lend_show_and_end(both, folder):
    path = os.path.join(folder, "lent")
    identity, shown = both.cli(
        "lend", "Work", "--for", "2h", "--socket", path, check=0
    ).stdout.split()
    assert shown == path and os.path.exists(path)
    assert (
        identity in both.cli("lends", check=0).stdout
        and "Work" in both.cli("lends", check=0).stdout
    )
    both.cli("unlend", identity, check=0)
    assert not os.path.exists(path)
    assert both.cli("unlend", identity).returncode == 1


def clone_elsewhere(daemon, sandbox, folder, path):
    home = os.path.join(folder, "elsewhere")
    os.makedirs(home)
    environment = {
        "HOME": home,
        "PATH": daemon.environment["PATH"],
        "FORGELINK_SOCKET": path,
        "FORGELINK_NO_AUTOSTART": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "LANG": "C.UTF-8",
    }
    words = [
        "git",
        "-c",
        "credential.helper=forgelink",
        "clone",
        "-q",
        sandbox.urls["github"] + "/octo-dev/hello.git",
        os.path.join(home, "clone"),
    ]
    return subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60)


def test_git_on_the_other_side_of_a_relay_clones_and_is_silent(both, sandbox, folder):
    relay = Relay(os.path.join(folder, "remote.sock"), lend(both, "Work")["socket"])
    done = clone_elsewhere(both, sandbox, folder, relay.path)
    relay.close()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.skipif(
    not shutil.which("ssh") or not os.path.exists("/usr/sbin/sshd"),
    reason="there is no ssh to another machine",
)
def test_git_over_ssh_with_a_forwarded_socket_clones(both, sandbox, folder):
    keys = os.path.join(folder, "ssh")
    os.makedirs(keys, mode=0o700)
    for name in ("host", "user"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", os.path.join(keys, name)],
            check=True,
        )
    shutil.copy(os.path.join(keys, "user.pub"), os.path.join(keys, "authorized"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.makedirs("/run/sshd", exist_ok=True)
    server = subprocess.Popen(
        [
            "/usr/sbin/sshd",
            "-D",
            "-f",
            "/dev/null",
            "-p",
            str(port),
            "-h",
            os.path.join(keys, "host"),
            "-o",
            "ListenAddress=127.0.0.1",
            "-o",
            f"AuthorizedKeysFile={keys}/authorized",
            "-o",
            "StrictModes=no",
            "-o",
            "StreamLocalBindUnlink=yes",
            "-o",
            "PidFile=none",
            "-o",
            "UsePAM=no",
            "-o",
            "PermitRootLogin=yes",
        ],
        stderr=subprocess.DEVNULL,
    )
    try:
        remote = os.path.join(folder, "remote.sock")
        script = (
            f"FORGELINK_SOCKET={remote} FORGELINK_NO_AUTOSTART=1"
            f" PATH={both.environment['PATH']} git -c credential.helper=forgelink clone -q"
            f" {sandbox.urls['github']}/octo-dev/hello.git {folder}/over-ssh"
        )
        words = [
            "ssh",
            "-p",
            str(port),
            "-i",
            os.path.join(keys, "user"),
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            f"UserKnownHostsFile={keys}/known",
            "-o",
            "BatchMode=yes",
            "-R",
            f"{remote}:{lend(both, 'Work')['socket']}",
            "127.0.0.1",
            script,
        ]

        def done():
            return subprocess.run(words, capture_output=True, timeout=60).returncode == 0

        wait_until(done, 20, 0.5)
    finally:
        server.kill()
        server.wait()
    assert os.path.isdir(os.path.join(folder, "over-ssh", ".git"))


def test_git_in_another_root_with_the_socket_bound_clones(both, sandbox, folder):
    """What a container or a dev container does: the socket's folder appears in another root."""
    bind = ["unshare", "--mount", "--propagation", "private"]
    if os.geteuid() != 0 or subprocess.run([*bind, "true"], capture_output=True).returncode != 0:
        pytest.skip("another root needs mounts of its own")
    shared = os.path.join(folder, "shared")
    os.makedirs(shared)
    both.cli("lend", "Work", "--socket", os.path.join(shared, "socket"), check=0)
    target = os.path.join(folder, "in")
    os.makedirs(target)
    script = (
        f"mount --bind {shared} {target} && mount -t tmpfs none"
        f" {both.environment['XDG_RUNTIME_DIR']} && exec env -i HOME={folder}/home"
        f" PATH={both.environment['PATH']} FORGELINK_SOCKET={target}/socket"
        " FORGELINK_NO_AUTOSTART=1 git -c credential.helper=forgelink clone -q"
        f" {sandbox.urls['github']}/octo-dev/hello.git {folder}/bound"
    )
    subprocess.run([*bind, "sh", "-c", script], check=True, timeout=60)
    assert os.path.isdir(os.path.join(folder, "bound", ".git"))


def test_the_recipes_in_the_manual_are_these(both):
    text = open(os.path.join(ROOT, "docs", "lending.md")).read()
    for word in (
        "ssh -R",
        "FORGELINK_SOCKET",
        "devcontainer.json",
        "forgelink lend",
        "credential.helper",
    ):
        assert word in text
    block = text.split("```json", 1)[1].split("```", 1)[0]
    assert json.loads(block)["containerEnv"]["FORGELINK_SOCKET"]


def test_who_is_to_be_asked_later_is_asked_on_a_socket_lent_before(both, sandbox):
    lent = lend(both, "Work")
    both.call("connection.update", connection="Work", access="ask")
    answers = {}

    def ask(method, **params):
        rpc = Rpc(lent["socket"])
        try:
            answers[method] = rpc.call(method, **params)
        except RpcError as refused:
            answers[method] = refused.kind

    for method, params in (
        ("credential.get", address(sandbox, "github")),
        ("repository.list", {"connection": "Work"}),
        ("commit.list", {"connection": "Work", "repository": "octo-dev/hello"}),
    ):
        thread = threading.Thread(target=ask, args=(method,), kwargs=params)
        thread.start()
        question = wait_until(lambda: both.call("access.questions")["questions"])[0]
        both.call("access.answer", request=question["request"], decision="deny")
        thread.join(30)
    assert answers["credential.get"]["quit"] and "password" not in answers["credential.get"]
    assert answers["repository.list"] == answers["commit.list"] == "access_denied"


# What the command line says on a lent socket.


@pytest.fixture
def borrower(both):
    """The command line of whom it was lent to."""
    socket_there = lend(both, "Work")["socket"]
    home = os.path.join(both.environment["HOME"], "borrower")
    os.makedirs(home)
    there = {"FORGELINK_SOCKET": socket_there, "HOME": home}

    def run(*words, **more):
        return both.cli(*words, extra=there, **more)

    return run


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("show", "Work"),
        ("types",),
        ("log",),
        ("lock",),
        ("edit", "Work", "--keep"),
        ("api", "Work", "user"),
        ("run", "Work", "--", "true"),
        ("watch",),
    ],
    ids=" ".join,
)
def test_what_a_lent_socket_does_not_serve_is_told_as_that(borrower, words):
    done = borrower(*words, check=1)
    assert "This socket is a lent one" in done.stderr and "rpc.discover" not in done.stderr


def test_status_tells_that_a_socket_is_lent(borrower):
    said = borrower("status", check=0).stdout
    assert "This socket is a lent one" in said


def test_git_is_not_said_to_be_set_up_on_a_lent_socket(borrower):
    done = borrower("git", "setup", check=1)
    assert "lent" in done.stderr and "already" not in done.stdout
    assert "git config --global credential.helper forgelink" in done.stderr


def test_doctor_tells_what_a_lent_socket_serves_and_how_git_asks_it(borrower, both):
    findings = json.loads(borrower("doctor", "--json", check=0).stdout)["findings"]
    told = json.dumps(findings, ensure_ascii=False)
    assert "This socket is a lent one" in told and "There is no connection yet" not in told
    assert "forgelink git setup" not in told
    note = next(one for one in findings if one["about"] == "git")
    home = os.path.join(both.environment["HOME"], "borrower")
    subprocess.run(["sh", "-c", note["mend"]], env={**both.environment, "HOME": home}, check=True)
    findings = json.loads(borrower("doctor", "--json", check=0).stdout)["findings"]
    assert [one["state"] for one in findings if one["about"] == "git"] == ["good"]
