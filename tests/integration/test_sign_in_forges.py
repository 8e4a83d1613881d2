# SPDX-License-Identifier: MIT
"""Signing in to every forge that has OAuth, each by its own rules."""
import os
import re
import threading
import time
import urllib.parse

import pytest
from support.browse import browse, redirect_of
from support.chromium import chromium
from support.daemon import RpcError
from support.keyring import wait_until
from support.sandbox import good
from support.sign_in import (
    KINDS,
    SERVERS,
    WITH_APP,
    WITH_DEVICE,
    clone_url,
    new,
    options_of,
    reset,
    server_of,
    set_app,
    site_of,
)

REDIRECTS = {
    "github": r"http://127\.0\.0\.1:\d+/callback(/.*)?",
    "github-enterprise": r"http://127\.0\.0\.1:\d+/callback(/.*)?",
    "gitlab": r"http://127\.0\.0\.1:\d+/callback",
    "gitlab-self-managed": r"http://127\.0\.0\.1:\d+/callback",
    "bitbucket": r"http://127\.0\.0\.1:\d+/callback",
    "azure-devops": r"http://localhost:\d+/",
    "forgejo": r"http://127\.0\.0\.1:\d+/",
}
GIT_USERS = {"gitlab": "oauth2", "gitlab-self-managed": "oauth2", "bitbucket": "x-token-auth"}


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def ready(daemon, sandbox, kind):
    """A daemon that has an app for that forge."""
    reset(sandbox, kind)
    set_app(daemon, sandbox, kind)
    return daemon


@pytest.fixture
def with_code(daemon, sandbox, device_kind):
    reset(sandbox, device_kind)
    set_app(daemon, sandbox, device_kind)
    return daemon


@pytest.fixture(params=WITH_DEVICE)
def device_kind(request):
    return request.param


def start(daemon, sandbox, kind, method="browser", **more):
    return daemon.call("sign_in.start", method=method, add=new(sandbox, kind, **more))


def sign_in(daemon, sandbox, kind, **more):
    started = start(daemon, sandbox, kind, **more)
    assert browse(redirect_of(started))[0] == 200
    return daemon.call("sign_in.wait", sign_in=started["sign_in"])["connection"]


def refusal_of(daemon, started, **more):
    with pytest.raises(RpcError) as refused:
        daemon.call("sign_in.wait", sign_in=started["sign_in"], **more)
    return refused.value


def test_the_redirect_makes_the_connection(ready, sandbox, kind):
    started = start(ready, sandbox, kind)
    assert re.fullmatch(REDIRECTS[kind], started["redirect_uri"])
    assert browse(redirect_of(started))[0] == 200
    made = ready.call("sign_in.wait", sign_in=started["sign_in"])["connection"]
    assert made["sign_in"] == "oauth" and made["token"]["state"] == "valid"
    assert "octo" in (made["account"]["login"] or "") or made["account"]["email"]


def test_git_clones_with_the_result(ready, sandbox, folder, kind):
    sign_in(ready, sandbox, kind)
    ready.cli("git", "setup", check=0)
    ready.git("clone", "-q", clone_url(sandbox, kind), os.path.join(folder, "work"))
    url = urllib.parse.urlsplit(clone_url(sandbox, kind))
    answer = ready.call("credential.get", protocol=url.scheme, host=url.netloc, path=url.path[1:])
    assert answer["username"] == GIT_USERS.get(kind, answer["username"]) and answer["username"]


def test_repositories_are_listed_with_the_result(ready, sandbox, kind):
    sign_in(ready, sandbox, kind)
    assert ready.call("repository.list", connection="Work")["repositories"]


def test_verifying_again_keeps_it_valid(ready, sandbox, kind):
    sign_in(ready, sandbox, kind)
    again = ready.call("connection.verify", connection="Work")["connection"]
    assert again["token"]["state"] == "valid" and again["token"]["missing_scopes"] == []


