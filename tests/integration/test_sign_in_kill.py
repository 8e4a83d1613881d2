# SPDX-License-Identifier: MIT
"""The daemon is killed at each step of a sign-in, a renewal, a rotation and a revocation: what is
left is whole, and no dead token is sent where it would kill a living one."""
import os
import random
import signal
import time

import pytest
from support.browse import browse, redirect_of
from support.daemon import RpcError
from support.figures import note
from support.sandbox import tokens
from support.sign_in import new, reset, set_app

ROUNDS = int(os.environ.get("FORGELINK_KILL_ROUNDS", "3"))
SLOW = 0.6  # seconds that the forge takes for the step in question


@pytest.fixture
def forge(sandbox):
    reset(sandbox, "gitlab")
    sandbox.set("gitlab", rotated=None, family_killed=False)
    return sandbox


def kill_soon(daemon, dice):
    time.sleep(dice.uniform(0, 2 * SLOW))
    daemon.restart(signal.SIGKILL)
    daemon.wait_store()


def state_of(daemon, name="Work"):
    try:
        return daemon.call("connection.get", connection=name)["connection"]["token"]["state"]
    except RpcError as error:
        assert error.kind == "not_found"
        return None


def signed_in(daemon, forge, name="Work"):
    started = daemon.call("sign_in.start", method="browser", add=new(forge, "gitlab", name=name))
    browse(redirect_of(started))
    daemon.call("sign_in.wait", sign_in=started["sign_in"])


def works(daemon, name="Work"):
    return bool(daemon.call("repository.list", connection=name)["repositories"])


@pytest.mark.parametrize("step", ["oauth/token", "token/info", "api/v4/user"])
def test_a_kill_during_a_sign_in_leaves_it_whole_or_not_there(daemon, forge, step):
    set_app(daemon, forge, "gitlab")
    dice, seen = random.Random(step), []
    for number in range(ROUNDS):
        name = f"Work {number}"
        add = new(forge, "gitlab", name=name)
        started = daemon.call("sign_in.start", method="browser", add=add)
        address = redirect_of(started)
        forge.fault("gitlab", "delay", path=step, seconds=SLOW)
        browse(address)
        kill_soon(daemon, dice)
        seen.append(state_of(daemon, name))
        assert seen[-1] in (None, "valid")
        if seen[-1] == "valid":
            assert works(daemon, name)
    note(f"kill during {step}: {ROUNDS} rounds, {seen.count('valid')} made")


def test_a_kill_during_a_renewal_is_served_or_told(daemon, forge):
    set_app(daemon, forge, "gitlab")
    dice, seen = random.Random(1), []
    for number in range(ROUNDS):
        name = f"Work {number}"
        forge.set("gitlab", lifetime=200)
        signed_in(daemon, forge, name)
        forge.set("gitlab", lifetime=7200)
        forge.fault("gitlab", "delay", path="oauth/token", seconds=SLOW)
        rpc = daemon.rpc()
        rpc.send("repository.list", connection=name)
        kill_soon(daemon, dice)
        try:
            assert works(daemon, name)
            seen.append("served")
        except RpcError as error:
            assert error.kind == "token_rejected" and "--sign-in" in error.data["hint"]
            seen.append("told")
    note(f"kill during a renewal: {ROUNDS} rounds, {seen.count('served')} served")


def test_a_kill_during_a_rotation_never_kills_the_new_token(daemon, forge):
    dice, seen = random.Random(2), []
    for _ in range(ROUNDS):
        forge.token_state("gitlab", "rotating", "good")
        forge.set("gitlab", rotated=None)
        token = tokens.first(tokens.GITLAB, "rotating")
        daemon.call("connection.add", name="Work", type="gitlab", token=token)
        forge.fault("gitlab", "delay", path="rotate", seconds=SLOW)
        rpc = daemon.rpc()
        rpc.send("token.renew", connection="Work")
        kill_soon(daemon, dice)
        time.sleep(SLOW)  # what was on its way has arrived by now
        try:
            daemon.call("token.renew", connection="Work")
            seen.append("renewed")
        except RpcError as error:
            assert error.kind == "token_rejected", error
            seen.append("lost")
        assert not forge.get("gitlab", "family_killed")
        daemon.call("connection.remove", connection="Work")
    note(f"kill during a rotation: {ROUNDS} rounds, {seen.count('lost')} lost")


def test_a_kill_during_a_revocation_can_be_asked_again(daemon, forge):
    dice = random.Random(3)
    for _ in range(ROUNDS):
        forge.token_state("gitlab", "rotating", "good")
        token = tokens.first(tokens.GITLAB, "rotating")
        daemon.call("connection.add", name="Work", type="gitlab", token=token)
        forge.fault("gitlab", "delay", path="self", method="DELETE", seconds=SLOW)
        rpc = daemon.rpc()
        rpc.send("connection.remove", connection="Work", revoke=True)
        kill_soon(daemon, dice)
        if state_of(daemon) is not None:
            reply = daemon.call("connection.remove", connection="Work", revoke=True)
            assert reply["revocation"] == "revoked" and reply["removed"]
        with pytest.raises(RpcError) as refused:
            daemon.call("connection.add", name="Again", type="gitlab", token=token)
        assert refused.value.kind == "token_rejected"
