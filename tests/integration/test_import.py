# SPDX-License-Identifier: MIT
"""forgelink import: from what other programs really wrote, with no token on any screen, and
originals deleted only when asked."""
import json
import os
import re
import stat
import subprocess

import pytest
from support.sandbox import tokens
from support.terminal import Terminal

GITHUB = tokens.first(tokens.GITHUB, "good")
MONA = tokens.first(tokens.GITHUB, "second")
LAB = tokens.first(tokens.GITLAB, "good")
BUCKET = tokens.first(tokens.BITBUCKET, "good")
AZURE = tokens.first(tokens.AZURE, "good")
ALL = [
    text
    for table in (tokens.GITHUB, tokens.GITLAB, tokens.BITBUCKET, tokens.AZURE)
    for text in table
]


def host_of(sandbox, kind):
    return sandbox.urls[kind].split("://")[1]


def store(daemon, sandbox, kind, username, password, path="", file=None):
    """git's own helper writes it."""
    words = ["git", "credential-store", *([f"--file={file}"] if file else []), "store"]
    text = (
        f"protocol=http\nhost={host_of(sandbox, kind)}\nusername={username}\npassword={password}\n"
        + (f"path={path}\n" if path else "")
    )
    subprocess.run(words, input=text, text=True, env=daemon.environment, check=True, timeout=20)


def put(path, text, mode=0o600):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as out:
        out.write(text)
    os.chmod(path, mode)
    return path


def keep(daemon, label, secret, **attributes):
    words = ["secret-tool", "store", "--label=" + label]
    for name, value in attributes.items():
        words += [name.replace("xdg_", "xdg:"), value]
    subprocess.run(words, input=secret, text=True, env=daemon.environment, check=True, timeout=20)


def quiet(daemon, *outputs):
    """No token in any of it, nor in the daemon's log."""
    for output in (*outputs, daemon.log()):
        for token in ALL:
            assert token not in output, output


def run(daemon, *words, check=0, extra=None):
    done = daemon.cli("import", *words, extra=extra)
    quiet(daemon, done.stdout, done.stderr)
    assert done.returncode == check, done.stdout + done.stderr + daemon.log()
    return done


def findings(daemon, *words, check=0, extra=None):
    return json.loads(run(daemon, "--json", *words, check=check, extra=extra).stdout)


def names(daemon):
    return {one["name"]: one for one in daemon.call("connection.list")["connections"]}


@pytest.fixture
def credentials(daemon):
    return os.path.join(daemon.environment["HOME"], ".git-credentials")


def test_what_git_s_store_keeps_becomes_connections(daemon, sandbox, credentials):
    store(daemon, sandbox, "github", "octo-dev", GITHUB)
    store(daemon, sandbox, "gitlab", "octo-dev", LAB)
    store(daemon, sandbox, "azure-devops", "octo-org", AZURE, path="octo-org/project/_git/hello")
    before = open(credentials).read()
    listed = run(daemon)
    assert (
        "without --yes" in listed.stdout
        and listed.stdout.count(" new ") == 3
        and names(daemon) == {}
    )
    dry = run(daemon, "--dry-run")
    assert dry.stdout.count(" new ") == 3 and names(daemon) == {}
    done = run(daemon, "--yes")
    assert (
        done.stdout.count("Created connection") == 3
        and "--delete-originals" in done.stdout
        and "forgelink git setup" in done.stdout
    )
    made = names(daemon)
    assert set(made) == {host_of(sandbox, kind) for kind in ("github", "gitlab", "azure-devops")}
    assert all(one["token"]["state"] == "valid" for one in made.values())
    assert made[host_of(sandbox, "azure-devops")]["organization"] == "octo-org"
    assert open(credentials).read() == before
    again = findings(daemon, "--yes")
    assert [one["state"] for one in again["findings"]] == ["exists"] * 3 and len(names(daemon)) == 3


