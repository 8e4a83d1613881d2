# SPDX-License-Identifier: MIT
"""Forges, gateways and proxies that answer in ways that once were taken for something else."""
import base64
import json
import os
import socket
import threading
import time

import bitbucket_data_center
import forgejo
import github_enterprise
import pytest
from support.daemon import RpcError
from support.keyring import wait_until
from support.memory import resident
from support.sandbox import ALL_TYPES, Sandbox, good, tokens

AZURE = ["azure-devops", "azure-devops-server"]
SITES = {
    "github": "/api/user",
    "gitlab": "/api/v4/",
    "gitlab-self-managed": "/api/v4/",
    "bitbucket": "/2.0/",
    "azure-devops": "/_apis/",
    "azure-devops-server": "/_apis/",
    "bitbucket-data-center": "/bitbucket/",
    "forgejo": "/api/v1/",
    "github-enterprise": "/api/v3/",
}


TABLES = {
    "github": tokens.GITHUB,
    "gitlab": tokens.GITLAB,
    "gitlab-self-managed": tokens.GITLAB,
    "bitbucket": tokens.BITBUCKET,
    "azure-devops": tokens.AZURE,
    "azure-devops-server": tokens.AZURE,
    "bitbucket-data-center": bitbucket_data_center.TOKENS,
    "forgejo": forgejo.TOKENS,
    "github-enterprise": github_enterprise.TOKENS,
}


def add(daemon, sandbox, kind, name="Work", **more):
    params = {**good(sandbox, kind), **more}
    return daemon.call("connection.add", name=name, **params)["connection"]


def refusal(daemon, method, **params):
    with pytest.raises(RpcError) as refused:
        daemon.call(method, **params)
    return refused.value


def state_of(daemon, name="Work"):
    return daemon.call("connection.get", connection=name)["connection"]["token"]["state"]


def paths(daemon, name="Work"):
    found, cursor = [], None
    while True:
        page = daemon.call(
            "repository.list", connection=name, limit=100, **({"cursor": cursor} if cursor else {})
        )
        found += [one["path"] for one in page["repositories"]]
        cursor = page["next_cursor"]
        if not cursor:
            return found


# A1: the forge's own yes counts more than a date.


@pytest.mark.parametrize("days", [0, -1, -400])
def test_fault_a1_github_takes_a_token_whose_end_is_past(daemon, sandbox, days):
    ends = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(time.time() + days * 86400))
    sandbox.fault(
        "github",
        "status",
        path="/user$",
        status=200,
        times=2,
        body={"login": "octo-dev", "id": 1234567},
        headers={"github-authentication-token-expiration": ends},
    )
    token = add(daemon, sandbox, "github")["token"]
    assert (token["state"], token["expires_at"]) == ("valid", None)
    assert "ignored" in daemon.log()


def test_fault_a1_gitlab_takes_a_token_whose_last_day_is_today(daemon, sandbox):
    today = time.strftime("%Y-%m-%d", time.gmtime())
    sandbox.fault(
        "gitlab",
        "status",
        path="/self$",
        status=200,
        times=2,
        body={"active": True, "revoked": False, "scopes": ["api"], "expires_at": today},
    )
    assert add(daemon, sandbox, "gitlab")["token"]["state"] == "valid"


# A9: names are cleaned as messages are.


@pytest.mark.parametrize("kind", ALL_TYPES)
def test_fault_a9_a_name_that_is_the_token_is_stored_nowhere(daemon, sandbox, kind):
    token = good(sandbox, kind)["token"]
    answer = {
        "github": {"login": "octo-dev", "id": 1, "name": token},
        "gitlab": {"id": 1, "username": "octo-dev", "name": token, "state": "active"},
        "bitbucket": {"uuid": "{1}", "username": "octo-dev", "display_name": token},
        "azure-devops": {"authenticatedUser": {"id": "1", "providerDisplayName": token}},
    }
    answer.update(
        {
            "gitlab-self-managed": answer["gitlab"],
            "github-enterprise": answer["github"],
            "azure-devops-server": answer["azure-devops"],
            "forgejo": {"id": 1, "login": "octo-dev", "full_name": token},
            "bitbucket-data-center": {
                "values": [{"id": 1, "name": "octo-dev", "slug": "octo-dev", "displayName": token}],
                "isLastPage": True,
            },
        }
    )
    answer = answer[kind]
    path = {
        "azure-devops": "/connectionData",
        "azure-devops-server": "/connectionData",
        "bitbucket-data-center": "/users",
    }.get(kind, "/user$")
    sandbox.fault(kind, "status", path=path, status=200, body=answer)
    made = add(daemon, sandbox, kind)
    assert token not in json.dumps(made) and made["account"]["display_name"] == "…"
    assert token.encode() not in open(os.path.join(daemon.data, "connections.db"), "rb").read()


