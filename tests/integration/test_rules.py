# SPDX-License-Identifier: MIT
"""Rules on real git: the right connection by itself, wherever git runs the helper from."""
import os
import shlex
import subprocess

import pytest
from support.sandbox import tokens
from support.two_accounts import (
    HOME,
    TOKENS,
    WORK,
    ask,
    clone,
    explained,
    id_of,
    make_folder,
    used,
    two_accounts,
)


@pytest.fixture
def two(daemon, sandbox):
    return two_accounts(daemon, sandbox)


def test_two_accounts_clone_push_and_fetch_by_owner_without_a_user_name(two, sandbox, folder):
    two.cli("use", WORK, "--for", two.base + "/octo-org", check=0)
    two.cli("use", HOME, "--for", two.base + "/mona", check=0)
    for owner, name in (("octo-org", WORK), ("mona", HOME)):
        sandbox.clear()
        tree = os.path.join(folder, owner)
        two.git("clone", "-q", f"{two.base}/{owner}/hello.git", tree)
        two.git("commit", "--allow-empty", "-qm", "New", cwd=tree)
        two.git("push", "-q", "origin", "HEAD:refs/heads/topic", cwd=tree)
        two.git("fetch", "-q", cwd=tree)
        assert used(sandbox) == {TOKENS[name]}


def test_two_accounts_clone_by_folder_and_everything_inside_follows(two, sandbox, folder):
    work, home = make_folder(folder, "src", "work"), make_folder(folder, "src", "home")
    two.cli("use", WORK, "--in", work, check=0)
    two.cli("use", HOME, "--in", home, check=0)
    for place, name in ((work, WORK), (home, HOME)):
        sandbox.clear()
        two.git("clone", "-q", f"{two.base}/some/thing.git", os.path.join(place, "thing"), cwd="/")
        two.git("fetch", "-q", cwd=make_folder(place, "thing", "below"))
        assert used(sandbox) == {TOKENS[name]}


def test_a_linked_work_tree_counts_by_its_own_folder(two, sandbox, folder):
    tree = clone(two, folder, "main")
    linked = os.path.join(make_folder(folder, "work"), "linked")
    two.git("worktree", "add", "-q", linked, "-b", "topic", cwd=tree)
    two.cli("use", WORK, "--in", os.path.dirname(linked), check=0)
    two.cli("use", HOME, "--in", tree, check=0)
    sandbox.clear()
    two.git("fetch", "-q", cwd=linked)
    assert used(sandbox) == {"good"}
    two.git("fetch", "-q", cwd=tree)
    assert used(sandbox) == {"second"}


def test_a_submodule_is_cloned_and_fetched_by_a_rule_for_its_folder(two, sandbox, folder):
    tree = clone(two, folder, "super")
    two.cli("use", WORK, "--in", tree, check=0)
    two.cli("use", HOME, "--in", os.path.join(tree, "library"), check=0)
    sandbox.clear()
    two.git("submodule", "add", "-q", f"{two.base}/other/library.git", "library", cwd=tree)
    assert used(sandbox) == {"second"}
    two.git("fetch", "-q", cwd=os.path.join(tree, "library"))
    assert used(sandbox) == {"second"}


def test_a_bare_repository_is_a_folder_too(two, sandbox, folder):
    place = make_folder(folder, "mirrors")
    two.cli("use", HOME, "--in", place, check=0)
    bare = os.path.join(place, "thing.git")
    sandbox.clear()
    two.git("clone", "-q", "--bare", f"{two.base}/some/thing.git", bare)
    two.git("fetch", "-q", "origin", cwd=bare)
    assert used(sandbox) == {"second"}