def test_originals_go_only_when_asked_and_only_what_is_safe(daemon, sandbox, credentials):
    store(daemon, sandbox, "github", "octo-dev", GITHUB)
    store(daemon, sandbox, "gitlab", "octo-dev", tokens.first(tokens.GITLAB, "revoked"))
    subprocess.run(
        ["git", "credential-store", "store"],
        input="protocol=https\nhost=other.example\nusername=u\npassword=p\n",
        text=True,
        env=daemon.environment,
        check=True,
    )
    os.chmod(credentials, 0o640)
    told = findings(daemon, "--yes", "--delete-originals", check=1)
    states = {one["host"]: one for one in told["findings"]}
    assert (
        states[host_of(sandbox, "github")]["state"] == "imported"
        and states[host_of(sandbox, "github")]["places"][0]["deleted"]
    )
    assert (
        states[host_of(sandbox, "gitlab")]["state"] == "refused"
        and states[host_of(sandbox, "gitlab")]["error"]["data"]["kind"] == "token_rejected"
    )
    assert states["other.example"]["missing"] == "type"
    left = open(credentials).read()
    assert (
        GITHUB not in left
        and tokens.first(tokens.GITLAB, "revoked") in left
        and "other.example" in left
    )
    assert stat.S_IMODE(os.stat(credentials).st_mode) == 0o640
    assert os.listdir(daemon.environment["HOME"]).count(".git-credentials.lock") == 0


def test_an_original_may_go_later_and_its_file_with_it(daemon, sandbox, credentials):
    store(daemon, sandbox, "github", "octo-dev", GITHUB)
    run(daemon, "--yes")
    assert os.path.exists(credentials)
    assert "is removed" in run(daemon, "--yes", "--delete-originals").stdout
    assert not os.path.exists(credentials)
    # Another token of that account is not the one that is safe.
    store(daemon, sandbox, "github", "octo-dev", tokens.first(tokens.GITHUB, "wide"))
    run(daemon, "--yes", "--delete-originals")
    assert tokens.first(tokens.GITHUB, "wide") in open(credentials).read()


def test_what_is_not_verified_keeps_its_original(daemon, sandbox, credentials):
    store(daemon, sandbox, "github", "octo-dev", GITHUB)
    assert daemon.cli("import", "--yes", "--no-verify", "--delete-originals").returncode == 2
    told = findings(daemon, "--yes", "--no-verify")
    assert told["findings"][0]["state"] == "imported" and not told["findings"][0]["verified"]
    assert names(daemon)[host_of(sandbox, "github")]["token"]["state"] == "unverified"
    run(daemon, "--yes", "--delete-originals")
    assert GITHUB in open(credentials).read()


def test_other_files_of_the_store_and_tokens_without_a_name(daemon, sandbox, folder):
    elsewhere = os.path.join(folder, "my store")
    xdg = os.path.join(daemon.environment["XDG_CONFIG_HOME"], "git", "credentials")
    put(xdg, "")
    store(daemon, sandbox, "github", "x-access-token", MONA, file=elsewhere)
    store(daemon, sandbox, "github", "octo-dev", GITHUB, file=xdg)
    daemon.git("config", "--global", "credential.helper", f"store --file='{elsewhere}'")
    told = findings(daemon, "--yes")
    assert {one["username"]: one["state"] for one in told["findings"]} == {
        "octo-dev": "imported",
        None: "imported",
    }
    assert {one["account"]["login"] for one in names(daemon).values()} == {"octo-dev", "mona"}
    # One more token whose owner shows only when the forge is asked.
    daemon.call(
        "connection.remove",
        connection=next(
            name for name, one in names(daemon).items() if one["account"]["login"] == "mona"
        ),
    )
    assert [one["state"] for one in findings(daemon, "--yes")["findings"]] == ["exists", "exists"]


def test_two_tokens_of_one_account_make_one_connection(daemon, sandbox, credentials):
    store(daemon, sandbox, "github", "octo-dev", GITHUB)
    store(daemon, sandbox, "github", "x-access-token", tokens.first(tokens.GITHUB, "wide"))
    told = findings(daemon, "--yes")
    assert [one["state"] for one in told["findings"]] == ["imported", "exists"] and len(
        names(daemon)
    ) == 1


