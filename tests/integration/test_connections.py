# SPDX-License-Identifier: MIT
"""The main job: connections of all six types, made, listed, edited and removed; what is refused
leaves nothing."""
import sqlite3
import os
import stat

import pytest
from support.daemon import RpcError
from support.proxy import Proxy
from support.sandbox import TYPES, good, tokens


@pytest.mark.parametrize("kind", TYPES)
def test_a_connection_of_each_type_is_verified_kept_in_the_keyring_and_removed(
    daemon, sandbox, bus, kind
):
    params = good(sandbox, kind)
    made = daemon.call("connection.add", name="Work", **params)["connection"]
    assert made["token"]["state"] == "valid"
    assert made["account"]["id"]
    assert made["token"]["stored_in"] == "secret-service"
    assert bus.count() == 1
    assert params["token"] in bus.items()
    for name in os.listdir(daemon.data):
        with open(os.path.join(daemon.data, name), "rb") as part:
            assert params["token"].encode() not in part.read(), name
    assert daemon.call("connection.get", connection="WORK")["connection"] == made
    assert (
        daemon.call("connection.verify", connection=made["id"])["connection"]["token"]["state"]
        == "valid"
    )
    assert daemon.call("connection.remove", connection="work") == {
        "removed": made["id"],
        "revocation": "not_asked",
    }
    assert bus.count() == 0
    assert daemon.call("connection.list")["total"] == 0


def test_what_each_forge_tells_about_a_token_is_known(daemon, sandbox):
    github = daemon.call(
        "connection.add", name="g", type="github", token=tokens.first(tokens.GITHUB, "expiring")
    )["connection"]
    assert github["account"] == {
        "id": "1234567",
        "login": "octo-dev",
        "display_name": "Octo Dev",
        "email": "dev@example.org",
    }
    assert github["token"]["expires_at"] == "2027-02-01T00:00:00Z"
    assert github["token"]["scopes"] == ["repo", "workflow", "read:user", "user:email"]
    fine = daemon.call(
        "connection.add", name="f", type="github", token=tokens.first(tokens.GITHUB, "fine-grained")
    )["connection"]
    assert fine["token"]["scopes"] is None and fine["token"]["missing_scopes"] == []
    assert fine["token"]["expires_at"] == "2027-03-01T00:00:00Z"
    few = daemon.call(
        "connection.add", name="few", type="github", token=tokens.first(tokens.GITHUB, "few")
    )["connection"]
    assert few["token"]["state"] == "valid" and few["token"]["missing_scopes"] == ["repo"]
    wide = daemon.call(
        "connection.add", name="wide", type="github", token=tokens.first(tokens.GITHUB, "wide")
    )["connection"]
    assert set(wide["token"]["excess_scopes"]) == {"delete_repo", "admin:org"}
    gitlab = daemon.call("connection.add", name="l", **good(sandbox, "gitlab"))["connection"]
    assert gitlab["token"]["expires_at"] == "2027-11-20T00:00:00Z"
    push = daemon.call(
        "connection.add", name="push", type="gitlab", token=tokens.first(tokens.GITLAB, "few")
    )["connection"]
    assert (
        push["token"]["state"] == "valid"
        and push["token"]["missing_scopes"] == ["read_api"]
        and push["account"] is None
    )
    azure = daemon.call(
        "connection.add",
        name="az",
        type="azure-devops",
        organization="octo-org",
        token=tokens.first(tokens.AZURE, "few"),
    )["connection"]
    assert azure["token"]["missing_scopes"] == ["vso.code"]
    server = daemon.call("connection.add", name="s", **good(sandbox, "azure-devops-server"))[
        "connection"
    ]
    assert server["account"]["login"] == "DOMAIN\\octo-dev"
    bitbucket = daemon.call("connection.add", name="b", **good(sandbox, "bitbucket"))["connection"]
    assert bitbucket["account"]["id"].startswith("{")


