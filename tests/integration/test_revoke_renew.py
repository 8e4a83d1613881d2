# SPDX-License-Identifier: MIT
"""Ending tokens at the forge, and trading them for new ones before their end."""
import datetime
import signal
import time
import urllib.parse

import pytest
from support.browse import browse, redirect_of
from support.daemon import RpcError
from support.keyring import wait_until
from support.sandbox import good, tokens
from support.sign_in import new, reset, set_app


def token_named(name, table=tokens.GITLAB):
    return tokens.first(table, name)


@pytest.fixture
def forge(sandbox):
    """GitLab before any rotation, whatever a test before has done."""
    sandbox.set("gitlab", rotated=None, family_killed=False, longest_life=365)
    return sandbox


def rotating(daemon, name="Work"):
    added = daemon.call("connection.add", name=name, type="gitlab", token=token_named("rotating"))
    return added["connection"]


def handed_out(daemon, sandbox):
    url = urllib.parse.urlsplit(sandbox.urls["gitlab"])
    return daemon.call("credential.get", protocol=url.scheme, host=url.netloc)["password"]


def state_of(daemon):
    return daemon.call("connection.get", connection="Work")["connection"]["token"]["state"]


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_removing_can_revoke(daemon, forge, kind):
    daemon.call("connection.add", name="Work", **good(forge, kind))
    reply = daemon.call("connection.remove", connection="Work", revoke=True)
    assert reply["revocation"] == "revoked" and reply["removed"]
    with pytest.raises(RpcError) as refused:
        daemon.call("connection.add", name="Again", **good(forge, kind))
    assert refused.value.kind == "token_rejected"


def test_removing_does_not_revoke_unasked(daemon, forge):
    daemon.call("connection.add", name="Work", **good(forge, "gitlab"))
    reply = daemon.call("connection.remove", connection="Work")
    assert reply["revocation"] == "not_asked"
    daemon.call("connection.add", name="Again", **good(forge, "gitlab"))


@pytest.mark.parametrize("kind", ["bitbucket", "azure-devops", "azure-devops-server"])
def test_where_it_cannot_be_revoked_the_page_is_told(daemon, forge, kind):
    daemon.call("connection.add", name="Work", **good(forge, kind))
    reply = daemon.call("connection.remove", connection="Work", revoke=True)
    assert reply["revocation"] == "unsupported" and reply["url"] and reply["removed"]


def test_an_unreachable_forge_keeps_the_connection(daemon, forge):
    daemon.call("connection.add", name="Work", **good(forge, "gitlab"))
    forge.fault("gitlab", "status", path="self", method="DELETE", status=503)
    reply = daemon.call("connection.remove", connection="Work", revoke=True)
    assert reply["removed"] is None and reply["revocation"] == "failed" and reply["message"]
    assert state_of(daemon) == "valid"


def test_force_removes_it_all_the_same(daemon, forge):
    daemon.call("connection.add", name="Work", **good(forge, "gitlab"))
    forge.fault("gitlab", "status", path="self", method="DELETE", status=503)
    reply = daemon.call("connection.remove", connection="Work", revoke=True, force=True)
    assert reply["removed"] and reply["revocation"] == "failed"


def test_a_dead_token_counts_as_revoked(daemon, forge):
    daemon.call("connection.add", name="Work", **good(forge, "gitlab"))
    forge.token_state("gitlab", "good", "refused")
    assert daemon.call("token.revoke", connection="Work")["revocation"] == "revoked"


def test_revoking_keeps_the_connection(daemon, forge):
    watcher = daemon.rpc()
    watcher.call("event.subscribe")
    daemon.call("connection.add", name="Work", **good(forge, "github"))
    assert daemon.call("token.revoke", connection="Work")["revocation"] == "revoked"
    assert watcher.wait_event("token.revoked")["connection"]["name"] == "Work"
    assert state_of(daemon) == "missing"


def test_a_sign_in_is_revoked_by_its_app(daemon, forge):
    reset(forge, "gitlab")
    set_app(daemon, forge, "gitlab")
    started = daemon.call("sign_in.start", method="browser", add=new(forge, "gitlab"))
    browse(redirect_of(started))
    daemon.call("sign_in.wait", sign_in=started["sign_in"])
    token = handed_out(daemon, forge)
    assert daemon.call("token.revoke", connection="Work")["revocation"] == "revoked"
    with pytest.raises(RpcError):
        daemon.call("connection.add", name="Again", type="gitlab", token=token)


