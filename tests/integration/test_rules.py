# SPDX-License-Identifier: MIT
"""Rules on real git: the right connection by itself, wherever git runs the helper from."""
import json
import os
import shlex
import subprocess

import pytest
from support.daemon import RpcError
from support.sandbox import good, tokens

WORK, HOME = "Work", "Home of “mona”"
TOKENS = {WORK: "good", HOME: "second"}


@pytest.fixture
def two(daemon, sandbox):
    """Two accounts on one host, and git set up to ask for them."""
    daemon.call("connection.add", name=WORK, **good(sandbox, "github"))
    daemon.call("connection.add", name=HOME, type="github", token=tokens.first(tokens.GITHUB, "second"))
    daemon.cli("git", "setup", check=0)
    daemon.base = sandbox.urls["github"]
    return daemon


def used(sandbox):
    """The names of the tokens that git sent since last asked."""
    entries = [e for e in sandbox.log("github") if "/info/refs" in e["path"] and e["token"]]
    sandbox.clear()
    return {entry["token"] for entry in entries}


def ask(daemon, **more):
    protocol, host = daemon.base.split("://")
    return daemon.call("credential.get", protocol=protocol, host=host, **more)


def explained(daemon, **more):
    protocol, host = daemon.base.split("://")
    return daemon.call("credential.explain", protocol=protocol, host=host, **more)


def id_of(daemon, name):
    return daemon.call("connection.get", connection=name)["connection"]["id"]


def make_folder(folder, *parts):
    path = os.path.realpath(os.path.join(folder, *parts))
    os.makedirs(path, exist_ok=True)
    return path


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


def clone(two, folder, *where, url="/some/thing.git"):
    """A clone that no rule is needed for."""
    tree = os.path.join(make_folder(folder, *where[:-1]), where[-1])
    user = two.base.replace("://", "://octo-dev@")
    two.git("clone", "-q", user + url, tree)
    two.git("remote", "set-url", "origin", two.base + url, cwd=tree)
    return os.path.realpath(tree)


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
        cwd=make_folder(tree, "below"), env=two.environment, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    assert [rule["directory"] for rule in two.call("rule.list")["rules"]] == [tree]
    sandbox.clear()
    two.git("fetch", "-q", cwd=tree)
    assert used(sandbox) == {"second"}


def test_outside_a_repository_use_wants_a_condition(two, folder):
    done = subprocess.run(
        [os.path.join(two.bin, "forgelink"), "use", WORK],
        cwd="/", env=two.environment, capture_output=True, text=True, timeout=30)
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
    filled = two.git("credential", "fill", cwd=make_folder(tree, "below"), stdin=f"url={two.base}\n\n").stdout
    assert "password=" + tokens.first(tokens.GITHUB, "second") in filled
    two.cli("use", WORK, "--for", two.base + "/octo-org", check=0)
    filled = two.git("credential", "fill", cwd=tree, stdin=f"url={two.base}/octo-org/x.git\n\n").stdout
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
    command = answer["message"][answer["message"].index("forgelink use "):]
    done = subprocess.run(
        ["sh", "-c", command], env=two.environment, capture_output=True, text=True, timeout=30)
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


@pytest.mark.parametrize("path", ["octo-org/../mona/x", "./octo-org/x", "octo-org/%2e%2e/x", "octo-org\\x/y"])
def test_a_crooked_path_fits_no_path_rule(two, path):
    two.cli("use", HOME, "--for", two.base + "/octo-org", check=0)
    assert "password" not in ask(two, path=path)


REFUSED = [("url", "https://github.example/x"), ("url", "{base}/a/../b"), ("url", "{base}/%2e%2e/b"),
           ("url", "{base}/a%2Fb"), ("url", "{base}/a\\b"), ("url", "nonsense:x"), ("directory", "work"),
           ("directory", "../work"), ("directory", "")]


@pytest.mark.parametrize("field, value", REFUSED)
def test_a_condition_that_cannot_be_is_refused(two, field, value):
    with pytest.raises(RpcError) as refused:
        two.call("rule.add", connection=WORK, **{field: value.replace("{base}", two.base)})
    assert refused.value.kind == "invalid_params" and refused.value.data["field"] == field
    assert two.call("rule.list")["rules"] == []


def test_a_folder_that_is_not_there_is_taken_and_said(two, folder):
    done = two.cli("use", WORK, "--in", os.path.join(folder, "later"), check=0)
    assert "There is no folder" in done.stdout
    assert len(two.call("rule.list")["rules"]) == 1


def test_text_that_looks_like_a_pattern_is_taken_as_it_is_and_said(two):
    done = two.cli("use", WORK, "--for", two.base + "/octo-*", check=0)
    assert "no patterns" in done.stdout
    assert ask(two, path="octo-org/x")["quit"] is True


@pytest.mark.parametrize("again", ["{base}/octo-org/", "{base}/octo-org.git", "{base}/OCTO-ORG", "{base}/octo%2Dorg"])
def test_the_same_conditions_replace_the_rule(two, again):
    two.call("rule.add", connection=WORK, url=two.base + "/octo-org")
    two.call("rule.add", connection=HOME, url=again.replace("{base}", two.base))
    assert [rule["connection"] for rule in two.call("rule.list")["rules"]] == [id_of(two, HOME)]
    assert ask(two, path="octo-org/x")["connection"] == id_of(two, HOME)


def test_rules_survive_a_restart_and_a_rename_and_go_with_their_connection(two):
    two.call("rule.add", connection=HOME, url=two.base + "/octo-org")
    two.call("connection.update", connection=HOME, name="Mona")
    two.restart()
    two.wait_store()
    assert two.call("rule.list", connection="Mona")["rules"][0]["name"] == "Mona"
    assert ask(two, path="octo-org/x")["connection"] == id_of(two, "Mona")
    two.call("connection.remove", connection="Mona")
    assert two.call("rule.list")["rules"] == []


