# SPDX-License-Identifier: MIT
"""A refusal says which connection it is about, and what to type."""
import json
import os
import re
import signal
import subprocess

import pytest
from support.daemon import RpcError
from support.keyring import wait_until
from support.sandbox import good


def refused(daemon, method, /, **params):
    with pytest.raises(RpcError) as error:
        daemon.call(method, **params)
    return error.value


def test_every_method_with_a_connection_names_it_whether_it_was_asked_by_name_or_by_id(
    daemon, sandbox
):
    made = daemon.call("connection.add", name="My work", **good(sandbox, "github"))["connection"]
    daemon.call("token.purge", scope="connection", connection="My work")
    for asked in ("my WORK", made["id"]):
        for method, params in (
            ("connection.verify", {}),
            ("repository.list", {}),
            ("commit.list", {"repository": "octo-dev/hello"}),
        ):
            error = refused(daemon, method, connection=asked, **params)
            assert error.kind == "token_missing" and error.data["connection"] == "My work", method
    assert (
        refused(daemon, "connection.update", connection="My work", username="a\nb").data[
            "connection"
        ]
        == "My work"
    )
    assert (
        refused(daemon, "sign_in.start", connection="My work", method="browser").data["connection"]
        == "My work"
    )
    assert "connection" not in refused(daemon, "connection.verify", connection="Nobody").data


def test_the_command_line_says_name_trouble_and_the_command_for_the_shell(daemon, sandbox):
    daemon.call("connection.add", name="My work", **good(sandbox, "github"))
    done = daemon.cli("edit", "My work", "--token-stdin", stdin="ghp_wrong", check=1)
    lines = done.stderr.splitlines()
    assert lines[0].startswith("forgelink: “My work”: GitHub refused the token")
    assert lines[-1].strip() == "forgelink edit 'My work' --token-stdin"
    daemon.cli("purge", "My work", check=0)
    done = daemon.cli("verify", "My work", check=1)
    assert (
        done.stderr.startswith("forgelink: “My work” has no token.")
        and done.stderr.count("forgelink edit 'My work'") == 1
    )


def test_git_is_told_the_connection_when_the_keyring_is_locked(make_daemon, sandbox, bus):
    daemon = make_daemon('[secrets]\ncache = "0s"\n')
    daemon.call("connection.add", name="My work", **good(sandbox, "github"))
    bus.lock()
    daemon.wait_store("locked")
    scheme, host = sandbox.urls["github"].split("://")
    done = daemon.helper("get", f"protocol={scheme}\nhost={host}\n\n")
    assert "“My work”: The keyring is locked.".encode() in done.stderr and b"quit=1" in done.stdout


def test_an_answer_that_cannot_be_written_whole_is_a_failure(daemon):
    program = os.path.join(daemon.bin, "forgelink")
    for words in (["list"], ["list", "--json"], ["types"]):
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                [program, *words],
                env=daemon.environment,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                timeout=30,
            )
        assert (
            done.returncode == 1
            and done.stderr
            == "forgelink: the answer could not be written: No space left on device.\n"
        ), done


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&-"])
@pytest.mark.parametrize("words", ["list", "list --json", "log"])
def test_a_closed_standard_file_is_not_taken_by_the_daemon_s_socket(daemon, closed, words):
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" {words} {closed}', os.path.join(daemon.bin, "forgelink")],
        env=daemon.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    # Else the request itself would be answered, and the answer be sent to the daemon.
    unwritten = "forgelink: the answer could not be written: Bad file descriptor.\n"
    assert done.stderr == (unwritten if ">&-" in closed and closed[0] != "2" else ""), done
    assert done.returncode == (1 if done.stderr else 0)


# Commands that are shown can be typed, whatever the connection's name is.

NAMES = ["-x", "--json", "a\u202eb", "My work", "it's"]


def commands_in(text):
    return re.findall(r"forgelink (?:edit|verify) (?!NAME).*$", text, re.M)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("words", [("list",), ("doctor",), ("show",)], ids=lambda words: words[0])
def test_a_command_that_is_shown_finds_the_connection(daemon, name, words):
    made = daemon.call("connection.add", name=name, type="github")["connection"]
    asked = [made["id"]] if words[0] == "show" else []
    done = daemon.cli(*words, *asked)
    shown = commands_in(done.stdout + done.stderr)
    assert shown
    for command in shown:
        word = command.split(" ", 2)[2].split("  ")[0].replace(" --token-stdin", "").strip()
        typed = subprocess.run(
            ["sh", "-c", f"forgelink show --json {word}"],
            env=daemon.environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert json.loads(typed.stdout)["connection"]["id"] == made["id"], command


# A daemon that cannot start says why itself.


def cannot_start(daemon, extra=None):
    done = daemon.cli("list", check=3, extra=extra)
    assert done.stderr.startswith("forgelink: The daemon cannot start: "), done.stderr
    assert done.stderr.count("\n") == 1 and "filesystem error" not in done.stderr
    return done.stderr


def test_a_socket_s_place_that_is_taken_is_told(make_daemon):
    daemon = make_daemon(start=False)
    os.makedirs(os.path.dirname(daemon.socket))
    open(daemon.socket, "w").close()
    assert "is not a socket" in cannot_start(daemon)


def test_a_registry_that_is_damaged_is_told(make_daemon):
    daemon = make_daemon(start=False)
    os.makedirs(daemon.data, mode=0o700)
    with open(os.path.join(daemon.data, "connections.db"), "w") as out:
        out.write("no database at all, and long enough to be looked into" * 100)
    assert "connections.db cannot be read" in cannot_start(daemon)


def test_a_registry_that_another_daemon_holds_is_told(daemon, folder):
    said = cannot_start(daemon, {"FORGELINK_SOCKET": os.path.join(folder, "other")})
    assert str(daemon.process.pid) in said


def test_a_daemon_that_was_started_goes_on_when_who_started_it_has_gone(make_daemon, sandbox):
    daemon = make_daemon(start=False)
    daemon.write_settings(sandbox.settings + '[daemon]\nlog_level = "trace"\n')
    daemon.cli("list", check=0)
    pid = daemon.call("daemon.status")["pid"]
    try:
        for _ in range(100):
            daemon.call("connection.list")
        assert daemon.call("daemon.status")["pid"] == pid
    finally:
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not os.path.exists(f"/proc/{pid}"))


def test_a_folder_that_cannot_be_made_is_told(make_daemon):
    daemon = make_daemon(start=False)
    open(os.path.join(daemon.environment["HOME"], "file"), "w").close()
    socket = os.path.join(daemon.environment["HOME"], "file", "forgelink", "socket")
    said = cannot_start(daemon, {"FORGELINK_SOCKET": socket})
    assert "Not a directory" in said