def test_the_command_line_says_what_became_of_it(daemon, forge):
    daemon.call("connection.add", name="Work", **good(forge, "github"))
    done = daemon.cli("remove", "Work", "--revoke", "--yes", check=0)
    assert "revoked at the forge" in done.stdout and "mail" in done.stderr


def test_the_command_line_names_force(daemon, forge):
    daemon.call("connection.add", name="Work", **good(forge, "gitlab"))
    forge.fault("gitlab", "status", path="self", method="DELETE", status=503)
    done = daemon.cli("remove", "Work", "--revoke", check=1)
    assert "--force" in done.stderr


def test_a_token_renews_itself(daemon, forge):
    before = rotating(daemon)
    watcher = daemon.rpc()
    watcher.call("event.subscribe")
    after = daemon.call("token.renew", connection="Work")["connection"]
    assert after["token"]["expires_at"] > before["token"]["expires_at"]
    assert watcher.wait_event("token.renewed")["connection"]["name"] == "Work"
    assert handed_out(daemon, forge) != token_named("rotating")
    assert (
        daemon.call("connection.verify", connection="Work")["connection"]["token"]["state"]
        == "valid"
    )


def test_fault_b9_a_byte_order_mark_before_the_new_token_loses_it_not(daemon, forge):
    rotating(daemon)
    forge.fault("gitlab", "bom", path="rotate")
    assert daemon.call("token.renew", connection="Work")["connection"]["token"]["state"] == "valid"
    assert handed_out(daemon, forge) != token_named("rotating")


def test_the_day_is_always_sent(daemon, forge):
    rotating(daemon)
    daemon.call("token.renew", connection="Work", expires_at="2027-03-01")
    asked = [one for one in forge.log("gitlab") if one["path"].endswith("/rotate")]
    assert [one["query"] for one in asked] == ["expires_at=2027-03-01"]


def test_a_day_too_far_ahead_is_refused_and_nothing_dies(daemon, forge):
    rotating(daemon)
    with pytest.raises(RpcError) as refused:
        daemon.call("token.renew", connection="Work", expires_at="2030-01-01")
    assert refused.value.kind == "invalid_params" and refused.value.data["field"] == "expires_at"
    assert daemon.call("token.renew", connection="Work")["connection"]["token"]["state"] == "valid"


def test_a_token_without_the_scope_is_told_so(daemon, forge):
    daemon.call("connection.add", name="Work", **good(forge, "gitlab"))
    with pytest.raises(RpcError) as refused:
        daemon.call("token.renew", connection="Work")
    assert refused.value.kind == "scope_missing" and "self_rotate" in refused.value.message


@pytest.mark.parametrize("kind", ["github", "bitbucket", "azure-devops"])
def test_where_it_cannot_be_renewed_the_page_is_told(daemon, forge, kind):
    daemon.call("connection.add", name="Work", **good(forge, kind))
    with pytest.raises(RpcError) as refused:
        daemon.call("token.renew", connection="Work")
    assert refused.value.kind == "renew_unsupported" and refused.value.data["url"]


def test_a_lost_answer_is_said_and_the_dead_token_never_sent_again(daemon, forge):
    rotating(daemon)
    forge.fault("gitlab", "lost", path="rotate")
    with pytest.raises(RpcError) as refused:
        daemon.call("token.renew", connection="Work")
    assert refused.value.kind == "token_rejected"
    assert "the new token was lost; make another" in refused.value.data["hint"]
    assert state_of(daemon) == "rejected" and not forge.get("gitlab", "family_killed")
    with pytest.raises(RpcError):
        daemon.call("token.renew", connection="Work")
    assert not forge.get("gitlab", "family_killed")


def test_trouble_before_it_took_effect_leaves_the_old_token(daemon, forge):
    rotating(daemon)
    forge.fault("gitlab", "status", path="rotate", status=503)
    with pytest.raises(RpcError):
        daemon.call("token.renew", connection="Work")
    assert state_of(daemon) == "valid"
    assert daemon.call("token.renew", connection="Work")["connection"]["token"]["state"] == "valid"


def test_a_kill_in_the_middle_is_found_at_the_next_start(daemon, forge):
    rotating(daemon)
    forge.fault("gitlab", "hang", path="rotate", seconds=5)
    rpc = daemon.rpc()
    rpc.send("token.renew", connection="Work")
    time.sleep(1.5)
    daemon.restart(signal.SIGKILL)
    daemon.wait_store()
    assert daemon.call("token.renew", connection="Work")["connection"]["token"]["state"] == "valid"
    assert not forge.get("gitlab", "family_killed")


