# SPDX-License-Identifier: MIT
"""Faults of git's side, each by its kind: one spelling of an address, one list of names, one way
to the socket."""
import json
import os
import pwd
import socket
import stat
import subprocess
import threading

import pytest
from support.daemon import Rpc, RpcError
from support.keyring import wait_until
from support.sandbox import ALL_TYPES, good, tokens

LARGEST_LINE = 65_534  # of what git writes to a helper, without its newline


def wire(**fields):
    return "".join(f"{key}={value}\n" for key, value in fields.items()) + "\n"


def host_of(url):
    protocol, host = url.split("://")
    return {"protocol": protocol, "host": host.split("/")[0]}


def fields(done):
    return dict(line.split("=", 1) for line in done.stdout.decode().splitlines())


# --- C1: one decoded form of an address


@pytest.mark.parametrize(
    "collection", ["Default%20Collection", "Default Collection", "B%C3%BCro", "Büro"]
)
def test_fault_c1_a_collection_with_a_blank_or_an_umlaut_is_one_place(daemon, sandbox, collection):
    base = sandbox.urls["azure-devops-server"]
    daemon.call(
        "connection.add",
        name="Work",
        type="azure-devops-server",
        verify=False,
        token="Z" * 52,
        server_url=f"{base}/tfs/{collection}",
    )
    plain = "Default Collection" if "Default" in collection else "Büro"
    answer = fields(daemon.helper("get", wire(**host_of(base), path=f"tfs/{plain}/P/_git/r")))
    assert answer["password"] == "Z" * 52


def test_fault_c1_a_listed_address_is_read_back_as_the_repository(daemon, sandbox):
    base = sandbox.urls["azure-devops-server"]
    added = daemon.call(
        "connection.add",
        name="Work",
        type="azure-devops-server",
        verify=False,
        token="Z" * 52,
        server_url=f"{base}/tfs/Default Collection",
    )["connection"]
    assert added["server_url"] == f"{base}/tfs/Default%20Collection"
    said = daemon.call(
        "credential.explain", **host_of(base), path="tfs/Default Collection/P/_git/r"
    )
    assert said["outcome"] == "answer"


# --- C2, C3, C6: user names

# A repository of each.
PLACES = {
    "github": "octo-dev/hello.git",
    "github-enterprise": "octo-dev/hello.git",
    "gitlab": "octo-dev/hello.git",
    "gitlab-self-managed": "git/lab/octo-dev/hello.git",
    "bitbucket": "octo-dev/hello.git",
    "bitbucket-data-center": "bitbucket/scm/octo-dev/hello.git",
    "forgejo": "forge/octo-dev/hello.git",
    "azure-devops": "octo-org/project/_git/hello",
    "azure-devops-server": "tfs/DefaultCollection/project/_git/hello",
}


@pytest.mark.parametrize(
    "username",
    [
        "git",
        "token",
        "username",
        "PersonalAccessToken",
        "gitlab-ci-token",
        "x-access-token",
        "oauth2",
        "x-oauth-basic",
    ],
)
@pytest.mark.parametrize("kind", ALL_TYPES)
def test_fault_c2_a_name_that_names_nobody_is_answered(daemon, sandbox, kind, username):
    daemon.call("connection.add", name="Work", **good(sandbox, kind))
    asked = wire(**host_of(sandbox.urls[kind]), path=PLACES[kind], username=username)
    assert fields(daemon.helper("get", asked))["password"] == good(sandbox, kind)["token"]


@pytest.mark.parametrize("kind", [one for one in ALL_TYPES if not one.startswith("azure")])
@pytest.mark.parametrize("username", ["Octo-Dev", "OCTO-DEV"])
def test_fault_c3_a_user_name_is_compared_as_the_forge_compares(daemon, sandbox, kind, username):
    daemon.call("connection.add", name="Work", **good(sandbox, kind))
    asked = wire(**host_of(sandbox.urls[kind]), path=PLACES[kind], username=username)
    assert fields(daemon.helper("get", asked))["password"] == good(sandbox, kind)["token"]


@pytest.mark.parametrize(
    "path", ["tfs/defaultcollection/p/_git/r", "TFS/DefaultCollection/p/_git/r"]
)
def test_fault_c3_a_collection_is_compared_as_the_server_compares(daemon, sandbox, path):
    daemon.call("connection.add", name="Work", **good(sandbox, "azure-devops-server"))
    asked = wire(**host_of(sandbox.urls["azure-devops-server"]), path=path)
    assert (
        fields(daemon.helper("get", asked))["password"]
        == good(sandbox, "azure-devops-server")["token"]
    )


@pytest.mark.parametrize("kind", ALL_TYPES)
def test_fault_c6_a_stranger_s_name_is_said_for_every_type(daemon, sandbox, kind):
    daemon.call("connection.add", name="Work", **good(sandbox, kind))
    asked = wire(**host_of(sandbox.urls[kind]), path=PLACES[kind], username="stranger")
    done = daemon.helper("get", asked)
    held_back = done.stdout == b"" and "“Work”" in done.stderr.decode()
    # Azure DevOps takes any user name with a token.
    assert held_back or (kind.startswith("azure") and b"password=" in done.stdout)


