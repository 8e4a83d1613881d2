# SPDX-License-Identifier: MIT
"""Canary tokens through every path there is; then a search for them wherever they must not be."""
import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import urllib.parse

import pytest
from support.browse import browse, redirect_of
from support.daemon import RELEASE, Rpc, RpcError
from support.figures import note
from support.keyring import wait_until
from support.memory import forms, found_in
from support.sandbox import TYPES, good, tokens

STORED = "canary-password-of-another-host"


def add_all(daemon, sandbox):
    for kind in TYPES:
        daemon.call("connection.add", name=kind, **good(sandbox, kind))
        daemon.call("connection.verify", connection=kind)
        daemon.call("repository.list", connection=kind)
    daemon.call(
        "connection.update",
        connection="gitlab",
        token=good(sandbox, "gitlab")["token"],
        retention="session",
    )


def sign_in(daemon, sandbox):
    """By the redirect, by the device code and by a pasted address, with tokens that end at once
    and are renewed. Gives the codes that came back."""
    daemon.cli(
        "oauth-app",
        "set",
        "github",
        "--client-id",
        tokens.OAUTH_CLIENT_ID,
        "--secret-stdin",
        stdin=tokens.OAUTH_CLIENT_SECRET + "\n",
        check=0,
    )
    sandbox.set(
        "github", expiring=True, lifetime=200, interval=1, signs_in="octo-dev", granted=None
    )
    started = daemon.call("sign_in.start", method="browser", add={"name": "by redirect"})
    came_back = [redirect_of(started)]
    browse(came_back[0])
    daemon.call("sign_in.wait", sign_in=started["sign_in"])
    sandbox.set("github", lifetime=28800)
    assert (
        daemon.call("connection.verify", connection="by redirect")["connection"]["token"]["state"]
        == "valid"
    )
    started = daemon.call("sign_in.start", method="device", add={"name": "by device"})
    sandbox.device("approved")
    assert daemon.call("sign_in.wait", sign_in=started["sign_in"])["state"] == "completed"
    started = daemon.call("sign_in.start", method="browser", add={"name": "by hand"})
    came_back.append(redirect_of(started))
    assert (
        daemon.call("sign_in.complete", sign_in=started["sign_in"], redirect_url=came_back[1])[
            "state"
        ]
        == "completed"
    )
    sandbox.set("github", expiring=False)
    return {urllib.parse.parse_qs(urllib.parse.urlsplit(one).query)["code"][0] for one in came_back}


def hand_out(daemon, sandbox):
    """To git, as basic and as bearer; and what git stores for a host that is nobody's."""
    for kind in ("gitlab-self-managed", "bitbucket"):
        where = "".join(
            f"{key}={value}\n"
            for key, value in zip(("protocol", "host"), sandbox.urls[kind].split("://"))
        )
        path = "path=git/lab/octo-dev/hello\n" if kind == "gitlab-self-managed" else ""
        assert b"password=" in daemon.helper("get", where + path + "\n").stdout
        daemon.helper(
            "erase",
            where + path + f"username=octo-dev\npassword={good(sandbox, kind)['token']}\n\n",
        )
        daemon.helper("get", "capability[]=authtype\n" + where + path + "\n")
    elsewhere = f"protocol=https\nhost=elsewhere.example\nusername=u\npassword={STORED}\n\n"
    daemon.helper("store", elsewhere)
    assert (
        STORED.encode() in daemon.helper("get", "protocol=https\nhost=elsewhere.example\n\n").stdout
    )


def provoke(daemon, sandbox):
    """Errors of every kind that has to do with a token; what they said."""
    second, said = tokens.first(tokens.GITHUB, "second"), []
    attempts = [
        (
            "connection.add",
            {"name": "x", "type": "github", "token": tokens.first(tokens.GITHUB, "revoked")},
        ),
        ("connection.add", {"name": "github", "type": "github", "token": second}),
        ("connection.add", {"name": "x", "type": "gitlab", "token": second}),
        ("connection.add", {"name": "x", "type": "nonsense", "token": second}),
        ("connection.add", {"name": "x", "type": "github", "token": second + "\x01"}),
        ("connection.update", {"connection": "github", "token": second}),
        ("connection.update", {"connection": "nobody", "token": second}),
        ("credential.store", {"protocol": "https", "host": 7, "password": second}),
        (
            "sign_in.complete",
            {"sign_in": "nobody", "redirect_url": "http://127.0.0.1/callback?code=" + second},
        ),
    ]
    for method, params in attempts:
        with pytest.raises(RpcError) as refused:
            daemon.call(method, **params)
        said.append(str(refused.value))
    # Forges that repeat what they were sent, in every field that is shown.
    for status in (401, 403, 404, 500):
        echo = f"I got {good(sandbox, 'github')['token']} from you"
        sandbox.fault(
            "github",
            "status",
            path="/user",
            status=status,
            body={"message": echo, "error": echo},
            headers={"X-Accepted-GitHub-Permissions": good(sandbox, "github")["token"]},
        )
        with pytest.raises(RpcError) as refused:
            daemon.call("connection.verify", connection="github")
        said.append(str(refused.value))
    daemon.call("connection.verify", connection="github")
    return said


