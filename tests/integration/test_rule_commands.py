# SPDX-License-Identifier: MIT
"""Rules as they are made, listed, explained and removed, and what no rule can be."""
import json
import os

import pytest
from support.daemon import RpcError
from support.sandbox import tokens
from support.two_accounts import (
    HOME,
    WORK,
    ask,
    clone,
    explained,
    id_of,
    make_folder,
    run_here,
    two_accounts,
)


@pytest.fixture
def two(daemon, sandbox):
    return two_accounts(daemon, sandbox)


REFUSED = [
    ("url", "https://github.example/x"),
    ("url", "{base}/a/../b"),
    ("url", "{base}/%2e%2e/b"),
    ("url", "{base}/a%2Fb"),
    ("url", "{base}/a\\b"),
    ("url", "nonsense:x"),
    ("directory", "work"),
    ("directory", "../work"),
    ("directory", ""),
]


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


@pytest.mark.parametrize(
    "again", ["{base}/octo-org/", "{base}/octo-org.git", "{base}/OCTO-ORG", "{base}/octo%2Dorg"]
)
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
    assert (
        said["outcome"] == "answer"
        and said["rule"] == rule
        and said["connection"] == id_of(two, HOME)
    )
    assert {c["connection"]: c["fits"] for c in said["candidates"]} == {
        id_of(two, WORK): True,
        id_of(two, HOME): True,
    }
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
    assert (
        two.call("credential.explain", protocol="https", host="example.com")["outcome"] == "stored"
    )


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
    assert json.loads(two.cli("explain", url, "--in", place, "--json", check=0).stdout)[
        "connection"
    ] == id_of(two, HOME)
    by_user = two.cli("explain", url, "--username", "octo-dev", "--json", check=0)
    assert json.loads(by_user.stdout)["connection"] == id_of(two, WORK)


def test_list_and_show_say_which_rules_name_a_connection(two):
    two.cli("use", HOME, "--for", two.base + "/octo-org", check=0)
    assert "RULES" in two.cli("list", check=0).stdout
    assert two.base + "/octo-org" in two.cli("show", HOME, check=0).stdout
    assert two.base + "/octo-org" in two.cli("rules", HOME, check=0).stdout
    assert two.base not in two.cli("rules", WORK, check=0).stdout


def test_unuse_takes_an_id_the_beginning_of_one_and_an_address(two):
    for name_it in (
        lambda rule: rule["id"],
        lambda rule: rule["id"][:30],
        lambda rule: rule["url"],
    ):
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
            rpc.send(
                "rule.add", connection=HOME if i == 7_777 else WORK, url=f"{two.base}/owner{i}"
            )
        for _ in range(200):
            assert "result" in rpc.read()
    rpc.close()
    assert ask(two, path="owner7777/x")["connection"] == id_of(two, HOME)
    assert len(two.call("rule.list")["rules"]) == 10_000
