# SPDX-License-Identifier: MIT
"""What people type, and what they see of it: faults H5 to H8 and I1 to I4."""
import json
import os
import pty
import re
import subprocess

import pytest
from support.daemon import RpcError
from support.sandbox import good

SELF_HOSTED = ["github-enterprise", "gitlab-self-managed", "forgejo", "azure-devops-server"]
# Types with a sandbox of their own, and what a person pastes of a server: what is cut to it, and
# what is none of it, because below a sub-path nobody can tell where the server ends.
ALL = ["github", "gitlab", "bitbucket", "azure-devops", *SELF_HOSTED]
CUT = [
    ("github-enterprise", "/api/v3"),
    ("github-enterprise", "/api/v3/"),
    ("github-enterprise", "/octo-dev/hello"),
    ("gitlab-self-managed", "/api/v4"),
    ("gitlab-self-managed", "/api/v4/"),
    ("forgejo", "/api/v1"),
    ("forgejo", "/user/settings/applications"),
    ("azure-devops-server", "/_apis"),
    ("azure-devops-server", "/project/_git/hello"),
]
REFUSED = [
    ("gitlab-self-managed", "/octo-dev/hello.git"),
    ("gitlab-self-managed", "/-/user_settings/personal_access_tokens"),
    ("forgejo", "/octo-dev/hello.git"),
    ("forgejo", "/octo-dev/hello/src/branch/main"),
]


def add(daemon, sandbox, kind, name="Work", **more):
    return daemon.call("connection.add", name=name, **{**good(sandbox, kind), **more})["connection"]


def refusal(daemon, sandbox, kind, **more):
    with pytest.raises(RpcError) as refused:
        add(daemon, sandbox, kind, **more)
    return refused.value


# H5: more than the server's address.


@pytest.mark.parametrize("kind, part", CUT)
def test_fault_h5_an_address_with_more_is_cut(daemon, sandbox, kind, part):
    server = good(sandbox, kind)["server_url"]
    made = add(daemon, sandbox, kind, server_url=server + part)
    assert made["server_url"] == server and made["token"]["state"] == "valid"


@pytest.mark.parametrize("kind, part", REFUSED)
def test_fault_h5_where_the_server_ends_is_asked_and_nothing_sent(daemon, sandbox, kind, part):
    sandbox.clear()
    server = good(sandbox, kind)["server_url"]
    refused = refusal(daemon, sandbox, kind, server_url=server + part)
    assert refused.kind == "invalid_params" and refused.data["field"] == "server_url"
    assert sandbox.urls[kind] in refused.data["hint"]
    assert sandbox.log(kind) == [] and daemon.call("connection.list")["total"] == 0


@pytest.mark.parametrize(
    "typed",
    [
        "https://dev.azure.com/octo-org",
        "https://dev.azure.com/octo-org/project/_git/hello",
        "https://octo-org.visualstudio.com",
        "https://octo-org.visualstudio.com/DefaultCollection",
        "octo-org.visualstudio.com",
        " octo-org ",
    ],
)
def test_fault_h5_every_spelling_of_an_organization_is_the_organization(daemon, sandbox, typed):
    assert add(daemon, sandbox, "azure-devops", organization=typed)["organization"] == "octo-org"


# H6: blanks round what was pasted.

FIELDS = ("username", "email", "organization", "server_url")
BLANKS = {"blank": " ", "tab": "\t", "nbsp": "\u00a0", "line": "\n"}


def padded(params, fields, blank):
    return {k: blank + v + blank if k in fields else v for k, v in params.items()}


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("blank", BLANKS)
def test_fault_h6_blanks_round_a_field_are_taken_off(daemon, sandbox, kind, blank):
    params = good(sandbox, kind)
    made = daemon.call("connection.add", name="Work", **padded(params, FIELDS, BLANKS[blank]))
    made = made["connection"]
    assert made["token"]["state"] == "valid"
    assert {field: made[field] for field in FIELDS} == {one: params.get(one) for one in FIELDS}


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("blank", ["blank", "tab", "line"])
def test_fault_h6_blanks_round_a_token_are_taken_off(daemon, sandbox, kind, blank):
    params = padded(good(sandbox, kind), ("token",), BLANKS[blank])
    made = daemon.call("connection.add", name="Work", **params)["connection"]
    assert made["token"]["state"] == "valid"


