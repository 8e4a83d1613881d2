"""The daemon is killed at random moments, with a full disk now and then: what it acknowledged is there, and nothing else is."""
import os
import random
import re
import signal
import sqlite3
import subprocess
import threading
import time

import pytest
from support.daemon import RELEASE, Rpc, RpcError
from support.figures import note
from support.keyring import wait_until

ROUNDS = int(os.environ.get("FORGELINK_KILL_ROUNDS", "15"))
ABSENT, MISSING = "no such connection", "a connection without a token"


@pytest.fixture
def small_disk(bus):
    """The registry's file system holds 3 MB. A function that fills it, and one that frees it again."""
    where = os.path.join(bus.environment["XDG_DATA_HOME"], "forgelink")
    os.mkdir(where, 0o700)
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m,mode=700", "tmpfs", where], capture_output=True).returncode != 0:
        yield None
        return
    ballast = os.path.join(where, "ballast")

    def fill():
        with open(ballast, "wb", 0) as out:
            try:
                while True:
                    out.write(b"\0" * 4096)
            except OSError:
                pass
    yield fill, lambda: os.path.exists(ballast) and os.remove(ballast)
    # The daemon may still have it open for a moment.
    subprocess.run(["umount", "-l", where], check=True)


class Client(threading.Thread):
    """Changes six connections of its own at random, and knows for each what may be there: one thing, once the daemon has said so."""

    def __init__(self, daemon, number, dice):
        super().__init__(daemon=True)
        self.path, self.number, self.dice = daemon.socket, number, dice
        self.may_be = {f"c{number}-{index}": {ABSENT} for index in range(6)}
        self.stop, self.acknowledged, self.refused, self.tokens, self.trouble = threading.Event(), 0, 0, 0, None

    def run(self):
        try:
            rpc = Rpc(self.path, 20)
            while not self.stop.is_set():
                self.change(rpc)
        except (OSError, EOFError):
            pass  # killed
        except Exception as trouble:  # told by whoever joins
            self.trouble = trouble

    def change(self, rpc):
        name = self.dice.choice(list(self.may_be))
        before = self.may_be[name]
        self.tokens += 1
        token = f"ghp_{self.number}_{self.tokens}_{self.dice.random()}"
        if before == {ABSENT}:
            method, params, after = "connection.add", {"name": name, "type": "github", "token": token, "verify": False}, token
        else:
            method, params, after = self.dice.choice([
                ("connection.update", {"connection": name, "token": token, "verify": False}, token), ("connection.remove", {"connection": name}, ABSENT),
                ("token.purge", {"scope": "connection", "connection": name}, MISSING)])
        self.may_be[name] = before | {after}
        try:
            rpc.call(method, **params)
            self.may_be[name] = {after}
            self.acknowledged += 1
        except RpcError as refused:
            assert refused.kind == "database_failed", refused
            self.may_be[name] = before
            self.refused += 1

    def successor(self, daemon):
        """Goes on where this one was stopped (a thread starts but once)."""
        other = Client(daemon, self.number, self.dice)
        other.may_be, other.tokens = self.may_be, self.tokens
        return other

    def settle(self, name, found):
        assert found in self.may_be[name], (name, found, self.may_be[name])
        self.may_be[name] = {found}


def held_by(bus):
    """The tokens in the keyring."""
    return re.findall(r"secret = (ghp_\S+)", bus.items())


def check(daemon, bus, clients):
    database = sqlite3.connect(f"file:{daemon.data}/connections.db", uri=True)
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not database.execute("PRAGMA foreign_key_check").fetchall()
    database.close()
    daemon.start()
    daemon.wait_store()
    listed = {one["name"]: one["token"]["state"] for one in daemon.call("connection.list", limit=1000)["connections"]}
    assert set(listed.values()) <= {"unverified", "missing"}, listed
    with_token = sum(state == "unverified" for state in listed.values())
    # No secret without a row: the sweep runs once the daemon is ready.
    try:
        wait_until(lambda: bus.count() == with_token, 20)
    except AssertionError:
        raise AssertionError(f"{with_token} connections with a token, and in the keyring {bus.items()}; the log ends: {daemon.log()[-2000:]}") from None
    held = set(held_by(bus))
    assert len(held) == with_token
    for client in clients:
        for name, may_be in client.may_be.items():
            if name not in listed:
                found = ABSENT
            elif listed[name] == "missing":
                found = MISSING
            else:
                own = may_be & held
                assert len(own) == 1, (name, may_be)
                found = own.pop()
                held.remove(found)
            client.settle(name, found)
    assert not held, held


def test_a_daemon_killed_at_random_loses_nothing_acknowledged_and_leaves_no_orphan(make_daemon, sandbox, bus, small_disk):
    dice = random.Random(os.environ.get("FORGELINK_KILL_SEED", "7"))
    daemon = make_daemon('[secrets]\ncache = "0s"\n', bin_dir=RELEASE)
    clients = [Client(daemon, number, random.Random(dice.random())) for number in range(3)]
    acknowledged = refused = full = 0
    for turn in range(ROUNDS):
        for one in clients:
            one.start()
        time.sleep(dice.uniform(0.02, 0.4))
        if small_disk and turn % 3 == 2:
            small_disk[0]()
            full += 1
            time.sleep(dice.uniform(0.02, 0.3))
        daemon.process.send_signal(signal.SIGKILL)
        daemon.process.wait()
        for one in clients:
            one.stop.set()
            one.join(30)
            assert one.trouble is None, one.trouble
        if small_disk:
            small_disk[1]()
        check(daemon, bus, clients)
        acknowledged, refused = acknowledged + sum(one.acknowledged for one in clients), refused + sum(one.refused for one in clients)
        clients = [one.successor(daemon) for one in clients]
    assert acknowledged > ROUNDS
    note(f"kill: {ROUNDS} rounds, {full} of them with a full disk; {acknowledged} changes acknowledged, {refused} refused for want of room")
