# SPDX-License-Identifier: MIT
"""Repositories and commits, asked of all six forges, paged to the end, with the right authors."""
import json
import time

import pytest
from support.daemon import DEBUG, RELEASE, Daemon, RpcError
from support.figures import note
from support.memory import resident
from support.sandbox import TYPES, Sandbox, good, tokens


def all_of(daemon, method, key, limit=100, **params):
    items, cursor = [], None
    while True:
        page = daemon.call(method, limit=limit, **({"cursor": cursor} if cursor else {}), **params)
        assert len(page[key]) <= limit
        items += page[key]
        cursor = page["next_cursor"]
        if not cursor:
            return items


def hello_of(daemon, connection):
    found = daemon.call("repository.list", connection=connection, limit=5)["repositories"]
    return next(one["path"] for one in found if one["name"] == "hello")


@pytest.mark.parametrize("kind", TYPES)
def test_repositories_are_listed_to_the_end_whatever_the_page(daemon, sandbox, kind):
    daemon.call("connection.add", name="Work", **good(sandbox, kind))
    whole = all_of(daemon, "repository.list", "repositories", connection="Work")
    assert len(whole) == (4 if kind.startswith("azure") else 5)
    for limit in (1, 2, 3):
        assert all_of(daemon, "repository.list", "repositories", limit, connection="Work") == whole
    hello = next(one for one in whole if one["name"] == "hello")
    assert hello["private"] and hello["default_branch"] == "main" and "@" not in hello["clone_url"]
    assert next(one for one in whole if one["name"] == "empty")["default_branch"] is None


@pytest.mark.parametrize("kind", TYPES)
def test_commits_come_with_their_authors_however_the_repository_is_named(daemon, sandbox, kind):
    daemon.call("connection.add", name="Work", **good(sandbox, kind))
    daemon.call(
        "connection.update", connection="Work", username=None if kind != "bitbucket" else "octo-dev"
    )
    hello = next(
        one
        for one in daemon.call("repository.list", connection="Work")["repositories"]
        if one["name"] == "hello"
    )
    commits = all_of(
        daemon, "commit.list", "commits", 2, connection="Work", repository=hello["path"]
    )
    assert len(commits) == 5
    assert all((one["author"]["date"] or "Z").endswith("Z") for one in commits)
    # The sandbox's addresses for SSH are those of the real forges; it makes some up for servers of
    # one's own.
    ssh = [hello["ssh_url"]] if kind in ("github", "bitbucket", "azure-devops") else []
    for name in (
        *ssh,
        hello["id"],
        hello["clone_url"],
        hello["web_url"],
        (
            hello["clone_url"].replace("://", "://octo-org@")
            if kind == "azure-devops"
            else hello["clone_url"]
        ),
    ):
        assert (
            daemon.call("commit.list", connection="Work", repository=name)["commits"] == commits
        ), name
    newest, outside, hidden, nameless, strange = commits
    cut = kind.startswith("azure")  # lists of Azure DevOps cut messages
    assert newest["title"] == "Newest" and newest.get("message_truncated", False) == cut
    assert newest["message"].strip() == ("Newest" if cut else "Newest\n\nWith a body.")
    assert (
        newest["author"]["username"]
        == (
            "DOMAIN\\octo-dev"
            if kind == "azure-devops-server"
            else "dev@example.org"
            if kind == "azure-devops"
            else "octo-dev"
        )
        or kind == "azure-devops-server"
    )
    if kind != "bitbucket":
        assert [one["author_display"] for one in commits] == [
            "dev@example.org",
            "nobody@example.net",
            "42+hidden-hand@users.noreply.github.com",
            "nameless@example.net",
            "mona@example.org",
        ]
        daemon.call("connection.update", connection="Work", username="octo-dev")
    shown = [
        one["author_display"]
        for one in daemon.call("commit.list", connection="Work", repository=hello["path"])[
            "commits"
        ]
    ]
    assert shown[1] == "Nobody Known" and shown[3] == "nameless@example.net"
    if kind in ("github", "gitlab", "gitlab-self-managed", "bitbucket"):
        assert shown[0] == "octo-dev" and shown[4] == "mona"
    if kind == "github":
        assert shown[2] == "hidden-hand"
    empty = next(
        one
        for one in daemon.call("repository.list", connection="Work")["repositories"]
        if one["name"] == "empty"
    )
    assert daemon.call("commit.list", connection="Work", repository=empty["path"])["commits"] == []
    assert (
        len(
            daemon.call("commit.list", connection="Work", repository=hello["path"], branch="main")[
                "commits"
            ]
        )
        == 5
    )
    for wrong in (
        {"repository": "nobody/nothing/at/all" if kind.startswith("gitlab") else "nobody/nothing"},
        {"repository": hello["path"], "branch": "no-such-branch"},
    ):
        with pytest.raises(RpcError) as refused:
            daemon.call("commit.list", connection="Work", **wrong)
        assert refused.value.kind == "not_found"
    with pytest.raises(RpcError) as refused:
        daemon.call("commit.list", connection="Work", repository="https://elsewhere.example/a/b")
    assert refused.value.kind == "invalid_params" and refused.value.data["field"] == "repository"