def test_a_netrc_gives_its_forges_and_nothing_else(daemon, sandbox):
    github, bucket = host_of(sandbox, "github"), host_of(sandbox, "bitbucket")
    text = (
        f"# mine\nmachine {github} login octo-dev password {GITHUB}\nmachine ftp.example login me"
        f" password secret\nmachine {bucket}\n  login octo-dev\n  password {BUCKET}\n"
    )
    netrc = put(os.path.join(daemon.environment["HOME"], ".netrc"), text)
    told = findings(daemon, "--from", "netrc", "--yes", "--delete-originals")
    assert {one["host"]: (one["state"], one["verified"]) for one in told["findings"]} == {
        github: ("imported", True),
        bucket: ("imported", False),
    }
    # Bitbucket verifies no API token without the address of the account.
    left = open(netrc).read()
    assert left == text.replace(f"machine {github} login octo-dev password {GITHUB}\n", "")
    assert stat.S_IMODE(os.stat(netrc).st_mode) == 0o600


def gh_file(daemon, sandbox):
    host = host_of(sandbox, "github")
    return put(
        os.path.join(daemon.environment["XDG_CONFIG_HOME"], "gh", "hosts.yml"),
        (
            f"{host}:\n    git_protocol: https\n    users:\n        mona:\n            oauth_token:"
            f" {MONA}\n        octo-dev:\n            oauth_token: {GITHUB}\n    user: octo-dev\n  "
            f"  oauth_token: {GITHUB}\n"
        ),
    )


def test_gh_s_accounts_and_what_its_file_is_afterwards(daemon, sandbox):
    file = gh_file(daemon, sandbox)
    told = findings(daemon, "--from", "gh", "--yes", "--delete-originals")
    assert {one["username"]: one["state"] for one in told["findings"]} == {
        "mona": "imported",
        "octo-dev": "imported",
    }
    assert set(names(daemon)) == {
        f"{host_of(sandbox, 'github')} {user}" for user in ("mona", "octo-dev")
    }
    assert (
        open(file).read()
        == f"{host_of(sandbox, 'github')}:\n    git_protocol: https\n    users:\n        mona:\n   "
        "     octo-dev:\n    user: octo-dev\n"
    )


def test_a_file_that_gh_itself_wrote(daemon, sandbox):
    """gh signs in over the network only; but it writes its files anew, and those are read here."""
    folder = os.path.join(daemon.environment["XDG_CONFIG_HOME"], "gh")
    put(
        os.path.join(folder, "hosts.yml"),
        f"github.com: {{oauth_token: {GITHUB}, user: octo-dev}}\n",
    )
    subprocess.run(
        ["gh", "config", "set", "--host", "github.com", "git_protocol", "ssh"],
        env=daemon.environment,
        check=True,
        timeout=20,
        capture_output=True,
    )
    assert "ssh" in open(os.path.join(folder, "hosts.yml")).read()
    told = findings(daemon, "--from", "gh")
    assert [(one["host"], one["username"]) for one in told["findings"]] == [
        ("github.com", "octo-dev")
    ]


def test_glab_s_hosts(daemon, sandbox):
    lab, cloud = host_of(sandbox, "gitlab-self-managed"), host_of(sandbox, "gitlab")
    text = (
        "# What protocol to use when performing Git operations.\ngit_protocol: ssh\nhosts:\n   "
        f" {cloud}:\n        # Your GitLab access token.\n        token: {LAB}\n        user:"
        f" octo-dev\n    {lab}:\n        token: {LAB}\n        api_host: {lab}\n       "
        " api_protocol: http\n        subfolder: git/lab\n        user: octo-dev\n   "
        ' oauth.example:\n        token: 0123456789\n        is_oauth2: "true"\n'
    )
    file = put(os.path.join(daemon.environment["XDG_CONFIG_HOME"], "glab-cli", "config.yml"), text)
    told = findings(daemon, "--yes", "--delete-originals")
    assert {one["host"]: one["state"] for one in told["findings"]} == {
        cloud: "imported",
        lab: "imported",
        "oauth.example": "cannot",
    }
    assert names(daemon)[lab]["type"] == "gitlab-self-managed" and names(daemon)[lab][
        "server_url"
    ].endswith("/git/lab")
    left = open(file).read()
    assert (
        LAB not in left
        and "0123456789" in left
        and left.startswith("# What protocol")
        and "user: octo-dev" in left
    )


