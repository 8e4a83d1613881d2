# SPDX-License-Identifier: MIT
"""The figures of memory, as those of speed."""
import json
import os
import time

from figures import Row
from subjects import BITBUCKET_TOKEN, STORES, Place, add_work, fill, tool
from support.sandbox import Sandbox, good

IDLE_SECONDS, SETTLE_SECONDS = 20, 30


def memory_of(pid, line="VmRSS"):
    """Megabytes."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(text.split()[1]) / 1024 for text in status if text.startswith(line + ":"))


def switches_of(pid):
    """How often any of its threads has been put on a processor."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/status") as status:
            total += sum(int(line.split()[1]) for line in status if "ctxt_switches:" in line)
    return total


def idle(place: Place):
    """Memory and wake-ups with 100 connections, after git has asked for a token."""
    daemons = {}
    for store in STORES:
        daemon = daemons[store] = place.daemon(store, store, start=False)
        fill(daemon, 100)
        daemon.start()
        daemon.wait_store(backend="secret-service" if store == "keyring" else "memory")
        # The others are of github and gitlab, and a host that several fit gets no token.
        add_work(daemon, "bitbucket", BITBUCKET_TOKEN)
        assert (
            BITBUCKET_TOKEN.encode()
            in daemon.helper("get", "protocol=https\nhost=bitbucket.org\n\n").stdout
        )
    time.sleep(5)
    before = {store: switches_of(daemon.process.pid) for store, daemon in daemons.items()}
    time.sleep(IDLE_SECONDS)
    rows = []
    for store, daemon in daemons.items():
        woken = switches_of(daemon.process.pid) - before[store]
        rows.append(Row(f"idle memory, {store}", memory_of(daemon.process.pid), "MB", 16))
        rows.append(Row(f"wake-ups in {IDLE_SECONDS} s, {store}", woken, "", 2))
    return rows


def after(place: Place):
    """What is left over idle 30 s after a reply of 16 MiB, a list of 10,000 and a flood."""
    sandbox = Sandbox("--repositories", "10000")
    place.closing.append(sandbox.close)
    daemon = place.daemon("after", "memory", sandbox.settings)
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    time.sleep(5)
    idle_memory = memory_of(daemon.process.pid)
    rows = []

    def left_after(what):
        time.sleep(SETTLE_SECONDS)
        rows.append(Row(f"left after {what}", memory_of(daemon.process.pid) - idle_memory, "MB", 4))

    sandbox.fault("github", "huge", bytes=16 << 20)
    reply = daemon.call("forge.request", connection="Work", method="GET", path="/user")
    assert len(reply["body"]) == 16 << 20
    del reply
    left_after("a reply of 16 MiB")
    list_all(daemon, "repository.list", "repositories", connection="Work")
    left_after("a list of 10,000")
    question = {"jsonrpc": "2.0", "id": 1, "method": "connection.list"}
    file = place.file("request", json.dumps(question) + "\n")
    tool("load", daemon.socket, file, 1000, 1500)
    left_after("a flood of 1,000 clients")
    return rows


def list_all(daemon, method, key, **params):
    """All entries, in pages of 1,000: how many, and how many seconds they took."""
    rpc, cursor, listed, begin = daemon.rpc(), None, 0, time.perf_counter()
    while cursor is not None or not listed:
        page = rpc.call(method, limit=1000, **params, **({"cursor": cursor} if cursor else {}))
        listed, cursor = listed + len(page[key]), page["next_cursor"]
        if cursor is None:
            break
    rpc.close()
    return listed, time.perf_counter() - begin


def lists(place: Place):
    """10,000 repositories and 100,000 commits listed page by page: the most memory at any moment
    over that before."""
    sandbox = Sandbox("--repositories", "10000", "--commits", "100000")
    place.closing.append(sandbox.close)
    rows = []
    for kind in ("github", "gitlab", "bitbucket", "azure-devops"):
        daemon = place.daemon(kind, "memory", sandbox.settings)
        daemon.call("connection.add", name="Work", **good(sandbox, kind))
        time.sleep(1)
        before = memory_of(daemon.process.pid)
        listed, took = list_all(daemon, "repository.list", "repositories", connection="Work")
        assert listed >= 10000, f"{kind}: only {listed} repositories"
        rows.append(
            Row(
                f"{listed:,} repositories of {kind}, over idle",
                memory_of(daemon.process.pid, "VmHWM") - before,
                "MB",
                24,
            )
        )
        rows.append(Row(f"{listed:,} repositories of {kind}, all pages", took, "s"))
        if kind == "github":
            listed, took = list_all(
                daemon, "commit.list", "commits", connection="Work", repository="octo-dev/hello"
            )
            assert listed >= 100000, f"{kind}: only {listed} commits"
            rows.append(
                Row(
                    f"{listed:,} commits of {kind}, over idle",
                    memory_of(daemon.process.pid, "VmHWM") - before,
                    "MB",
                    24,
                )
            )
            rows.append(Row(f"{listed:,} commits of {kind}, all pages", took, "s"))
        daemon.stop()
    return rows