def test_a_pair_is_renewed_ahead_of_its_end(ready, sandbox, kind):
    sandbox.set(site_of(kind), lifetime=200)
    sign_in(ready, sandbox, kind)
    before = sandbox.get(site_of(kind), "refreshes")
    sandbox.set(site_of(kind), lifetime=7200)
    assert ready.call("repository.list", connection="Work")["repositories"]
    assert sandbox.get(site_of(kind), "refreshes") == before + 1
    ready.restart()
    ready.wait_store()
    assert ready.call("repository.list", connection="Work")["repositories"]
    assert sandbox.get(site_of(kind), "refreshes") == before + 1


def test_a_spent_refresh_token_asks_for_a_new_sign_in(ready, sandbox, kind):
    sandbox.set(site_of(kind), lifetime=200)
    sign_in(ready, sandbox, kind)
    sandbox.fault(
        site_of(kind),
        "status",
        path="token",
        method="POST",
        status=400,
        body={"error": "invalid_grant", "error_description": "spent"},
    )
    with pytest.raises(RpcError) as refused:
        ready.call("repository.list", connection="Work")
    assert refused.value.kind == "token_rejected" and "--sign-in" in refused.value.data["hint"]
    state = ready.call("connection.get", connection="Work")["connection"]["token"]["state"]
    assert state == "rejected"


def test_a_lost_renewal_of_a_single_use_token_is_told_honestly(ready, sandbox, kind):
    if not SERVERS[kind].single_use_refresh:
        pytest.skip("its refresh tokens may be used again")
    sandbox.set(site_of(kind), lifetime=1)
    sign_in(ready, sandbox, kind)
    time.sleep(1.5)
    sandbox.fault(site_of(kind), "lost", path="token", method="POST")
    with pytest.raises(RpcError) as first:
        ready.call("repository.list", connection="Work")
    assert first.value.kind == "forge_unreachable"
    with pytest.raises(RpcError) as second:
        ready.call("repository.list", connection="Work")
    assert second.value.kind == "token_rejected" and "lost" in second.value.message


def test_without_an_app_the_page_and_what_to_type_are_told(daemon, sandbox, kind):
    reset(sandbox, kind)
    with pytest.raises(RpcError) as refused:
        start(daemon, sandbox, kind)
    assert refused.value.kind == "oauth_app_missing" and refused.value.data["url"]
    assert "forgelink oauth-app set " + kind in refused.value.data["hint"]
    wanted = "http://localhost" if kind == "azure-devops" else "http://127.0.0.1"
    assert wanted in refused.value.data["hint"]
    if server_of(sandbox, kind):
        assert refused.value.data["url"].startswith(server_of(sandbox, kind))


def test_declining_is_said_so(ready, sandbox, kind):
    started = start(ready, sandbox, kind)
    status, _, page = browse(redirect_of(started, "no"))
    assert status == 200 and "declined" in page
    assert refusal_of(ready, started).kind == "sign_in_denied"
    assert ready.call("connection.list")["total"] == 0


@pytest.mark.parametrize(
    "faults",
    [
        [{"kind": "status", "status": 503}, {"kind": "status", "status": 500}],
        [{"kind": "reset"}, {"kind": "close"}],
    ],
    ids=["5xx", "reset"],
)
def test_fault_e2_passing_trouble_at_the_exchange_is_retried(ready, sandbox, kind, faults):
    started = start(ready, sandbox, kind)
    for fault in faults:
        sandbox.fault(site_of(kind), path="token", method="POST", **fault)
    assert browse(redirect_of(started))[0] == 200
    assert ready.call("sign_in.wait", sign_in=started["sign_in"])["state"] == "completed"


def test_a_lost_answer_to_the_exchange_says_start_again(ready, sandbox, kind):
    started = start(ready, sandbox, kind)
    sandbox.fault(site_of(kind), "lost", path="token", method="POST")
    browse(redirect_of(started))
    refused = refusal_of(ready, started)
    assert refused.kind == "forge_error" and "again" in refused.data["hint"]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "html"},
        {"kind": "huge"},
        {"kind": "status", "status": 200, "body": {}},
        {"kind": "truncated"},
    ],
    ids=["html", "huge", "empty", "truncated"],
)
def test_an_answer_that_is_none_ends_the_sign_in(ready, sandbox, kind, fault):
    started = start(ready, sandbox, kind)
    sandbox.fault(site_of(kind), path="token", method="POST", **fault)
    browse(redirect_of(started))
    assert refusal_of(ready, started).kind == "forge_error"
    assert ready.call("connection.list")["total"] == 0


