# SPDX-License-Identifier: MIT
"""A registry that cannot be read or written: said in a sentence, and nothing of it is lost."""
import os
import signal
import sqlite3
import subprocess
import time

import pytest
from support.daemon import RELEASE, RpcError
from support.sandbox import good


def start_refused(daemon):
    done = subprocess.run(
        [os.path.join(daemon.bin, "forgelinkd")],
        env=daemon.environment,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == 1 and "connections.db" in done.stderr, done
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr


def scrambled(content, at, size=200):
    return content[:at] + b"\xa5" * size + content[at + size :]


@pytest.mark.parametrize("damage", ["not a database", "cut short", "schema", "rows", "columns"])
def test_a_damaged_registry_stops_the_start_and_is_left_as_it_is(make_daemon, sandbox, bus, damage):
    daemon = make_daemon(bin_dir=RELEASE)
    for number in range(40):
        daemon.call("connection.add", name=f"c{number}" + "x" * 60, type="github")
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    daemon.stop()
    path = os.path.join(daemon.data, "connections.db")
    if damage == "columns":
        with sqlite3.connect(path) as database:
            database.execute("ALTER TABLE connections RENAME COLUMN hint TO advice")
        database.close()
    whole = open(path, "rb").read()
    with sqlite3.connect(f"file:{path}?immutable=1", uri=True) as database:
        page, root = (
            database.execute("PRAGMA page_size").fetchone()[0],
            database.execute(
                "SELECT rootpage FROM sqlite_schema WHERE name = 'connections'"
            ).fetchone()[0],
        )
    database.close()
    damaged = {
        "not a database": b"this was a database once" * 500,
        "cut short": whole[: page * 2 + 100],
        "schema": scrambled(whole, 100),
        "rows": scrambled(whole, page * (root - 1), page),
        "columns": whole,
    }[damage]
    with open(path, "wb") as out:
        out.write(damaged)
    start_refused(daemon)
    assert open(path, "rb").read() == damaged
    assert (
        bus.count() == 1
    )  # a registry that is not understood names no item, and none is swept for that
    if damage != "columns":
        # Put back as it was, everything is there.
        with open(path, "wb") as out:
            out.write(whole)
        daemon.start()
        daemon.wait_store()
        assert daemon.call("connection.list")["total"] == 41
        assert (
            daemon.call("connection.verify", connection="Work")["connection"]["token"]["state"]
            == "valid"
        )


def test_a_registry_that_cannot_be_written_says_so_and_goes_on_reading(make_daemon, sandbox, bus):
    """Another program holds it locked, as a careless backup might."""
    daemon = make_daemon(bin_dir=RELEASE)
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    holder = sqlite3.connect(os.path.join(daemon.data, "connections.db"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    for method, params in (
        ("connection.add", {"name": "x", "type": "gitlab", "token": "glpat-x", "verify": False}),
        ("connection.update", {"connection": "Work", "name": "y"}),
        ("connection.remove", {"connection": "Work"}),
        ("token.purge", {"scope": "connection", "connection": "Work"}),
    ):
        with pytest.raises(RpcError) as refused:
            daemon.call(method, **params)
        assert refused.value.kind == "database_failed" and refused.value.data["hint"], method
    assert (
        daemon.call(
            "credential.get", **dict(zip(("protocol", "host"), sandbox.urls["github"].split("://")))
        )["password"]
        == good(sandbox, "github")["token"]
    )
    holder.execute("ROLLBACK")
    holder.close()
    assert bus.count() == 1 and daemon.call("connection.list")["total"] == 1
    daemon.call("connection.update", connection="Work", name="y")


@pytest.mark.parametrize("damage", ["zeros", "cut", "noise"])
def test_fault_f5_a_registry_that_breaks_under_the_daemon_ends_nothing(
    make_daemon, sandbox, damage
):
    """What locked memory holds must not end with one bad sector."""
    daemon = make_daemon('[secrets]\nstore = "memory"\n')
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    host = sandbox.urls["github"].split("://")[1]
    asked = {"protocol": "http", "host": host}
    token = daemon.call("credential.get", **asked)["password"]
    for name in os.listdir(daemon.data):
        if name.startswith("connections.db") and not name.endswith("-shm"):
            path = os.path.join(daemon.data, name)
            size = os.path.getsize(path)
            with open(path, "r+b") as out:
                if damage == "cut":
                    out.truncate(0)
                else:
                    out.write(b"\0" * size if damage == "zeros" else os.urandom(size))
    daemon.process.send_signal(signal.SIGHUP)
    for method, params in (
        ("connection.verify", {"connection": "Work"}),
        ("connection.update", {"connection": "Work", "name": "Other"}),
        ("rule.list", {}),
        ("oauth_app.list", {}),
        ("access.list", {}),
        ("token.renew", {"connection": "Work"}),
    ):
        try:
            daemon.call(method, **params)
        except RpcError as refused:
            assert refused.kind
    time.sleep(1)
    assert daemon.process.poll() is None
    assert daemon.call("credential.get", **asked)["password"] == token