def test_a_sign_in_is_renewed_on_demand(daemon, forge):
    reset(forge, "gitlab")
    set_app(daemon, forge, "gitlab")
    started = daemon.call("sign_in.start", method="browser", add=new(forge, "gitlab"))
    browse(redirect_of(started))
    daemon.call("sign_in.wait", sign_in=started["sign_in"])
    before = handed_out(daemon, forge)
    daemon.call("token.renew", connection="Work")
    assert handed_out(daemon, forge) != before


def test_the_command_line_renews(daemon, forge):
    rotating(daemon)
    done = daemon.cli("renew", "Work", "--expires", "2027-02-01", check=0)
    assert "Renewed the token of “Work”" in done.stdout and "2027-02-01" in done.stdout


def test_the_page_for_tokens_asks_for_self_rotate(daemon):
    types = {one["id"]: one for one in daemon.call("type.list")["types"]}
    assert "self_rotate" in types["gitlab"]["token_page"] and types["gitlab"]["can_renew"]
    assert types["github"]["can_revoke"] and "mail" in types["github"]["revoke_caution"]


# --- [tokens] renew = "auto"


def renews(before="60d", renew="auto"):
    return f'[tokens]\nrenew = "{renew}"\nrenew_before = "{before}"\n'


def rotations(sandbox):
    return [one for one in sandbox.log("gitlab") if one["path"].endswith("/rotate")]


def renewed(daemon, sandbox):
    """True once git gets another token than the one that was given."""
    return handed_out(daemon, sandbox) != token_named("rotating")


def seconds_left(connection):
    end = datetime.datetime.fromisoformat(connection["token"]["expires_at"].replace("Z", "+00:00"))
    return int((end - datetime.datetime.now(datetime.timezone.utc)).total_seconds())


def ending_soon(daemon):
    """A token that ends in eight days and can renew itself."""
    rotating(daemon)
    soon = (datetime.date.today() + datetime.timedelta(days=8)).isoformat()
    return daemon.call("token.renew", connection="Work", expires_at=soon)["connection"]


def test_the_setting_renews_after_add(make_daemon, forge):
    daemon = make_daemon(settings=renews())
    watcher = daemon.rpc()
    watcher.call("event.subscribe")
    before = rotating(daemon)
    assert before["token"]["can_renew"]
    event = watcher.wait_event("token.renewed")
    assert event["connection"]["name"] == "Work" and event["detail"]["automatic"] is True
    assert event["connection"]["token"]["expires_at"] > before["token"]["expires_at"]
    assert renewed(daemon, forge) and state_of(daemon) == "valid"
    # The new token ends later than that, so it is left alone; the day was sent.
    time.sleep(1)
    assert len(rotations(forge)) == 1 and rotations(forge)[0]["query"].startswith("expires_at=")


def test_the_setting_renews_at_start(make_daemon, forge):
    daemon = make_daemon(settings=renews(renew="never"))
    rotating(daemon)
    daemon.stop()
    daemon.write_settings(forge.settings + renews())
    daemon.start()
    daemon.wait_store()
    wait_until(lambda: renewed(daemon, forge))
    assert len(rotations(forge)) == 1


def test_the_setting_counts_as_soon_as_it_is_read_again(make_daemon, forge):
    daemon = make_daemon(settings=renews(renew="never"))
    rotating(daemon)
    daemon.write_settings(forge.settings + renews())
    daemon.process.send_signal(signal.SIGHUP)
    wait_until(lambda: renewed(daemon, forge))


def test_the_watch_renews_when_the_time_has_come(make_daemon, forge):
    daemon = make_daemon(settings=renews(renew="never"))
    left = seconds_left(ending_soon(daemon))
    before = handed_out(daemon, forge)
    daemon.stop()
    forge.clear()
    daemon.write_settings(forge.settings + renews(f"{left - 6}s"))
    daemon.start()
    daemon.wait_store()
    assert handed_out(daemon, forge) == before and rotations(forge) == []
    wait_until(lambda: handed_out(daemon, forge) != before, 20)


def test_never_renews_nothing(make_daemon, forge):
    daemon = make_daemon(settings=renews(renew="never"))
    rotating(daemon)
    daemon.restart()
    daemon.wait_store()
    time.sleep(1.5)
    assert rotations(forge) == [] and not renewed(daemon, forge)