def test_fault_b9_a_byte_order_mark_before_a_token_loses_no_token(ready, sandbox, kind):
    sandbox.set(site_of(kind), lifetime=200)
    sandbox.fault(site_of(kind), "bom", path="token", method="POST", times=2)
    assert sign_in(ready, sandbox, kind)["token"]["state"] == "valid"
    assert ready.call("repository.list", connection="Work")["repositories"]


def issuer_of(sandbox, kind):
    site = sandbox.urls[site_of(kind)]
    if kind == "azure-devops":
        return site + "/any-tenant/v2.0"
    if kind in WITH_APP:
        return site + "/login/oauth"
    return server_of(sandbox, kind) or site


def test_the_right_issuer_is_taken(ready, sandbox, kind):
    sandbox.set(site_of(kind), iss=issuer_of(sandbox, kind))
    assert sign_in(ready, sandbox, kind)["token"]["state"] == "valid"


def test_a_wrong_issuer_has_no_effect(ready, sandbox, kind):
    started = start(ready, sandbox, kind)
    sandbox.set(site_of(kind), iss="https://evil.example")
    assert browse(redirect_of(started))[0] == 400
    assert ready.call("sign_in.wait", sign_in=started["sign_in"], timeout=0) == {"state": "pending"}


def test_a_pasted_address_finishes_it(ready, sandbox, kind):
    started = start(ready, sandbox, kind)
    done = ready.call(
        "sign_in.complete", sign_in=started["sign_in"], redirect_url=redirect_of(started)
    )
    assert done["state"] == "completed"


def test_another_account_needs_a_yes(ready, sandbox, kind):
    sign_in(ready, sandbox, kind)
    sandbox.set(site_of(kind), signs_in="mona")
    started = ready.call("sign_in.start", method="browser", connection="Work")
    browse(redirect_of(started))
    assert refusal_of(ready, started).kind == "account_changed"
    started = ready.call(
        "sign_in.start", method="browser", connection="Work", accept_account_change=True
    )
    browse(redirect_of(started))
    after = ready.call("sign_in.wait", sign_in=started["sign_in"])["connection"]
    assert "mona" in (after["account"]["login"] or "")


def test_a_token_is_changed_for_a_sign_in(ready, sandbox, kind):
    ready.call("connection.add", name="Work", **good(sandbox, kind))
    started = ready.call("sign_in.start", method="browser", connection="Work")
    browse(redirect_of(started))
    after = ready.call("sign_in.wait", sign_in=started["sign_in"])["connection"]
    assert after["sign_in"] == "oauth" and after["token"]["state"] == "valid"


def test_the_device_code_makes_the_connection(with_code, sandbox, device_kind):
    started = start(with_code, sandbox, device_kind, "device")
    assert started["user_code"] == SERVERS[device_kind].user_code
    assert (
        with_code.call("sign_in.wait", sign_in=started["sign_in"], timeout=2)["state"] == "pending"
    )
    sandbox.device("approved", site_of(device_kind))
    done = with_code.call("sign_in.wait", sign_in=started["sign_in"], timeout=30)
    assert done["connection"]["token"]["state"] == "valid"


@pytest.mark.parametrize(
    "state, wanted", [("denied", "sign_in_denied"), ("expired", "sign_in_expired")]
)
def test_a_device_code_that_comes_to_nothing_is_said_so(
    with_code, sandbox, device_kind, state, wanted
):
    started = start(with_code, sandbox, device_kind, "device")
    sandbox.device(state, site_of(device_kind))
    assert refusal_of(with_code, started, timeout=30).kind == wanted