# B1: whose answer is this?


def second_token(sandbox, kind):
    """What is another account's, where it was good for one."""
    token = tokens.first(TABLES[kind], "second")
    more = {"token": token}
    if kind == "bitbucket":
        more.update(username="mona", email="mona@example.org")
    if kind == "bitbucket-data-center":
        more["username"] = "mona"
    return more


@pytest.mark.parametrize("kind", ALL_TYPES)
@pytest.mark.parametrize("interim", ["early_hints", "continue", "then_408"])
def test_fault_b1_interim_answers_shift_nothing(daemon, sandbox, kind, interim):
    one = add(daemon, sandbox, kind, "One")["account"]
    two = add(daemon, sandbox, kind, "Two", **second_token(sandbox, kind))["account"]
    assert one != two
    before = paths(daemon, "One")
    sandbox.fault(kind, interim, path="/", times=200, repeat=2)
    for _ in range(3):
        for name, account in (("One", one), ("Two", two)):
            verified = daemon.call("connection.verify", connection=name)["connection"]
            assert verified["account"] == account
            if interim == "then_408":
                time.sleep(0.08)
    assert paths(daemon, "One") == before


@pytest.mark.parametrize("kind", ["early_hints", "continue", "then_408"])
def test_fault_b1_answers_keep_their_places_over_tls(make_daemon, sandbox, kind):
    daemon = make_daemon(start=False)
    daemon.write_settings(sandbox.tls_settings + f'[network]\nca_file = "{sandbox.ca}"\n')
    daemon.start()
    add(daemon, sandbox, "github", "One")
    add(daemon, sandbox, "github", "Two", token=tokens.first(tokens.GITHUB, "second"))
    sandbox.fault("github", kind, path="/user", times=100)
    for _ in range(3):
        for name, login in (("One", "octo-dev"), ("Two", "mona")):
            verified = daemon.call("connection.verify", connection=name)["connection"]
            assert verified["account"]["login"] == login
            time.sleep(0.08)


def test_fault_b1_two_tokens_never_share_a_transport(daemon, sandbox):
    add(daemon, sandbox, "github", "One")
    before = sandbox.get("github", "connections")
    add(daemon, sandbox, "github", "Two", token=tokens.first(tokens.GITHUB, "second"))
    assert sandbox.get("github", "connections") > before


# B2: a gateway's answer says nothing about the token.


@pytest.mark.parametrize("kind", ALL_TYPES)
def test_fault_b2_a_gateways_401_changes_nothing(daemon, sandbox, kind):
    add(daemon, sandbox, kind)
    sandbox.fault(kind, "html", path=SITES[kind], status=401, times=9, headers={"Server": "gate/7"})
    refused = refusal(daemon, "connection.verify", connection="Work")
    assert refused.kind == "forge_error" and "gate/7" in refused.message
    assert refusal(daemon, "repository.list", connection="Work").kind == "forge_error"
    assert state_of(daemon) == "valid"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("kind", AZURE)
def test_fault_b2_a_redirect_elsewhere_names_the_place(daemon, sandbox, kind, status):
    add(daemon, sandbox, kind)
    sandbox.fault(
        kind,
        "redirect",
        path="/_apis/",
        status=status,
        times=9,
        to=sandbox.urls["elsewhere"] + "/tfs",
    )
    refused = refusal(daemon, "connection.verify", connection="Work")
    assert refused.kind == "forge_error" and sandbox.urls["elsewhere"] in refused.message
    assert state_of(daemon) == "valid" and sandbox.log("elsewhere") == []


@pytest.mark.parametrize("kind", ALL_TYPES)
def test_fault_b2_the_forges_own_refusal_still_counts(daemon, sandbox, kind):
    add(daemon, sandbox, kind)
    sandbox.token_state(kind, "good", "refused")
    assert refusal(daemon, "connection.verify", connection="Work").kind == "token_rejected"
    assert state_of(daemon) == "rejected"


# B3: a forge that repeats the header.


