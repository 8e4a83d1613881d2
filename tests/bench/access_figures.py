# SPDX-License-Identifier: MIT
"""What the access log and the front of `forgelink run` cost: a Place in, rows of the table out."""
import os
import sqlite3
import statistics
import subprocess
import time

from figures import LOAD_ROUNDS, Row, call
from memory_figures import memory_of
from subjects import RELEASE, Place, add_work, tool
from support.sandbox import Sandbox, good

PAGE_ROUNDS, CLONE_ROUNDS, ENTRIES = 50, 5, 1_000_000


def access(place: Place):
    """credential.get with and without the log, and a page of a log with a million entries."""
    request = (
        '{"jsonrpc":"2.0","id":1,"method":"credential.get",'
        '"params":{"protocol":"https","host":"github.com"}}\n'
    )
    file, daemons = place.file("request", request), {}
    for name, settings in (("log", ""), ("no log", '[access]\nlog = "0"\n')):
        daemons[name] = place.daemon(name.replace(" ", "-"), "memory", settings)
        add_work(daemons[name])
    rows = []
    for clients in (1, 100):
        rates = {name: [] for name in daemons}
        for _ in range(LOAD_ROUNDS):
            for name, daemon in daemons.items():
                rates[name].append(tool("load", daemon.socket, file, clients, 1500)[0][0])
        median = {name: statistics.median(values) for name, values in rates.items()}
        rows.append(
            Row(
                (
                    "credential.get with the access log,"
                    f" {clients:,} client{'s' if clients > 1 else ''}"
                ),
                median["log"],
                "/s",
                0.95,
                True,
                "without",
                median["no log"],
            )
        )
    return rows + page(daemons["log"])


def page(daemon):
    daemon.call("access.list")
    identity = daemon.call("connection.get", connection="Work")["connection"]["id"]
    daemon.stop()
    log = sqlite3.connect(os.path.join(daemon.data, "access.db"))
    now = int(time.time())
    log.execute("DELETE FROM entries")
    log.executemany(
        (
            "INSERT INTO entries (at, connection, connection_name, action, outcome, program, pid,"
            " directory, host, path) VALUES (?, ?, 'Work', 'git', 'given', 1, 1, '', 'github.com',"
            " 'o/r')"
        ),
        ((now - ENTRIES + index, "other" if index % 2 else identity) for index in range(ENTRIES)),
    )
    log.commit()
    log.close()
    daemon.start()
    rpc, rows = daemon.rpc(), []
    for what, params in (("", {}), (" of a connection", {"connection": "Work"})):
        call(rpc, "access.list", **params)
        took = [call(rpc, "access.list", **params)[0] for _ in range(PAGE_ROUNDS)]
        rows.append(
            Row(f"a page{what} among {ENTRIES:,} entries", statistics.median(took), "ms", 10)
        )
    rpc.close()
    return rows


def front(place: Place):
    """A clone of 100 MB through a front beside one with the helper."""
    sandbox = Sandbox()
    place.closing.append(sandbox.close)
    daemon = place.daemon("front", "memory", sandbox.settings)
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    daemon.git("config", "--global", "credential.helper", "forgelink")
    url, seed = sandbox.urls["github"] + "/octo-dev/hello.git", os.path.join(place.folder, "seed")
    daemon.git("clone", "-q", url, seed)
    with open(os.path.join(seed, "big"), "wb") as out:
        out.write(os.urandom(100_000_000))
    daemon.git("add", "big", cwd=seed)
    daemon.git("commit", "-qm", "Big", cwd=seed)
    daemon.git("push", "-q", "origin", "HEAD:refs/heads/big", cwd=seed)
    environment = {**daemon.environment, "GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_NOSYSTEM": "1"}
    time.sleep(1)
    before = memory_of(daemon.process.pid)

    def clone(words):
        target = os.path.join(place.folder, "clone")
        begin = time.perf_counter()
        subprocess.run(
            [*words, "git", "clone", "-q", "--bare", "-b", "big", url, target],
            env=environment,
            check=True,
        )
        took = time.perf_counter() - begin
        subprocess.run(["rm", "-rf", target], check=True)
        return took

    through = [os.path.join(RELEASE, "forgelink"), "run", "Work", "--"]
    took = {"front": [], "direct": []}
    for _ in range(CLONE_ROUNDS):
        took["direct"].append(clone([]))
        took["front"].append(clone(through))
    median = {name: statistics.median(values) for name, values in took.items()}
    return [
        Row(
            "clone of 100 MB through a front",
            median["front"],
            "s",
            1.15,
            peer="direct",
            its=median["direct"],
        ),
        Row(
            "the same, most memory over idle",
            memory_of(daemon.process.pid, "VmHWM") - before,
            "MB",
            8,
        ),
    ]