def test_fault_e2_passing_trouble_while_polling_is_retried(with_code, sandbox, device_kind):
    started = start(with_code, sandbox, device_kind, "device")
    for _ in range(2):
        sandbox.fault(site_of(device_kind), "status", path="token", method="POST", status=500)
    sandbox.device("approved", site_of(device_kind))
    done = with_code.call("sign_in.wait", sign_in=started["sign_in"], timeout=60)
    assert done["state"] == "completed"


def test_a_device_token_without_a_refresh_token_is_taken(with_code, sandbox, device_kind):
    sandbox.set(site_of(device_kind), gives_refresh=False)
    started = start(with_code, sandbox, device_kind, "device")
    sandbox.device("approved", site_of(device_kind))
    done = with_code.call("sign_in.wait", sign_in=started["sign_in"], timeout=30)
    assert done["connection"]["token"]["state"] == "valid"


@pytest.mark.parametrize(
    "type_, method",
    [
        ("bitbucket", "device"),
        ("azure-devops-server", "browser"),
        ("azure-devops-server", "device"),
    ],
)
def test_a_method_that_the_type_does_not_have_is_refused(daemon, type_, method):
    with pytest.raises(RpcError) as refused:
        daemon.call("sign_in.start", method=method, add={"name": "Work", "type": type_})
    assert refused.value.kind == "sign_in_unsupported" and refused.value.data["field"] == "method"


def test_bitbuckets_user_name_is_the_profiles(daemon, sandbox):
    reset(sandbox, "bitbucket")
    set_app(daemon, sandbox, "bitbucket")
    assert sign_in(daemon, sandbox, "bitbucket")["username"] == "octo-dev"
    sandbox.set("bitbucket", signs_in="mona")
    started = daemon.call(
        "sign_in.start", method="browser", connection="Work", accept_account_change=True
    )
    browse(redirect_of(started))
    after = daemon.call("sign_in.wait", sign_in=started["sign_in"])["connection"]
    assert after["username"] == "mona"


def test_a_user_name_that_is_another_profiles_is_refused(daemon, sandbox):
    reset(sandbox, "bitbucket")
    set_app(daemon, sandbox, "bitbucket")
    started = start(daemon, sandbox, "bitbucket", username="somebody-else")
    browse(redirect_of(started))
    assert refusal_of(daemon, started).kind == "username_mismatch"


def test_a_fixed_port_is_shared_by_two_sign_ins(make_daemon, sandbox):
    port = free_port()
    daemon = make_daemon(settings=f"[oauth.bitbucket]\nredirect_port = {port}\n")
    reset(sandbox, "bitbucket")
    sandbox.set("bitbucket", callback=f"http://127.0.0.1:{port}/callback")
    set_app(daemon, sandbox, "bitbucket")
    started = [start(daemon, sandbox, "bitbucket", name=name) for name in ("One", "Two")]
    assert [one["redirect_uri"] for one in started] == [f"http://127.0.0.1:{port}/callback"] * 2
    for one in reversed(started):
        assert browse(redirect_of(one))[0] == 200
        assert daemon.call("sign_in.wait", sign_in=one["sign_in"])["state"] == "completed"


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


ENTRA_REFUSALS = [
    ("consent", "AADSTS65001: The user or administrator has not consented.", "administrator"),
    (
        "conditional access",
        "AADSTS53003: Access has been blocked by policies.",
        "Conditional Access",
    ),
    ("tenant", "AADSTS50020: User account does not exist in tenant.", "tenant"),
    ("personal", "AADSTS500200: a personal Microsoft account.", "personal Microsoft account"),
]


@pytest.mark.parametrize(
    "text, told", [one[1:] for one in ENTRA_REFUSALS], ids=[one[0] for one in ENTRA_REFUSALS]
)
@pytest.mark.parametrize("where", ["redirect", "exchange"])
def test_entras_refusals_are_told_apart(daemon, sandbox, text, told, where):
    reset(sandbox, "azure-devops")
    set_app(daemon, sandbox, "azure-devops")
    refused = {
        "error": "access_denied" if where == "redirect" else "invalid_grant",
        "description": text,
    }
    sandbox.set("entra", **{"refuses" if where == "redirect" else "refuses_token": refused})
    started = start(daemon, sandbox, "azure-devops")
    browse(redirect_of(started))
    error = refusal_of(daemon, started)
    assert error.kind == "sign_in_denied" and told in error.message
    assert "Trace" not in str(error.data) + error.message
    if told == "administrator":
        assert "/adminconsent?client_id=" in error.data["url"]


