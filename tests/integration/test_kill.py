# SPDX-License-Identifier: MIT
"""The daemon is killed at random moments, with a full disk, a locked keyring or a keyring killed
as well now and then: what it acknowledged is there, and nothing else is."""
import collections
import os
import random
import re
import signal
import sqlite3
import subprocess
import threading
import time
from typing import NamedTuple

import pytest
from support.daemon import RELEASE, Rpc, RpcError
from support.figures import note
from support.keyring import wait_until

ROUNDS = int(os.environ.get("FORGELINK_KILL_ROUNDS", "15"))
MISSING = "no token"
# What may be refused while something is full, locked or away; the change is then not made.
REFUSALS = {"database_failed", "keyring_locked", "keyring_unavailable", "token_missing"}


class Known(NamedTuple):
    """A connection as it may be; None stands for no connection."""

    name: str
    retention: str
    token: str


@pytest.fixture
def small_disk(bus):
    """The registry's file system holds 3 MB. A function that fills it, and one that frees it
    again."""
    where = os.path.join(bus.environment["XDG_DATA_HOME"], "forgelink")
    os.mkdir(where, 0o700)
    if (
        os.geteuid() != 0
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=3m,mode=700", "tmpfs", where], capture_output=True
        ).returncode
        != 0
    ):
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
    """Changes connections and stored credentials of its own at random, and knows for each what may
    be there: one thing, once the daemon has said so. A connection's user name says which it is,
    whatever its name is by now."""

    def __init__(self, daemon, number, dice, place, counts):
        super().__init__(daemon=True)
        self.daemon_, self.number, self.dice, self.place, self.counts = (
            daemon,
            number,
            dice,
            place,
            counts,
        )
        self.may_be = {f"c{number}-{index}": {None} for index in range(6)}
        self.hosts = {f"h{number}-{index}.example": {None} for index in range(2)}
        self.stop, self.acknowledged, self.refused, self.tokens, self.trouble = (
            threading.Event(),
            0,
            0,
            0,
            None,
        )

    def run(self):
        try:
            rpc = Rpc(self.daemon_.socket, 20)
            while not self.stop.is_set():
                self.change_host(rpc) if self.dice.random() < 0.15 else self.change(rpc)
        except (OSError, EOFError):
            pass  # killed
        except Exception as trouble:  # told by whoever joins
            self.trouble = trouble

    def fresh(self):
        self.tokens += 1
        return f"ghp_{self.number}_{self.tokens}_{self.dice.random()}"

    def change(self, rpc):
        user = self.dice.choice(list(self.may_be))
        if len(self.may_be[user]) > 1:
            return self.ask(rpc, user)
        now = next(iter(self.may_be[user]))
        token, other = self.fresh(), self.dice.choice(["keep", "session"])
        if now is None:
            return self.attempt(
                rpc,
                self.may_be,
                user,
                Known(user, other, token),
                "connection.add",
                name=user,
                username=user,
                type="github",
                token=token,
                retention=other,
                verify=self.dice.random() < 0.2,
            )
        renamed = user + "'" * self.dice.randrange(3)
        what = {"connection": now.name}
        choice = self.dice.randrange(8)
        if choice == 0:
            self.attempt(rpc, self.may_be, user, None, "connection.remove", **what)
        elif choice == 1:
            self.attempt(
                rpc,
                self.may_be,
                user,
                now._replace(token=MISSING),
                "token.purge",
                scope="connection",
                **what,
            )
        elif choice == 2:
            self.attempt(
                rpc,
                self.may_be,
                user,
                now._replace(name=renamed),
                "connection.update",
                name=renamed,
                **what,
            )
        elif choice == 3:
            self.attempt(
                rpc,
                self.may_be,
                user,
                now._replace(retention=other),
                "connection.update",
                retention=other,
                **what,
            )
        elif choice == 4:
            self.attempt(
                rpc,
                self.may_be,
                user,
                Known(renamed, other, token),
                "connection.update",
                name=renamed,
                retention=other,
                token=token,
                verify=False,
                **what,
            )
        elif choice == 5 and now.token == MISSING:
            # What git got accepted is taken over behind git's back: no promise, but all of it or
            # nothing.
            self.may_be[user] = {now, now._replace(token=token)}
            self.count(rpc, "credential.store", **self.place, username=user, password=token)
        elif choice <= 6:
            self.ask(rpc, user)
        else:
            self.attempt(
                rpc,
                self.may_be,
                user,
                now._replace(token=token),
                "connection.update",
                token=token,
                verify=False,
                **what,
            )

    def change_host(self, rpc):
        host = self.dice.choice(list(self.hosts))
        where = {"protocol": "https", "host": host, "username": "u"}
        if self.dice.random() < 0.3:
            self.attempt(rpc, self.hosts, host, None, "credential.erase", **where)
        else:
            password = self.fresh()
            self.attempt(
                rpc, self.hosts, host, password, "credential.store", password=password, **where
            )

    def count(self, rpc, method, /, **params):
        answer = rpc.call(method, **params)
        self.counts[method] += 1
        self.acknowledged += 1
        return answer

    def attempt(self, rpc, model, key, after, method, /, **params):
        before = model[key]
        model[key] = before | {after}
        try:
            self.count(rpc, method, **params)
            model[key] = {after}
        except RpcError as refused:
            assert refused.kind in REFUSALS, (refused, method, params)
            model[key] = (
                {one._replace(token=MISSING) for one in before}
                if refused.kind == "token_missing"
                else before
            )
            self.refused += 1

    def ask(self, rpc, user):
        """As git does; counted as a use of a repository."""
        answer = self.count(
            rpc, "credential.get", **self.place, username=user, path=f"o/{self.dice.randrange(50)}"
        )
        may_be = {one.token if one else None for one in self.may_be[user]}
        if "password" in answer:
            assert answer["password"] in may_be, (answer, may_be)
        elif not answer.get("quit") and not self.counts["purging"]:
            assert may_be & {None, MISSING} or self.session_may_have_ended(user), (answer, may_be)

    def session_may_have_ended(self, user):
        """The keyring's session collection ends with the keyring."""
        if self.counts["ended"]:
            self.may_be[user] |= {
                one._replace(token=MISSING)
                for one in self.may_be[user]
                if one and one.retention == "session"
            }
        return any(one and one.token == MISSING for one in self.may_be[user])

    def purged(self):
        """A purge of everything was under way in this round."""
        for user, may_be in self.may_be.items():
            self.may_be[user] = may_be | {one._replace(token=MISSING) for one in may_be if one}
        self.hosts = {host: may_be | {None} for host, may_be in self.hosts.items()}

    def successor(self):
        """Goes on where this one was stopped (a thread starts but once)."""
        other = Client(self.daemon_, self.number, self.dice, self.place, self.counts)
        other.may_be, other.hosts, other.tokens = self.may_be, self.hosts, self.tokens
        return other

    def settle(self, rows):
        """All that the daemon shows and hands out is what may be."""
        for user in self.may_be:
            row, found, ended = rows.get(user), None, self.session_may_have_ended(user)
            if row:
                answer = self.daemon_.call("credential.get", **self.place, username=user)
                assert not answer.get("quit"), answer
                claims = row["token"]["state"] != "missing"
                # No row claims a secret that is not there, except the session's after the
                # keyring's own death, until it is asked for.
                assert ("password" in answer) == claims or (
                    claims and row["retention"] == "session" and ended
                ), (row, answer)
                found = Known(row["name"], row["retention"], answer.get("password", MISSING))
            assert found in self.may_be[user], (user, found, self.may_be[user])
            self.may_be[user] = {found}
        for host, may_be in self.hosts.items():
            found = self.daemon_.call(
                "credential.get", protocol="https", host=host, username="u"
            ).get("password")
            assert found in may_be, (host, found, may_be)
            self.hosts[host] = {found}