def test_a_token_that_ends_later_is_left_alone(make_daemon, forge):
    daemon = make_daemon(settings=renews("1d"))
    rotating(daemon)
    time.sleep(1)
    assert rotations(forge) == []


def test_a_token_without_the_scope_is_left_alone_and_said(make_daemon, forge):
    daemon = make_daemon(settings=renews("900d"))
    made = daemon.call("connection.add", name="Work", **good(forge, "gitlab"))["connection"]
    assert not made["token"]["can_renew"]
    wait_until(lambda: '"Work" will not be renewed ahead of its end' in daemon.log())
    assert "self_rotate" in daemon.log() and rotations(forge) == []
    assert state_of(daemon) == "valid"


def test_a_sign_in_and_another_forge_are_none_of_its_business(make_daemon, forge):
    daemon = make_daemon(settings=renews("900d"))
    daemon.call(
        "connection.add", name="Hub", type="github", token=tokens.first(tokens.GITHUB, "expiring")
    )
    time.sleep(1)
    assert "renew" not in daemon.log() and daemon.call("connection.list")["total"] == 1


def test_a_lost_answer_of_the_setting_is_said(make_daemon, forge):
    daemon = make_daemon(settings=renews())
    watcher = daemon.rpc()
    watcher.call("event.subscribe")
    forge.fault("gitlab", "lost", path="rotate")
    rotating(daemon)
    event = watcher.wait_event("token.rejected")
    assert "the new token was lost; make another" in event["connection"]["hint"]
    time.sleep(1)
    assert len(rotations(forge)) == 1 and not forge.get("gitlab", "family_killed")


def test_passing_trouble_is_left_for_later_and_the_old_token_serves(make_daemon, forge):
    daemon = make_daemon(settings=renews())
    forge.fault("gitlab", "status", path="rotate", status=503)
    rotating(daemon)
    wait_until(lambda: "was not renewed ahead of its end" in daemon.log())
    assert not renewed(daemon, forge) and state_of(daemon) == "valid"
    # Not in a storm: the next try is an hour away, or a person's.
    time.sleep(1)
    assert len(rotations(forge)) == 1
    assert daemon.call("token.renew", connection="Work")["connection"]["token"]["state"] == "valid"
    assert renewed(daemon, forge)


def test_a_locked_keyring_is_waited_for(make_daemon, forge, bus):
    daemon = make_daemon(settings=renews(renew="never") + '[secrets]\ncache = "0"\n')
    rotating(daemon)
    daemon.stop()
    bus.lock()
    daemon.write_settings(forge.settings + renews())
    daemon.start()
    wait_until(lambda: "was not renewed ahead of its end" in daemon.log())
    assert rotations(forge) == []
    bus.unlock()
    wait_until(lambda: renewed(daemon, forge), 20)
    assert len(rotations(forge)) == 1


def test_a_locked_daemon_renews_nothing_until_it_is_unlocked(make_daemon, forge):
    daemon = make_daemon(settings=renews(renew="never"))
    rotating(daemon)
    daemon.call("daemon.lock")
    daemon.write_settings(forge.settings + renews())
    daemon.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "was not renewed ahead of its end" in daemon.log())
    assert rotations(forge) == []
    daemon.call("daemon.unlock")
    wait_until(lambda: renewed(daemon, forge))


def test_a_kill_in_a_renewal_of_the_setting_loses_no_token(make_daemon, forge):
    daemon = make_daemon(settings=renews())
    forge.fault("gitlab", "hang", path="rotate", seconds=5)
    rotating(daemon)
    wait_until(lambda: rotations(forge))
    daemon.restart(signal.SIGKILL)
    daemon.wait_store()
    wait_until(lambda: renewed(daemon, forge), 20)
    assert state_of(daemon) == "valid" and not forge.get("gitlab", "family_killed")


def test_many_are_renewed_once_each(make_daemon, forge):
    daemon = make_daemon(settings=renews(renew="never"))
    rotating(daemon)
    daemon.call("connection.add", name="Other", **good(forge, "gitlab-self-managed"))
    rotating(daemon, "Again")
    daemon.stop()
    daemon.write_settings(forge.settings + renews())
    daemon.start()
    daemon.wait_store()
    wait_until(lambda: rotations(forge))
    time.sleep(2)
    # Both hold one token: the second finds it dead, and does not send it to rotate.
    assert len(rotations(forge)) == 1 and not forge.get("gitlab", "family_killed")