def test_what_cannot_be_verified_for_lack_of_something_is_saved_unverified_with_a_hint(
    daemon, sandbox
):
    params = good(sandbox, "bitbucket")
    del params["email"]
    made = daemon.call("connection.add", name="b", **params)["connection"]
    assert made["token"]["state"] == "unverified" and "email" in made["hint"]
    assert (
        daemon.call("connection.update", connection="b", email="dev@example.org")["connection"][
            "token"
        ]["state"]
        == "valid"
    )
    access = daemon.call(
        "connection.add",
        name="a",
        type="bitbucket",
        username="octo-dev",
        token=tokens.first(tokens.BITBUCKET, "access"),
    )["connection"]
    assert access["token"]["state"] == "unverified"
    params = good(sandbox, "azure-devops")
    del params["organization"]
    azure = daemon.call("connection.add", name="az", **params)["connection"]
    assert azure["token"]["state"] == "unverified" and "organization" in azure["hint"]


GOOD = tokens.first(tokens.GITHUB, "good")
LAB = tokens.first(tokens.GITLAB, "good")
BAD_INPUT = {
    "an empty name": ({"name": "", "type": "github", "token": GOOD}, "invalid_params", "name"),
    "a long name": ({"name": "x" * 101, "type": "github", "token": GOOD}, "invalid_params", "name"),
    "a name with control characters": (
        {"name": "a\x07b", "type": "github", "token": GOOD},
        "invalid_params",
        "name",
    ),
    "a name that is taken in other letters": (
        {"name": "sTRASSE taken", "type": "github", "token": GOOD},
        "name_taken",
        "name",
    ),
    "an unknown type": (
        {"name": "x", "type": "sourceforge", "token": GOOD},
        "invalid_params",
        "type",
    ),
    "Bitbucket without username": (
        {
            "name": "x",
            "type": "bitbucket",
            "email": "dev@example.org",
            "token": tokens.first(tokens.BITBUCKET, "good"),
        },
        "username_required",
        "username",
    ),
    "a username that is not the profile's": (
        {
            "name": "x",
            "type": "bitbucket",
            "username": "other",
            "email": "dev@example.org",
            "token": tokens.first(tokens.BITBUCKET, "good"),
        },
        "username_mismatch",
        "username",
    ),
    "self-hosted without server": (
        {"name": "x", "type": "gitlab-self-managed", "token": LAB},
        "server_url_required",
        "server_url",
    ),
    "a server that is no address": (
        {"name": "x", "type": "gitlab-self-managed", "server_url": "https://", "token": LAB},
        "invalid_params",
        "server_url",
    ),
    "a server by http": (
        {
            "name": "x",
            "type": "gitlab-self-managed",
            "server_url": "http://git.example",
            "token": LAB,
        },
        "invalid_params",
        "server_url",
    ),
    "an Azure DevOps Server without its collection": (
        {
            "name": "x",
            "type": "azure-devops-server",
            "server_url": "https://tfs.example:8080/",
            "token": "x" * 52,
        },
        "invalid_params",
        "server_url",
    ),
    "a Bitbucket on premises": (
        {
            "name": "x",
            "type": "gitlab-self-managed",
            "server_url": "https://git.example/scm/x",
            "token": LAB,
        },
        "bitbucket_on_premise_unsupported",
        "server_url",
    ),
    "Bitbucket with a server": (
        {
            "name": "x",
            "type": "bitbucket",
            "username": "o",
            "server_url": "https://bitbucket.example",
            "token": "ATATTx",
        },
        "bitbucket_on_premise_unsupported",
        "server_url",
    ),
    "a token with a newline inside": (
        {"name": "x", "type": "github", "token": "ghp_a\nb"},
        "invalid_params",
        "token",
    ),
    "a GitHub token given to GitLab": (
        {"name": "x", "type": "gitlab", "token": GOOD},
        "invalid_params",
        "token",
    ),
    "an app password": (
        {
            "name": "x",
            "type": "bitbucket",
            "username": "octo-dev",
            "email": "dev@example.org",
            "token": "ATBBabcdef",
        },
        "invalid_params",
        "token",
    ),
    "a token that the forge refuses": (
        {"name": "x", "type": "github", "token": tokens.first(tokens.GITHUB, "revoked")},
        "token_rejected",
        "token",
    ),
    "a token that is over by its date": (
        {"name": "x", "type": "github", "token": GOOD, "expires_at": "2020-01-01"},
        "token_expired",
        "expires_at",
    ),
    "GitHub sign-in of another type": (
        {"name": "x", "type": "gitlab", "sign_in": "github"},
        "sign_in_unsupported",
        "sign_in",
    ),
    "an anonymous 200 of Azure": (
        {"name": "x", "type": "azure-devops", "organization": "public-org", "token": "z" * 52},
        "token_rejected",
        "token",
    ),
    "Azure's sign-in page": (
        {"name": "x", "type": "azure-devops", "organization": "octo-org", "token": "z" * 52},
        "token_rejected",
        "token",
    ),
    "a blocked account": (
        {"name": "x", "type": "gitlab", "token": tokens.first(tokens.GITLAB, "blocked")},
        "forge_error",
        None,
    ),
    "a wrong retention": (
        {"name": "x", "type": "github", "token": GOOD, "retention": "for ever"},
        "invalid_params",
        "retention",
    ),
    "a number for a name": ({"name": 7, "type": "github"}, "invalid_params", "name"),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_gets_its_kind_by_socket_and_by_command_line_and_nothing_is_saved(
    daemon, bus, case
):
    daemon.call("connection.add", name="straße TAKEN", type="github")
    params, kind, field = BAD_INPUT[case]
    with pytest.raises(RpcError) as refused:
        daemon.call("connection.add", **params)
    assert refused.value.kind == kind, refused.value
    assert refused.value.data.get("field") == field
    assert refused.value.code == (-32602 if kind == "invalid_params" else -32000)
    assert str(params.get("token", "\0")) not in str(refused.value)
    assert daemon.call("connection.list")["total"] == 1
    assert bus.count() == 0
    if not isinstance(params["name"], str) or "\x07" in params["name"] or "sign_in" in params:
        return
    words = ["add", params["name"], "--type", params["type"], "--token-stdin"]
    for option, key in (
        ("--username", "username"),
        ("--email", "email"),
        ("--server", "server_url"),
        ("--organization", "organization"),
        ("--expires", "expires_at"),
    ):
        words += [option, params[key]] if key in params else []
    if "retention" in params or params["name"] == "":
        return
    done = daemon.cli(*words, stdin=params.get("token", "") + "\n")
    assert (
        done.returncode == 1 and done.stderr.startswith("forgelink: ") and done.stdout == ""
    ), done
    assert daemon.call("connection.list")["total"] == 1


FAULTS = {
    "HTML": ({"kind": "html"}, "forge_error"),
    "garbage": ({"kind": "garbage"}, "forge_error"),
    "half a JSON text": ({"kind": "truncated"}, "forge_error"),
    "10 GB": ({"kind": "huge"}, "forge_error"),
    "nothing": ({"kind": "close", "times": 2}, "forge_unreachable"),
    "a reset": ({"kind": "reset", "times": 2}, "forge_unreachable"),
    "a 500": ({"kind": "status", "status": 500}, "forge_error"),
    "a 429 without a word": ({"kind": "status", "status": 429, "times": 2}, "rate_limited"),
    "a 429 for a while": (
        {"kind": "status", "status": 429, "headers": {"Retry-After": "120"}},
        "rate_limited",
    ),
    "a secondary limit": (
        {
            "kind": "status",
            "status": 403,
            "body": {"message": "You have exceeded a secondary rate limit."},
        },
        "rate_limited",
    ),
    "silence": ({"kind": "hang", "seconds": 6}, "forge_unreachable"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_forge_in_trouble_is_told_by_its_kind_and_nothing_is_saved(
    make_daemon, sandbox, bus, case
):
    daemon = make_daemon('[network]\ntimeout = "3s"\n')
    fault, kind = FAULTS[case]
    sandbox.fault("github", **fault)
    with pytest.raises(RpcError) as refused:
        daemon.call("connection.add", name="x", type="github", token=GOOD)
    assert refused.value.kind == kind, refused.value
    if kind == "rate_limited":
        assert refused.value.data["retry_after"] >= 60
    assert daemon.call("connection.list")["total"] == 0 and bus.count() == 0


def test_a_redirect_and_a_next_link_to_another_origin_do_not_get_the_token(daemon, sandbox):
    daemon.call("connection.add", name="Work", type="github", token=GOOD)
    sandbox.fault("github", "redirect", path="/user", to=sandbox.urls["elsewhere"] + "/steal")
    with pytest.raises(RpcError):
        daemon.call("connection.verify", connection="Work")
    sandbox.fault("github", "next", path="/user/repos", next=sandbox.urls["elsewhere"] + "/steal")
    page = daemon.call("repository.list", connection="Work")
    assert page["repositories"]
    assert sandbox.log("elsewhere") == []


def test_nobody_listening_a_certificate_of_nobody_and_a_dead_proxy_are_told_apart(
    make_daemon, sandbox, folder
):
    daemon = make_daemon()
    with pytest.raises(RpcError) as refused:
        daemon.call(
            "connection.add",
            name="x",
            type="gitlab-self-managed",
            server_url="https://127.0.0.1:1",
            token=LAB,
        )
    assert refused.value.kind == "forge_unreachable"
    server = sandbox.tls_urls["gitlab-self-managed"] + "/git/lab"
    with pytest.raises(RpcError) as refused:
        daemon.call(
            "connection.add", name="x", type="gitlab-self-managed", server_url=server, token=LAB
        )
    assert refused.value.kind == "tls_untrusted" and "ca_file" in refused.value.data["hint"]
    daemon.stop()
    daemon.write_settings(f'[network]\nca_file = "{sandbox.ca}"\n')
    daemon.start()
    assert (
        daemon.call(
            "connection.add", name="x", type="gitlab-self-managed", server_url=server, token=LAB
        )["connection"]["token"]["state"]
        == "valid"
    )
    daemon.stop()
    daemon.write_settings(f'[network]\nca_file = "{sandbox.ca}"\nproxy = "http://127.0.0.1:1"\n')
    daemon.start()
    # Loopback is never proxied.
    assert daemon.call("connection.verify", connection="x")
    elsewhere = {"server_url": "https://git.example.invalid", "token": LAB}
    with pytest.raises(RpcError) as refused:
        daemon.call("connection.add", name="y", type="gitlab-self-managed", **elsewhere)
    assert refused.value.kind == "proxy_failed"


def test_a_server_that_wants_a_certificate_gets_the_one_made_for_it(make_daemon, sandbox):
    from support.tls_front import TlsFront

    folder = os.path.dirname(sandbox.ca)
    front = TlsFront(folder, int(sandbox.urls["gitlab-self-managed"].rsplit(":", 1)[1]))
    try:
        daemon = make_daemon(f'[network]\nca_file = "{sandbox.ca}"\n')
        ask = {
            "name": "Work",
            "type": "gitlab-self-managed",
            "server_url": front.url + "/git/lab",
            "token": LAB,
        }
        with pytest.raises(RpcError) as refused:
            daemon.call("connection.add", **ask)
        assert (
            refused.value.kind == "tls_untrusted"
            and "client_certificate" in refused.value.data["hint"]
        )
        daemon.stop()
        mine = f'certificate = "{folder}/client.pem"\nkey = "{folder}/client.key"\n'
        daemon.write_settings(
            f'[network]\nca_file = "{sandbox.ca}"\n[[network.client_certificate]]\nserver ='
            f' "{front.url}"\n{mine}'
        )
        daemon.start()
        assert daemon.call("connection.add", **ask)["connection"]["token"]["state"] == "valid"
    finally:
        front.close()


@pytest.mark.parametrize("password, kind", [("secret", None), ("wrong", "proxy_failed")])
def test_a_proxy_of_the_settings_is_gone_through_with_its_password(
    make_daemon, sandbox, password, kind
):
    proxy = Proxy("person:secret")
    try:
        daemon = make_daemon(start=False)
        # The own host is never proxied, so the sandbox goes by another name here.
        elsewhere = sandbox.tls_settings.replace("127.0.0.1", "forge.test")
        network = (
            f'[network]\nca_file = "{sandbox.ca}"\nproxy ='
            f' "http://person:{password}@127.0.0.1:{proxy.port}"\n'
        )
        daemon.write_settings(elsewhere + network)
        for name in ("NO_PROXY", "no_proxy"):
            daemon.environment.pop(name, None)
        daemon.start()
        if kind is None:
            made = daemon.call("connection.add", name="Work", type="github", token=GOOD)
            assert made["connection"]["token"]["state"] == "valid"
        else:
            with pytest.raises(RpcError) as refused:
                daemon.call("connection.add", name="Work", type="github", token=GOOD)
            assert refused.value.kind == kind and password not in str(refused.value)
        assert proxy.asked and all(one.startswith("CONNECT forge.test:") for one in proxy.asked)
    finally:
        proxy.close()


def test_no_proxy_leads_past_the_proxy(make_daemon, sandbox):
    proxy = Proxy()
    try:
        daemon = make_daemon(start=False)
        daemon.write_settings(
            sandbox.tls_settings.replace("127.0.0.1", "forge.test")
            + f'[network]\nproxy = "http://127.0.0.1:{proxy.port}"\n'
        )
        daemon.environment["NO_PROXY"] = ".test"
        daemon.start()
        with pytest.raises(RpcError) as refused:
            daemon.call("connection.add", name="Work", type="github", token=GOOD)
        assert refused.value.kind == "forge_unreachable" and proxy.asked == []
    finally:
        proxy.close()


def test_a_change_that_a_forge_has_announced_is_shown_on_the_connections_it_touches(
    daemon, sandbox
):
    import time

    made = daemon.call("connection.add", name="az", **good(sandbox, "azure-devops"))["connection"]
    announced = [
        one
        for one in daemon.call("type.list")["types"][0]["notices"]
        if one["date"] > time.strftime("%Y-%m-%d")
    ]
    assert made.get("warnings", []) == announced


def test_an_edit_keeps_what_it_does_not_name_and_a_refused_one_changes_nothing(
    daemon, sandbox, bus
):
    daemon.call("connection.add", name="Work", type="github", username="octo-dev", token=GOOD)
    other = tokens.first(tokens.GITHUB, "second")
    with pytest.raises(RpcError) as refused:
        daemon.call("connection.update", connection="Work", token=other)
    assert refused.value.kind == "account_changed"
    assert (
        refused.value.data["account"]["login"] == "mona"
        and refused.value.data["was"]["login"] == "octo-dev"
    )
    with pytest.raises(RpcError) as refused:
        daemon.call(
            "connection.update", connection="Work", token=tokens.first(tokens.GITHUB, "revoked")
        )
    assert refused.value.kind == "token_rejected"
    assert GOOD in bus.items() and bus.count() == 1
    renamed = daemon.call("connection.update", connection="Work", name="Home", username=None)[
        "connection"
    ]
    assert (
        renamed["name"] == "Home"
        and renamed["username"] is None
        and renamed["token"]["state"] == "valid"
    )
    changed = daemon.call(
        "connection.update", connection="home", token=other, accept_account_change=True
    )["connection"]
    assert changed["account"]["login"] == "mona" and other in bus.items() and bus.count() == 1
    moved = daemon.call("connection.update", connection="Home", retention="session")["connection"]
    assert moved["retention"] == "session" and other in bus.items() and bus.count() == 1
    with pytest.raises(RpcError) as refused:
        daemon.call("connection.update", connection="nobody", name="x")
    assert refused.value.kind == "not_found"


def test_a_date_taken_back_has_the_forge_asked_again(daemon, sandbox):
    daemon.call("connection.add", name="Work", type="github", token=GOOD)
    assert (
        daemon.call("connection.update", connection="Work", expires_at="2020-01-01")["connection"][
            "token"
        ]["state"]
        == "expired"
    )
    assert (
        daemon.call("connection.update", connection="Work", expires_at=None, verify=False)[
            "connection"
        ]["token"]["state"]
        == "unverified"
    )
    daemon.call("connection.update", connection="Work", expires_at="2020-01-01")
    token = daemon.call("connection.update", connection="Work", expires_at=None)["connection"][
        "token"
    ]
    assert token["state"] == "valid" and token["expires_at"] is None


def test_the_server_of_a_cloud_type_may_be_named_and_says_nothing_new(daemon):
    for kind, server in (
        ("bitbucket", "https://bitbucket.org"),
        ("github", "github.com"),
        ("gitlab", "https://GitLab.com/"),
        ("azure-devops", "https://dev.azure.com"),
    ):
        made = daemon.call(
            "connection.add", name=kind, type=kind, username="octo-dev", server_url=server
        )["connection"]
        assert made["server_url"] is None


def test_a_token_goes_to_the_server_it_was_made_for_and_to_no_other(daemon, sandbox):
    daemon.call("connection.add", name="Lab", **good(sandbox, "gitlab-self-managed"))
    with pytest.raises(RpcError) as refused:
        daemon.call("connection.update", connection="Lab", server_url=sandbox.urls["elsewhere"])
    assert refused.value.kind == "invalid_params" and refused.value.data["field"] == "token"
    assert sandbox.log("elsewhere") == []


def test_a_token_refused_at_verify_is_recorded_and_told(daemon, sandbox):
    watcher = daemon.rpc()
    snapshot = watcher.call("event.subscribe")
    daemon.call(
        "connection.add", name="Work", type="gitlab", token=tokens.first(tokens.GITLAB, "second")
    )
    assert watcher.wait_event("connection.added")["sequence"] == snapshot["sequence"] + 1
    sandbox.token_state("gitlab", "second", "refused")
    with pytest.raises(RpcError) as refused:
        daemon.call("connection.verify", connection="Work")
    assert refused.value.kind == "token_rejected" and "token" in refused.value.data["url"]
    assert watcher.wait_event("token.rejected")["connection"]["token"]["state"] == "rejected"
    assert (
        daemon.call("connection.get", connection="Work")["connection"]["token"]["state"]
        == "rejected"
    )


def test_everything_acknowledged_is_there_after_a_hard_kill(daemon, sandbox, bus):
    import signal

    for number in range(5):
        daemon.call("connection.add", name=f"c{number}", **good(sandbox, "github"))
    daemon.call("connection.remove", connection="c0")
    before = daemon.call("connection.list")["connections"]
    daemon.restart(signal.SIGKILL)
    daemon.wait_store()
    assert daemon.call("connection.list")["connections"] == before
    assert daemon.call("credential.get", protocol="https", host="nobody.example") == {}
    assert (
        daemon.call("connection.verify", connection="c1")["connection"]["token"]["state"] == "valid"
    )


def test_a_second_daemon_a_newer_registry_and_a_typing_mistake_stop_the_start(make_daemon, bus):
    daemon = make_daemon()
    import subprocess

    def second():
        return subprocess.run(
            [os.path.join(daemon.bin, "forgelinkd"), "--socket", os.path.join(bus.folder, "s")],
            env=daemon.environment,
            capture_output=True,
            text=True,
            timeout=20,
        )

    done = second()
    assert done.returncode == 1 and str(daemon.process.pid) in done.stderr
    daemon.stop()
    path = os.path.join(daemon.data, "connections.db")
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 999")
    database.close()
    before = open(path, "rb").read()
    done = second()
    assert done.returncode == 1 and "newer" in done.stderr
    assert open(path, "rb").read() == before and sorted(os.listdir(daemon.data)) == [
        "connections.db",
        "connections.lock",
    ]
    daemon.write_settings("[secrets]\nstorre = 'auto'\n")
    done = second()
    assert (
        done.returncode == 1
        and "config.toml:2" in done.stderr
        and "secrets.storre" in done.stderr
        and "store" in done.stderr
    )


def test_folders_and_files_are_for_the_person_alone(daemon):
    for path, mode in (
        (daemon.data, 0o700),
        (os.path.join(daemon.data, "connections.db"), 0o600),
        (os.path.dirname(daemon.socket), 0o700),
        (daemon.socket, 0o600),
    ):
        assert stat.S_IMODE(os.stat(path).st_mode) == mode, path


def test_type_list_says_enough_to_draw_a_form(daemon):
    types = daemon.call("type.list")["types"]
    assert [one["id"] for one in types][:6] == [
        "azure-devops",
        "azure-devops-server",
        "bitbucket",
        "github",
        "gitlab",
        "gitlab-self-managed",
    ]
    by_token_only = {"azure-devops-server", "bitbucket-data-center"}
    for one in types:
        assert {"name", "token"} <= {field["name"] for field in one["fields"]}
        assert one["token_page"].startswith(("http", "{server_url}")) and one["scopes"]
        assert one["sign_in"] == (["pat"] if one["id"] in by_token_only else ["pat", "oauth"])
    required = {
        (one["id"], field["name"])
        for one in types
        for field in one["fields"]
        if field["required"] and field["name"] != "name"
    }
    assert required == {
        ("azure-devops-server", "server_url"),
        ("bitbucket", "username"),
        ("gitlab-self-managed", "server_url"),
        ("github-enterprise", "server_url"),
        ("bitbucket-data-center", "server_url"),
        ("bitbucket-data-center", "username"),
        ("forgejo", "server_url"),
    }
    assert {one["id"] for one in types if one["self_hosted"]} == {
        one for one, field in required if field == "server_url"
    }