def files_below(*folders):
    for folder in folders:
        for path, _, names in os.walk(folder):
            yield from (os.path.join(path, name) for name in names)


def content_of(path):
    with open(path, "rb") as file:
        return file.read()


def assert_nowhere(places, canaries):
    for place, text in places.items():
        assert not [one for one in canaries if any(form in text for form in forms(one))], place


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_no_token_is_anywhere_it_should_not_be(make_daemon, sandbox, bus, folder, tls):
    temporary = os.path.join(folder, "tmp")
    os.mkdir(temporary)
    daemon = make_daemon(start=False, bin_dir=RELEASE, extra={"TMPDIR": temporary})
    network = f'[network]\nca_file = "{sandbox.ca}"\n' if tls else ""
    daemon.write_settings(
        (sandbox.tls_settings if tls else sandbox.settings)
        + network
        + '[daemon]\nlog_level = "trace"\n'
    )
    daemon.start()
    daemon.wait_store()
    pid = daemon.process.pid
    watcher = daemon.rpc()
    watcher.call("event.subscribe")
    add_all(daemon, sandbox)
    codes = sign_in(daemon, sandbox) if not tls else set()
    if not tls:
        hand_out(daemon, sandbox)
    said = provoke(daemon, sandbox)
    watcher.call("daemon.status")
    canaries = {good(sandbox, kind)["token"] for kind in TYPES} | {
        tokens.first(tokens.GITHUB, name) for name in ("revoked", "second")
    }
    if not tls:
        issued = sandbox.get("github", "issued")
        assert sum(one.startswith("ghr_") for one in issued) >= 3
        canaries |= {*issued, *codes, STORED, tokens.OAUTH_CLIENT_SECRET}

    places = {
        "errors": "".join(said).encode(),
        "events": json.dumps(watcher.events).encode(),
        "environment": content_of(f"/proc/{pid}/environ"),
        "command line": content_of(f"/proc/{pid}/cmdline"),
    }
    # The keyring's own files are where tokens belong (they are encrypted); settings are what a
    # person wrote.
    places |= {
        path: content_of(path)
        for path in files_below(folder)
        if os.path.isfile(path) and "keyrings" not in path
    }
    assert daemon.log_file in places and os.path.join(daemon.data, "connections.db") in places
    assert_nowhere(places, canaries)
    # Core files are off; and one that is taken all the same, by root's debugger, has none of the
    # tokens that are in use.
    assert open(f"/proc/{pid}/limits").read().split("Max core file size")[1].split()[0] == "0"
    assert os.stat(f"/proc/{pid}/environ").st_uid == 0
    assert found_in(pid, canaries)[0], "the search finds what is there"
    in_core, searched_core = found_in(pid, canaries, core_only=True)
    assert not in_core, in_core

    # After everything is taken away, by removal or by purge, the daemon's own memory holds none of
    # them either.
    for name in ("gitlab", "bitbucket"):
        daemon.call("connection.remove", connection=name)
    daemon.call("token.purge", scope="all")
    for one in daemon.call("connection.list")["connections"]:
        daemon.call("connection.remove", connection=one["name"])
    if not tls:
        daemon.cli(
            "oauth-app",
            "set",
            "github",
            "--client-id",
            "another",
            "--secret-stdin",
            stdin="another\n",
            check=0,
        )
    wait_until(lambda: bus.count() == (0 if tls else 1))  # the app's new secret
    left, searched = found_in(pid, canaries)
    assert searched > 1_000_000 and not left, left
    bytes_of_files = sum(len(text) for text in places.values())
    note(
        f"secrets{', over TLS' if tls else ''}: {len(canaries)} canaries, each also in base64 and"
        f" percent-encoded, through {len(said)} errors and all paths; searched {len(places)} places"
        f" of {bytes_of_files / 1e6:.1f} MB, {searched_core / 1e6:.0f} MB of what a core would hold"
        f" and {searched / 1e6:.0f} MB of memory after the purge"
    )


def test_what_git_is_not_asked_for_any_more_leaves_memory_by_itself(make_daemon, sandbox, bus):
    daemon = make_daemon('[secrets]\ncache = "1s"\n', bin_dir=RELEASE)
    token = good(sandbox, "github")["token"]
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    assert (
        daemon.call(
            "credential.get", **dict(zip(("protocol", "host"), sandbox.urls["github"].split("://")))
        )["password"]
        == token
    )
    wait_until(lambda: not found_in(daemon.process.pid, {token})[0], 20)
    assert (
        daemon.call("connection.verify", connection="Work")["connection"]["token"]["state"]
        == "valid"
    )


def test_the_password_of_a_proxy_is_in_no_error_and_no_log(make_daemon, sandbox):
    daemon = make_daemon(
        '[daemon]\nlog_level = "trace"\n[network]\nproxy ='
        ' "http://person:proxy%2Fcanary@127.0.0.1:1"\n'
    )
    watcher = daemon.rpc()
    watcher.call("event.subscribe")
    with pytest.raises(RpcError) as refused:
        daemon.call(
            "connection.add",
            name="x",
            type="gitlab-self-managed",
            server_url="https://git.example",
            token="glpat-x",
        )
    assert refused.value.kind == "proxy_failed"
    watcher.call("daemon.status")
    told = (
        str(refused.value)
        + daemon.log()
        + json.dumps(watcher.events)
        + json.dumps(daemon.call("daemon.status"))
        + daemon.cli("doctor").stdout
    )
    assert "canary" not in told


