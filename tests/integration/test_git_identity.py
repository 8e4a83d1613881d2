# SPDX-License-Identifier: MIT
"""Whose name commits get: by connection, by rule, and as they were once it is undone."""
import json
import os
import subprocess

import pytest
from support.daemon import RpcError
from support.sandbox import good, tokens

WORK = {"commit_name": 'Octo "Dev" \\ Work', "commit_email": "work@example.org"}
HOME = {"commit_name": "Mona", "commit_email": "mona@example.org"}


@pytest.fixture
def two(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    daemon.call(
        "connection.add", name="Home", type="github", token=tokens.first(tokens.GITHUB, "second")
    )
    daemon.call("connection.update", connection="Work", **WORK)
    daemon.call("connection.update", connection="Home", **HOME)
    daemon.base = sandbox.urls["github"]
    daemon.git("config", "--global", "user.name", "Everyday")
    daemon.git("config", "--global", "user.email", "everyday@example.org")
    return daemon


def repository(daemon, folder, *where, remote=None):
    path = os.path.realpath(os.path.join(folder, *where))
    daemon.git("init", "-q", path)
    if remote:
        daemon.git("remote", "add", "origin", remote, cwd=path)
    return path


def run_here(daemon, tree, *words):
    return subprocess.run(
        [os.path.join(daemon.bin, "forgelink"), *words],
        cwd=tree,
        env=daemon.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def author(daemon, tree):
    done = subprocess.run(
        ["git", "var", "GIT_AUTHOR_IDENT"],
        cwd=tree,
        env={**daemon.environment, "GIT_CONFIG_NOSYSTEM": "1"},
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.rsplit(">", 1)[0].split(" <")


def test_the_account_proposes_its_name_and_the_forge_s_noreply_address(two):
    proposal = two.call("connection.get", connection="Work")["connection"]["commit_proposal"]
    account = two.call("connection.get", connection="Work")["connection"]["account"]
    assert proposal["email"] == f"{account['id']}+{account['login']}@users.noreply.github.com"
    assert proposal["name"] == account["display_name"]


@pytest.mark.parametrize("email", ["a b@example.org", "a<b>@example.org", "x\ny@example.org"])
def test_an_address_that_git_cannot_write_is_refused(two, email):
    with pytest.raises(RpcError) as refused:
        two.call("connection.update", connection="Work", commit_email=email)
    assert refused.value.data["field"] == "commit_email"


def test_identity_is_kept_shown_and_taken_away(two):
    two.restart()
    two.wait_store()
    assert WORK.items() <= two.call("connection.get", connection="Work")["connection"].items()
    assert "work@example.org" in two.cli("show", "Work", check=0).stdout
    two.cli("edit", "Work", "--commit-email", "", check=0)
    assert two.call("connection.get", connection="Work")["connection"]["commit_email"] is None


def test_identity_that_does_not_agree_exits_1_and_set_makes_it_agree(two, folder):
    tree = repository(two, folder, "t", remote=two.base + "/octo-org/x.git")
    two.cli("use", "Work", "--for", two.base, check=0)
    done = run_here(two, tree, "git", "identity")
    assert done.returncode == 1 and "everyday@example.org" in done.stdout and "--set" in done.stderr
    assert run_here(two, tree, "git", "identity", "--set").returncode == 0
    assert run_here(two, tree, "git", "identity").returncode == 0
    assert author(two, tree) == [WORK["commit_name"], "work@example.org"]
    told = json.loads(run_here(two, tree, "git", "identity", "--json").stdout)
    assert told["agrees"] is True and told["connection"]["name"] == "Work"


@pytest.mark.parametrize("name", ['Octo "Dev"', "Octo Dev, Jr.", "'Octo'"])
def test_a_name_that_git_shortens_at_its_ends_still_agrees(two, folder, name):
    tree = repository(two, folder, "t", remote=two.base + "/octo-org/x.git")
    two.cli("use", "Work", "--for", two.base, check=0)
    two.call("connection.update", connection="Work", commit_name=name)
    assert run_here(two, tree, "git", "identity", "--set").returncode == 0
    assert run_here(two, tree, "git", "identity").returncode == 0


def test_without_an_address_set_exits_1_and_says_what_to_type(two, folder):
    tree = repository(two, folder, "t", remote=two.base + "/octo-org/x.git")
    two.cli("use", "Home", "--for", two.base, check=0)
    two.call("connection.update", connection="Home", commit_email=None)
    done = run_here(two, tree, "git", "identity", "--set")
    assert done.returncode == 1 and "forgelink edit Home" in done.stderr
    assert author(two, tree) == ["Everyday", "everyday@example.org"]


@pytest.mark.parametrize("remote", [None, "git@github.com:octo-org/x.git"])
def test_without_a_remote_by_https_no_connection_is_its_own(two, folder, remote):
    tree = repository(two, folder, "t", remote=remote)
    done = run_here(two, tree, "git", "identity")
    assert done.returncode == 1 and done.stderr


REMOTES = ["/octo-org/x.git", "/octo-org/x", "/octo-org/sub/x.git"]


@pytest.mark.parametrize("path", REMOTES)
@pytest.mark.parametrize("user", ["", "octo-dev@"])
def test_setup_lets_a_rule_for_an_address_choose_the_identity(two, folder, path, user):
    two.cli("use", "Work", "--for", two.base + "/octo-org", check=0)
    two.cli("git", "setup", "--identity", check=0)
    tree = repository(two, folder, "t", remote=two.base.replace("://", "://" + user) + path)
    other = repository(two, folder, "u", remote=two.base + "/mona/x.git")
    assert author(two, tree)[1] == "work@example.org"
    assert author(two, other)[1] == "everyday@example.org"


def test_rules_in_step_are_followed_at_once_and_the_best_counts(two, folder):
    two.cli("git", "setup", "--identity", check=0)
    tree = repository(two, folder, "src", "x", remote=two.base + "/octo-org/x.git")
    seen = []
    for command in (
        ["use", "Home", "--for", two.base],
        ["use", "Work", "--in", os.path.dirname(tree)],
        ["use", "Home", "--for", two.base + "/octo-org"],
        ["use", "Work", "--for", two.base + "/octo-org/x"],
        ["unuse", two.base + "/octo-org/x"],
        ["unuse", two.base + "/octo-org"],
    ):
        two.cli(*command, check=0)
        seen.append(author(two, tree)[0][:4])
    assert seen == ["Mona", "Octo", "Mona", "Octo", "Mona", "Octo"]
    two.call("connection.update", connection="Work", commit_email="new@example.org")
    assert author(two, tree)[1] == "new@example.org"
    two.call("connection.remove", connection="Work")
    assert author(two, tree)[1] == "mona@example.org"


def test_both_conditions_of_a_rule_must_hold(two, folder):
    place = os.path.realpath(os.path.join(folder, "src"))
    two.call("rule.add", connection="Work", url=two.base + "/octo-org", directory=place)
    two.cli("git", "setup", "--identity", check=0)
    inside = repository(two, folder, "src", "x", remote=two.base + "/octo-org/x.git")
    outside = repository(two, folder, "y", remote=two.base + "/octo-org/x.git")
    elsewhere = repository(two, folder, "src", "z", remote=two.base + "/mona/x.git")
    assert [author(two, tree)[1].split("@")[0] for tree in (inside, outside, elsewhere)] == [
        "work",
        "everyday",
        "everyday",
    ]


@pytest.mark.parametrize(
    "name", ["a*b", "a?b", "[ab]", 'quo"te', "back\\slash", "blank ed", "#hash;x"]
)
def test_a_folder_whose_name_looks_like_a_pattern_is_only_itself(two, folder, name):
    tree = repository(two, folder, name, "x")
    decoy = repository(two, folder, "ab" if name != "a?b" else "aXb", "x")
    two.call("rule.add", connection="Work", directory=os.path.dirname(tree))
    two.cli("git", "setup", "--identity", check=0)
    assert author(two, tree)[1] == "work@example.org"
    assert author(two, decoy)[1] == "everyday@example.org"


@pytest.mark.parametrize("before", ["", "[include]\n\tpath = /nowhere\n"])
def test_unset_leaves_the_configuration_as_it_was_to_the_byte(two, folder, before):
    file = os.path.join(folder, ".gitconfig")
    with open(file) as text:
        whole = before + text.read()
    with open(file, "w") as out:
        out.write(whole)
    two.cli("use", "Work", "--for", two.base, check=0)
    two.cli("git", "setup", check=0)
    two.cli("git", "setup", "--identity", check=0)
    tree = repository(two, folder, "t", remote=two.base + "/a/b.git")
    assert author(two, tree)[1] == "work@example.org"
    two.cli("git", "unset", check=0)
    with open(file) as text:
        assert text.read() == whole
    assert author(two, tree)[1] == "everyday@example.org"
    assert not os.path.exists(os.path.join(two.data, "git-identity"))


def test_unset_after_a_change_of_one_s_own_takes_only_ours_out(two, folder):
    two.cli("git", "setup", "--identity", check=0)
    two.git("config", "--global", "alias.co", "checkout")
    two.cli("git", "unset", check=0)
    left = two.git("config", "--global", "--list").stdout
    assert (
        "alias.co=checkout" in left and "git-identity" not in left and "user.name=Everyday" in left
    )