@pytest.mark.parametrize("kind", ALL_TYPES)
def test_fault_b3_a_message_that_repeats_the_header_tells_no_token(daemon, sandbox, kind):
    params = good(sandbox, kind)
    add(daemon, sandbox, kind)
    sandbox.fault(kind, "echo", path=SITES[kind], times=9)
    refused = refusal(daemon, "connection.verify", connection="Work")
    said = json.dumps(refused.data, ensure_ascii=False) + refused.message
    assert "Bad header" in said or kind in AZURE
    for user in ("", params.get("email", ""), params.get("username", "")):
        encoded = base64.b64encode(f"{user}:{params['token']}".encode()).decode()
        assert not any(encoded[at : at + 12] in said for at in range(4, len(encoded) - 12))
    assert params["token"] not in said


# B4: links that lead past the connection's own address.

LINKED = ["github", "github-enterprise", "gitlab", "gitlab-self-managed", "bitbucket", "forgejo"]


@pytest.mark.parametrize("kind", LINKED)
def test_fault_b4_links_to_another_origin_are_followed_at_the_own(daemon, kind):
    many = Sandbox("--repositories", "150")
    try:
        daemon.write_settings(many.settings)
        daemon.restart()
        daemon.wait_store()
        add(daemon, many, kind)
        many.set(kind, links_at="http://forge.internal:8080")
        assert len(paths(daemon)) == 155
    finally:
        many.close()


def test_fault_b4_the_first_page_survives_a_link_that_leads_nowhere(daemon, sandbox):
    add(daemon, sandbox, "gitlab")
    sandbox.fault("gitlab", "next", path="/projects", next="https://elsewhere.example/sign_in")
    page = daemon.call("repository.list", connection="Work")
    assert len(page["repositories"]) == 5 and page["partial"] and "GitLab" in page["notice"]


# Where each forge's own list of repositories is asked for.
LIST_PATHS = {
    "github": "/user/repos",
    "github-enterprise": "/user/repos",
    "gitlab": "/projects",
    "gitlab-self-managed": "/projects",
    "bitbucket": "/repositories/",
    "forgejo": "/user/repos",
}


@pytest.fixture(scope="module")
def many():
    sandbox = Sandbox("--repositories", "250", "--commits", "250")
    yield sandbox
    sandbox.close()


@pytest.fixture
def with_many(daemon, many):
    many.reset()
    daemon.write_settings(many.settings)
    daemon.restart()
    daemon.wait_store()
    return daemon


def second_page_fails(sandbox, kind, path, fault, times=1):
    sandbox.clear()
    sandbox.fault(kind, "delay", path=path, seconds=0)
    sandbox.fault(kind, path=path, times=times, **fault)


PAGE_FAULTS = [
    {"kind": "status", "status": 502},
    {"kind": "reset"},
    {"kind": "html"},
    {"kind": "truncated"},
    {"kind": "status", "status": 429, "headers": {"Retry-After": "60"}},
]


@pytest.mark.parametrize("kind", LIST_PATHS)
@pytest.mark.parametrize("fault", PAGE_FAULTS, ids=["502", "reset", "html", "truncated", "429"])
def test_fault_b4_what_came_is_shown_if_the_next_page_fails(with_many, many, kind, fault):
    add(with_many, many, kind)
    second_page_fails(many, kind, LIST_PATHS[kind], fault, 99)
    page = with_many.call("repository.list", connection="Work", limit=500)
    # Bitbucket's first page is that of a workspace with two repositories.
    assert 2 <= len(page["repositories"]) < 250 and page["next_cursor"]
    assert "next page did not come" in page["notice"]
    many.clear()
    if fault.get("status") == 429:
        return  # the forge is left alone for the time it wants
    seen = {one["path"] for one in page["repositories"]}
    rest = with_many.call(
        "repository.list", connection="Work", limit=500, cursor=page["next_cursor"]
    )
    assert "notice" not in rest and not seen & {one["path"] for one in rest["repositories"]}
    assert len(seen) + len(rest["repositories"]) == 255


@pytest.mark.parametrize("kind", ["github", "gitlab", "bitbucket", "forgejo", "azure-devops"])
def test_fault_b4_commits_that_came_are_shown_if_the_next_page_fails(with_many, many, kind):
    add(with_many, many, kind)
    hello = next(
        one["path"]
        for one in with_many.call("repository.list", connection="Work", limit=9)["repositories"]
        if one["name"] == "hello"
    )
    second_page_fails(many, kind, "/commits", {"kind": "status", "status": 502}, 99)
    page = with_many.call("commit.list", connection="Work", repository=hello, limit=300)
    assert 0 < len(page["commits"]) < 250 and page["next_cursor"]
    assert "next page did not come" in page["notice"]


