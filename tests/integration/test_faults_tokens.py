# SPDX-License-Identifier: MIT
"""Tokens are never lost, and never come back: faults A1 to A8, D5, F3 with a real keyring."""
import concurrent.futures
import os
import shutil
import signal
import subprocess
import time

import pytest
from support.browse import browse, redirect_of
from support.daemon import Daemon, RpcError
from support.keyring import wait_until
from support.sandbox import ROOT, good, tokens

UNCACHED = '[secrets]\ncache = "0s"\n'


def where(sandbox, site="github"):
    return dict(zip(("protocol", "host"), sandbox.urls[site].split("://")))


def state(daemon, name="Work"):
    return daemon.call("connection.get", connection=name)["connection"]["token"]["state"]


def answer(rpc, number):
    """The message with that id, whatever comes before it."""
    while True:
        message = rpc.read()
        if message.get("id") == number:
            return message


@pytest.mark.parametrize(
    ("site", "token"),
    [
        ("github", tokens.first(tokens.GITHUB, "ended")),
        ("gitlab", tokens.first(tokens.GITLAB, "today")),
    ],
)
def test_fault_a1_a_date_does_not_overrule_the_forge_s_own_yes(daemon, sandbox, site, token):
    added = daemon.call("connection.add", name="Work", type=site, token=token)["connection"]
    assert added["token"]["state"] == "valid"
    assert daemon.call("credential.get", **where(sandbox, site))["password"] == token
    assert daemon.call("repository.list", connection="Work")["repositories"]
    assert (
        daemon.call("connection.verify", connection="Work")["connection"]["token"]["state"]
        == "valid"
    )


def test_fault_a1_a_typed_date_is_not_overwritten_by_one_that_is_over(daemon):
    token = tokens.first(tokens.GITHUB, "ended")
    daemon.call("connection.add", name="Work", type="github", token=token)
    daemon.call("connection.update", connection="Work", expires_at="2099-01-01")
    verified = daemon.call("connection.verify", connection="Work")["connection"]
    assert verified["token"]["expires_at"].startswith("2099-01-01")


def test_fault_a1_a_later_refusal_decides(daemon, sandbox):
    token = tokens.first(tokens.GITHUB, "ended")
    daemon.call("connection.add", name="Work", type="github", token=token)
    sandbox.token_state("github", "ended", "refused")
    with pytest.raises(RpcError):
        daemon.call("connection.verify", connection="Work")
    assert state(daemon) == "rejected"


@pytest.fixture
def swapped(bus):
    """Another keyring in the place of ours, and ours again."""
    path = os.path.join(bus.environment["XDG_DATA_HOME"], "keyrings")

    def another():
        bus.stop_keyring()
        os.rename(path, path + ".ours")
        bus.start_keyring()

    def ours():
        bus.stop_keyring()
        shutil.rmtree(path)
        os.rename(path + ".ours", path)
        bus.start_keyring()

    return another, ours


def test_fault_a3_a_row_outlives_another_keyring_in_the_place_of_ours(
    make_daemon, sandbox, bus, swapped
):
    another, ours = swapped
    daemon = make_daemon(UNCACHED)
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    another()
    daemon.wait_store()
    refused = daemon.call("credential.get", **where(sandbox))
    assert "password" not in refused and refused["quit"] is True and "keyring" in refused["message"]
    assert state(daemon) == "unavailable"
    ours()
    daemon.wait_store()
    assert (
        daemon.call("credential.get", **where(sandbox))["password"]
        == good(sandbox, "github")["token"]
    )
    assert state(daemon) == "valid" and bus.count() == 1


def test_fault_a3_a_start_on_another_keyring_forgets_and_deletes_nothing(
    make_daemon, sandbox, bus, swapped
):
    another, ours = swapped
    daemon = make_daemon(UNCACHED)
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    daemon.stop()
    another()
    daemon.start()
    daemon.wait_store()
    with pytest.raises(RpcError) as refused:
        daemon.call("connection.verify", connection="Work")
    assert refused.value.kind == "keyring_unavailable"
    daemon.call("connection.add", name="Beside", **good(sandbox, "gitlab"))
    daemon.restart()
    daemon.wait_store()
    wait_until(lambda: state(daemon) == "unavailable")
    assert state(daemon, "Beside") == "valid"
    ours()
    daemon.wait_store()
    wait_until(lambda: state(daemon) == "valid")
    assert (
        daemon.call("connection.verify", connection="Work")["connection"]["token"]["state"]
        == "valid"
    )


