# SPDX-License-Identifier: MIT
"""git: the right account, no prompt, nothing for anybody else, and never a guess."""
import os
import subprocess
import time

import pytest
from support.daemon import Rpc, RpcError
from support.keyring import wait_until
from support.sandbox import TYPES, good, tokens


def where(url, **more):
    protocol, host = url.split("://")
    return {"protocol": protocol, "host": host.split("/")[0], **more}


def wire(**fields):
    return "".join(f"{key}={value}\n" for key, value in fields.items()) + "\n"


def fields(done):
    return dict(line.split("=", 1) for line in done.stdout.decode().splitlines())


def clone_url(sandbox, kind, tls=True):
    base = (sandbox.tls_urls if tls else sandbox.urls)[kind]
    return (
        base
        + {
            "github": "/octo-dev/hello.git",
            "gitlab": "/octo-dev/hello.git",
            "gitlab-self-managed": "/git/lab/octo-dev/hello.git",
            "bitbucket": "/octo-dev/hello.git",
            "azure-devops": "/octo-org/project/_git/hello",
            "azure-devops-server": "/tfs/DefaultCollection/project/_git/hello",
        }[kind]
    )


@pytest.mark.parametrize("kind", TYPES)
def test_clone_fetch_and_push_need_no_prompt_over_real_tls(make_daemon, sandbox, folder, kind):
    daemon = make_daemon(start=False)
    daemon.write_settings(sandbox.tls_settings + f'[network]\nca_file = "{sandbox.ca}"\n')
    daemon.start()
    daemon.wait_store()
    params = good(sandbox, kind)
    if "server_url" in params:
        params["server_url"] = params["server_url"].replace(
            sandbox.urls[kind], sandbox.tls_urls[kind]
        )
    daemon.call("connection.add", name="Work", **params)
    plain = os.path.join(folder, "plain-text")
    daemon.git("config", "--global", "http.sslCAInfo", sandbox.ca)
    daemon.git("config", "--global", "credential.helper", f"store --file={plain}")
    before = open(os.path.join(folder, ".gitconfig"), "rb").read()
    assert daemon.cli("git", "setup", check=0).stdout.startswith("Changed ")
    assert "already" in daemon.cli("git", "setup", check=0).stdout
    work = os.path.join(folder, "work")
    daemon.git("clone", "-q", clone_url(sandbox, kind), work)
    open(os.path.join(work, "new"), "w").write("new")
    daemon.git("add", "new", cwd=work)
    daemon.git("commit", "-qm", "New", cwd=work)
    daemon.git("push", "-q", "origin", "HEAD:refs/heads/topic-" + kind, cwd=work)
    daemon.git("fetch", "-q", cwd=work)
    connection = daemon.call("connection.get", connection="Work")["connection"]
    assert connection["repositories_used"] == 1 and connection["last_used_at"]
    assert not os.path.exists(plain), open(plain).read()
    daemon.cli("git", "unset", check=0)
    assert open(os.path.join(folder, ".gitconfig"), "rb").read() == before
    daemon.restart()
    assert daemon.call("connection.get", connection="Work")["connection"]["repositories_used"] == 1


USERNAMES = {
    "github": "octo-dev",
    "gitlab": "octo-dev",
    "gitlab-self-managed": "octo-dev",
    "bitbucket": "x-bitbucket-api-token-auth",
}


@pytest.mark.parametrize("kind", TYPES)
def test_each_forge_gets_the_user_name_it_wants(daemon, sandbox, kind):
    daemon.call("connection.add", name="Work", **good(sandbox, kind))
    url = clone_url(sandbox, kind, tls=False)
    asked = where(url, path=url.split("/", 3)[3])
    answer = fields(daemon.helper("get", wire(**asked)))
    assert answer["password"] == good(sandbox, kind)["token"] and answer["username"]
    assert (
        answer["username"] == USERNAMES.get(kind, answer["username"])
        and "@" not in answer["username"]
    )
    newest = fields(
        daemon.helper("get", "capability[]=authtype\ncapability[]=state\n" + wire(**asked))
    )
    assert (
        newest["capability[]"] == "authtype"
        and newest["authtype"] == "Basic"
        and newest["ephemeral"] == "1"
        and "password" not in newest
    )