@pytest.mark.parametrize("kind", ALL)
def test_fault_h6_a_no_break_space_at_a_token_is_said_and_not_sent(daemon, sandbox, kind):
    sandbox.clear()
    token = good(sandbox, kind)["token"]
    refused = refusal(daemon, sandbox, kind, token=f"\u00a0{token}\u00a0")
    assert refused.kind == "invalid_params" and refused.data["field"] == "token"
    assert "space" in str(refused) and token not in str(refused)
    assert sandbox.log(kind) == [] and daemon.call("connection.list")["total"] == 0


def test_fault_h6_blanks_round_what_names_a_thing_are_taken_off(daemon, sandbox):
    made = add(daemon, sandbox, "github", name=" Work ")
    assert made["name"] == "Work"
    assert daemon.call("connection.get", connection=" Work ")["connection"]["id"] == made["id"]
    listed = daemon.call(
        "commit.list", connection="Work", repository=" octo-dev/hello ", branch=" main ", limit=1
    )
    assert len(listed["commits"]) == 1
    daemon.call("oauth_app.set", type="github", client_id=" abc ")
    assert daemon.call("oauth_app.list")["apps"][0]["client_id"] == "abc"
    changed = daemon.call(
        "connection.update", connection="Work", commit_name=" A ", commit_email=" a@b.example "
    )["connection"]
    assert (changed["commit_name"], changed["commit_email"]) == ("A", "a@b.example")


# H7: more than a token.


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize(
    "form",
    ['"{}"', "'{}'", "GITHUB_TOKEN={}", "export T={}", "octo-dev:{}", "https://octo-dev:{}@host/x"],
)
def test_fault_h7_what_is_more_than_a_token_is_said_and_not_sent(daemon, sandbox, kind, form):
    sandbox.clear()
    token = good(sandbox, kind)["token"]
    refused = refusal(daemon, sandbox, kind, token=form.format(token))
    assert refused.kind == "invalid_params" and refused.data["field"] == "token"
    assert token not in str(refused)
    assert sandbox.log(kind) == [] and daemon.call("connection.list")["total"] == 0


@pytest.mark.parametrize("kind", ["github", "gitlab-self-managed", "azure-devops"])
def test_fault_h7_a_change_of_the_token_is_held_to_the_same(daemon, sandbox, kind):
    add(daemon, sandbox, kind)
    sandbox.clear()
    with pytest.raises(RpcError) as refused:
        daemon.call(
            "connection.update", connection="Work", token=f'"{good(sandbox, kind)["token"]}"'
        )
    assert refused.value.kind == "invalid_params" and sandbox.log(kind) == []


# H8: however a repository is named.


@pytest.mark.parametrize("kind", ALL)
def test_fault_h8_a_repository_is_understood_in_every_spelling(daemon, sandbox, kind):
    add(daemon, sandbox, kind)
    hello = next(
        one
        for one in daemon.call("repository.list", connection="Work")["repositories"]
        if one["name"] == "hello"
    )
    clone, host = hello["clone_url"], hello["clone_url"].split("://", 1)[1]
    wanted = daemon.call("commit.list", connection="Work", repository=hello["path"])["commits"]
    spellings = [
        clone,
        "git+" + clone,
        "git://" + host,
        clone + "/",
        f" {clone} ",
        hello["web_url"],
    ]
    if not kind.startswith("azure"):
        spellings.append(clone.removesuffix(".git") + "/tree/main")
    for name in spellings:
        got = daemon.call("commit.list", connection="Work", repository=name)["commits"]
        assert [one["id"] for one in got] == [one["id"] for one in wanted], name