def test_a_token_that_somebody_takes_out_of_our_keyring_is_missing(make_daemon, sandbox, bus):
    daemon = make_daemon(UNCACHED)
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    time.sleep(0.5)
    subprocess.run(
        ["secret-tool", "clear", "xdg:schema", "org.forgelink.Token"],
        env=bus.environment,
        check=True,
        timeout=10,
    )
    assert "password" not in daemon.call("credential.get", **where(sandbox))
    assert state(daemon) == "missing"


@pytest.mark.parametrize(
    "change", [{"retention": "session"}, {"token": tokens.first(tokens.GITHUB, "good")}]
)
def test_fault_a4_a_purge_during_a_change_is_not_undone(make_daemon, sandbox, bus, change):
    daemon = make_daemon()
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    changing, purging = daemon.rpc(), daemon.rpc()
    bus.keyring.send_signal(signal.SIGSTOP)
    change_id = changing.send("connection.update", connection="Work", **change)
    time.sleep(0.7)
    purge_id = purging.send("token.purge", scope="all")
    time.sleep(0.3)
    bus.keyring.send_signal(signal.SIGCONT)
    answer(purging, purge_id)
    assert "error" in answer(changing, change_id)
    assert state(daemon) == "missing"
    wait_until(lambda: bus.count() == 0, 15)


def test_fault_a5_git_gets_no_token_that_was_purged_while_it_was_read(make_daemon, sandbox, bus):
    daemon = make_daemon()
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    daemon.restart()
    daemon.wait_store()
    asking, purging = daemon.rpc(), daemon.rpc()
    bus.keyring.send_signal(signal.SIGSTOP)
    asked = asking.send("credential.get", **where(sandbox))
    time.sleep(0.5)
    purged = purging.send("token.purge", scope="all")
    time.sleep(0.2)
    bus.keyring.send_signal(signal.SIGCONT)
    assert "password" not in answer(asking, asked)["result"]
    answer(purging, purged)
    assert "password" not in daemon.call("credential.get", **where(sandbox))


