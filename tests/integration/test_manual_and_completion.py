# SPDX-License-Identifier: MIT
"""Completion in the three shells, each really run, and the manual pages."""
import os
import re
import shutil
import subprocess

import pytest
from support.daemon import RELEASE, RpcError
from support.sandbox import ROOT

SCRIPTS = os.path.join(ROOT, "clients", "completion")
PAGES = os.path.join(ROOT, "build", "release", "man")


def lines_of(command, environment):
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30)
    assert not done.stderr, done.stderr
    return [line for line in done.stdout.splitlines() if line]


def bash(environment, *words):
    """What bash puts in place of the last word, as it would stand on the line."""
    line = " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)
    script = (
        f"source {SCRIPTS}/forgelink.bash; COMP_WORDS=(forgelink {line}); COMP_CWORD={len(words)};"
        " _forgelink; printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    return lines_of(["bash", "--norc", "-c", script], environment)


def fish(environment, *words):
    line = "forgelink " + " ".join(words)
    script = f"source {SCRIPTS}/forgelink.fish; complete -C {line!r}"
    return [
        one.split("\t")[0] for one in lines_of(["fish", "--no-config", "-c", script], environment)
    ]


def zsh(environment, *words):
    """compadd tells what it was given; the rest is zsh's."""
    line = " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)
    script = (
        f"compadd() {{ print -rl -- ${{values}}; }}; words=(forgelink {line}); CURRENT=$#words;"
        f" complete_it() {{ source {SCRIPTS}/_forgelink; }}; complete_it"
    )
    return lines_of(["zsh", "-f", "-c", script], environment)


SHELLS = {"bash": bash, "fish": fish, "zsh": zsh}


@pytest.mark.parametrize("shell", SHELLS)
def test_commands_options_types_and_names_are_completed(release_daemon, shell):
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    ask, environment = SHELLS[shell], release_daemon.environment
    for name in ("Work", "Wide World", "it's mine"):
        release_daemon.call("connection.add", name=name, type="github")
    assert ask(environment, "ver") == ["verify"]
    assert set(ask(environment, "git", "")) == {"setup", "unset", "identity"}
    assert "--token-stdin" in ask(environment, "add", "New", "--to")
    assert ask(environment, "add", "New", "--type", "gitlab-") == ["gitlab-self-managed"]
    assert ask(environment, "add", "") == []
    assert ask(environment, "show", "Wo") == ["Work"]
    assert ask(environment, "show", "Work", "") == []
    methods = ["daemon.lock", "daemon.status", "daemon.unlock"]
    assert ask(environment, "call", "daemon.") == methods
    assert ask(environment, "call", "daemon.s") == ["daemon.status"]
    quoted = {
        "bash": ("Wide\\ World", "it\\'s\\ mine"),
        "fish": ("Wide World", "it's mine"),
        "zsh": ("Wide World", "it's mine"),
    }[shell]
    assert ask(environment, "show", "Wid") == [quoted[0]]
    assert ask(environment, "edit", "it") == [quoted[1]]


@pytest.mark.parametrize("shell", SHELLS)
def test_without_a_daemon_none_is_started_and_nothing_is_said(bus, shell):
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    environment = {**bus.environment, "PATH": RELEASE + ":" + bus.environment["PATH"]}
    assert SHELLS[shell](environment, "show", "") == []
    assert SHELLS[shell](environment, "ver") == ["verify"]
    assert not os.path.exists(os.path.join(environment["XDG_RUNTIME_DIR"], "forgelink", "socket"))


def test_nonsense_is_completed_with_nothing(release_daemon):
    for words in (
        [],
        ["--"],
        ["--", "no", "such", "thing"],
        ["--", "\x1b[31m"],
        ["--", "add", "--type=", ""],
        ["--", "show", "--", ""],
    ):
        done = release_daemon.cli("complete", *words)
        assert "Traceback" not in done.stderr and done.returncode in (0, 2)


def page(name):
    with open(os.path.join(PAGES, name)) as text:
        return text.read().replace("\\-", "-")


def test_the_manual_pages_are_whole_and_well_formed(release_daemon):
    for name in os.listdir(PAGES):
        done = subprocess.run(
            ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", os.path.join(PAGES, name)],
            capture_output=True,
            text=True,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "MANWIDTH": "80"},
            timeout=60,
        )
        assert done.returncode == 0 and not done.stderr, (name, done.stderr)
        assert not re.search(r"@\w+@", done.stdout), name
    for method in release_daemon.call("rpc.discover")["methods"]:
        assert f".SS {method['name']}\n" in page("forgelink-protocol.7")
    with pytest.raises(RpcError) as refused:
        release_daemon.call("event.subscribe", kinds=["nonsense"])
    kinds = re.findall(r"[a-z_]+\.[a-z_]+", refused.value.data["hint"])
    with open(os.path.join(ROOT, "ipc", "protocol", "event_kind.hpp")) as source:
        assert kinds == re.findall(r'"([a-z_]+\.[a-z_]+)"', source.read())
    for kind in kinds:
        assert re.search(
            rf"^\.BR? .*\b{re.escape(kind)}\b", page("forgelink-protocol.7"), re.M
        ), kind
    for program, name in (("forgelinkd", "forgelinkd.8"), ("forgelink", "forgelink.1")):
        shown = subprocess.run(
            [os.path.join(RELEASE, program), "--help"], capture_output=True, text=True, check=True
        ).stdout
        for option in re.findall(r"--[a-z-]+", shown):
            assert option in page(name), (option, name)
    for command in re.findall(
        r"^  ([a-z][a-z-]+) ",
        subprocess.run(
            [os.path.join(RELEASE, "forgelink"), "--help"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout,
        re.M,
    ):
        assert f"\\fB{command}" in page("forgelink.1"), command