def test_fault_b4_the_command_line_prints_what_came_and_fails(with_many, many):
    add(with_many, many, "github")
    second_page_fails(many, "github", "/user/repos", {"kind": "status", "status": 502}, 99)
    done = with_many.cli("repos", "Work", "--json")
    told = json.loads(done.stdout)
    assert done.returncode != 0 and len(told["repositories"]) >= 100 and told["error"]
    many.clear()
    done = with_many.cli("repos", "Work", "--json", check=0)
    told = json.loads(done.stdout)
    assert len(told["repositories"]) == 255 and "notice" not in told and done.stderr == ""


# B5, B13: what is not told.


@pytest.mark.parametrize("kind", ["gitlab", "gitlab-self-managed"])
def test_fault_b5_private_projects_are_shown_as_private(daemon, sandbox, kind):
    add(daemon, sandbox, kind)
    found = daemon.call("repository.list", connection="Work")["repositories"]
    told = {one["name"]: (one["private"], one["archived"]) for one in found}
    assert told["hello"] == (True, False) and told["archive"] == (False, True)


BARE = {
    "github": ("/user/repos", [{"id": 1, "full_name": "a/b"}]),
    "gitlab": ("/projects", [{"id": 1, "path_with_namespace": "a/b"}]),
    "bitbucket": ("/repositories/", {"values": [{"uuid": "{1}", "full_name": "a/b"}]}),
    "azure-devops": (
        "/git/repositories",
        {"value": [{"id": "1", "name": "b", "project": {"name": "a"}}]},
    ),
    "bitbucket-data-center": (
        "/repos$",
        {"values": [{"id": 1, "slug": "b", "project": {"key": "a"}}], "isLastPage": True},
    ),
    "forgejo": ("/user/repos", [{"id": 1, "full_name": "a/b"}]),
}
BARE["github-enterprise"] = BARE["github"]
BARE["gitlab-self-managed"] = BARE["gitlab"]
BARE["azure-devops-server"] = BARE["azure-devops"]


@pytest.mark.parametrize("kind", BARE)
def test_fault_b13_what_a_forge_does_not_tell_is_null(daemon, sandbox, kind):
    add(daemon, sandbox, kind)
    path, body = BARE[kind]
    sandbox.fault(kind, "status", path=path, status=200, body=body, times=2)
    first = daemon.call("repository.list", connection="Work", limit=1)["repositories"][0]
    assert (first["path"], first["private"], first["archived"]) == ("a/b", None, None)
    shown = daemon.cli("repos", "Work", "--limit", "1", check=0).stdout
    assert "–" in shown and "public" not in shown and "private" not in shown


# B6, B7: Bitbucket's paths.


@pytest.mark.parametrize("kind", ALL_TYPES)
def test_fault_b6_a_branch_with_a_slash_is_found(daemon, sandbox, kind):
    add(daemon, sandbox, kind)
    hello = next(
        one["path"]
        for one in daemon.call("repository.list", connection="Work")["repositories"]
        if one["name"] == "hello"
    )
    listed = daemon.call("commit.list", connection="Work", repository=hello, branch="feature/login")
    assert listed["commits"]
    missing = refusal(daemon, "commit.list", connection="Work", repository=hello, branch="a/b")
    assert (missing.kind, missing.data["field"]) == ("not_found", "branch")


def test_fault_b7_a_moved_repository_is_followed_within_the_origin(daemon, sandbox):
    add(daemon, sandbox, "bitbucket")
    moved = daemon.call("commit.list", connection="Work", repository="octo-dev/moved")
    assert len(moved["commits"]) == 5


@pytest.mark.parametrize("kind", ALL_TYPES)
def test_fault_b7_a_redirect_within_the_origin_is_followed(daemon, sandbox, kind):
    add(daemon, sandbox, kind)
    listing = {
        "bitbucket": "/user/workspaces",
        "bitbucket-data-center": "/repos",
        "azure-devops": "/_apis/git/repositories",
        "azure-devops-server": "/_apis/git/repositories",
    }.get(kind, LIST_PATHS.get(kind))
    sandbox.clear()
    whole = paths(daemon)
    asked = next(one for one in sandbox.log(kind) if listing in one["path"])
    sandbox.fault(kind, "redirect", path=listing, to=f"{asked['path']}?{asked['query']}")
    assert paths(daemon) == whole