def other_account(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    return tokens.first(tokens.GITHUB, "second")


def test_fault_a6_another_account_is_seen_at_the_first_verification(daemon, sandbox):
    token = other_account(daemon, sandbox)
    daemon.call("connection.update", connection="Work", token=token, verify=False)
    with pytest.raises(RpcError) as refused:
        daemon.call("connection.verify", connection="Work")
    assert refused.value.kind == "account_changed"
    assert (
        daemon.call("connection.get", connection="Work")["connection"]["account"]["login"]
        == "octo-dev"
    )
    daemon.call("connection.update", connection="Work", accept_account_change=True, verify=True)
    assert (
        daemon.call("connection.get", connection="Work")["connection"]["account"]["login"] == "mona"
    )


def test_fault_a6_what_git_stores_for_another_account_is_not_taken_over(daemon, sandbox):
    token = other_account(daemon, sandbox)
    daemon.call("token.purge", scope="all")
    daemon.call("credential.store", **where(sandbox), username="x", password=token)
    assert (
        daemon.call("connection.get", connection="Work")["connection"]["account"]["login"]
        == "octo-dev"
    )
    assert state(daemon) == "missing"


@pytest.fixture
def ending(make_daemon, sandbox):
    """A sign-in whose access token is about to end."""
    daemon = make_daemon()
    daemon.cli(
        "oauth-app",
        "set",
        "github",
        "--client-id",
        tokens.OAUTH_CLIENT_ID,
        "--secret-stdin",
        stdin=tokens.OAUTH_CLIENT_SECRET + "\n",
        check=0,
    )
    sandbox.set(
        "github", expiring=True, signs_in="octo-dev", granted=None, interval=1, lifetime=200
    )
    started = daemon.call("sign_in.start", method="browser", add={"name": "Work"})
    browse(redirect_of(started))
    assert daemon.call("sign_in.wait", sign_in=started["sign_in"])["state"] == "completed"
    return daemon


@pytest.mark.parametrize("trouble", ["locked", "hung"])
def test_fault_a2_no_refresh_token_is_spent_while_the_keyring_takes_nothing(
    ending, sandbox, bus, trouble
):
    assert ending.call("credential.get", **where(sandbox))["password"]
    before = sandbox.get("github", "refreshes")
    if trouble == "locked":
        bus.lock()
        ending.wait_store("locked")
    else:
        bus.keyring.send_signal(signal.SIGSTOP)
    try:
        ending.call("credential.get", **where(sandbox))
        assert sandbox.get("github", "refreshes") == before
    finally:
        bus.unlock() if trouble == "locked" else bus.keyring.send_signal(signal.SIGCONT)
    assert state(ending) in ("valid", "unavailable")


def ask_fifty(daemon, sandbox):
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        return list(pool.map(lambda _: daemon.call("credential.get", **where(sandbox)), range(50)))


def test_fault_a8_a_dead_refresh_token_is_sent_once_and_everybody_is_answered(ending, sandbox):
    before = len([one for one in sandbox.log("github") if "access_token" in one["path"]])
    sandbox.fault(
        "github",
        "status",
        path="access_token",
        status=200,
        body={"error": "bad_refresh_token"},
        times=50,
    )
    answers = ask_fifty(ending, sandbox)
    assert len(answers) == 50 and not [one for one in answers if "password" in one]
    after = len([one for one in sandbox.log("github") if "access_token" in one["path"]])
    assert after - before == 1 and state(ending) == "rejected"


def test_fault_d5_a_copied_registry_s_daemon_deletes_nothing_of_the_other_s(
    make_daemon, sandbox, bus, folder
):
    first = make_daemon()
    first.call("connection.add", name="Work", **good(sandbox, "github"))
    first.stop()
    other = {**bus.environment}
    for name in ("XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"):
        other[name] = os.path.join(folder, "other-" + name[4:].lower())
        os.makedirs(other[name], mode=0o700)
    other["HOME"] = os.path.join(folder, "other-home")
    os.makedirs(other["HOME"])
    shutil.copytree(first.data, os.path.join(other["XDG_DATA_HOME"], "forgelink"))
    first.start()
    first.wait_store()
    first.call("connection.add", name="Lab", **good(sandbox, "gitlab"))
    second = Daemon(other, sandbox.settings)
    try:
        second.wait_store()
        second.call(
            "connection.add", name="Mine", type="github", token=good(sandbox, "github")["token"]
        )
        time.sleep(1.5)
        assert bus.count() == 3
        first.restart()
        first.wait_store()
        time.sleep(1.5)
        assert bus.count() == 3
    finally:
        second.stop()


def test_fault_f4_a_delete_that_hangs_is_told_and_retried(make_daemon, sandbox, bus):
    daemon = make_daemon()
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    bus.keyring.send_signal(signal.SIGSTOP)
    daemon.call("connection.remove", connection="Work")
    assert daemon.call("daemon.status")["secret_store"]["still_to_erase"] == 1
    bus.keyring.send_signal(signal.SIGCONT)
    wait_until(lambda: daemon.call("daemon.status")["secret_store"]["still_to_erase"] == 0, 15)
    assert bus.count() == 0


@pytest.mark.parametrize("part", ["a#b", "a?b", "a%41", "a b"])
def test_fault_f6_a_home_with_any_name_starts_again(bus, sandbox, folder, part):
    environment = {**bus.environment, "XDG_DATA_HOME": os.path.join(folder, part)}
    os.makedirs(environment["XDG_DATA_HOME"], mode=0o700)
    daemon = Daemon(environment, sandbox.settings)
    try:
        daemon.wait_store()
        daemon.call("connection.add", name="Work", **good(sandbox, "github"))
        daemon.restart()
        assert daemon.call("connection.list")["total"] == 1
    finally:
        daemon.stop()


def test_fault_f2_a_foreign_runtime_folder_is_no_evidence(make_daemon, sandbox, bus, folder):
    daemon = make_daemon()
    daemon.call("connection.add", name="Work", retention="session", **good(sandbox, "github"))
    daemon.stop()
    environment = {**bus.environment, "XDG_RUNTIME_DIR": os.path.join(folder, "other-run")}
    os.makedirs(environment["XDG_RUNTIME_DIR"], mode=0o700)
    elsewhere = Daemon(environment, sandbox.settings)
    elsewhere.wait_store()
    assert state(elsewhere) == "valid"
    elsewhere.stop()
    daemon.start()
    daemon.wait_store()
    assert state(daemon) == "valid"


def test_a_registry_of_the_first_version_opens_with_nothing_lost(bus, sandbox):
    environment = bus.environment
    folder = os.path.join(environment["XDG_DATA_HOME"], "forgelink")
    os.makedirs(folder, mode=0o700)
    shutil.copy(
        os.path.join(ROOT, "tests/storage/fixtures/connections-0.1.0.db"),
        os.path.join(folder, "connections.db"),
    )
    daemon = Daemon(environment, sandbox.settings)
    try:
        daemon.wait_store()
        listed = {one["name"]: one for one in daemon.call("connection.list")["connections"]}
        assert len(listed) == 6 and listed["Signed in"]["sign_in"] == "oauth"
        # This keyring has never held its items: they are out of reach, not gone.
        wait_until(lambda: state(daemon) == "unavailable")
        daemon.restart()
        assert daemon.call("connection.list")["total"] == 6
    finally:
        daemon.stop()