@pytest.mark.parametrize("more", [{"username": "stranger"}, {"path": "octo-org/../x"}])
def test_fault_c6_what_is_held_back_is_said_in_a_sentence(daemon, sandbox, more):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    done = daemon.helper("get", wire(**host_of(sandbox.urls["github"]), **more))
    assert done.stdout == b"" and "“Work”" in done.stderr.decode() and done.stderr.count(b"\n") == 1


def test_fault_c6_a_missing_token_is_said_in_a_sentence(daemon, sandbox):
    daemon.call("connection.add", name="Work", type="github")
    done = daemon.helper("get", wire(**host_of(sandbox.urls["github"])))
    assert done.stdout == b"" and "“Work”" in done.stderr.decode()


def test_fault_c6_where_nothing_fits_the_host_nothing_is_said(daemon):
    done = daemon.helper("get", wire(protocol="https", host="example.com"))
    assert done.stdout == done.stderr == b""


# --- C4: what git stores for a host of ours without a connection


def test_fault_c4_one_password_is_enough_for_a_host_of_ours_without_a_connection(daemon, sandbox):
    asked = host_of(sandbox.urls["github"])
    daemon.helper("store", wire(**asked, path="a/one.git", username="u", password="secret"))
    assert fields(daemon.helper("get", wire(**asked, path="b/two.git")))["password"] == "secret"
    daemon.helper("erase", wire(**asked, path="c/three.git", username="u", password="secret"))
    assert daemon.helper("get", wire(**asked, path="a/one.git")).stdout == b""


def test_fault_c4_elsewhere_the_path_still_counts(daemon):
    asked = {"protocol": "https", "host": "example.com"}
    daemon.helper("store", wire(**asked, path="a", username="u", password="secret"))
    assert daemon.helper("get", wire(**asked, path="b")).stdout == b""


# --- C5: a user name that no protocol takes


@pytest.mark.parametrize(
    "typed", ["https://github.com/octo-dev", "https://github.com/octo-dev/", "@octo-dev"]
)
def test_fault_c5_a_typed_address_becomes_the_user_name(daemon, sandbox, typed):
    added = daemon.call("connection.add", name="Work", **good(sandbox, "github"), username=typed)[
        "connection"
    ]
    assert added["username"] == "octo-dev"
    answer = fields(daemon.helper("get", wire(**host_of(sandbox.urls["github"]))))
    assert answer["username"] == "octo-dev"


@pytest.mark.parametrize("typed", [":", "octo-dev:x", "https:"])
def test_fault_c5_a_user_name_with_a_colon_is_refused(daemon, sandbox, typed):
    with pytest.raises(RpcError) as refused:
        daemon.call("connection.add", name="Work", **good(sandbox, "github"), username=typed)
    assert refused.value.data["field"] == "username"


# --- C7: every line git can send is read


@pytest.mark.parametrize("key", ["wwwauth[]", "path", "state[]"])
def test_fault_c7_the_longest_line_that_git_writes_is_read(daemon, sandbox, key):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    line = key + "=" + "a" * (LARGEST_LINE - len(key) - 1) + "\n"
    done = daemon.helper("get", line + wire(**host_of(sandbox.urls["github"])))
    assert fields(done)["password"] == tokens.first(tokens.GITHUB, "good"), done.stderr


def test_fault_c7_as_many_challenges_as_a_server_sends_are_read(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    lines = ("wwwauth[]=" + "a" * 60_000 + "\n") * 5
    done = daemon.helper("get", lines + wire(**host_of(sandbox.urls["github"])))
    assert fields(done)["password"] == tokens.first(tokens.GITHUB, "good"), done.stderr


# --- C8: nothing steers the terminal


class StandIn:
    """A daemon that answers everything with the same."""

    def __init__(self, path, answer):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.chmod(os.path.dirname(path), 0o700)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(8)
        self.answer = answer
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            with peer, peer.makefile("rwb") as lines:
                for line in lines:
                    lines.write(
                        json.dumps(
                            {"jsonrpc": "2.0", "id": json.loads(line)["id"], **self.answer},
                            ensure_ascii=False,
                        ).encode()
                        + b"\n"
                    )
                    lines.flush()

    def close(self):
        self.listener.close()


NASTY = "a\x1b[31mb\x07\x7f\x9b2Jc\r\nd"


@pytest.fixture
def stand_in(make_daemon):
    stopped = make_daemon(start=False)
    made = []

    def make(answer):
        made.append(StandIn(stopped.socket, answer))
        return stopped

    yield make
    for one in made:
        one.close()


def no_controls(text):
    return not [c for c in text if (ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0]


@pytest.mark.parametrize(
    "answer",
    [
        {"error": {"code": -32000, "message": NASTY, "data": {"hint": NASTY}}},
        {"result": {"message": NASTY}},
    ],
)
def test_fault_c8_the_helper_prints_one_clean_line(stand_in, answer):
    done = stand_in(answer).helper("get", wire(protocol="https", host="example.com"))
    assert no_controls(done.stderr.decode()) and done.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    "words", [("show", "x"), ("--json", "show", "x"), ("call", "x.y"), ("rules",)]
)
def test_fault_c8_the_command_line_prints_nothing_that_steers(stand_in, words):
    error = {
        "code": -32000,
        "message": NASTY,
        "data": {"kind": "internal", "hint": NASTY, "url": NASTY},
    }
    done = stand_in({"error": error}).cli(*words)
    assert done.returncode == 1 and no_controls(done.stdout + done.stderr)


# --- D3: the other end of the socket


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="another user's files are made by root")