@pytest.fixture(scope="session")
def libsecret_helper(tmp_path_factory):
    """Built from the source that Debian's git ships."""
    source = "/usr/share/doc/git/contrib/credential/libsecret/git-credential-libsecret.c"
    if not os.path.exists(source):
        pytest.skip("Debian's git ships no git-credential-libsecret here")
    helper = str(tmp_path_factory.mktemp("libsecret") / "git-credential-libsecret")
    flags = subprocess.run(
        ["pkg-config", "--cflags", "--libs", "libsecret-1", "glib-2.0"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    subprocess.run(
        ["gcc", "-o", helper, source, *flags], check=True, timeout=120, capture_output=True
    )
    return helper


def test_git_credential_libsecret_s_items(daemon, sandbox, libsecret_helper):
    host = host_of(sandbox, "github")
    subprocess.run(
        [libsecret_helper, "store"],
        input=f"protocol=http\nhost={host}\nusername=octo-dev\npassword={GITHUB}\n",
        text=True,
        env=daemon.environment,
        check=True,
        timeout=20,
    )
    # As git 2.42 and later write it: another schema, and more lines.
    server, port = host_of(sandbox, "gitlab").split(":")
    keep(
        daemon,
        "Git: x",
        f"{LAB}\npassword_expiry_utc=1893456000",
        xdg_schema="org.git.Password",
        user="octo-dev",
        protocol="http",
        server=server,
        port=port,
    )
    keep(
        daemon,
        "Git: y",
        "9876543210\npassword_expiry_utc=1577836800",
        xdg_schema="org.git.Password",
        user="old",
        protocol="https",
        server="gitlab.com",
    )
    keep(
        daemon,
        "Git: z",
        "0123456789\noauth_refresh_token=9876543210",
        xdg_schema="org.git.Password",
        user="renewed",
        protocol="https",
        server="gitlab.com",
    )
    keep(
        daemon,
        "A share",
        "0123456789",
        xdg_schema="org.gnome.keyring.NetworkPassword",
        user="someone",
        protocol="https",
        server="share.example",
    )
    told = findings(daemon, "--yes")
    assert {one["username"]: one["state"] for one in told["findings"]} == {
        "octo-dev": "imported",
        "old": "cannot",
        "renewed": "cannot",
    }
    assert sorted(one["type"] for one in told["findings"] if one["state"] == "imported") == [
        "github",
        "gitlab",
    ]
    assert names(daemon)[host_of(sandbox, "gitlab")]["token"]["state"] == "valid"
    assert all(one["state"] != "new" for one in findings(daemon)["findings"])


def test_git_credential_manager_s_and_gh_s_items(daemon, sandbox):
    host = host_of(sandbox, "github")
    keep(
        daemon,
        f"git:http://{host}",
        GITHUB,
        xdg_schema="com.microsoft.GitCredentialManager",
        service=f"git:http://{host}",
        account="octo-dev",
    )
    keep(
        daemon,
        "refresh",
        "0123456789",
        xdg_schema="com.microsoft.GitCredentialManager",
        service="git:https://oauth-refresh-token.gitlab.com",
        account="oauth2",
    )
    keep(
        daemon,
        "azure",
        AZURE,
        xdg_schema="com.microsoft.GitCredentialManager",
        service=f"git:http://{host_of(sandbox, 'azure-devops')}/octo-org",
        account="PersonalAccessToken",
    )
    for user in ("mona", ""):
        keep(daemon, "gh", MONA, service=f"gh:{host}", username=user)
    keep(daemon, "glab", LAB, service=f"glab:{host_of(sandbox, 'gitlab')}:token", username="")
    told = findings(daemon, "--yes")
    states = {(one["host"], one["username"]): one["state"] for one in told["findings"]}
    assert states == {
        (host, "octo-dev"): "imported",
        (host, "mona"): "imported",
        (host_of(sandbox, "azure-devops"), None): "imported",
        (host_of(sandbox, "gitlab"), None): "imported",
        ("gitlab.com", None): "cannot",
    }
    assert {one["state"] for one in findings(daemon, "--yes")["findings"]} == {"exists", "cannot"}


def test_a_locked_or_missing_keyring_is_a_sentence(daemon, sandbox, bus, credentials):
    keep(daemon, "gh", MONA, service=f"gh:{host_of(sandbox, 'github')}", username="mona")
    store(daemon, sandbox, "github", "octo-dev", GITHUB)
    bus.lock()
    told = findings(daemon)
    assert [one["username"] for one in told["findings"]] == ["octo-dev"] and "locked" in told[
        "troubles"
    ][0]["sentence"]
    bus.stop_keyring()
    told = findings(daemon)
    assert [one["username"] for one in told["findings"]] == ["octo-dev"] and told["troubles"][0][
        "place"
    ] == "The keyring"


def test_files_that_cannot_be_read_are_sentences(daemon, sandbox, credentials):
    config = daemon.environment["XDG_CONFIG_HOME"]
    put(os.path.join(config, "gh", "hosts.yml"), "github.com: [\n")
    put(os.path.join(config, "glab-cli", "config.yml"), "\x00\x01\x02")
    put(credentials, "nothing like it\n")
    os.makedirs(os.path.join(daemon.environment["HOME"], ".netrc"))
    done = run(daemon)
    assert (
        done.stdout == "Nothing was found that could become a connection.\n"
        and done.stderr.count("\n") == 4
    )
    assert done.stderr.count("forgelink: ~/") >= 2 and "line 2" in done.stderr


def test_what_is_found_and_said_cannot_steer_the_terminal(daemon, credentials):
    put(
        credentials,
        "https://a%1b%5b31mb:secret-1@github.com\nhttps://u:secret-2@git.example\x1b[31m\n"
        "https://u:secret-3@git.example/%1b%5b31m\n",
    )
    done = run(daemon)
    assert "\x1b" not in done.stdout + done.stderr and "secret" not in done.stdout + done.stderr


def test_on_a_terminal_it_asks_for_all_it_needs(daemon, sandbox, credentials):
    lab = host_of(sandbox, "gitlab-self-managed")
    store(daemon, sandbox, "github", "octo-dev", GITHUB)
    store(daemon, sandbox, "gitlab-self-managed", "octo-dev", LAB)
    store(daemon, sandbox, "bitbucket", "x-bitbucket-api-token-auth", BUCKET)
    terminal = Terminal(daemon, "import")
    terminal.answer("Number (empty: leave it out): ", "gitlab-self-managed")
    terminal.answer(f"[http://{lab}]: ", f"http://{lab}/git/lab")
    terminal.answer("Bitbucket user name of the token", "octo-dev")
    terminal.answer("email address", "dev@example.org")
    terminal.answer("Create 3 connections?", "c")
    for _ in range(3):
        terminal.answer("Create one for", "y")
    terminal.answer("from ~/.git-credentials? [y/N]", "y")
    status, rest = terminal.end()
    quiet(daemon, terminal.seen, rest)
    assert status == 0 and "is removed" in rest, rest
    made = names(daemon)
    assert {one["type"] for one in made.values()} == {"github", "gitlab-self-managed", "bitbucket"}
    assert all(one["token"]["state"] == "valid" for one in made.values())


def test_on_a_terminal_no_means_nothing(daemon, sandbox, credentials):
    store(daemon, sandbox, "github", "octo-dev", GITHUB)
    terminal = Terminal(daemon, "import")
    terminal.answer("Create a connection for octo-dev", "n")
    status, rest = terminal.end()
    quiet(daemon, rest)
    assert status == 0 and names(daemon) == {} and GITHUB in open(credentials).read()


def test_the_command_line_is_checked_and_told(daemon):
    assert daemon.cli("import", "--from", "nowhere").returncode == 2
    assert daemon.cli("import", "--dry-run", "--yes").returncode == 2
    help_text = daemon.cli("import", "--help", check=0).stdout
    for option in (
        "--from",
        "--dry-run",
        "--yes",
        "--delete-originals",
        "--keep",
        "--session",
        "--no-verify",
        "--json",
    ):
        assert option in help_text
    sources = daemon.cli("complete", "--", "import", "--from", "g", check=0).stdout.split()
    assert sources == ["git-store", "gcm", "gh", "glab"]
    assert re.search(r"imported.*false", daemon.cli("import", "--json", check=0).stdout)