def test_use_without_a_condition_makes_a_rule_for_the_repository_here(two, sandbox, folder):
    tree = clone(two, folder, "here")
    done = subprocess.run(
        [os.path.join(two.bin, "forgelink"), "use", HOME],
        cwd=make_folder(tree, "below"),
        env=two.environment,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    assert [rule["directory"] for rule in two.call("rule.list")["rules"]] == [tree]
    sandbox.clear()
    two.git("fetch", "-q", cwd=tree)
    assert used(sandbox) == {"second"}


def test_outside_a_repository_use_wants_a_condition(two, folder):
    done = subprocess.run(
        [os.path.join(two.bin, "forgelink"), "use", WORK],
        cwd="/",
        env=two.environment,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 2 and "--for" in done.stderr


def test_a_symbolic_link_is_the_folder_that_it_leads_to(two, sandbox, folder):
    real, link = make_folder(folder, "real"), os.path.join(folder, "link")
    os.symlink(real, link)
    rule = two.call("rule.add", connection=HOME, directory=link)["rule"]
    assert rule["directory"] == real
    sandbox.clear()
    two.git("clone", "-q", f"{two.base}/some/thing.git", os.path.join(link, "thing"))
    assert used(sandbox) == {"second"}
    assert ask(two, directory=os.path.join(link, "thing"))["connection"] == id_of(two, HOME)


def test_git_dir_from_elsewhere_counts_by_the_repository(two, sandbox, folder):
    tree = clone(two, folder, "work", "thing")
    two.cli("use", HOME, "--in", os.path.dirname(tree), check=0)
    sandbox.clear()
    two.git(f"--git-dir={tree}/.git", "fetch", "-q", cwd="/")
    assert used(sandbox) == {"second"}
    two.git(f"--git-dir={tree}/.git", f"--work-tree={tree}", "fetch", "-q", cwd="/")
    assert used(sandbox) == {"second"}


def test_an_ide_that_fills_by_itself_is_answered_by_folder_and_path(two, folder):
    tree = clone(two, folder, "work", "thing")
    two.cli("use", HOME, "--in", tree, check=0)
    filled = two.git(
        "credential", "fill", cwd=make_folder(tree, "below"), stdin=f"url={two.base}\n\n"
    ).stdout
    assert "password=" + tokens.first(tokens.GITHUB, "second") in filled
    two.cli("use", WORK, "--for", two.base + "/octo-org", check=0)
    filled = two.git(
        "credential", "fill", cwd=tree, stdin=f"url={two.base}/octo-org/x.git\n\n"
    ).stdout
    assert "password=" + tokens.first(tokens.GITHUB, "good") in filled


def test_lfs_asks_below_the_repository_and_gets_its_rule(two):
    two.cli("use", HOME, "--for", two.base + "/octo-org/x", check=0)
    assert ask(two, path="octo-org/x.git/info/lfs")["connection"] == id_of(two, HOME)


def test_a_tool_that_sends_no_path_is_answered_by_the_host(two):
    two.cli("use", HOME, "--for", two.base + "/octo-org", check=0)
    assert ask(two)["quit"] is True
    two.cli("use", WORK, "--for", two.base, check=0)
    assert ask(two)["connection"] == id_of(two, WORK)


@pytest.mark.parametrize("path", ["octo org/hello.git", "it's/x", "octo-org/hello.git", None])
def test_the_ambiguity_sentence_pasted_back_settles_the_case(two, path):
    more = {"path": path} if path else {}
    answer = ask(two, **more)
    assert answer["quit"] is True
    command = answer["message"][answer["message"].index("forgelink use ") :]
    done = subprocess.run(
        ["sh", "-c", command], env=two.environment, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, done.stderr
    assert ask(two, **more)["connection"] == id_of(two, shlex.split(command)[2])


def test_git_itself_shows_the_sentence(two, folder):
    done = two.git("ls-remote", two.base + "/octo-org/hello.git", check=False)
    assert done.returncode != 0
    line = next(line for line in done.stderr.splitlines() if "forgelink use " in line)
    assert line.endswith(f"--for {two.base}/octo-org")


def test_a_rule_of_a_connection_without_a_token_lets_no_other_step_in(two):
    two.cli("use", HOME, "--for", two.base + "/octo-org", check=0)
    two.call("token.purge", scope="connection", connection=HOME)
    answer = ask(two, path="octo-org/x")
    assert "password" not in answer and HOME in answer["message"]
    assert explained(two, path="octo-org/x")["outcome"] == "unusable"


def test_a_user_name_that_fits_wins_over_the_rule(two):
    two.cli("use", HOME, "--for", two.base, check=0)
    assert ask(two, path="a/b", username="Octo-Dev")["connection"] == id_of(two, WORK)
    assert ask(two, path="a/b", username="git")["connection"] == id_of(two, HOME)


@pytest.mark.parametrize(
    "path", ["octo-org/../mona/x", "./octo-org/x", "octo-org/%2e%2e/x", "octo-org\\x/y"]
)
def test_a_crooked_path_fits_no_path_rule(two, path):
    two.cli("use", HOME, "--for", two.base + "/octo-org", check=0)
    assert "password" not in ask(two, path=path)