def test_hosts_are_compared_byte_for_byte_and_nobody_else_gets_an_answer(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    daemon.call("connection.add", name="Lab", **good(sandbox, "gitlab-self-managed"))
    host = where(sandbox.urls["github"])["host"]
    for protocol, name in (
        ("http", host.replace("127.0.0.1", "localhost")),
        ("http", host + ".evil"),
        ("http", "evil" + host),
        ("https", host),
        ("http", host + "."),
        ("http", "user@" + host),
        ("http", host.split(":")[0]),
        ("HTTP", host),
        ("http", ""),
        ("", host),
        ("ssh", host),
        ("https", "github.com"),
        ("https", "xn--gthub-n4a.com"),
    ):
        done = daemon.helper("get", f"protocol={protocol}\nhost={name}\n\n")
        assert done.stdout == b"" and done.returncode == 0, (protocol, name, done)
    lab = where(sandbox.urls["gitlab-self-managed"])
    assert fields(daemon.helper("get", wire(**lab, path="git/lab/a/b.git")))["password"]
    assert fields(daemon.helper("get", wire(**lab)))["password"]
    for path in ("git", "git/laboratory/x", "other"):
        assert daemon.helper("get", wire(**lab, path=path)).stdout == b"", path


BAD = [
    b"protocol=https\rhost=x\n\n",
    b"protocol=https\nhost=a\x00b\n\n",
    b"protocol=https\r\nhost=github.com\r\n\r\n",
    b"protocol=https\nhost\n\n",
    b"=x\n\n",
    b"protocol=https\nhost=\xff\xfe\n\n",
    b"protocol=https\nhost=" + b"a" * 70000 + b"\n\n",
    b"protocol=https\nhost=x\npassword=a\x1bb\n\n",
    b"x" * 300000,
]


@pytest.mark.parametrize("case", range(len(BAD)))
def test_nonsense_is_refused_in_a_sentence(daemon, case):
    for operation in ("get", "store", "erase"):
        done = daemon.helper(operation, BAD[case])
        assert (
            done.stdout == b""
            and done.returncode == 1
            and done.stderr.startswith(b"forgelink: ")
            and done.stderr.count(b"\n") == 1
        )


def test_unknown_operations_are_ignored_and_the_capabilities_told(daemon):
    assert daemon.helper("frobnicate", b"").returncode == 0
    done = daemon.helper("capability", b"")
    assert done.stdout.startswith(b"version 0\n") and b"capability authtype\n" in done.stdout
    assert daemon.helper("erase", b"").returncode == 0 and daemon.helper("get", b"\n").stdout == b""


def test_several_that_fit_end_in_a_sentence_and_the_user_name_decides(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    daemon.call(
        "connection.add", name="Home", type="github", token=tokens.first(tokens.GITHUB, "second")
    )
    asked = where(sandbox.urls["github"])
    done = daemon.helper("get", wire(**asked))
    assert (
        done.stdout == b"quit=1\n"
        and "“Home”" in done.stderr.decode()
        and "“Work”" in done.stderr.decode()
        and b"forgelink use " in done.stderr
    )
    assert fields(daemon.helper("get", wire(**asked, username="mona")))["password"] == tokens.first(
        tokens.GITHUB, "second"
    )
    assert fields(daemon.helper("get", wire(**asked, username="octo-dev")))[
        "password"
    ] == tokens.first(tokens.GITHUB, "good")
    assert daemon.helper("get", wire(**asked, username="stranger")).stdout == b""


def test_azure_connections_are_told_apart_by_organization(daemon, sandbox):
    daemon.call("connection.add", name="One", **good(sandbox, "azure-devops"))
    daemon.call(
        "connection.add",
        name="Two",
        type="azure-devops",
        organization="other-org",
        token="Z" * 52,
        verify=False,
    )
    asked = where(sandbox.urls["azure-devops"])
    one = tokens.first(tokens.AZURE, "good")
    for more in (
        {"path": "octo-org/p/_git/r"},
        {"path": "OCTO-ORG/p/_git/r"},
        {"username": "octo-org"},
        {"username": "octo-org", "path": "octo-org/p/_git/r"},
        {"username": "dev@example.org"},
    ):
        assert fields(daemon.helper("get", wire(**asked, **more)))["password"] == one, more
    assert (
        fields(daemon.helper("get", wire(**asked, path="other-org/p/_git/r")))["password"]
        == "Z" * 52
    )
    assert b"quit=1" in daemon.helper("get", wire(**asked)).stdout
    assert daemon.helper("get", wire(**asked, path="third-org/p/_git/r")).stdout == b""
    for crooked in ("octo-org/../other-org/p/_git/r", "./octo-org/p/_git/r", "octo-org/p/.."):
        assert daemon.helper("get", wire(**asked, path=crooked)).stdout == b"", crooked


def test_an_azure_connection_for_all_organizations_answers_for_each(daemon, sandbox):
    daemon.call("connection.add", name="All", type="azure-devops", token="Z" * 52, verify=False)
    asked = where(sandbox.urls["azure-devops"])
    for more in (
        {},
        {"username": "any-org"},
        {"path": "any-org/p/_git/r"},
        {"username": "any-org", "path": "any-org/p/_git/r"},
    ):
        assert fields(daemon.helper("get", wire(**asked, **more)))["password"] == "Z" * 52, more
    assert (
        daemon.helper("get", wire(**asked, username="any-org", path="other-org/p/_git/r")).stdout
        == b""
    )
    # One for the organisation itself goes before it.
    daemon.call("connection.add", name="One", **good(sandbox, "azure-devops"))
    assert (
        fields(daemon.helper("get", wire(**asked, username="octo-org")))["password"]
        == good(sandbox, "azure-devops")["token"]
    )


def test_a_token_counts_as_refused_only_on_the_forge_s_own_word_and_what_works_comes_back(
    daemon, sandbox
):
    daemon.call(
        "connection.add", name="Work", type="github", token=tokens.first(tokens.GITHUB, "expiring")
    )
    asked = where(sandbox.urls["github"])
    text = tokens.first(tokens.GITHUB, "expiring")

    def state():
        return daemon.call("connection.get", connection="Work")["connection"]["token"]["state"]

    daemon.helper("erase", wire(**asked, username="x-access-token", password="something else"))
    daemon.helper("erase", wire(**asked, username="x-access-token", password=text))
    time.sleep(0.5)
    assert state() == "valid"
    sandbox.token_state("github", "expiring", "refused")
    daemon.helper("erase", wire(**asked, username="x-access-token", password=text))
    wait_until(lambda: state() == "rejected")
    done = daemon.helper("get", wire(**asked))
    assert done.stdout == b"" and b"forgelink edit" in done.stderr
    fresh = tokens.first(tokens.GITHUB, "good")
    daemon.helper("store", wire(**asked, username="octo-dev", password=fresh))
    wait_until(lambda: state() == "valid")
    assert fields(daemon.helper("get", wire(**asked)))["password"] == fresh


def test_a_missing_token_is_told_and_comes_back_by_store(daemon, sandbox):
    daemon.call("connection.add", name="Work", type="github")
    asked = where(sandbox.urls["github"])
    done = daemon.helper("get", wire(**asked))
    assert done.stdout == b"" and b"has no token" in done.stderr
    daemon.helper(
        "store", wire(**asked, username="octo-dev", password=tokens.first(tokens.GITHUB, "good"))
    )
    assert (
        daemon.call("connection.get", connection="Work")["connection"]["token"]["state"] == "valid"
    )


def test_unverified_tokens_are_settled_by_what_git_reports(daemon, sandbox):
    text = tokens.first(tokens.GITHUB, "good")
    daemon.call("connection.add", name="Work", type="github", token=text, verify=False)
    asked = where(sandbox.urls["github"])
    assert fields(daemon.helper("get", wire(**asked)))["password"] == text
    daemon.helper("store", wire(**asked, username="x-access-token", password=text))
    assert (
        daemon.call("connection.get", connection="Work")["connection"]["token"]["state"] == "valid"
    )


def test_other_hosts_are_stored_and_erased_as_git_s_own_suite_wants(daemon, bus):
    def git(action, text):
        return subprocess.run(
            [
                "git",
                "-c",
                "credential.helper=",
                "-c",
                f"credential.helper={os.path.join(daemon.bin, 'git-credential-forgelink')}",
                "credential",
                action,
            ],
            env={**daemon.environment, "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "/bin/false"},
            input=text,
            capture_output=True,
            text=True,
            timeout=20,
        )

    ask = wire(protocol="https", host="example.com")
    assert git("fill", ask).returncode != 0
    git(
        "approve",
        wire(protocol="https", host="example.com", username="store-user", password="store-pass"),
    )
    assert "username=store-user\npassword=store-pass\n" in git("fill", ask).stdout
    assert "store-pass" not in git("fill", wire(protocol="http", host="example.com")).stdout
    assert "store-pass" not in git("fill", wire(protocol="https", host="other.tld")).stdout
    assert (
        "store-pass"
        not in git("fill", wire(protocol="https", host="example.com", username="other")).stdout
    )
    git(
        "approve",
        wire(protocol="https", host="example.com", username="store-user", password="second-pass"),
    )
    assert "password=second-pass" in git("fill", ask).stdout and bus.count() == 1
    git(
        "reject",
        wire(protocol="https", host="example.com", username="store-user", password="not this one"),
    )
    assert "password=second-pass" in git("fill", ask).stdout
    daemon.restart()
    daemon.wait_store()
    assert "password=second-pass" in git("fill", ask).stdout
    git("reject", ask)
    assert git("fill", ask).returncode != 0 and bus.count() == 0
    # A path, where git sends one; an empty user name; an end and a refresh token inside the secret.
    daemon.helper(
        "store", wire(protocol="https", host="p.tld", path="one.git", username="u", password="1")
    )
    daemon.helper(
        "store", wire(protocol="https", host="p.tld", path="two.git", username="u", password="2")
    )
    assert (
        fields(daemon.helper("get", wire(protocol="https", host="p.tld", path="two.git")))[
            "password"
        ]
        == "2"
    )
    daemon.helper("store", wire(protocol="https", host="sso.tld", username="", password=""))
    assert fields(daemon.helper("get", wire(protocol="https", host="sso.tld"))) == {
        "username": "",
        "password": "",
    }
    daemon.helper(
        "store",
        wire(
            protocol="https",
            host="t.tld",
            username="u",
            password="p",
            password_expiry_utc="9999999999",
            oauth_refresh_token="refresh",
        ),
    )
    got = fields(daemon.helper("get", wire(protocol="https", host="t.tld")))
    assert (
        got["password_expiry_utc"] == "9999999999"
        and got["oauth_refresh_token"] == "refresh"
        and "refresh" not in str(got.get("connection"))
    )
    daemon.helper(
        "store",
        "capability[]=authtype\n"
        + wire(authtype="Bearer", credential="token", protocol="https", host="b.tld"),
    )
    assert (
        fields(
            daemon.helper("get", "capability[]=authtype\n" + wire(protocol="https", host="b.tld"))
        )["credential"]
        == "token"
    )
    assert daemon.helper("get", wire(protocol="https", host="b.tld")).stdout == b""
    daemon.helper(
        "store",
        wire(protocol="https", host="old.tld", username="u", password="p", password_expiry_utc="5"),
    )
    assert daemon.helper("get", wire(protocol="https", host="old.tld")).stdout == b""
    daemon.call("token.purge", scope="all")
    assert daemon.helper("get", wire(protocol="https", host="p.tld", path="two.git")).stdout == b""
    assert bus.count() == 0


def test_without_a_daemon_the_helper_starts_one_that_listens_where_it_looked_and_holds_nothing(
    make_daemon, folder
):
    daemon = make_daemon(start=False)
    elsewhere = os.path.join(folder, "else", "socket")
    os.makedirs(os.path.dirname(elsewhere))
    done = daemon.helper(
        "get",
        wire(protocol="https", host="nobody.tld"),
        extra={"FORGELINK_SOCKET": elsewhere, "FORGELINK_NO_AUTOSTART": "1"},
    )
    assert done.returncode == 1 and b"FORGELINK_NO_AUTOSTART" in done.stderr
    assert (
        daemon.cli(
            "status", extra={"FORGELINK_SOCKET": elsewhere, "FORGELINK_NO_AUTOSTART": "1"}
        ).returncode
        == 3
    )
    done = daemon.helper(
        "get", wire(protocol="https", host="nobody.tld"), extra={"FORGELINK_SOCKET": elsewhere}
    )
    assert done.returncode == 0 and done.stderr == b"", done
    rpc = Rpc(elsewhere)
    pid = rpc.call("daemon.status")["pid"]
    try:
        held = [os.readlink(f"/proc/{pid}/fd/{one}") for one in os.listdir(f"/proc/{pid}/fd")]
        assert held.count("/dev/null") == 3 and all(
            held.count(one) == 2 for one in held if one.startswith("pipe:")
        )  # its own
        assert os.getsid(pid) != os.getsid(0)
    finally:
        os.kill(pid, 15)
        wait_until(lambda: not os.path.exists(f"/proc/{pid}"))


def test_a_daemon_that_cannot_start_is_told_of_in_its_own_words_and_at_once(make_daemon, folder):
    daemon = make_daemon("\n[secrets]\nstore = 7\n", start=False)
    extra = {"FORGELINK_SOCKET": os.path.join(folder, "else", "socket")}
    for done in (
        daemon.helper("get", wire(protocol="https", host="nobody.tld"), extra=extra),
        daemon.cli("list", extra=extra),
    ):
        said = done.stderr if isinstance(done.stderr, str) else done.stderr.decode()
        assert (
            done.returncode != 0
            and "config.toml" in said
            and "store" in said
            and said.count("\n") <= 2
        ), done
        assert "did not come up" not in said


def test_no_field_of_the_socket_s_credentials_takes_a_control_character(daemon):
    for field, value in {
        "host": "a\nb",
        "path": "a\tb",
        "username": "a\x7fb",
        "wwwauth": ["Basic", "a\nb"],
        "capabilities": ["a\rb"],
        "password": "a\nb",
        "authtype": "a\x01b",
    }.items():
        with pytest.raises(RpcError) as refused:
            daemon.call(
                "credential.store", **{"protocol": "https", "host": "x.example", field: value}
            )
        assert refused.value.kind == "invalid_params" and refused.value.data["field"] == field


def test_a_repository_counts_once_however_its_address_is_written(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    for path in (
        "octo-dev/hello.git",
        "octo-dev/hello",
        "Octo-Dev/Hello.git/",
        "octo-dev/hello.git/info/lfs",
        "octo-dev/other.git",
    ):
        daemon.call("credential.get", **where(sandbox.urls["github"], path=path))
    assert daemon.call("connection.get", connection="Work")["connection"]["repositories_used"] == 2


def test_a_user_name_that_names_nobody_leaves_the_choice_to_the_rest(daemon, sandbox):
    daemon.call("connection.add", name="Bucket", **good(sandbox, "bitbucket"))
    asked = where(sandbox.urls["bitbucket"])
    for username in ("", "x-bitbucket-api-token-auth", "x-token-auth", "octo-dev"):
        assert (
            fields(daemon.helper("get", wire(**asked, username=username)))["password"]
            == good(sandbox, "bitbucket")["token"]
        ), username
    assert daemon.helper("get", wire(**asked, username="somebody")).stdout == b""


@pytest.mark.parametrize("kind", ["azure-devops", "azure-devops-server", "github"])
def test_our_own_token_is_never_stored_for_a_host_under_whatever_name_it_was_handed_out(
    daemon, sandbox, bus, kind
):
    daemon.call("connection.add", name="Work", verify=False, **good(sandbox, kind))
    url = clone_url(sandbox, kind, tls=False)
    asked = where(url, path=url.split("/", 3)[3])
    answer = fields(daemon.helper("get", wire(**asked)))
    daemon.helper("store", wire(**asked, **answer))
    assert (
        daemon.call("connection.get", connection="Work")["connection"]["token"]["state"] == "valid"
    )
    daemon.helper("store", wire(**asked, username="any-name-does", password=answer["password"]))
    assert bus.count() == 1
    daemon.call("connection.remove", connection="Work")
    assert bus.count() == 0 and daemon.helper("get", wire(**asked)).stdout == b""


def test_a_refused_token_that_the_forge_takes_again_is_valid_again(daemon, sandbox):
    text = tokens.first(tokens.GITHUB, "expiring")
    daemon.call("connection.add", name="Work", type="github", token=text)
    asked = where(sandbox.urls["github"])
    sandbox.token_state("github", "expiring", "refused")
    with pytest.raises(RpcError):
        daemon.call("connection.verify", connection="Work")
    sandbox.token_state("github", "expiring", "good")
    assert b"password" not in daemon.helper("get", wire(**asked)).stdout
    daemon.helper("store", wire(**asked, username="octo-dev", password=text))
    assert (
        daemon.call("connection.get", connection="Work")["connection"]["token"]["state"] == "valid"
    )
    assert fields(daemon.helper("get", wire(**asked)))["password"] == text