def test_the_tenant_is_a_setting(make_daemon, sandbox):
    daemon = make_daemon(settings='[oauth.azure-devops]\ntenant = "contoso.example"\n')
    reset(sandbox, "azure-devops")
    set_app(daemon, sandbox, "azure-devops")
    started = start(daemon, sandbox, "azure-devops")
    assert "/contoso.example/oauth2/v2.0/authorize?" in started["authorize_url"]
    browse(redirect_of(started))
    assert daemon.call("sign_in.wait", sign_in=started["sign_in"])["state"] == "completed"


def test_fewer_scopes_than_asked_for_are_told(daemon, sandbox):
    reset(sandbox, "gitlab")
    set_app(daemon, sandbox, "gitlab")
    sandbox.set("gitlab", granted=["read_api"])
    made = sign_in(daemon, sandbox, "gitlab")
    assert made["token"]["missing_scopes"] == ["write_repository"]


def test_fault_e3_the_command_line_offers_the_code_beside_the_address(
    with_code, sandbox, device_kind
):
    threading.Timer(2, lambda: sandbox.device("approved", site_of(device_kind))).start()
    words = ["add", "Work", *options_of(sandbox, device_kind), "--sign-in"]
    done = with_code.cli(*words, extra={"SSH_CONNECTION": "1 2 3 4"}, check=0)
    assert SERVERS[device_kind].user_code in done.stderr and "/authorize?" in done.stderr
    assert "Created connection “Work”; signed in as " in done.stdout


def test_the_sign_ins_beside_the_one_that_won_are_over(with_code, sandbox, device_kind):
    threading.Timer(2, lambda: sandbox.device("approved", site_of(device_kind))).start()
    watcher = with_code.rpc()
    watcher.call("event.subscribe")
    words = ["add", "Work", *options_of(sandbox, device_kind), "--sign-in"]
    with_code.cli(*words, extra={"SSH_CONNECTION": "1 2 3 4"}, check=0)
    assert watcher.wait_event("sign_in.failed")["detail"]["kind"] == "sign_in_cancelled"
    wait_until(lambda: with_code.call("connection.list")["total"] == 1)


def test_real_chromium_signs_in(ready, sandbox, folder, kind):
    started = start(ready, sandbox, kind)
    with chromium(folder) as browser:
        browser.get(started["authorize_url"])
        browser.find_element("id", "yes").click()
        wait_until(lambda: "Forgelink" in browser.title)
    assert ready.call("sign_in.wait", sign_in=started["sign_in"])["state"] == "completed"


# --- the forge gives the tokens, and does not say whose they are

ACCOUNT_PATHS = {"azure-devops": "profile|connectionData", "bitbucket": "/2.0/user"}
ACCOUNT_FAULTS = [
    {"kind": "status", "status": 502},
    {"kind": "reset"},
    {"kind": "html"},
    {"kind": "truncated"},
]


def cancel(daemon, started):
    return daemon.call("sign_in.cancel", sign_in=started["sign_in"])["state"]


def account_fails(sandbox, kind, fault, times):
    # Entra signs in; the forge itself tells the account.
    sandbox.fault(kind, path=ACCOUNT_PATHS.get(kind, "/user"), times=times, **fault)


@pytest.mark.parametrize("fault", ACCOUNT_FAULTS, ids=lambda fault: fault["kind"])
def test_fault_a2_a_failing_account_loses_no_pair(ready, sandbox, kind, fault):
    account_fails(sandbox, kind, fault, 2)
    started = start(ready, sandbox, kind)
    assert browse(redirect_of(started))[0] == 200
    done = ready.call("sign_in.wait", sign_in=started["sign_in"])
    assert done["state"] == "completed" and done["connection"]["token"]["state"] == "valid"
    assert len(sandbox_exchanges(sandbox, kind)) == 1