def another_user():
    return pwd.getpwnam("nobody").pw_uid


@needs_root
def test_fault_d3_nothing_is_sent_to_another_user_s_server(bus, make_daemon, folder):
    daemon = make_daemon(start=False)
    path = os.path.join(folder, "theirs")
    script = (
        "import os,socket,sys;s=socket.socket(socket.AF_UNIX);s.bind(sys.argv[1]);"
        "os.chmod(sys.argv[1],0o666);s.listen();print('up',flush=True)\n"
        "while True:\n"
        " p,_=s.accept()\n"
        " sys.stdout.buffer.write(p.recv(9999))\n"
        " sys.stdout.flush()\n"
    )
    os.mkdir(path)
    os.chown(path, another_user(), -1)
    os.chmod(folder, 0o755)
    server = subprocess.Popen(
        ["/usr/bin/python3", "-c", script, path + "/socket"],
        user=another_user(),
        stdout=subprocess.PIPE,
    )
    try:
        assert server.stdout.readline() == b"up\n"
        os.chown(path, 0, 0)
        done = daemon.helper(
            "store",
            wire(protocol="https", host="example.com", username="u", password="secret"),
            extra={"FORGELINK_SOCKET": path + "/socket"},
        )
        assert done.returncode == 1 and b"another user" in done.stderr
        assert daemon.cli("status", extra={"FORGELINK_SOCKET": path + "/socket"}).returncode == 3
    finally:
        server.kill()
        received = server.communicate(timeout=10)[0]
    assert received == b""


@needs_root
def test_fault_d3_a_folder_of_another_user_is_not_looked_into(make_daemon, folder):
    daemon = make_daemon(start=False)
    path = os.path.join(folder, "theirs")
    os.mkdir(path, 0o700)
    os.chown(path, another_user(), -1)
    done = daemon.cli("status", extra={"FORGELINK_SOCKET": path + "/socket"})
    assert done.returncode == 3 and "another user" in done.stderr
    assert os.listdir(path) == []


def test_fault_d3_a_folder_that_others_may_write_is_not_trusted(daemon, folder):
    path = os.path.join(folder, "open")
    os.mkdir(path)
    os.chmod(path, 0o777)
    os.symlink(daemon.socket, path + "/socket")
    done = daemon.cli("status", extra={"FORGELINK_SOCKET": path + "/socket"})
    assert done.returncode == 3 and "other users" in done.stderr


def test_fault_d3_our_own_daemon_is_spoken_to(daemon):
    assert stat.S_IMODE(os.stat(os.path.dirname(daemon.socket)).st_mode) == 0o700
    assert daemon.cli("status").returncode == 0


# --- D4: one's environment, another's user id


@needs_root
@pytest.mark.parametrize(
    "variable", ["HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"]
)
def test_fault_d4_nothing_is_made_in_another_user_s_folder(make_daemon, folder, variable):
    daemon = make_daemon(start=False)
    theirs = os.path.join(folder, "theirs")
    os.mkdir(theirs, 0o700)
    os.chown(theirs, another_user(), -1)
    extra = {variable: os.path.join(theirs, "not-there-yet")}
    started = subprocess.run(
        [os.path.join(daemon.bin, "forgelinkd")],
        env={**daemon.environment, **extra},
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert started.returncode == 1 and "another user" in started.stderr
    done = daemon.helper("get", wire(protocol="https", host="example.com"), extra=extra)
    assert done.stdout == b"" and b"another user" in done.stderr
    for words in (("status",), ("git", "setup"), ("git", "unset")):
        assert daemon.cli(*words, extra=extra).returncode in (2, 3)
    assert os.listdir(theirs) == []


def test_fault_d4_in_one_s_own_folders_the_daemon_starts(make_daemon):
    daemon = make_daemon(start=False)
    assert daemon.helper("get", wire(protocol="https", host="example.com")).stderr == b""
    wait_until(lambda: os.path.exists(daemon.socket))
    rpc = Rpc(daemon.socket)
    pid = rpc.call("daemon.status")["pid"]
    rpc.close()
    os.kill(pid, 15)
    wait_until(lambda: not os.path.exists(daemon.socket))
