# SPDX-License-Identifier: MIT
"""The figures of speed, one function each: a Place in, rows of the table out."""
import json
import os
import shutil
import statistics
import subprocess
import time
from dataclasses import dataclass

from subjects import (
    BITBUCKET_TOKEN,
    RELEASE,
    STORES,
    TOKEN,
    TOOLS,
    Place,
    add_work,
    fill,
    libsecret_helper,
    tool,
)

HELPER_ROUNDS, LOAD_ROUNDS, START_TURNS, START_ROUNDS, CALL_ROUNDS = 500, 5, 3, 7, 200


@dataclass
class Row:
    """A figure of ours, perhaps beside a peer's. The budget is for the ratio where there is a
    peer, else for the figure."""

    what: str
    ours: float
    unit: str
    budget: float | None = None
    at_least: bool = False
    peer: str = ""
    its: float | None = None

    def ratio(self):
        return None if self.its is None else self.ours / self.its

    def missed(self):
        if self.budget is None:
            return False
        value = self.ours if self.its is None else self.ratio()
        return value < self.budget if self.at_least else value > self.budget

    def number(self, value):
        return (
            f"{value:,.0f} {self.unit}"
            if value >= 100 or float(value).is_integer()
            else f"{value:.2f} {self.unit}"
        )

    def cells(self):
        bound = (
            ""
            if self.budget is None
            else ("≥ " if self.at_least else "≤ ")
            + (self.number(self.budget) if self.its is None else f"{self.budget:g} ×")
        )
        ratio = "" if self.its is None else f"{self.ratio():.2f} ×"
        verdict = "" if self.budget is None else "MISSED" if self.missed() else "met"
        return (
            self.what,
            self.number(self.ours),
            self.peer,
            "" if self.its is None else self.number(self.its),
            ratio,
            bound,
            verdict,
        )


