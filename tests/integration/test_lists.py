"""Repositories and commits, asked of all six forges, paged to the end, with the right authors."""
import json

import pytest
from support.daemon import DEBUG, Daemon, RpcError
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
    daemon.call("connection.update", connection="Work", username=None if kind != "bitbucket" else "octo-dev")
    hello = next(one for one in daemon.call("repository.list", connection="Work")["repositories"] if one["name"] == "hello")
    commits = all_of(daemon, "commit.list", "commits", 2, connection="Work", repository=hello["path"])
    assert len(commits) == 5
    for name in (hello["id"], hello["clone_url"], hello["web_url"], hello["clone_url"].replace("://", "://octo-org@") if kind == "azure-devops" else hello["clone_url"]):
        assert daemon.call("commit.list", connection="Work", repository=name)["commits"] == commits, name
    newest, outside, hidden, nameless, strange = commits
    assert newest["title"] == "Newest" and newest["message"].startswith("Newest\n\nWith a body.")
    assert newest["author"]["username"] == ("DOMAIN\\octo-dev" if kind == "azure-devops-server" else "dev@example.org" if kind == "azure-devops" else "octo-dev") or kind == "azure-devops-server"
    if kind != "bitbucket":
        assert [one["author_display"] for one in commits] == ["dev@example.org", "nobody@example.net", "42+hidden-hand@users.noreply.github.com", "nameless@example.net", "mona@example.org"]
        daemon.call("connection.update", connection="Work", username="octo-dev")
    shown = [one["author_display"] for one in daemon.call("commit.list", connection="Work", repository=hello["path"])["commits"]]
    assert shown[1] == "Nobody Known" and shown[3] == "nameless@example.net"
    if kind in ("github", "gitlab", "gitlab-self-managed", "bitbucket"):
        assert shown[0] == "octo-dev" and shown[4] == "mona"
    if kind == "github":
        assert shown[2] == "hidden-hand"
    empty = next(one for one in daemon.call("repository.list", connection="Work")["repositories"] if one["name"] == "empty")
    assert daemon.call("commit.list", connection="Work", repository=empty["path"])["commits"] == []
    assert len(daemon.call("commit.list", connection="Work", repository=hello["path"], branch="main")["commits"]) == 5
    for wrong in ({"repository": "nobody/nothing/at/all" if kind.startswith("gitlab") else "nobody/nothing"}, {"repository": hello["path"], "branch": "no-such-branch"}):
        with pytest.raises(RpcError) as refused:
            daemon.call("commit.list", connection="Work", **wrong)
        assert refused.value.kind == "not_found"
    with pytest.raises(RpcError) as refused:
        daemon.call("commit.list", connection="Work", repository="https://elsewhere.example/a/b")
    assert refused.value.kind == "invalid_params" and refused.value.data["field"] == "repository"


def test_a_moved_gitlab_project_is_found(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "gitlab"))
    assert len(daemon.call("commit.list", connection="Work", repository="old/place")["commits"]) == 5


def test_refusals_say_why(daemon, sandbox):
    daemon.call("connection.add", name="sso", type="github", token=tokens.first(tokens.GITHUB, "sso"))
    with pytest.raises(RpcError) as refused:
        daemon.call("repository.list", connection="sso")
    assert refused.value.kind == "sso_required" and "/orgs/" in refused.value.data["url"]
    daemon.call("connection.add", name="few", type="bitbucket", username="octo-dev", email="dev@example.org", token=tokens.first(tokens.BITBUCKET, "few"))
    with pytest.raises(RpcError) as refused:
        daemon.call("repository.list", connection="few")
    assert refused.value.kind == "scope_missing" and refused.value.data["required"] == ["read:workspace:bitbucket"]
    daemon.call("connection.add", name="partial", type="github", token=tokens.first(tokens.GITHUB, "few"))
    assert daemon.call("repository.list", connection="partial")["partial"] is True
    daemon.call("connection.add", name="narrow", type="gitlab", token=tokens.first(tokens.GITLAB, "few"))
    with pytest.raises(RpcError) as refused:
        daemon.call("repository.list", connection="narrow")
    assert refused.value.kind == "scope_missing"
    # A token that lacks a scope is not a refused one.
    daemon.call("connection.add", name="no code", type="azure-devops", organization="octo-org", token=tokens.first(tokens.AZURE, "few"))
    with pytest.raises(RpcError) as refused:
        daemon.call("repository.list", connection="no code")
    assert refused.value.kind == "scope_missing"
    assert daemon.call("connection.get", connection="no code")["connection"]["token"]["state"] == "valid"
    daemon.call("connection.add", name="none", type="github")
    with pytest.raises(RpcError) as refused:
        daemon.call("repository.list", connection="none")
    assert refused.value.kind == "token_missing" and "forgelink edit" in refused.value.data["hint"]