def test_a_change_of_rules_is_an_event(two):
    rpc = two.rpc()
    rpc.call("event.subscribe", kinds=["rules.changed"])
    rule = two.call("rule.add", connection=WORK, url=two.base + "/octo-org")["rule"]["id"]
    assert rpc.wait_event("rules.changed")["detail"] == {"rule": rule, "change": "added"}
    two.call("rule.remove", rule=rule)
    assert rpc.wait_event("rules.changed")["detail"] == {"rule": rule, "change": "removed"}
    rpc.close()


def test_a_rule_that_is_none_is_not_found(two):
    for rule in ("nonsense", "0190f3c2-0000-7000-8000-000000000000"):
        with pytest.raises(RpcError) as refused:
            two.call("rule.remove", rule=rule)
        assert refused.value.kind == "not_found"


def test_explain_tells_the_rule_and_every_candidate_and_counts_nothing(two):
    rule = two.call("rule.add", connection=HOME, url=two.base + "/octo-org")["rule"]["id"]
    said = explained(two, path="octo-org/x.git")
    assert said["outcome"] == "answer" and said["rule"] == rule and said["connection"] == id_of(two, HOME)
    assert {c["connection"]: c["fits"] for c in said["candidates"]} == {id_of(two, WORK): True, id_of(two, HOME): True}
    assert explained(two, path="x/y")["outcome"] == "ambiguous"
    named = explained(two, username="mona")
    assert named["connection"] == id_of(two, HOME) and "rule" not in named
    assert [c["fits"] for c in named["candidates"]].count(True) == 1
    text = json.dumps([said, named])
    assert not any(token in text for token in tokens.GITHUB)
    assert two.call("connection.get", connection=HOME)["connection"]["last_used_at"] is None


def test_explain_tells_none_and_stored_hosts_apart(two):
    assert two.call("credential.explain", protocol="https", host="example.com")["outcome"] == "none"
    two.call("credential.store", protocol="https", host="example.com", username="u", password="p")
    assert two.call("credential.explain", protocol="https", host="example.com")["outcome"] == "stored"


def run_here(daemon, tree, *words):
    return subprocess.run(
        [os.path.join(daemon.bin, "forgelink"), *words],
        cwd=tree, env=daemon.environment, capture_output=True, text=True, timeout=60)


def test_explain_here_tells_every_remote_and_that_ssh_is_none_of_ours(two, folder):
    tree = clone(two, folder, "thing")
    two.git("remote", "add", "other", "git@github.com:octo-org/x.git", cwd=tree)
    two.cli("use", WORK, "--for", two.base, check=0)
    done = run_here(two, tree, "explain")
    assert done.returncode == 0 and "“Work” answers" in done.stdout and "SSH" in done.stdout
    told = json.loads(run_here(two, tree, "explain", "--json").stdout)["remotes"]
    assert [(r["remote"], r["asked"]) for r in told] == [("origin", True), ("other", False)]


def test_explain_of_an_address_follows_user_and_folder(two, folder):
    place = make_folder(folder, "work")
    two.cli("use", HOME, "--in", place, check=0)
    url = two.base + "/a/b.git"
    assert json.loads(two.cli("explain", url, "--in", place, "--json", check=0).stdout)["connection"] == id_of(two, HOME)
    by_user = two.cli("explain", url, "--username", "octo-dev", "--json", check=0)
    assert json.loads(by_user.stdout)["connection"] == id_of(two, WORK)


def test_list_and_show_say_which_rules_name_a_connection(two):
    two.cli("use", HOME, "--for", two.base + "/octo-org", check=0)
    assert "RULES" in two.cli("list", check=0).stdout
    assert two.base + "/octo-org" in two.cli("show", HOME, check=0).stdout
    assert two.base + "/octo-org" in two.cli("rules", HOME, check=0).stdout
    assert two.base not in two.cli("rules", WORK, check=0).stdout


def test_unuse_takes_an_id_the_beginning_of_one_and_an_address(two):
    for name_it in (lambda rule: rule["id"], lambda rule: rule["id"][:30], lambda rule: rule["url"]):
        rule = two.call("rule.add", connection=HOME, url=two.base + "/octo-org")["rule"]
        two.cli("unuse", name_it(rule), check=0)
        assert two.call("rule.list")["rules"] == []
    assert two.cli("unuse", "nonsense").returncode == 1


def test_doctor_in_a_repository_says_what_git_would_get(two, folder):
    tree = clone(two, folder, "thing")
    findings = json.loads(run_here(two, tree, "doctor", "--json").stdout)["findings"]
    about = [f for f in findings if f["about"] == "repository"]
    assert about and about[0]["state"] == "bad" and about[0]["mend"].startswith("forgelink use ")
    two.cli("use", WORK, "--in", tree, check=0)
    findings = json.loads(run_here(two, tree, "doctor", "--json").stdout)["findings"]
    assert [f["state"] for f in findings if f["about"] == "repository"] == ["good"]


def test_ten_thousand_rules_are_kept_and_found(two):
    rpc = two.rpc()
    for start in range(0, 10_000, 200):
        for i in range(start, start + 200):
            rpc.send("rule.add", connection=HOME if i == 7_777 else WORK, url=f"{two.base}/owner{i}")
        for _ in range(200):
            assert "result" in rpc.read()
    rpc.close()
    assert ask(two, path="owner7777/x")["connection"] == id_of(two, HOME)
    assert len(two.call("rule.list")["rules"]) == 10_000