def items_in_rows(daemon):
    """The ids of all items that any row names."""
    database = sqlite3.connect(f"file:{daemon.data}/connections.db?mode=ro", uri=True)
    items = [
        row[0]
        for row in database.execute(
            "SELECT token_item FROM connections WHERE token_item IS NOT NULL UNION ALL SELECT item"
            " FROM stored_credentials UNION ALL SELECT item FROM oauth_apps WHERE item IS NOT NULL"
        )
    ]
    places = database.execute(
        "SELECT count(*), count(DISTINCT host) FROM stored_credentials"
    ).fetchone()
    database.close()
    assert len(items) == len(set(items)) and places[0] == places[1], (items, places)
    return set(items)


def check(daemon, bus, clients, counts):
    database = sqlite3.connect(f"file:{daemon.data}/connections.db", uri=True)
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not database.execute("PRAGMA foreign_key_check").fetchall()
    assert not database.execute(
        "SELECT name FROM connections WHERE (token_state = 'missing') != (token_item IS NULL)"
    ).fetchall()
    # A use is written with its count or not at all.
    assert not database.execute(
        "SELECT c.name FROM connections c WHERE repositories_used != (SELECT count(*) FROM"
        " repository_uses WHERE connection = c.id)"
    ).fetchall()
    database.close()
    daemon.start()
    if counts["locked now"]:
        daemon.wait_store("locked")
        assert not [
            one
            for one in daemon.call("connection.list", limit=1000)["connections"]
            if one["token"]["state"] not in ("unverified", "valid", "missing")
        ]
        bus.unlock()
    daemon.wait_store()
    listed = daemon.call("connection.list", limit=1000)["connections"]
    rows = {one["username"]: one for one in listed}
    assert len(rows) == len(listed) and {one["token"]["state"] for one in listed} <= {
        "unverified",
        "valid",
        "missing",
    }, listed
    for client in clients:
        client.settle(rows)
    # No secret without a row, no row without its secret. The sweep runs once the daemon is ready.
    held = lambda: set(re.findall(r"attribute\.item = (\S+)", bus.items()))  # noqa: E731
    try:
        wait_until(lambda: held() == items_in_rows(daemon), 20)
    except AssertionError:
        raise AssertionError(
            f"rows name {items_in_rows(daemon)}, and in the keyring is {bus.items()}; the log ends:"
            f" {daemon.log()[-2000:]}"
        ) from None
    counts["items compared"] += len(held())


