# SPDX-License-Identifier: MIT
"""What is wrong with a command line is one sentence and exit status 2: empty arguments, counts,
bytes that are no text, what is missing. Under --json it is JSON as well."""
import json
import os
import re
import subprocess

import pytest
from support.sandbox import good

# No argument is "not given" because it is empty.
EMPTY = [
    ("purge", ""),
    ("use", "Work", "--for", ""),
    ("use", "Work", "--in", ""),
    ("lend", "Work", "--for", ""),
    ("lend", "Work", "--socket", ""),
    ("lend", ""),
    ("log", ""),
    ("log", "--since", ""),
    ("access", ""),
    ("access", "--revoke", ""),
    ("approve", ""),
    ("api", "Work", "user", "-X", ""),
    ("api", "Work", "user", "-f", ""),
    ("api", "Work", "user", "-H", ""),
    ("api", "Work", "user", "--input", ""),
    ("api", "Work", ""),
    ("show", ""),
    ("list", "--type", ""),
    ("list", "--limit", ""),
    ("types", ""),
    ("rules", ""),
    ("unuse", ""),
    ("unlend", ""),
    ("explain", ""),
    ("explain", "--in", ""),
    ("explain", "--username", ""),
    ("repos", ""),
    ("commits", "Work", ""),
    ("commits", "Work", "octo-dev/hello", "--branch", ""),
    ("run", "Work", "--repository", "", "--", "true"),
    ("add", "", "--type", "github"),
    ("add", "New", "--type", ""),
    ("add", "New", "--type", "github", "--username", ""),
    ("edit", "Work", "--rename", ""),
    ("renew", "Work", "--expires", ""),
    ("oauth-app", "set", "github", "--client-id", ""),
    ("watch", "--kind", ""),
    ("call", ""),
]


@pytest.mark.parametrize("words", EMPTY, ids=" ".join)
def test_an_empty_argument_is_refused_and_nothing_happens(daemon, words):
    daemon.call("connection.add", name="Work", type="github")
    done = daemon.cli(*words, check=2)
    assert re.fullmatch(r"forgelink: \S+ must not be empty\.\n", done.stderr), done.stderr
    assert done.stdout == "" and daemon.call("connection.list")["total"] == 1


@pytest.mark.parametrize("option", ["--username", "--commit-name", "--commit-email"])
def test_on_an_edit_an_empty_text_takes_the_value_away(daemon, option):
    daemon.call("connection.add", name="Work", type="github", username="octo-dev")
    daemon.cli("edit", "Work", option, "", "--no-verify", check=0)
    field = option.removeprefix("--").replace("-", "_")
    assert daemon.call("connection.get", connection="Work")["connection"][field] is None


