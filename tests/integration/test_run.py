# SPDX-License-Identifier: MIT
"""`forgelink run`: real gh, git, git-lfs and curl use a connection through a front, and none of
them sees the token."""
import base64
import glob
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time

import pytest
from support.daemon import RpcError
from support.keyring import wait_until
from support.memory import resident
from support.sandbox import good

GIT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "T",
    "GIT_AUTHOR_EMAIL": "t@example.org",
    "GIT_COMMITTER_NAME": "T",
    "GIT_COMMITTER_EMAIL": "t@example.org",
}


@pytest.fixture
def work(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    sandbox.clear()
    return daemon


def run(daemon, *words, options=(), check=0, **more):
    return daemon.cli(
        "run",
        "Work",
        *options,
        "--",
        *words,
        check=check,
        extra={**GIT, **more.pop("extra", {})},
        **more,
    )


def spellings(token):
    return [token] + [
        base64.b64encode(b"\0" * before + token.encode())[(8 * before + 5) // 6 : -4].decode()
        for before in range(3)
    ]


class Front:
    """A front of our own, asked by hand."""

    def __init__(self, daemon, **rules):
        self.rpc = daemon.rpc()
        self.told = self.rpc.call("front.open", connection="Work", **rules)

    def curl(self, path, *words, secret=True, port=False, host=None):
        command = ["curl", "-sS", "--max-time", "60", "-o", "-", "-w", "\n%{http_code}"]
        if port:
            url = f"http://127.0.0.1:{self.told['port']}{path}"
            command += ["-H", f"{self.told['header']}: {self.told['secret']}"] if secret else []
        else:
            url = f"http://{host or 'localhost'}{path}"
            command += ["--unix-socket", self.told["socket"]]
        done = subprocess.run([*command, *words, url], capture_output=True, timeout=90)
        body, _, status = done.stdout.rpartition(b"\n")
        return int(status or 0), body

    def close(self):
        self.rpc.close()


@pytest.fixture
def front(work):
    opened = []

    def make(**rules):
        opened.append(Front(work, **rules))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


# --- the command's environment and its end


def test_the_command_gets_its_words_and_its_status_comes_back(work):
    assert run(work, "sh", "-c", "echo $1; exit 7", "sh", "a b", check=7).stdout == "a b\n"
    words = ["[%s]", "[a,b]", "", "--", "--read-only", "\\[x"]
    assert run(work, "printf", "%s|", *words).stdout == "|".join(words) + "|"
    assert run(work, "/nowhere/at/all", check=127).stderr
    assert run(work, "sh", "-c", "kill -TERM $$", check=128 + signal.SIGTERM).returncode == 143


def test_the_ways_to_the_daemon_and_the_keyring_are_taken_out(work):
    shown = run(work, "env").stdout
    for name in (
        "FORGELINK_SOCKET=",
        "XDG_RUNTIME_DIR=",
        "DBUS_SESSION_BUS_ADDRESS=",
        "DBUS_SYSTEM_BUS_ADDRESS=",
    ):
        assert name not in shown
    descriptors = run(work, "ls", "-l", "/proc/self/fd").stdout
    assert "socket:" not in descriptors.replace("0 -> socket:", "").replace("1 -> socket:", "")


def test_the_callers_git_settings_are_kept(work):
    extra = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "user.name", "GIT_CONFIG_VALUE_0": "Mine"}
    assert run(work, "git", "config", "user.name", extra=extra).stdout == "Mine\n"


def test_the_front_ends_with_the_command(work):
    shown = run(
        work, "sh", "-c", "echo $FORGELINK_FRONT_SOCKET; echo $GH_CONFIG_DIR"
    ).stdout.split()
    assert len(shown) == 2
    wait_until(lambda: not any(os.path.exists(one) for one in shown))


def test_the_front_ends_when_run_is_killed(work):
    words = [
        os.path.join(work.bin, "forgelink"),
        "run",
        "Work",
        "--",
        "sh",
        "-c",
        "echo $FORGELINK_FRONT_SOCKET $FORGELINK_FRONT_URL; exec sleep 20",
    ]
    running = subprocess.Popen(
        words, env=work.environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    path, url = running.stdout.readline().split()
    assert os.path.exists(path)
    running.kill()
    running.wait()
    wait_until(lambda: not os.path.exists(path))
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=5)
    os.killpg(running.pid, signal.SIGKILL)
    running.stdout.close()


def test_a_signal_to_run_reaches_the_command(work):
    words = [
        os.path.join(work.bin, "forgelink"),
        "run",
        "Work",
        "--",
        "sh",
        "-c",
        "trap 'exit 9' TERM; echo ready; while :; do sleep 0.1; done",
    ]
    running = subprocess.Popen(words, env=work.environment, stdout=subprocess.PIPE, text=True)
    assert running.stdout.readline() == "ready\n"
    running.terminate()
    assert running.wait(timeout=20) == 9
    running.stdout.close()


# --- gh


def test_gh_asks_rest_through_the_socket(work):
    assert run(work, "gh", "api", "user", "--jq", ".login").stdout == "octo-dev\n"


def test_gh_lists_pull_requests_by_graphql(work):
    shown = run(
        work, "gh", "pr", "list", options=["--repository", "octo-dev/hello", "--graphql"]
    ).stdout
    assert "Add a front" in shown


def test_gh_finds_the_repository_of_the_current_folder(work, sandbox, folder):
    place = os.path.join(folder, "here")
    work.git("init", "-q", place)
    work.git("remote", "add", "origin", sandbox.urls["github"] + "/octo-dev/hello.git", cwd=place)
    done = subprocess.run(
        [os.path.join(work.bin, "forgelink"), "run", "Work", "--", "gh", "pr", "list"],
        cwd=place,
        env={**work.environment, **GIT},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Add a front" in done.stdout, done.stderr


def test_gh_is_told_what_it_may_not(work, sandbox):
    done = run(work, "gh", "pr", "list", options=["--repository", "octo-dev/hello"], check=1)
    assert "--graphql" in done.stderr
    done = run(
        work,
        "gh",
        "api",
        "repos/octo-dev/other/commits",
        options=["--repository", "octo-dev/hello"],
        check=1,
    )
    assert "outside the allowed repositories" in done.stderr + done.stdout
    assert sandbox.log("github") == []


# --- git


def clone(work, sandbox, folder, *words, options=(), check=0):
    url = sandbox.urls["github"] + "/octo-dev/hello.git"
    return run(
        work,
        "git",
        "clone",
        "-q",
        url,
        os.path.join(folder, "clone"),
        *words,
        options=options,
        check=check,
    )


def test_git_clones_fetches_and_pushes(work, sandbox, folder):
    clone(work, sandbox, folder)
    script = (
        "cd $0 && git remote get-url origin --all >/dev/null && date +%N > new && git add new &&"
        " git commit -qm New && git push -q origin HEAD:refs/heads/from-run && git fetch -q && git"
        " config remote.origin.url"
    )
    shown = run(work, "sh", "-c", script, os.path.join(folder, "clone")).stdout
    assert (
        shown == sandbox.urls["github"] + "/octo-dev/hello.git\n"
    )  # what is kept is the forge's own address
    assert [one["token"] for one in sandbox.log("github")] and all(
        one["token"] == "good" for one in sandbox.log("github")
    )


def test_git_asks_no_helper_for_the_token(work, sandbox):
    work.git("config", "--global", "credential.helper", "forgelink")
    protocol, host = sandbox.urls["github"].split("://")
    done = run(
        work, "git", "credential", "fill", stdin=f"protocol={protocol}\nhost={host}\n\n", check=128
    )
    assert good(sandbox, "github")["token"] not in done.stdout + done.stderr


def test_a_read_only_front_fetches_and_does_not_push(work, sandbox, folder):
    clone(work, sandbox, folder, options=["--read-only"])
    script = (
        "cd $0 && date +%N > new && git add new && git commit -qm New && git push -q origin"
        " HEAD:refs/heads/never"
    )
    done = run(
        work, "sh", "-c", script, os.path.join(folder, "clone"), options=["--read-only"], check=128
    )
    assert "remote: Forgelink: this front is read-only." in done.stderr and "403" in done.stderr


def test_another_repository_is_not_cloned(work, sandbox, folder):
    done = clone(work, sandbox, folder, options=["--repository", "octo-dev/other"], check=128)
    assert "remote: Forgelink: this is outside the allowed repositories" in done.stderr
    assert sandbox.log("github") == []


def test_a_large_repository_streams(work, sandbox, folder):
    clone(work, sandbox, folder)
    script = (
        "cd $0 && head -c 10000000 /dev/urandom > big && git add big && git commit -qm Big && git"
        " push -q origin HEAD:refs/heads/big"
    )
    before = resident(work.process.pid)
    run(work, "sh", "-c", script, os.path.join(folder, "clone"))
    run(
        work,
        "git",
        "clone",
        "-q",
        "-b",
        "big",
        sandbox.urls["github"] + "/octo-dev/hello.git",
        os.path.join(folder, "again"),
    )
    assert os.path.getsize(os.path.join(folder, "again", "big")) == 10000000
    assert resident(work.process.pid) - before < 8 << 10


@pytest.mark.skipif(not shutil.which("git-lfs"), reason="git-lfs is not installed")
def test_git_lfs_uploads_and_downloads(work, sandbox, folder):
    clone(work, sandbox, folder)
    script = (
        "cd $0 && git lfs install --local >/dev/null && git lfs track '*.bin' >/dev/null && head -c"
        " 3000000 /dev/urandom > a.bin && git add . && git commit -qm Lfs && git push -q origin"
        " HEAD:refs/heads/lfs"
    )
    run(work, "sh", "-c", script, os.path.join(folder, "clone"))
    again = os.path.join(folder, "again")
    run(
        work,
        "sh",
        "-c",
        (
            f"git clone -q -b lfs {sandbox.urls['github']}/octo-dev/hello.git {again} && cd"
            f" {again} && git lfs install --local && git lfs pull"
        ),
        extra={"GIT_LFS_SKIP_SMUDGE": "1"},
    )
    with (
        open(os.path.join(folder, "clone", "a.bin"), "rb") as first,
        open(os.path.join(again, "a.bin"), "rb") as second,
    ):
        assert first.read() == second.read()


# --- the token is nowhere


def test_the_token_is_in_no_environment_command_line_or_file(work, sandbox, folder):
    script = (
        "cd $0 && git clone -q $1/octo-dev/hello.git clone && gh api user >/dev/null && env && cat"
        " /proc/self/environ && cat /proc/*/cmdline 2>/dev/null | tr '\\0' ' ' && cat"
        " $GH_CONFIG_DIR/* $GLAB_CONFIG_DIR/* && git config --list --show-origin && cd clone && git"
        " config --list && GIT_CURL_VERBOSE=1 GIT_TRACE_CURL=1 GIT_TRACE_REDACT=0 git fetch 2>&1"
    )
    shown = run(work, "sh", "-c", script, folder, sandbox.urls["github"]).stdout
    token = good(sandbox, "github")["token"]
    assert "insteadof" in shown and "http_unix_socket" in shown
    assert not [one for one in spellings(token) if one in shown]
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            if os.path.isfile(path) and "keyrings" not in path:
                with open(path, "rb") as content:
                    data = content.read()
                assert not [one for one in spellings(token) if one.encode() in data], path


def test_what_was_done_stands_in_the_log(work, sandbox, folder):
    clone(work, sandbox, folder)
    run(work, "gh", "api", "user")
    entries = [
        (one["action"], one["path"], one["outcome"]) for one in work.call("access.list")["entries"]
    ]
    assert ("run", "octo-dev/hello", "given") in entries and (
        "run",
        "GET /user",
        "given",
    ) in entries


# --- the front itself


def test_the_port_wants_the_secret(work, sandbox, front):
    one = front()
    assert one.curl("/user", port=True)[0] == 200
    assert one.curl("/user", port=True, secret=False)[0] == 403
    assert (
        one.curl("/user", "-H", f"{one.told['header']}: wrong", port=True, secret=False)[0] == 403
    )
    assert (
        one.curl("/user", "-H", f"PRIVATE-TOKEN: {one.told['secret']}", port=True, secret=False)[0]
        == 200
    )


def test_a_secret_of_another_front_is_worth_nothing(work, front):
    one, other = front(), front()
    assert (
        one.curl(
            "/user", "-H", f"{one.told['header']}: {other.told['secret']}", port=True, secret=False
        )[0]
        == 403
    )


def test_the_socket_is_for_the_user_alone(front):
    assert os.stat(front().told["socket"]).st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "host, status",
    [
        ("api.github.com", 200),
        ("localhost", 200),
        ("elsewhere.example", 421),
        ("api.github.com.elsewhere.example", 421),
        ("github.com", 421),
    ],
)
def test_a_host_that_lies_gets_nothing(work, sandbox, front, host, status):
    assert front().curl("/user", host=host)[0] == status
    assert len(sandbox.log("github")) == (1 if status == 200 else 0)


@pytest.mark.parametrize("path", ["/repos/../../x", "/%2e%2e/x", "/a//b", "/a%2f..%2fb"])
def test_a_path_that_leaves_the_root_is_not_sent(work, sandbox, front, path):
    assert front().curl(path, "--path-as-is")[0] == 400
    assert sandbox.log("github") == []


def test_headers_of_the_client_do_not_reach_the_forge_where_they_are_ours(work, front):
    status, body = front().curl(
        "/try/echo",
        "-H",
        "Authorization: token placeholder",
        "-H",
        "PRIVATE-TOKEN: p",
        "-H",
        "Cookie: a=b",
        "-H",
        "X-HTTP-Method-Override: DELETE",
        "-H",
        "X-Mine: yes",
    )
    headers = json.loads(body)["headers"]
    assert status == 200 and headers["X-Mine"] == "yes"
    assert not [
        name
        for name in headers
        if name.lower()
        in ("private-token", "cookie", "x-http-method-override", "x-forgelink-front")
    ]
    assert "placeholder" not in str(headers)


def test_a_forge_that_repeats_the_token_is_masked(work, sandbox, front):
    body = front().curl("/try/echo")[1].decode()
    assert (
        not [one for one in spellings(good(sandbox, "github")["token"]) if one in body]
        and "****" in body
    )


def test_a_forge_that_redirects_elsewhere_leads_nowhere(work, sandbox, front):
    status, _ = front().curl(
        "/try/elsewhere?to=" + sandbox.urls["elsewhere"] + "/x",
        "-L",
        "--max-redirs",
        "3",
        port=True,
    )
    assert [one["token"] for one in sandbox.log("elsewhere")] in ([], [None])
    assert status in (200, 302)


def test_uploads_without_a_length_arrive(work, front, folder):
    path = os.path.join(folder, "upload")
    with open(path, "wb") as out:
        out.write(b"u" * 20_000_000)
    status, body = front().curl(
        "/try/size",
        "-X",
        "POST",
        "-T",
        path,
        "-H",
        "Transfer-Encoding: chunked",
        "-H",
        "Expect: 100-continue",
    )
    assert (status, json.loads(body)) == (200, {"size": 20_000_000, "chunked": True})


def test_a_hundred_megabytes_go_both_ways_in_little_memory(work, front, folder):
    one, path = front(), os.path.join(folder, "upload")
    with open(path, "wb") as out:
        out.truncate(100_000_000)
    before = resident(work.process.pid)
    peak = [0]
    done = threading.Event()

    def watch():
        while not done.is_set():
            peak[0] = max(peak[0], resident(work.process.pid))
            time.sleep(0.02)

    watching = threading.Thread(target=watch)
    watching.start()
    assert (
        json.loads(one.curl("/try/size", "-X", "POST", "--data-binary", "@" + path)[1])["size"]
        == 100_000_000
    )
    assert len(one.curl("/try/large?size=100000000")[1]) == 100_000_000
    done.set()
    watching.join()
    assert peak[0] - before < 8 << 10


def test_a_client_that_stops_reading_costs_little(work, front):
    one = front()
    before = resident(work.process.pid)
    stuck = []
    for _ in range(10):
        client = socket.socket(socket.AF_UNIX)
        client.connect(one.told["socket"])
        client.sendall(
            b"GET /try/large?size=50000000 HTTP/1.1\r\nHost: localhost\r\nUser-Agent: t\r\n\r\n"
        )
        stuck.append(client)
    time.sleep(2)
    assert resident(work.process.pid) - before < 8 << 10
    assert one.curl("/user")[0] == 200
    for client in stuck:
        client.close()


@pytest.mark.parametrize(
    "wire",
    [
        b"nonsense\r\n\r\n",
        (
            b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding:"
            b" chunked\r\n\r\n"
        ),
        b"GET /user HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 70000 + b"\r\n\r\n",
        b"\x00" * 100,
        b"POST /try/size HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_http_ends_the_connection_and_nothing_else(work, front, wire):
    one = front()
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(20)
    client.connect(one.told["socket"])
    client.sendall(wire)
    try:
        while client.recv(4096):
            pass
    except ConnectionResetError:
        pass
    client.close()
    assert one.curl("/user")[0] == 200


def test_a_front_used_after_its_end_is_gone(work, front):
    one = front()
    one.rpc.call("front.close", front=one.told["front"])
    assert one.curl("/user")[0] == 0 and one.curl("/user", port=True)[0] == 0
    with pytest.raises(RpcError) as refused:
        one.rpc.call("front.close", front=one.told["front"])
    assert refused.value.kind == "not_found"


def test_a_locked_daemon_serves_no_front(work, front, sandbox):
    one = front()
    work.call("daemon.lock")
    status, body = one.curl("/user")
    assert status == 503 and b"locked" in body and sandbox.log("github") == []
    with pytest.raises(RpcError) as refused:
        one.rpc.call("front.open", connection="Work")
    assert refused.value.kind == "locked"


def test_a_thousand_fronts_are_too_many(work):
    rpc = work.rpc()
    kinds = []
    for _ in range(1000):
        try:
            rpc.call("front.open", connection="Work")
        except RpcError as refused:
            kinds.append(refused.kind)
    assert kinds and set(kinds) == {"too_busy"}
    rpc.close()
    folder = os.path.join(work.environment["XDG_RUNTIME_DIR"], "forgelink")
    wait_until(lambda: not glob.glob(folder + "/front-*"))


def test_a_front_of_a_connection_that_asks_is_asked_for_once(work, sandbox):
    work.call("connection.update", connection="Work", access="ask")
    words = [
        os.path.join(work.bin, "forgelink"),
        "run",
        "Work",
        "--",
        "sh",
        "-c",
        "gh api user >/dev/null && gh api user --jq .login",
    ]
    running = subprocess.Popen(
        words, env=work.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert "forgelink approve" in running.stderr.readline()
    work.cli("approve", check=0)
    assert running.communicate(timeout=60)[0] == "octo-dev\n"


def test_who_is_to_be_asked_later_is_asked_by_a_front_that_is_open(work, front):
    opened = front()
    work.call("connection.update", connection="Work", access="ask")
    answers = []
    ask = lambda: answers.append(opened.curl("/user", host="api.github.com"))  # noqa: E731
    thread = threading.Thread(target=ask)
    thread.start()
    question = wait_until(lambda: work.call("access.questions")["questions"])[0]
    work.call("access.answer", request=question["request"], decision="deny")
    thread.join(30)
    assert answers[0][0] == 403


@pytest.mark.parametrize(
    "words",
    [
        ["forgelink", "list"],
        ["forgelink", "lend", "Work"],
        ["forgelink", "call", "daemon.lock"],
        ["git-credential-forgelink", "get"],
    ],
    ids=" ".join,
)
def test_a_command_does_not_find_the_daemon_by_itself(work, words):
    done = run(work, *words, check=None, stdin="protocol=https\nhost=x\n\n")
    assert "keeps the command that it runs from the daemon" in done.stderr
    assert done.returncode != 0 and "password" not in done.stdout


def test_doctor_within_a_command_shows_no_way_to_the_daemon(work):
    told = run(work, "forgelink", "doctor", check=None).stdout
    assert "keeps the command that it runs from the daemon" in told
    assert work.socket not in told and "XDG_RUNTIME_DIR=" not in told


def test_repositories_that_are_none_are_invalid(work):
    with pytest.raises(RpcError) as refused:
        work.call("front.open", connection="Work", repositories=["noslash"])
    assert (refused.value.kind, refused.value.data["field"]) == ("invalid_params", "repositories")