def test_a_moved_gitlab_project_is_found(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "gitlab"))
    assert (
        len(daemon.call("commit.list", connection="Work", repository="old/place")["commits"]) == 5
    )


def test_refusals_say_why(daemon, sandbox):
    daemon.call(
        "connection.add", name="sso", type="github", token=tokens.first(tokens.GITHUB, "sso")
    )
    with pytest.raises(RpcError) as refused:
        daemon.call("repository.list", connection="sso")
    assert refused.value.kind == "sso_required" and "/orgs/" in refused.value.data["url"]
    daemon.call(
        "connection.add",
        name="few",
        type="bitbucket",
        username="octo-dev",
        email="dev@example.org",
        token=tokens.first(tokens.BITBUCKET, "few"),
    )
    with pytest.raises(RpcError) as refused:
        daemon.call("repository.list", connection="few")
    assert refused.value.kind == "scope_missing" and refused.value.data["required"] == [
        "read:workspace:bitbucket"
    ]
    daemon.call(
        "connection.add", name="partial", type="github", token=tokens.first(tokens.GITHUB, "few")
    )
    assert daemon.call("repository.list", connection="partial")["partial"] is True
    daemon.call(
        "connection.add", name="narrow", type="gitlab", token=tokens.first(tokens.GITLAB, "few")
    )
    with pytest.raises(RpcError) as refused:
        daemon.call("repository.list", connection="narrow")
    assert refused.value.kind == "scope_missing"
    # A token that lacks a scope is not a refused one.
    daemon.call(
        "connection.add",
        name="no code",
        type="azure-devops",
        organization="octo-org",
        token=tokens.first(tokens.AZURE, "few"),
    )
    with pytest.raises(RpcError) as refused:
        daemon.call("repository.list", connection="no code")
    assert refused.value.kind == "scope_missing"
    assert (
        daemon.call("connection.get", connection="no code")["connection"]["token"]["state"]
        == "valid"
    )
    daemon.call("connection.add", name="none", type="github")
    with pytest.raises(RpcError) as refused:
        daemon.call("repository.list", connection="none")
    assert refused.value.kind == "token_missing" and "forgelink edit" in refused.value.data["hint"]