def test_the_words_of_a_command_that_is_run_may_be_empty(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    done = daemon.cli("run", "Work", "--", "printf", "<%s>", "", "x", check=0)
    assert done.stdout == "<><x>"


COUNTED = [
    ("list",),
    ("log",),
    ("repos", "Work"),
    ("commits", "Work", "octo-dev/hello"),
]


@pytest.mark.parametrize("count", ["0", "-1", "x", "1x", "1.5", "9223372036854775808"])
@pytest.mark.parametrize("words", COUNTED, ids=" ".join)
def test_a_count_that_is_none_is_told_its_range(daemon, words, count):
    done = daemon.cli(*words, f"--limit={count}", check=2)
    assert done.stderr == (
        "forgelink: --limit takes a whole number from 1 to 9223372036854775807, not"
        f" “{count}”.\n"
    )


BYTES = [
    ("show", b"\xff"),
    ("use", "Work", "--for", b"https://\xff"),
    ("use", "Work", "--in", b"/tmp/\xff"),
    ("lend", "Work", "--socket", b"/tmp/\xff"),
    ("api", "Work", "user", "-f", b"a=\xff"),
    ("call", "connection.get", b'{"connection": "\xff"}'),
    ("add", b"\xc3(", "--type", "github"),
]


@pytest.mark.parametrize("words", BYTES, ids=lambda words: words[0])
def test_an_argument_that_is_no_text_is_told_so(daemon, words):
    daemon.call("connection.add", name="Work", type="github")
    done = daemon.cli(*words, check=2)
    assert "is not UTF-8 text" in done.stderr and done.stderr.count("\n") == 1


def test_a_token_that_is_no_text_is_told_so(daemon):
    done = subprocess.run(
        [os.path.join(daemon.bin, "forgelink"), "add", "W", "--type", "github", "--token-stdin"],
        env=daemon.environment,
        input=b"\xff\xfe\n",
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 2 and b"`token` is not UTF-8 text." in done.stderr


def test_a_body_that_is_no_text_is_sent_as_it_is(daemon, sandbox, folder):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    file = os.path.join(os.fsencode(folder), b"body-\xff")
    with open(file, "wb") as out:
        out.write(b"\xff\x00")
    done = daemon.cli("api", "Work", "nowhere", "-X", "POST", "--input", file)
    assert "HTTP" in done.stderr and "UTF-8" not in done.stderr


@pytest.fixture
def strange(daemon, folder):
    """A repository in a folder whose name is no text."""
    path = os.path.join(os.fsencode(folder), b"caf\xe9")
    daemon.git("init", "-q", path)
    return path


def in_folder(daemon, path, *words):
    return subprocess.run(
        [os.path.join(daemon.bin, "forgelink"), *words],
        env=daemon.environment,
        cwd=path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
    )


@pytest.mark.parametrize("words", [("use", "Work"), ("use", "Work", "--in", ".")], ids=" ".join)
def test_no_rule_is_made_for_a_folder_that_is_no_text(daemon, strange, words):
    daemon.call("connection.add", name="Work", type="github")
    done = in_folder(daemon, strange, *words)
    assert done.returncode == 2 and b"is not UTF-8 text" in done.stderr
    assert daemon.call("rule.list")["rules"] == []


def test_where_git_works_is_left_out_if_it_is_no_text(daemon, sandbox, strange):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    daemon.git("remote", "add", "origin", sandbox.urls["github"] + "/octo-dev/hello", cwd=strange)
    done = in_folder(daemon, strange, "explain")
    assert done.returncode == 0 and "“Work” answers".encode() in done.stdout


@pytest.mark.parametrize(
    "words, missing",
    [
        (("show",), "NAME"),
        (("commits", "Work"), "REPOSITORY"),
        (("run", "Work"), "COMMAND"),
        (("oauth-app", "remove"), "TYPE"),
    ],
)
def test_what_is_missing_is_named_before_the_help(daemon, words, missing):
    done = daemon.cli(*words, check=2)
    first, rest = done.stderr.split("\n", 1)
    assert first == f"forgelink: {missing} is missing." and "Usage:" in rest


def test_without_a_terminal_a_client_id_is_not_asked_for(daemon):
    done = daemon.cli("oauth-app", "set", "gitlab", check=2)
    assert done.stderr == "forgelink: --client-id is missing.\n"


# --json: one JSON text on standard output, whatever becomes of it.


@pytest.mark.parametrize(
    "words, status, kind",
    [
        (("approve",), 1, "not_found"),
        (("git", "identity"), 2, "invalid_params"),
        (("explain",), 2, "invalid_params"),
        (("show",), 2, "invalid_params"),
        (("show", ""), 2, "invalid_params"),
        (("show", b"\xff"), 2, "invalid_params"),
        (("list", "--limit", "0"), 2, "invalid_params"),
        (("list", "--nope"), 2, "invalid_params"),
        (("nope",), 2, "invalid_params"),
        (("types", "nope"), 2, "invalid_params"),
        (("add",), 2, "invalid_params"),
        (("show", "Nobody"), 1, "not_found"),
    ],
)
def test_a_refusal_is_json_under_json(daemon, words, status, kind):
    done = in_folder(daemon, daemon.environment["HOME"], *words, "--json")
    assert done.returncode == status, done
    assert json.loads(done.stdout)["error"]["data"]["kind"] == kind and done.stderr


@pytest.mark.parametrize("command", ["list", "watch"])
def test_that_there_is_no_daemon_is_json_under_json(daemon, folder, command):
    nowhere = {
        "FORGELINK_SOCKET": os.path.join(folder, "none"),
        "FORGELINK_NO_AUTOSTART": "1",
    }
    done = daemon.cli(command, "--json", check=3, extra=nowhere)
    assert "No daemon listens" in json.loads(done.stdout)["error"]["message"]


def test_one_type_is_told_alone_under_json(daemon):
    told = json.loads(daemon.cli("types", "gitlab", "--json", check=0).stdout)
    assert told["types"] == [t for t in daemon.call("type.list")["types"] if t["id"] == "gitlab"]


def test_api_tells_status_headers_and_body_under_json(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    told = json.loads(daemon.cli("api", "Work", "user", "--json", check=0).stdout)
    assert told["status"] == 200 and json.loads(told["body"])["login"] == "octo-dev"
    assert told["headers"]
    refused = daemon.cli("api", "Work", "nowhere", "--json", check=1)
    assert json.loads(refused.stdout)["status"] == 404


def test_api_tells_all_pages_as_one_body_under_json(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    words = ("api", "Work", "user/repos?per_page=1", "--paginate")
    told = json.loads(daemon.cli(*words, "--json", check=0).stdout)
    assert json.loads(told["body"]) == json.loads(daemon.cli(*words, check=0).stdout)


# What cannot be written is a failure.


@pytest.mark.parametrize(
    "words",
    [
        ("forgelink", "--help"),
        ("forgelink", "--version"),
        ("forgelink", "show", "--help"),
        ("forgelink", "complete", "--", ""),
        ("git-credential-forgelink", "capability"),
        ("git-credential-forgelink", "get"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_written_is_a_failure_that_is_said(daemon, sandbox, words):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    scheme, host = sandbox.urls["github"].split("://")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [os.path.join(daemon.bin, words[0]), *words[1:]],
            env=daemon.environment,
            input=f"protocol={scheme}\nhost={host}\n\n",
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert done.returncode == 1
    assert (
        done.stderr == "forgelink: the answer could not be written: No space left on device.\n"
    ), done