# B8: lists that do not end.


@pytest.mark.parametrize(
    "kind",
    ["github", "github-enterprise", "gitlab", "gitlab-self-managed", "bitbucket", "forgejo"],
)
def test_fault_b8_empty_pages_that_always_go_on_come_to_an_end(daemon, sandbox, kind):
    add(daemon, sandbox, kind)
    sandbox.clear()
    path = "/user/workspaces" if kind == "bitbucket" else LIST_PATHS[kind]
    body = {"values": []} if kind == "bitbucket" else []
    sandbox.fault(kind, "endless", path=path, body=body, times=10**6)
    page = daemon.call("repository.list", connection="Work")
    # For Forgejo an empty page is the last one, whatever its links say.
    assert page["next_cursor"] is None and (page.get("partial") or kind == "forgejo")
    assert len(sandbox.log(kind)) <= 120


def test_fault_b8_a_page_that_leads_to_itself_is_asked_once_more_at_most(daemon, sandbox):
    add(daemon, sandbox, "github")
    sandbox.clear()
    here = sandbox.urls["github"] + "/api/user/repos?page=7"
    sandbox.fault("github", "next", path="/user/repos", next=here, times=10**6)
    shown = daemon.cli("repos", "Work", check=0)
    assert len(sandbox.log("github")) <= 4 and shown.stdout.count("octo-dev/hello") <= 3


def test_fault_b8_nothing_more_is_asked_once_the_client_is_gone(daemon, sandbox):
    add(daemon, sandbox, "github")
    sandbox.clear()
    sandbox.fault("github", "endless", path="/user/repos", times=10**6, seconds=0.4)
    client = daemon.rpc()
    client.send("repository.list", connection="Work")
    wait_until(lambda: len(sandbox.log("github")) >= 1)
    client.close()
    time.sleep(1.5)
    asked = len(sandbox.log("github"))
    assert asked <= 3
    time.sleep(0.5)
    assert len(sandbox.log("github")) == asked


# B9: codings and marks that nobody asked for.


def test_fault_b9_a_server_that_packs_whenever_it_may_is_read(daemon, sandbox):
    sandbox.set("github", packs=True)
    try:
        assert add(daemon, sandbox, "github")["token"]["state"] == "valid"
    finally:
        sandbox.set("github", packs=False)


@pytest.mark.parametrize("kind", ALL_TYPES)
def test_fault_b9_a_byte_order_mark_is_skipped(daemon, sandbox, kind):
    sandbox.fault(kind, "bom", path=SITES[kind], times=9)
    assert add(daemon, sandbox, kind)["token"]["state"] == "valid"


# B10: a token without a user.


def test_fault_b10_an_installation_token_is_saved_unverified(daemon, sandbox):
    token = tokens.first(tokens.GITHUB, "installation")
    made = add(daemon, sandbox, "github", token=token)
    assert made["token"]["state"] == "unverified"
    assert len(paths(daemon)) == 5


# B11, B12: large answers.


@pytest.mark.parametrize("kind", AZURE)
def test_fault_b11_an_organization_too_large_is_listed_by_project(daemon, sandbox, kind):
    add(daemon, sandbox, kind)
    whole = sorted(paths(daemon))
    sandbox.set(kind, padding=4 << 20)
    try:
        assert sorted(paths(daemon)) == whole
    finally:
        sandbox.set(kind, padding=0)


def test_fault_b12_a_reply_of_many_values_costs_little_and_is_given_back(daemon, sandbox):
    add(daemon, sandbox, "github")
    time.sleep(1)
    idle = resident(daemon.process.pid)
    sandbox.fault(
        "github", "status", path="/user/repos", status=200, body="[" + "[]," * 3000000 + "[]]"
    )
    refused = refusal(daemon, "repository.list", connection="Work")
    assert refused.kind == "forge_error"
    wait_until(lambda: resident(daemon.process.pid) - idle < 4 << 10, 32)


# B14: a list costs its pages.


@pytest.mark.parametrize("kind", AZURE)
def test_fault_b14_cut_messages_cost_no_requests(daemon, sandbox, kind):
    add(daemon, sandbox, kind)
    repository = next(one for one in paths(daemon) if one.endswith("hello"))
    sandbox.clear()
    listed = daemon.call("commit.list", connection="Work", repository=repository)["commits"]
    assert listed[0]["message_truncated"] is True and "With a body" not in listed[0]["message"]
    assert not listed[1].get("message_truncated")
    assert len(sandbox.log(kind)) == 1