def test_a_daemon_killed_at_random_loses_nothing_acknowledged_and_leaves_no_orphan(
    make_daemon, sandbox, bus, small_disk
):
    dice = random.Random(os.environ.get("FORGELINK_KILL_SEED", "7"))
    # A forge to which every token is good.
    sandbox.fault(
        "github",
        "status",
        path="/user$",
        status=200,
        body={"login": "octo-dev", "id": 1234567},
        times=10**9,
    )
    # Not "auto": while the keyring is away that keeps new tokens in memory, which is told and ends
    # with the daemon.
    daemon = make_daemon('[secrets]\nstore = "secret-service"\ncache = "0s"\n', bin_dir=RELEASE)
    daemon.wait_store()
    place, counts = (
        dict(zip(("protocol", "host"), sandbox.urls["github"].split("://"))),
        collections.Counter(),
    )
    clients = [
        Client(daemon, number, random.Random(dice.random()), place, counts) for number in range(4)
    ]
    acknowledged = refused = 0
    for turn in range(ROUNDS):
        counts["ended"] = counts["locked now"] = counts["purging"] = 0
        for one in clients:
            one.start()
        time.sleep(dice.uniform(0.02, 0.4))
        if small_disk and turn % 3 == 2:
            small_disk[0]()
            counts["full"] += 1
            time.sleep(dice.uniform(0.02, 0.3))
        if turn % 5 == 3:
            bus.lock()
            counts["locked"] += 1
            counts["locked now"] = 1
            time.sleep(dice.uniform(0.02, 0.3))
        elif turn % 7 == 4:
            counts["ended"] = 1
            counts["keyrings"] += 1
            bus.stop_keyring()
            bus.start_keyring()
            time.sleep(dice.uniform(0.02, 0.3))
        purge = turn % 4 == 1
        if purge:
            counts["purges"] += 1
            counts["purging"] = 1
            daemon.rpc().send("token.purge", scope=dice.choice(["all", "session"]))
            time.sleep(dice.uniform(0, 0.05))
        daemon.process.send_signal(signal.SIGKILL)
        daemon.process.wait()
        for one in clients:
            one.stop.set()
            one.join(30)
            assert one.trouble is None, one.trouble
            if purge:
                one.purged()
        if small_disk:
            small_disk[1]()
        check(daemon, bus, clients, counts)
        acknowledged, refused = acknowledged + sum(
            one.acknowledged for one in clients
        ), refused + sum(one.refused for one in clients)
        clients = [one.successor() for one in clients]
    assert acknowledged > ROUNDS
    each = ", ".join(
        f"{count} {method}" for method, count in sorted(counts.items()) if "." in method
    )
    note(
        f"kill: {ROUNDS} rounds, {counts['full']} with a full disk, {counts['locked']} with a"
        f" locked keyring, {counts['keyrings']} with the keyring killed too, {counts['purges']} in"
        f" a purge; {acknowledged} changes acknowledged ({each}), {refused} refused,"
        f" {counts['items compared']} items compared with their rows"
    )