def sandbox_exchanges(sandbox, kind):
    asked = sandbox.log(site_of(kind))
    return [one for one in asked if one["method"] == "POST" and "token" in one["path"]]


def test_fault_a2_a_failing_account_loses_no_pair_of_a_device(with_code, sandbox, device_kind):
    account_fails(sandbox, device_kind, {"kind": "status", "status": 503}, 2)
    started = start(with_code, sandbox, device_kind, "device")
    sandbox.device("approved", site_of(device_kind))
    done = with_code.call("sign_in.wait", sign_in=started["sign_in"], timeout=30)
    assert done["connection"]["token"]["state"] == "valid"


def test_fault_a2_a_pair_without_an_account_is_kept_at_the_end_of_the_time(
    with_code, sandbox, device_kind
):
    sandbox.set(site_of(device_kind), device_life=8)
    account_fails(sandbox, device_kind, {"kind": "status", "status": 503}, 100)
    started = start(with_code, sandbox, device_kind, "device")
    sandbox.device("approved", site_of(device_kind))
    done = with_code.call("sign_in.wait", sign_in=started["sign_in"], timeout=40)
    made = done["connection"]
    assert made["token"]["state"] == "unverified" and made["account"] is None
    assert "did not say whose" in made["hint"]
    sandbox.clear()
    again = with_code.call("connection.verify", connection="Work")["connection"]
    assert again["token"]["state"] == "valid" and again["account"]["login"]
    assert with_code.call("repository.list", connection="Work")["repositories"]


def test_fault_e1_a_sign_in_can_be_cancelled_while_the_account_is_asked_for(ready, sandbox, kind):
    account_fails(sandbox, kind, {"kind": "status", "status": 503}, 100)
    started = start(ready, sandbox, kind)
    browse(redirect_of(started))
    time.sleep(1)
    assert cancel(ready, started) == "cancelled"
    sandbox.clear()
    time.sleep(1)
    assert ready.call("connection.list")["total"] == 0


def test_fault_e1_a_cancel_that_waits_for_the_account_leaves_nothing(ready, sandbox, kind):
    sandbox.fault(kind, "delay", path=ACCOUNT_PATHS.get(kind, "/user"), seconds=3)
    started = start(ready, sandbox, kind)
    browse(redirect_of(started))
    time.sleep(1)
    assert cancel(ready, started) == "cancelled"
    time.sleep(3)
    assert ready.call("connection.list")["total"] == 0
    assert refusal_of(ready, started).kind == "sign_in_cancelled"


def test_fault_e1_a_cancel_that_comes_too_late_is_said(ready, sandbox, kind):
    started = start(ready, sandbox, kind)
    browse(redirect_of(started))
    ready.call("sign_in.wait", sign_in=started["sign_in"])
    assert cancel(ready, started) == "completed"
    assert ready.call("connection.list")["total"] == 1


def test_fault_e4_thirty_starts_at_once_are_no_more_than_sixteen(with_code, sandbox, device_kind):
    rpcs = [with_code.rpc() for _ in range(30)]
    for at, rpc in enumerate(rpcs):
        rpc.send("sign_in.start", method="device", add=new(sandbox, device_kind, name=f"Work {at}"))
    answers = [rpc.read() for rpc in rpcs]
    kinds = [one["error"]["data"]["kind"] for one in answers if "error" in one]
    assert len(answers) - len(kinds) == 16 and set(kinds) == {"too_busy"}


def test_a_dead_token_ends_the_sign_in_at_once(ready, sandbox, kind):
    if kind == "azure-devops":
        fault = {"kind": "status", "status": 401, "headers": {"X-TFS-ProcessId": "1"}}
    else:
        fault = {"kind": "status", "status": 401, "body": {"message": "401 Unauthorized"}}
    account_fails(sandbox, kind, fault, 1)
    started = start(ready, sandbox, kind)
    browse(redirect_of(started))
    assert refusal_of(ready, started, timeout=20).kind in ("token_rejected", "forge_error")