def helper(place: Place):
    """git's helpers as whole processes: first those with a budget in turn, then the larger ones,
    which leave cold caches behind."""
    question = place.file("question", "protocol=https\nhost=github.com\n\n")
    answer = f"protocol=https\nhost=github.com\nusername=octo-dev\npassword={TOKEN}\n\n"
    peers_home = place.bus("peers")
    environment = {
        **peers_home.environment,
        "GH_CONFIG_DIR": os.path.join(peers_home.folder, "gh"),
        "GIT_CONFIG_NOSYSTEM": "1",
    }

    commands = {}
    for store in STORES:
        daemon = place.daemon(store, store)
        add_work(daemon)
        commands[f"ours, {store}"] = [
            f"FORGELINK_SOCKET={daemon.socket}",
            os.path.join(RELEASE, "git-credential-forgelink"),
            "get",
        ]
    reply = (
        json.dumps(
            {
                "jsonrpc": "2.0",
                "id": 1,
                "result": {
                    "username": "octo-dev",
                    "password": TOKEN,
                    "connection": "0190f3c2-0000-7000-8000-000000000000",
                },
            }
        )
        + "\n"
    )
    commands["static round trip"] = [
        os.path.join(TOOLS, "static_roundtrip"),
        place.echo("echo", reply.encode()),
    ]
    commands["git credential-cache"] = ["git", "credential-cache", "get"]
    quietly = {
        "input": answer,
        "text": True,
        "env": environment,
        "check": True,
        "stdout": subprocess.DEVNULL,
    }
    subprocess.run(["git", "credential-cache", "store"], **quietly)
    place.closing.append(
        lambda: subprocess.run(["git", "credential-cache", "exit"], env=environment)
    )
    if program := libsecret_helper():
        subprocess.run([program, "store"], **quietly)
        commands["git-credential-libsecret"] = [program, "get"]
    if shutil.which("gh"):
        os.makedirs(environment["GH_CONFIG_DIR"])
        place.file(
            "peers/gh/hosts.yml",
            f"github.com:\n    user: octo-dev\n    oauth_token: {TOKEN}\n    git_protocol: https\n",
        )
        commands["gh auth git-credential"] = ["gh", "auth", "git-credential", "get"]

    for name, words in commands.items():
        done = subprocess.run(
            ["env", *words], stdin=open(question), capture_output=True, text=True, env=environment
        )
        assert (
            done.returncode == 0 and TOKEN in done.stdout
        ), f"{name} gave no token: {done.stdout}{done.stderr}"
    ours, budgets = [f"ours, {store}" for store in STORES], {
        "git credential-cache": 0.85,
        "static round trip": 1.2,
    }
    rows = []
    for peers, rounds in (
        (list(budgets), HELPER_ROUNDS),
        ([name for name in commands if name not in (*ours, *budgets)], HELPER_ROUNDS // 5),
    ):
        names = ours + peers
        words = [word for name in names for word in ("--", *commands[name])]
        took = {
            name: median / 1000
            for name, (median, _) in zip(
                names, tool("measure_process", rounds, question, *words, env=environment)
            )
        }
        rows += [
            Row(
                f"git helper, {store}",
                took[f"ours, {store}"],
                "ms",
                budgets.get(peer),
                peer=peer,
                its=took[peer],
            )
            for store in STORES
            for peer in peers
        ]
    return rows


def load(place: Place):
    """Requests per second beside the echo server that sends the very same reply."""
    request = (
        json.dumps(
            {
                "jsonrpc": "2.0",
                "id": 1,
                "method": "connection.get",
                "params": {"connection": "Work"},
            }
        )
        + "\n"
    )
    file = place.file("request", request)
    sockets = {}
    for store in STORES:
        daemon = place.daemon(store, store)
        add_work(daemon)
        sockets[store] = daemon.socket
        rpc = daemon.rpc()
        rpc.send_raw(request.encode())
        reply = json.dumps(rpc.read(), separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
        rpc.close()
    sockets["echo"] = place.echo("echo", reply)
    rows = []
    for clients in (1, 100, 1000):
        rates = {name: [] for name in sockets}
        for _ in range(LOAD_ROUNDS):
            for name, socket in sockets.items():
                rates[name].append(tool("load", socket, file, clients, 1500)[0][0])
        median = {name: statistics.median(values) for name, values in rates.items()}
        rows += [
            Row(
                f"connection.get, {clients:,} client{'s' if clients > 1 else ''}, {store}",
                median[store],
                "/s",
                0.7,
                True,
                "Asio echo",
                median["echo"],
            )
            for store in STORES
        ]
    return rows


def timed(rpc, line):
    """Milliseconds from sending a line until its answer has come whole; and the answer."""
    begin = time.perf_counter()
    rpc.send_raw(line)
    received = b""
    while not received.endswith(b"\n"):
        received += rpc.socket.recv(1 << 20)
    took = (time.perf_counter() - begin) * 1000
    return took, json.loads(received)


def call(rpc, method, /, **params):
    took, answer = timed(
        rpc,
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        + b"\n",
    )
    return took, answer["result"]


def all_rows_read(place, daemon):
    """Milliseconds that the sqlite3 shell takes to read and print every connection."""
    query = place.file("query", "SELECT * FROM connections;\n")
    database = os.path.join(daemon.data, "connections.db")
    words = ("--", "sqlite3", "-batch", "-readonly", database)
    return tool("measure_process", 5, query, *words)[0][0] / 1000


def helper_among(place, daemons, few, lots):
    """git's helper with a token among many connections, beside among few."""
    question = place.file("bitbucket", "protocol=https\nhost=bitbucket.org\n\n")
    words = []
    for daemon in (daemons[few], daemons[lots]):
        # The others are of github and gitlab, and a host that several fit gets no token.
        add_work(daemon, "bitbucket", BITBUCKET_TOKEN)
        program = os.path.join(RELEASE, "git-credential-forgelink")
        words += ["--", f"FORGELINK_SOCKET={daemon.socket}", program, "get"]
    among_few, among_lots = tool("measure_process", HELPER_ROUNDS // 5, question, *words)
    return Row(
        "git helper among 100,000",
        among_lots[0] / 1000,
        "ms",
        1.2,
        peer="among 100",
        its=among_few[0] / 1000,
    )


def many(place: Place):
    """100,000 connections beside 100, both daemons at once."""
    rows, rpcs, few, lots = [], {}, 100, 100_000
    daemons = {size: place.daemon(f"of-{size}", "memory", start=False) for size in (few, lots)}
    for size, daemon in daemons.items():
        fill(daemon, size)
    ready, _ = tool(
        "measure_start",
        5,
        daemons[lots].socket,
        os.path.join(RELEASE, "forgelinkd"),
        env=daemons[lots].environment,
    )[0]
    rows.append(
        Row(
            "ready with 100,000 connections",
            ready / 1000,
            "ms",
            1.5,
            peer="sqlite3, all rows",
            its=all_rows_read(place, daemons[lots]),
        )
    )
    for size, daemon in daemons.items():
        daemon.start()
        rpcs[size] = daemon.rpc()

    pages, cursor = [], None
    while cursor is not None or not pages:
        took, page = call(
            rpcs[lots], "connection.list", limit=100, **({"cursor": cursor} if cursor else {})
        )
        pages.append(took)
        cursor = page["next_cursor"]
    assert len(pages) == lots // 100 and page["total"] == lots
    rows.append(Row("a page of 100 of 100,000, median", statistics.median(pages), "ms", 2))
    rows.append(
        Row("a page of 100 of 100,000, 99 of 100", statistics.quantiles(pages, n=100)[98], "ms")
    )

    took = {(method, size): [] for method in ("get", "add") for size in rpcs}
    for number in range(CALL_ROUNDS):
        for size, rpc in rpcs.items():
            took["get", size].append(
                call(rpc, "connection.get", connection=f"connection-{number * 487 % size:06}")[0]
            )
            took["add", size].append(
                call(rpc, "connection.add", name=f"new {number}", type="github", verify=False)[0]
            )
            call(rpc, "connection.remove", connection=f"new {number}")
    for method in ("get", "add"):
        rows.append(
            Row(
                f"connection.{method} among 100,000",
                statistics.median(took[method, lots]),
                "ms",
                2,
                peer="among 100",
                its=statistics.median(took[method, few]),
            )
        )
    return rows + [helper_among(place, daemons, few, lots)]


def rules(place: Place):
    """credential.get where a rule chooses among 1,000 connections on one host, beside one
    connection without rules."""
    count, where = 1_000, {"protocol": "https", "host": "github.com"}
    questions = {
        "credential.get, 1,000 rules and connections": {
            **where,
            "path": "owner0/name.git",
            "directory": "/home/me/work",
        },
        "the same, a user name sent": {**where, "username": "user0"},
    }
    rpcs = {}
    for name, connections in (("one", 1), ("many", count)):
        daemon = place.daemon(f"rules-{name}", "memory")
        rpcs[name] = daemon.rpc()
        for number in range(connections):
            token = {"token": TOKEN} if number == 0 else {}
            rpcs[name].call(
                "connection.add",
                name=f"{number}",
                type="github",
                username=f"user{number}",
                verify=False,
                **token,
            )
            if connections > 1:
                rpcs[name].call(
                    "rule.add", connection=f"{number}", url=f"https://github.com/owner{number}"
                )
    rows = []
    for what, question in questions.items():
        took = {name: [] for name in rpcs}
        for _ in range(CALL_ROUNDS * 10):
            for name, rpc in rpcs.items():
                milliseconds, answer = call(rpc, "credential.get", **question)
                assert answer["password"] == TOKEN
                took[name].append(milliseconds)
        median = {name: statistics.median(values) for name, values in took.items()}
        rows.append(Row(what, median["many"], "ms", 1.2, peer="one, no rule", its=median["one"]))
    return rows


def start(place: Place):
    """From the start of the process to its first reply, the stores in turn."""
    daemons = {store: place.daemon(store, store, start=False) for store in STORES}
    medians, worst = {store: [] for store in STORES}, dict.fromkeys(STORES, 0)
    for daemon in daemons.values():
        fill(daemon, 100)
    for _ in range(START_TURNS):
        for store, daemon in daemons.items():
            command = (daemon.socket, os.path.join(RELEASE, "forgelinkd"))
            median, slowest = tool("measure_start", START_ROUNDS, *command, env=daemon.environment)[
                0
            ]
            medians[store].append(median / 1000)
            worst[store] = max(worst[store], slowest / 1000)
    took = {store: statistics.median(values) for store, values in medians.items()}
    what = "ready with 100 connections"
    rows = [
        Row(f"{what}, keyring", took["keyring"], "ms", 1.2, peer="memory", its=took["memory"]),
        Row(f"{what}, memory", took["memory"], "ms", 25),
    ]
    rounds = START_TURNS * START_ROUNDS
    return rows + [Row(f"the slowest of {rounds}, {name}", worst[name], "ms") for name in STORES]
