# SPDX-License-Identifier: MIT
"""The self-hosted forges beside the first six: add, verify, list, clone, refusals."""
import json
import os
from dataclasses import dataclass

import bitbucket_data_center
import forgejo
import github_enterprise
import pytest
from support.daemon import RpcError
from support.sandbox import tokens


@dataclass
class Further:
    kind: str
    table: dict
    root: str  # below the server's origin
    clone: str  # of the repository "hello", below the root


FURTHER = [
    Further("github-enterprise", github_enterprise.TOKENS, "", "/octo-dev/hello.git"),
    Further(
        "bitbucket-data-center",
        bitbucket_data_center.TOKENS,
        "/bitbucket",
        "/scm/octo-dev/hello.git",
    ),
    Further("forgejo", forgejo.TOKENS, "/forge", "/octo-dev/hello.git"),
]


@pytest.fixture(params=FURTHER, ids=lambda one: one.kind)
def further(request):
    return request.param


def params_of(sandbox, further, token="good", **more):
    params = {
        "type": further.kind,
        "token": tokens.first(further.table, token),
        "server_url": sandbox.urls[further.kind] + further.root,
        **more,
    }
    if further.kind == "bitbucket-data-center":
        params.setdefault("username", "octo-dev")
    return params


def all_of(daemon, method, key, limit=100, **params):
    items, cursor = [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = daemon.call(method, limit=limit, **more, **params)
        items += page[key]
        cursor = page["next_cursor"]
        if not cursor:
            return items


def refusal(daemon, **params):
    with pytest.raises(RpcError) as refused:
        daemon.call("connection.add", name="Work", **params)
    return refused.value.data


def test_it_stands_behind_the_first_six_and_can_be_drawn_as_a_form(daemon, further):
    types = daemon.call("type.list")["types"]
    ids = [one["id"] for one in types]
    assert ids.index(further.kind) >= 6
    found = types[ids.index(further.kind)]
    assert found["self_hosted"] and found["server_example"].startswith("https://")
    required = {field["name"] for field in found["fields"] if field["required"]}
    assert required >= {"name", "server_url"}


def test_a_good_token_is_verified_and_its_account_known(daemon, sandbox, further):
    params = params_of(sandbox, further)
    added = daemon.call("connection.add", name="Work", **params)["connection"]
    assert added["token"]["state"] == "valid"
    assert added["account"]["login"] == "octo-dev"
    assert added["account"]["display_name"] == "Octo Dev"
    verified = daemon.call("connection.verify", connection="Work")["connection"]
    assert verified["account"] == added["account"]


def test_a_dead_token_is_rejected_and_nothing_is_saved(daemon, sandbox, further):
    data = refusal(daemon, **params_of(sandbox, further, "revoked"))
    assert data["kind"] == "token_rejected" and data["url"]
    assert daemon.call("connection.list")["connections"] == []


def test_another_accounts_token_is_told(daemon, sandbox, further):
    daemon.call("connection.add", name="Work", **params_of(sandbox, further))
    other = tokens.first(further.table, "second")
    with pytest.raises(RpcError) as refused:
        daemon.call("connection.update", connection="Work", token=other)
    wanted = "username_mismatch" if further.kind == "bitbucket-data-center" else "account_changed"
    assert refused.value.data["kind"] == wanted


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_repositories_are_listed_to_the_end(daemon, sandbox, further, limit):
    daemon.call("connection.add", name="Work", **params_of(sandbox, further))
    found = all_of(daemon, "repository.list", "repositories", limit, connection="Work")
    assert len(found) == 5 and len({one["id"] for one in found}) == 5
    hello = next(one for one in found if one["name"] == "hello")
    assert hello["private"] and "@" not in hello["clone_url"]
    assert hello["clone_url"].startswith(sandbox.urls[further.kind] + further.root)


@pytest.mark.parametrize("limit", [2, 100])
def test_commits_are_listed_however_the_repository_is_named(daemon, sandbox, further, limit):
    params = params_of(sandbox, further, username="octo-dev")
    daemon.call("connection.add", name="Work", **params)
    found = daemon.call("repository.list", connection="Work")["repositories"]
    hello = next(one for one in found if one["name"] == "hello")
    for name in (hello["path"], hello["id"], hello["clone_url"], hello["web_url"]):
        commits = all_of(
            daemon, "commit.list", "commits", limit, connection="Work", repository=name
        )
        assert [one["title"] for one in commits][:2] == ["Newest", "From outside"], name
        authors = [one["author_display"] for one in commits]
        assert len(authors) == 5 and authors[:2] == ["octo-dev", "Nobody Known"]


def test_an_empty_repository_is_an_empty_list(daemon, sandbox, further):
    daemon.call("connection.add", name="Work", **params_of(sandbox, further))
    page = daemon.call("commit.list", connection="Work", repository="octo-dev/empty")
    assert page["commits"] == []


@pytest.mark.parametrize(
    "repository, branch", [("octo-dev/nothing", None), ("octo-dev/hello", "gone")]
)
def test_what_is_not_there_is_not_found(daemon, sandbox, further, repository, branch):
    daemon.call("connection.add", name="Work", **params_of(sandbox, further))
    more = {"branch": branch} if branch else {}
    with pytest.raises(RpcError) as refused:
        daemon.call("commit.list", connection="Work", repository=repository, **more)
    assert refused.value.data["kind"] == "not_found"


def test_git_clones_without_a_prompt(daemon, sandbox, further, folder):
    daemon.call("connection.add", name="Work", **params_of(sandbox, further))
    daemon.cli("git", "setup", check=0)
    work = os.path.join(folder, "work")
    url = sandbox.urls[further.kind] + further.root + further.clone
    daemon.git("clone", "-q", url, work)
    assert daemon.git("log", "--format=%s", cwd=work).stdout.strip() == "First"


def test_the_tour_in_the_terminal(daemon, sandbox, further):
    params = params_of(sandbox, further)
    words = ["add", "Work", "--type", further.kind, "--server", params["server_url"]]
    if "username" in params:
        words += ["--username", params["username"]]
    daemon.cli(*words, "--token-stdin", stdin=params["token"] + "\n", check=0)
    listed = json.loads(daemon.cli("list", "--json", check=0).stdout)
    assert "Work" in json.dumps(listed)
    assert "hello" in daemon.cli("repos", "Work", check=0).stdout
    daemon.cli("verify", "Work", check=0)
    daemon.cli("remove", "Work", "--yes", check=0)


def test_an_old_github_server_refuses_only_versions_it_does_not_know(daemon, sandbox):
    params = params_of(sandbox, FURTHER[0])
    daemon.call("connection.add", name="Work", **params)
    assert all(one["path"].startswith("/api/v3/") for one in sandbox.log("github-enterprise"))


def test_a_servlet_that_names_the_user_is_believed(daemon, sandbox):
    sandbox.set("bitbucket-data-center", whoami="octo-dev")
    try:
        added = daemon.call("connection.add", name="Work", **params_of(sandbox, FURTHER[1]))
        assert added["connection"]["account"]["id"] == "1234567"
        asked = [one["path"] for one in sandbox.log("bitbucket-data-center")]
        assert not [path for path in asked if path.endswith("/repos")]
    finally:
        sandbox.set("bitbucket-data-center", whoami="")


def test_a_user_is_found_on_a_later_page(daemon, sandbox):
    sandbox.set("bitbucket-data-center", page_limit=1)
    try:
        added = daemon.call("connection.add", name="Work", **params_of(sandbox, FURTHER[1]))
        assert added["connection"]["account"]["login"] == "octo-dev"
        found = all_of(daemon, "repository.list", "repositories", connection="Work")
        assert len(found) == 5
    finally:
        sandbox.set("bitbucket-data-center", page_limit=100)


def test_a_projects_token_stays_unverified_and_is_for_bearer_only(daemon, sandbox):
    params = params_of(sandbox, FURTHER[1], "project")
    added = daemon.call("connection.add", name="Work", **params)["connection"]
    assert added["token"]["state"] == "unverified" and added["hint"]
    host = sandbox.urls["bitbucket-data-center"].split("://")[1]
    asked = {"protocol": "http", "host": host, "path": "bitbucket/scm/octo-dev/hello.git"}
    old = daemon.call("credential.get", **asked)
    assert old.get("password") is None and "Bearer" in old["message"] and "2.46" in old["message"]
    new = daemon.call("credential.get", capabilities=["authtype"], **asked)
    assert new["authtype"] == "Bearer" and new["credential"] == params["token"]


def test_a_user_name_is_required_for_a_data_center(daemon, sandbox):
    data = refusal(daemon, **params_of(sandbox, FURTHER[1], username=None))
    assert data["kind"] == "username_required" and data["field"] == "username"


def test_a_clone_address_is_cut_to_the_data_centers_root(daemon, sandbox):
    params = params_of(sandbox, FURTHER[1])
    params["server_url"] += "/scm/octo-dev/hello.git"
    added = daemon.call("connection.add", name="Work", **params)["connection"]
    assert added["server_url"] == sandbox.urls["bitbucket-data-center"] + "/bitbucket"


def test_bitbucket_of_ones_own_points_to_its_type(daemon, sandbox):
    server = sandbox.urls["bitbucket-data-center"] + "/bitbucket"
    data = refusal(daemon, type="bitbucket", username="o", server_url=server, token="ATATTx")
    assert data["kind"] == "bitbucket_on_premise_unsupported"
    assert "bitbucket-data-center" in data["hint"]


def test_a_token_bound_to_a_repository_is_saved_with_what_it_lacks(daemon, sandbox):
    params = params_of(sandbox, FURTHER[2], "bound")
    added = daemon.call("connection.add", name="Work", **params)["connection"]
    assert added["token"]["missing_scopes"] == ["read:user"] and added["account"] is None
    page = daemon.call("commit.list", connection="Work", repository="octo-dev/hello")
    assert len(page["commits"]) == 5


def test_a_token_for_the_profile_alone_says_what_it_lacks(daemon, sandbox):
    params = params_of(sandbox, FURTHER[2], "profile")
    added = daemon.call("connection.add", name="Work", **params)["connection"]
    assert added["token"]["missing_scopes"] == ["read:repository"]
    with pytest.raises(RpcError) as refused:
        daemon.call("repository.list", connection="Work")
    assert refused.value.data["kind"] == "scope_missing"


def test_an_instance_with_small_pages_is_listed_to_the_end(daemon, sandbox):
    sandbox.set("forgejo", page_limit=2)
    try:
        daemon.call("connection.add", name="Work", **params_of(sandbox, FURTHER[2]))
        found = all_of(daemon, "repository.list", "repositories", connection="Work")
        assert len(found) == 5
    finally:
        sandbox.set("forgejo", page_limit=50)


def test_a_forge_that_is_not_there_is_told_with_the_servers_address(daemon, sandbox):
    params = params_of(sandbox, FURTHER[2])
    params["server_url"] = sandbox.urls["forgejo"] + "/octo-dev/hello"
    data = refusal(daemon, **params)
    assert data["kind"] == "forge_error" and sandbox.urls["forgejo"] in data["hint"]


def imported(daemon, sandbox, kind, path, token):
    """What import makes of a line of git's store, without asking."""
    host = sandbox.urls[kind].split("://")[1]
    place = os.path.join(daemon.environment["HOME"], ".git-credentials")
    with open(place, "w") as out:
        out.write(f"http://octo-dev:{token}@{host}{path}\n")
    os.chmod(place, 0o600)
    done = daemon.cli("import", "--json", "--yes", "--from", "git-store")
    assert token not in done.stdout + done.stderr
    return json.loads(done.stdout)["findings"][0]


def test_import_takes_a_github_token_on_a_strange_host_for_enterprise(daemon, sandbox):
    token = tokens.first(github_enterprise.TOKENS, "good")
    found = imported(daemon, sandbox, "github-enterprise", "", token)
    assert found["type"] == "github-enterprise" and found["state"] == "imported"
    assert found["verified"]


def test_import_takes_scm_in_a_path_for_a_data_center(daemon, sandbox):
    token = tokens.first(bitbucket_data_center.TOKENS, "good")
    path = "/bitbucket/scm/octo-dev/hello.git"
    found = imported(daemon, sandbox, "bitbucket-data-center", path, token)
    assert found["type"] == "bitbucket-data-center" and found["state"] == "imported"
    assert found["server_url"] == sandbox.urls["bitbucket-data-center"] + "/bitbucket"


def test_import_asks_what_runs_where_a_forgejo_is(daemon, sandbox):
    token = tokens.first(forgejo.TOKENS, "good")
    found = imported(daemon, sandbox, "forgejo", "/forge/octo-dev/hello.git", token)
    assert found["type"] is None and found["missing"] == "type"