@pytest.mark.parametrize(
    "nonsense", ["", " ", "https://", "/", "..", "a/../b", "x" * 5000, "\u0000"]
)
def test_fault_h8_nonsense_is_refused_before_anybody_is_asked(daemon, sandbox, nonsense):
    add(daemon, sandbox, "github")
    sandbox.clear()
    with pytest.raises(RpcError) as refused:
        daemon.call("commit.list", connection="Work", repository=nonsense)
    assert refused.value.kind == "invalid_params" and refused.value.data["field"] == "repository"
    assert sandbox.log("github") == []


# I: the command line.


def on_terminal(daemon, *words, extra=None):
    """Standard output and error on a terminal; what it shows."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        words,
        env={**daemon.environment, "TERM": "xterm-256color", **(extra or {})},
        stdin=subprocess.DEVNULL,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    seen = b""
    while True:
        try:
            piece = os.read(master, 4096)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    os.close(master)
    return process.wait(timeout=20), seen.decode()


def test_fault_i1_no_counter_mixes_into_a_pipe(daemon, sandbox):
    add(daemon, sandbox, "github")
    commit = daemon.call("commit.list", connection="Work", repository="octo-dev/hello", limit=1)
    title = commit["commits"][0]["title"]
    for line, wanted in (
        ("forgelink repos Work | head -2", "octo-dev"),
        ("forgelink commits Work octo-dev/hello | cat", title),
    ):
        _, seen = on_terminal(daemon, "sh", "-c", line)
        assert wanted in seen, line
        assert not re.search(r"\r\d", seen), line


def test_fault_i2_without_a_command_the_commands_are_listed(daemon):
    done = daemon.cli(check=2)
    shown = done.stdout + done.stderr
    assert "add" in shown and "repos" in shown and "doctor" in shown
    assert "subcommand is required" not in shown


@pytest.mark.parametrize("group", ["git", "oauth-app"])
def test_fault_i2_a_group_without_its_command_lists_them(daemon, group):
    done = daemon.cli(group, check=2)
    shown = done.stdout + done.stderr
    assert "set" in shown and "subcommand is required" not in shown


def test_fault_i3_states_have_colours_and_words(daemon, sandbox):
    add(daemon, sandbox, "github")
    _, seen = on_terminal(daemon, "forgelink", "list")
    assert re.search(r"\x1b\[[0-9;]+m[^\x1b]*valid", seen)


@pytest.mark.parametrize("extra", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_fault_i3_colours_can_be_had_without(daemon, sandbox, extra):
    add(daemon, sandbox, "github")
    _, seen = on_terminal(daemon, "forgelink", "list", extra=extra)
    assert "valid" in seen and "\x1b[" not in seen


def test_fault_i3_a_pipe_gets_no_colours(daemon, sandbox):
    add(daemon, sandbox, "github")
    assert "\x1b" not in daemon.cli("list", check=0).stdout


def test_fault_i4_types_are_brief_and_one_of_them_is_not(daemon):
    types = daemon.call("type.list")["types"]
    brief = daemon.cli("types", check=0).stdout
    assert all(one["id"] in brief for one in types)
    assert len(brief.splitlines()) <= 2 * len(types) + 4
    for one in types:
        told = daemon.cli("types", one["id"], check=0).stdout
        assert one["label"] in told and all(s["scope"] in told for s in one.get("scopes", []))


@pytest.mark.parametrize("words", [("types", "nonsense"), ("types", "GitHub\u001b")])
def test_fault_i4_a_type_that_is_none_is_said(daemon, words):
    done = daemon.cli(*words)
    assert done.returncode not in (0, 139, 134) and "\x1b" not in done.stderr


def test_fault_i4_types_under_json_are_the_daemons(daemon):
    told = json.loads(daemon.cli("types", "--json", check=0).stdout)
    assert [one["id"] for one in told["types"]] == [
        one["id"] for one in daemon.call("type.list")["types"]
    ]