@pytest.mark.parametrize("kind", AZURE)
def test_fault_b14_full_messages_are_asked_for_on_demand(daemon, sandbox, kind):
    add(daemon, sandbox, kind)
    repository = next(one for one in paths(daemon) if one.endswith("hello"))
    listed = daemon.call(
        "commit.list", connection="Work", repository=repository, full_messages=True
    )
    newest = listed["commits"][0]
    assert "With a body" in newest["message"] and not newest.get("message_truncated")


# D2: what is for the own host is never proxied.


@pytest.mark.parametrize("how", ["environment", "settings"])
def test_fault_d2_a_proxy_never_sees_a_token_for_the_own_host(make_daemon, sandbox, how):
    seen = []
    listener = socket.create_server(("127.0.0.1", 0))
    proxy = f"http://127.0.0.1:{listener.getsockname()[1]}"

    def listen():
        while True:
            try:
                taken = listener.accept()[0]
            except OSError:
                return
            seen.append(taken.recv(4096))
            taken.close()

    threading.Thread(target=listen, daemon=True).start()
    network = f'[network]\nproxy = "{proxy}"\n' if how == "settings" else ""
    daemon = make_daemon(network, start=False)
    for name in ("NO_PROXY", "no_proxy"):
        daemon.environment.pop(name, None)
    if how == "environment":
        daemon.environment.update(http_proxy=proxy, ALL_PROXY=proxy)
    daemon.start()
    assert add(daemon, sandbox, "gitlab-self-managed")["token"]["state"] == "valid"
    listener.close()
    assert seen == []


# G3: numbers that no clock holds.


@pytest.mark.parametrize(
    "header",
    [
        {"Retry-After": "99999999999999999999"},
        {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "9223372036854775807"},
        {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "-9223372036854775808"},
    ],
    ids=["retry-after", "reset", "negative reset"],
)
def test_fault_g3_extreme_numbers_are_clamped(daemon, sandbox, header):
    add(daemon, sandbox, "github")
    sandbox.fault("github", "status", path="/user/repos", status=429, headers=header)
    refused = refusal(daemon, "repository.list", connection="Work")
    assert refused.kind == "rate_limited" and 1 <= refused.data["retry_after"] <= 86400


# H9: proxies as curl reads them.


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "socks5h://127.0.0.1:1"])
def test_fault_h9_socks_is_named_as_not_supported(make_daemon, sandbox, proxy):
    daemon = make_daemon(start=False)
    for name in ("NO_PROXY", "no_proxy"):
        daemon.environment.pop(name, None)
    daemon.environment["ALL_PROXY"] = proxy
    daemon.start()
    refused = refusal(
        daemon,
        "connection.add",
        name="x",
        type="gitlab-self-managed",
        server_url="https://forge.invalid",
        token=tokens.first(tokens.GITLAB, "good"),
    )
    assert refused.kind == "proxy_failed" and "SOCKS" in refused.message


@pytest.mark.parametrize("user", ["CORP\\me:pw", "me@corp.example:pw", "me:p%40w"])
def test_fault_h9_a_proxys_user_is_read_as_curl_reads_it(make_daemon, sandbox, user):
    seen = []
    listener = socket.create_server(("127.0.0.1", 0))

    def listen():
        taken = listener.accept()[0]
        seen.append(taken.recv(65536).decode())
        taken.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        taken.close()

    threading.Thread(target=listen, daemon=True).start()
    daemon = make_daemon(start=False)
    for name in ("NO_PROXY", "no_proxy"):
        daemon.environment.pop(name, None)
    daemon.environment["HTTPS_PROXY"] = f"http://{user}@127.0.0.1:{listener.getsockname()[1]}"
    daemon.start()
    refused = refusal(
        daemon,
        "connection.add",
        name="x",
        type="gitlab-self-managed",
        server_url="https://forge.invalid",
        token=tokens.first(tokens.GITLAB, "good"),
    )
    listener.close()
    assert refused.kind == "proxy_failed"
    sent = seen[0].split("Proxy-Authorization: Basic ")[1].split("\r\n")[0]
    assert base64.b64decode(sent).decode() == user.replace("%40", "@")