ORDINARY = 61234  # a user id of nobody


@pytest.fixture
def ordinary(folder):
    """Runs the release programs as an ordinary user, in a folder of their own."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("becoming another user needs root")
    os.mkdir(os.path.join(folder, "bin"))
    for program in ("forgelinkd", "forgelink", "git-credential-forgelink"):
        shutil.copy(os.path.join(RELEASE, program), os.path.join(folder, "bin"))
    for path, _, names in os.walk(folder):
        for one in (path, *(os.path.join(path, name) for name in names)):
            os.chown(one, ORDINARY, ORDINARY)
    environment = {
        "HOME": folder,
        "XDG_RUNTIME_DIR": folder,
        "XDG_DATA_HOME": folder + "/data",
        "XDG_CONFIG_HOME": folder + "/config",
        "FORGELINK_SOCKET": folder + "/s",
        "FORGELINK_NO_AUTOSTART": "1",
        "PATH": folder + "/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
    }
    started = []

    def start(*words, stdin=b""):
        process = subprocess.Popen(
            [
                "setpriv",
                "--reuid",
                str(ORDINARY),
                "--regid",
                str(ORDINARY),
                "--clear-groups",
                "--",
                *words,
            ],
            env=environment,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        started.append(process)
        process.stdin.write(stdin)
        process.stdin.close()
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def can_be_read(process):
    """What a program of the same user gets at: a list of ways. In a child, which becomes that
    user."""
    ways = {
        "mem": lambda: open(f"/proc/{process.pid}/mem", "rb").close(),
        "environ": lambda: open(f"/proc/{process.pid}/environ", "rb").read(),
        "maps": lambda: open(f"/proc/{process.pid}/maps").read(),
        "ptrace": lambda: attach(process.pid),
    }
    end, other = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setresgid(ORDINARY, ORDINARY, ORDINARY)
        os.setresuid(ORDINARY, ORDINARY, ORDINARY)
        got = []
        for way, attempt in ways.items():
            try:
                attempt()
                got.append(way)
            except OSError:
                pass
        os.write(other, " ".join(got).encode())
        os._exit(0)
    os.close(other)
    os.waitpid(child, 0)
    with open(end, "rb") as told:
        return told.read().decode().split()


def attach(pid):
    library = ctypes.CDLL(None, use_errno=True)
    if library.ptrace(16, pid, None, None) != 0:  # PTRACE_ATTACH
        raise OSError(ctypes.get_errno(), "ptrace")
    os.waitpid(pid, 0)
    library.ptrace(17, pid, None, None)


def test_no_program_of_the_same_user_reads_daemon_command_line_or_helper(ordinary, folder):
    other = ordinary("/bin/sleep", "60")
    wait_until(lambda: os.path.basename(os.readlink(f"/proc/{other.pid}/exe")) == "sleep")
    assert {"mem", "environ", "maps"} <= set(can_be_read(other)), "the attempts themselves work"

    daemon = ordinary(folder + "/bin/forgelinkd", "--socket", folder + "/s")
    wait_until(lambda: os.path.exists(folder + "/s"))
    assert can_be_read(daemon) == []
    root = Rpc(folder + "/s")
    assert "another user" in root.read()["error"]["message"]
    root.close()
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(15) == 0

    # A daemon that never answers: helper and command line wait with the token in hand.
    silent = socket.socket(socket.AF_UNIX)
    os.seteuid(ORDINARY)  # clients look at whose socket it is
    try:
        silent.bind(folder + "/s")
        silent.listen()
    finally:
        os.seteuid(0)
    canary = b"canary-in-hand-0123456789"
    for words, stdin in (
        (
            (folder + "/bin/git-credential-forgelink", "store"),
            b"protocol=https\nhost=h.example\nusername=u\npassword=" + canary + b"\n\n",
        ),
        (
            (folder + "/bin/forgelink", "add", "Work", "--type", "github", "--token-stdin"),
            canary + b"\n",
        ),
    ):
        client = ordinary(*words, stdin=stdin)
        conversation, _ = silent.accept()
        conversation.settimeout(20)
        asked = conversation.recv(1 << 16)
        if b"daemon.status" in asked:  # the command line looks at the version first
            conversation.sendall(
                b'{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"unknown"}}\n'
            )
            asked = conversation.recv(1 << 16)
        assert canary in asked
        assert can_be_read(client) == []
        for what in ("environ", "cmdline"):
            assert canary not in content_of(f"/proc/{client.pid}/{what}")
        client.send_signal(signal.SIGABRT)  # no core
        assert client.wait(15) == -signal.SIGABRT
        conversation.close()
        assert not [name for name in os.listdir(folder) if name.startswith("core")]
    silent.close()