def test_a_forge_that_wants_peace_gets_it_for_all_clients(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    sandbox.fault("github", "status", path="/user/repos", status=429, headers={"Retry-After": "300"})
    before = len(sandbox.log("github"))
    for _ in range(3):
        with pytest.raises(RpcError) as refused:
            daemon.call("repository.list", connection="Work")
        assert refused.value.kind == "rate_limited" and 290 < refused.value.data["retry_after"] <= 300
    assert len(sandbox.log("github")) == before + 1
    # A short pause is kept inside.
    daemon.call("connection.add", name="Lab", **good(sandbox, "gitlab"))
    sandbox.fault("gitlab", "status", path="/projects", status=429, body="Retry later", type="text/plain", headers={"Retry-After": "1"})
    assert len(daemon.call("repository.list", connection="Lab")["repositories"]) == 5


def test_equal_questions_at_once_are_asked_once_and_unchanged_lists_are_not_fetched_again(daemon, sandbox):
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


def test_ten_thousand_repositories_and_a_hundred_thousand_commits_come_in_pages(bus, folder):
    big = Sandbox("--repositories", "10000", "--commits", "100000")
    daemon = Daemon(bus.environment, big.settings + '[secrets]\nstore = "memory"\n', bin_dir=DEBUG)
    try:
        for kind in ("github", "gitlab", "bitbucket", "azure-devops"):
            daemon.call("connection.add", name=kind, **good(big, kind))
            whole = all_of(daemon, "repository.list", "repositories", 1000, connection=kind)
            assert len(whole) == (10004 if kind == "azure-devops" else 10005) and len({one["id"] for one in whole}) == len(whole)
        done = daemon.cli("repos", "github", "--json", check=0)
        assert len(json.loads(done.stdout)["repositories"]) == 10005
        whole = all_of(daemon, "commit.list", "commits", 1000, connection="github", repository="octo-dev/hello")
        assert len(whole) == 100005 and len({one["id"] for one in whole}) == len(whole)
        for kind in ("gitlab", "bitbucket", "azure-devops"):
            commits = json.loads(daemon.cli("commits", kind, hello_of(daemon, kind), "--json", "--limit", "2500", check=0).stdout)["commits"]
            assert [one["id"] for one in commits] == [one["id"] for one in whole[:2500]]
        # Azure gives all its repositories at once: they were asked for once, and not for each page.
        assert len([one for one in big.log("azure-devops") if one["path"].endswith("/_apis/git/repositories")]) == 3  # the verifying asks as well
    finally:
        daemon.stop()
        big.close()


def test_pages_are_asked_for_side_by_side_where_the_forge_tells_where_they_are(bus, folder):
    big = Sandbox("--commits", "1000")
    daemon = Daemon(bus.environment, big.settings + '[secrets]\nstore = "memory"\n', bin_dir=DEBUG)
    try:
        for kind, at_once in (("github", 4), ("azure-devops", 4), ("gitlab", 1), ("bitbucket", 1)):
            daemon.call("connection.add", name=kind, **good(big, kind))
            repository = hello_of(daemon, kind)
            big.fault(kind, "delay", path="/commits", seconds=0.2, times=20)
            whole = all_of(daemon, "commit.list", "commits", 1000, connection=kind, repository=repository)
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