def test_a_forge_that_wants_peace_gets_it_for_all_clients(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    sandbox.fault(
        "github", "status", path="/user/repos", status=429, headers={"Retry-After": "300"}
    )
    before = len(sandbox.log("github"))
    for _ in range(3):
        with pytest.raises(RpcError) as refused:
            daemon.call("repository.list", connection="Work")
        assert (
            refused.value.kind == "rate_limited" and 290 < refused.value.data["retry_after"] <= 300
        )
    assert len(sandbox.log("github")) == before + 1
    # A short pause is kept inside.
    daemon.call("connection.add", name="Lab", **good(sandbox, "gitlab"))
    sandbox.fault(
        "gitlab",
        "status",
        path="/projects",
        status=429,
        body="Retry later",
        type="text/plain",
        headers={"Retry-After": "1"},
    )
    assert len(daemon.call("repository.list", connection="Lab")["repositories"]) == 5


def test_equal_questions_at_once_are_asked_once_and_unchanged_lists_are_not_fetched_again(
    daemon, sandbox
):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    sandbox.clear()
    sandbox.fault("github", "delay", path="/user/repos", seconds=1)
    clients = [daemon.rpc() for _ in range(8)]
    for client in clients:
        client.send("repository.list", connection="Work")
    answers = [client.read()["result"] for client in clients]
    assert all(one == answers[0] for one in answers)
    assert len([one for one in sandbox.log("github") if one["path"] == "/api/user/repos"]) == 1
    daemon.call("repository.list", connection="Work")
    assert sandbox.log("github")[-1]["if_none_match"]


def test_10000_repositories_and_100000_commits_of_each_forge_take_pages_and_little_memory(
    bus, folder
):
    big = Sandbox("--repositories", "10000", "--commits", "100000")
    daemon = Daemon(
        bus.environment, big.settings + '[secrets]\nstore = "memory"\n', bin_dir=RELEASE
    )
    try:
        ids = None
        for kind in TYPES:
            daemon.call("connection.add", name=kind, **good(big, kind))
            before, begun = resident(daemon.process.pid), time.monotonic()
            names, count, most, cursor = set(), 0, 0, None
            while count == 0 or cursor:
                page = daemon.call(
                    "repository.list",
                    connection=kind,
                    limit=100,
                    **({"cursor": cursor} if cursor else {}),
                )
                count, cursor = count + len(page["repositories"]), page["next_cursor"]
                names |= {one["id"] for one in page["repositories"]}
                most = max(most, resident(daemon.process.pid))
            assert count == len(names) == (10004 if kind.startswith("azure") else 10005), kind
            listed, hello = time.monotonic() - begun, hello_of(daemon, kind)
            begun, commits, cursor = time.monotonic(), [], None
            while not commits or cursor:
                page = daemon.call(
                    "commit.list",
                    connection=kind,
                    repository=hello,
                    limit=1000,
                    **({"cursor": cursor} if cursor else {}),
                )
                commits += [one["id"] for one in page["commits"]]
                cursor = page["next_cursor"]
                most = max(most, resident(daemon.process.pid))
            assert len(commits) == 100005 and len(set(commits)) == 100005, kind
            ids = ids or commits
            assert commits == ids, kind
            note(
                f"{kind}: {count:,} repositories in {listed:.1f} s, {len(commits):,} commits in"
                f" {time.monotonic() - begun:.1f} s, at most {(most - before) / 1024:.1f} MB over"
                f" {before / 1024:.1f} MB"
            )
            assert most - before < 24 * 1024, (kind, before, most)
        # Azure gives all its repositories at once: they were asked for once, and not for each page
        # (the verifying asks as well, and hello_of).
        assert (
            len(
                [
                    one
                    for one in big.log("azure-devops")
                    if one["path"].endswith("/_apis/git/repositories")
                ]
            )
            == 3
        )
        done = daemon.cli("repos", "github", "--json", check=0)
        assert len(json.loads(done.stdout)["repositories"]) == 10005
    finally:
        daemon.stop()
        big.close()


def test_two_clients_in_the_middle_of_two_whole_lists_do_not_disturb_each_other(daemon, sandbox):
    kinds = ("azure-devops", "azure-devops-server")
    for kind in kinds:
        daemon.call("connection.add", name=kind, **good(sandbox, kind))
    sandbox.clear()
    got, cursors = {kind: [] for kind in kinds}, {}
    for _ in range(4):
        for kind in kinds:
            for again in (False, True):  # a second client of the same list, at the same place
                page = daemon.call(
                    "repository.list", connection=kind, limit=1, **cursors.get(kind, {})
                )
                if again:
                    got[kind] += page["repositories"]
                    cursors[kind] = {"cursor": page["next_cursor"]}
                elif not cursors.get(kind):
                    continue
    for kind in kinds:
        assert [one["path"] for one in got[kind]] == sorted(
            one["path"] for one in got[kind]
        ) and len(got[kind]) == 4
        assert cursors[kind] == {"cursor": None}
        assert (
            len(
                [
                    one
                    for one in sandbox.log(kind)
                    if one["path"].endswith("/_apis/git/repositories")
                ]
            )
            == 2
        ), "one for each that began"


def test_a_cursor_leads_on_in_its_own_list_only(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    daemon.call(
        "connection.add", name="Other", type="github", token=tokens.first(tokens.GITHUB, "second")
    )
    repositories = daemon.call("repository.list", connection="Work", limit=1)["next_cursor"]
    commits = daemon.call("commit.list", connection="Work", repository="octo-dev/hello", limit=1)[
        "next_cursor"
    ]
    wrong = [
        ("repository.list", {"connection": "Other", "cursor": repositories}),
        ("repository.list", {"connection": "Work", "cursor": commits}),
        (
            "commit.list",
            {"connection": "Work", "repository": "octo-org/archive", "cursor": commits},
        ),
        (
            "commit.list",
            {
                "connection": "Work",
                "repository": "octo-dev/hello",
                "branch": "main",
                "cursor": commits,
            },
        ),
    ]
    for changed in (
        repositories[:-1],
        repositories[1:],
        repositories[:12] + ("A" if repositories[12] != "A" else "B") + repositories[13:],
        "",
        "x",
        "%",
        "A" * 16000,
    ):
        wrong.append(("repository.list", {"connection": "Work", "cursor": changed}))
    before = len(sandbox.log("github"))
    for method, params in wrong:
        with pytest.raises(RpcError) as refused:
            daemon.call(method, **params)
        assert (
            refused.value.kind == "invalid_params" and refused.value.data["field"] == "cursor"
        ), params
    assert len(sandbox.log("github")) == before
    assert (
        len(
            daemon.call("repository.list", connection="Work", limit=1000, cursor=repositories)[
                "repositories"
            ]
        )
        == 4
    )


@pytest.mark.parametrize("kind", ["github", "gitlab", "azure-devops"])
def test_a_push_in_the_middle_of_a_list_neither_repeats_nor_loses_a_commit(daemon, sandbox, kind):
    daemon.call("connection.add", name="Work", **good(sandbox, kind))
    hello = hello_of(daemon, "Work")
    whole = all_of(daemon, "commit.list", "commits", connection="Work", repository=hello)
    try:
        seen, cursor, pushed = [], None, 0
        while not seen or cursor:
            page = daemon.call(
                "commit.list",
                connection="Work",
                repository=hello,
                limit=2,
                **({"cursor": cursor} if cursor else {}),
            )
            seen, cursor, pushed = seen + page["commits"], page["next_cursor"], pushed + 1
            sandbox.set(kind, pushed=pushed)
        assert [one["id"] for one in seen] == [one["id"] for one in whole]
        assert (
            len(all_of(daemon, "commit.list", "commits", connection="Work", repository=hello))
            == len(whole) + pushed
        )
    finally:
        sandbox.set(kind, pushed=0)


def test_a_dead_token_is_not_taken_for_a_good_one_by_what_azure_shows_to_everybody(daemon, sandbox):
    params = {**good(sandbox, "azure-devops"), "organization": "public-org"}
    daemon.call("connection.add", name="Work", **params)
    daemon.call("repository.list", connection="Work")
    sandbox.token_state("azure-devops", "good", "refused")
    with pytest.raises(RpcError) as refused:
        daemon.call("repository.list", connection="Work")
    assert (
        refused.value.kind == "token_rejected"
        and "/_usersSettings/tokens" in refused.value.data["url"]
    )
    assert (
        daemon.call("connection.get", connection="Work")["connection"]["token"]["state"]
        == "rejected"
    )


def test_a_list_that_ends_in_a_refusal_is_whole_json_all_the_same_and_says_where_to_go_on(
    daemon, sandbox
):
    daemon.call("connection.add", name="Work", **good(sandbox, "gitlab"))
    hello = hello_of(daemon, "Work")
    sandbox.fault("gitlab", "status", path="/commits", status=500)
    done = daemon.cli("commits", "Work", hello, "--json", check=1)
    assert json.loads(done.stdout)["error"]["data"]["kind"] == "forge_error"
    big = Sandbox("--commits", "200")
    try:
        daemon.stop()
        daemon.write_settings(big.settings)
        daemon.start()
        daemon.wait_store()
        big.fault("gitlab", "delay", path="/commits", seconds=0)
        big.fault("gitlab", "status", path="/commits", status=500)
        done = daemon.cli("commits", "Work", hello, "--json", check=1)
        said = json.loads(done.stdout)
        assert (
            len(said["commits"]) == 100
            and said["error"]["data"]["kind"] == "forge_error"
            and done.stderr.startswith("forgelink: ")
        )
        rest = daemon.call(
            "commit.list",
            connection="Work",
            repository=hello,
            limit=1000,
            cursor=said["next_cursor"],
        )["commits"]
        assert len(said["commits"]) + len(rest) == 205
        # A pause that is too long to be kept inside is waited for by the command line, in the
        # middle of a list.
        big.fault("gitlab", "delay", path="/commits", seconds=0)
        big.fault("gitlab", "status", path="/commits", status=429, headers={"Retry-After": "6"})
        done = daemon.cli("commits", "Work", hello, "--json", check=0)
        assert len(json.loads(done.stdout)["commits"]) == 205 and "Waiting" in done.stderr
    finally:
        big.close()


def test_verify_says_what_a_token_can_do_in_words(daemon, sandbox):
    daemon.call(
        "connection.add", name="few", type="gitlab", token=tokens.first(tokens.GITLAB, "few")
    )
    shown = daemon.cli("verify", "few", check=0).stdout
    assert (
        "Scopes         write_repository" in shown
        and "Missing scope  read_api: to list projects and read their commits" in shown
    )
    daemon.call(
        "connection.add", name="wide", type="github", token=tokens.first(tokens.GITHUB, "wide")
    )
    assert (
        "More than used delete_repo, admin:org (nothing here needs it)"
        in daemon.cli("verify", "wide", check=0).stdout
    )
    daemon.call(
        "connection.add",
        name="fine",
        type="github",
        token=tokens.first(tokens.GITHUB, "fine-grained"),
    )
    assert "the forge does not tell" in daemon.cli("show", "fine", check=0).stdout
    daemon.call(
        "connection.add",
        name="code",
        type="azure-devops",
        organization="octo-org",
        token=tokens.first(tokens.AZURE, "few"),
    )
    assert (
        "vso.code: Code (Read): to list repositories" in daemon.cli("show", "code", check=0).stdout
    )


def test_pages_are_fetched_concurrently_where_the_forge_tells_where_they_are(bus, folder):
    big = Sandbox("--commits", "1000")
    daemon = Daemon(bus.environment, big.settings + '[secrets]\nstore = "memory"\n', bin_dir=DEBUG)
    try:
        for kind, at_once in (("github", 4), ("azure-devops", 4), ("gitlab", 1), ("bitbucket", 1)):
            daemon.call("connection.add", name=kind, **good(big, kind))
            repository = hello_of(daemon, kind)
            big.fault(kind, "delay", path="/commits", seconds=0.2, times=20)
            whole = all_of(
                daemon, "commit.list", "commits", 1000, connection=kind, repository=repository
            )
            assert len(whole) == 1005 and len({one["id"] for one in whole}) == 1005
            assert big.get(kind, "most_at_once") == at_once, kind
    finally:
        daemon.stop()
        big.close()


def test_the_command_line_shows_lists_without_letting_them_steer_the_terminal(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    assert "octo-dev/hello" in daemon.cli("repos", "Work", check=0).stdout
    shown = daemon.cli("commits", "Work", "octo-dev/hello", check=0).stdout
    assert "Ünïcödé" in shown and "\x1b" not in shown and "\u202e" not in shown
    one = daemon.cli("commits", "Work", "octo-dev/hello", "--limit", "1", check=0).stdout
    assert one.count("\n") == 1
