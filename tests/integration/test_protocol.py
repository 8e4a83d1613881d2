"""The socket's protocol as programs see it, and what the daemon holds against those who misuse it."""
import json
import os
import re
import signal
import socket
import threading
import time

import pytest
from support.daemon import Rpc, RpcError
from support.keyring import wait_until
from support.sandbox import ROOT, TYPES, good, tokens


def test_the_openrpc_document_in_the_tree_is_the_one_the_daemon_gives(daemon):
    with open(os.path.join(ROOT, "ipc", "openrpc.json")) as kept:
        assert json.load(kept) == daemon.call("rpc.discover"), "make it again: forgelink call rpc.discover | python3 -m json.tool > ipc/openrpc.json"


def test_every_method_and_event_of_the_contract_is_there(daemon):
    methods = {one["name"] for one in daemon.call("rpc.discover")["methods"]}
    assert methods >= {"rpc.discover", "daemon.status", "type.list", "connection.add", "connection.list", "connection.get", "connection.update", "connection.remove", "connection.verify", "sign_in.start",
                       "sign_in.wait", "sign_in.cancel", "sign_in.complete", "repository.list", "commit.list", "credential.get", "credential.store", "credential.erase", "token.purge", "event.subscribe"}
    for one in daemon.call("rpc.discover")["methods"]:
        if one["params"] and any(param["required"] for param in one["params"]):
            with pytest.raises(RpcError) as refused:
                daemon.call(one["name"])
            assert refused.value.code == -32602 and refused.value.data["field"], one["name"]


def test_the_call_command_speaks_json_both_ways(daemon):
    done = daemon.cli("call", "connection.get", '{"connection": "nobody"}')
    assert done.returncode == 1 and json.loads(done.stdout)["error"]["data"]["kind"] == "not_found" and done.stderr
    assert json.loads(daemon.cli("call", "daemon.status", "-", stdin="{}", check=0).stdout)["protocol"] == 1
    assert daemon.cli("call", "daemon.status", "[1]").returncode == 2
    assert daemon.cli("nonsense").returncode == 2
    assert daemon.cli("--version", check=0).stdout.startswith("forgelink ")


def test_pages_go_on_by_cursor_and_a_wrong_one_is_refused(daemon):
    for number in range(7):
        daemon.call("connection.add", name=f"c{number}", type="github" if number % 2 else "gitlab")
    first = daemon.call("connection.list", limit=3)
    assert [one["name"] for one in first["connections"]] == ["c0", "c1", "c2"] and first["total"] == 7
    daemon.call("connection.remove", connection="c2")
    assert [one["name"] for one in daemon.call("connection.list", limit=3, cursor=first["next_cursor"])["connections"]] == ["c3", "c4", "c5"]
    assert daemon.call("connection.list", type="gitlab")["total"] == 3
    for wrong in ({"cursor": "!"}, {"limit": 0}, {"limit": 1001}, {"type": "x"}):
        with pytest.raises(RpcError) as refused:
            daemon.call("connection.list", **wrong)
        assert refused.value.kind == "invalid_params" and refused.value.data["field"] == next(iter(wrong))


def test_a_flood_hurts_nobody_else_and_memory_stays_bounded(release_daemon):
    daemon = release_daemon
    def resident():
        with open(f"/proc/{daemon.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])
    daemon.call("connection.add", name="Work", type="github")
    before = resident()
    idle = [daemon.rpc() for _ in range(500)]
    for one in idle[:100]:
        one.send_raw(b'{"jsonrpc": "2.0", "id"')  # half a request
    deaf = daemon.rpc()
    deaf.call("event.subscribe")
    greedy = daemon.rpc()
    def flood():
        try:
            for _ in range(40):
                greedy.send_raw(b"[" + b",".join(b'{"jsonrpc":"2.0","id":1,"method":"connection.list"}' for _ in range(5000)) + b"]\n")
        except OSError:
            pass
    pusher = threading.Thread(target=flood, daemon=True)
    pusher.start()
    honest, slowest = daemon.rpc(), 0
    for _ in range(200):
        begun = time.monotonic()
        honest.call("connection.get", connection="Work")
        slowest = max(slowest, time.monotonic() - begun)
    bomb = daemon.rpc()
    bomb.send_raw(b"[" * 100000 + b"\n")
    assert "32 levels" in bomb.read()["error"]["message"]
    assert resident() - before < 120_000, (before, resident())
    greedy.socket.shutdown(socket.SHUT_RDWR)
    pusher.join(10)
    for one in [*idle, deaf, bomb]:
        one.close()
    wait_until(lambda: daemon.call("daemon.status")["clients"] <= 3)


def test_no_token_is_anywhere_it_should_not_be(make_daemon, sandbox, bus, folder):
    from support.daemon import RELEASE
    daemon = make_daemon('[daemon]\nlog_level = "trace"\n', bin_dir=RELEASE)
    watcher = daemon.rpc()
    watcher.call("event.subscribe")
    canaries = {good(sandbox, kind)["token"] for kind in TYPES} | {tokens.first(tokens.GITHUB, "revoked"), tokens.first(tokens.GITHUB, "second")}
    for kind in TYPES:
        daemon.call("connection.add", name=kind, **good(sandbox, kind))
    for kind in TYPES:
        daemon.call("connection.verify", connection=kind)
        daemon.call("repository.list", connection=kind)
    errors = []
    for params in ({"name": "x", "type": "github", "token": tokens.first(tokens.GITHUB, "revoked")}, {"name": "github", "type": "github", "token": tokens.first(tokens.GITHUB, "second")},
                   {"name": "x", "type": "gitlab", "token": tokens.first(tokens.GITHUB, "good")}):
        with pytest.raises(RpcError) as refused:
            daemon.call("connection.add", **params)
        errors.append(str(refused.value))
    with pytest.raises(RpcError) as refused:
        daemon.call("connection.update", connection="github", token=tokens.first(tokens.GITHUB, "second"))
    errors.append(str(refused.value))
    where = dict(zip(("protocol", "host"), sandbox.urls["github"].split("://")))
    daemon.helper("get", "".join(f"{k}={v}\n" for k, v in where.items()) + "\n")
    watcher.call("daemon.status")
    pid = daemon.process.pid
    places = {"log": daemon.log(), "errors": "".join(errors), "events": json.dumps(watcher.events), "environment": open(f"/proc/{pid}/environ", errors="replace").read(), "command line": open(f"/proc/{pid}/cmdline").read()}
    for name in os.listdir(daemon.data):
        places[name] = open(os.path.join(daemon.data, name), errors="replace").read()
    for place, text in places.items():
        assert not [one for one in canaries if one in text], place
    # Core files and reading by the user's other programs are off.
    assert open(f"/proc/{pid}/limits").read().split("Max core file size")[1].split()[0] == "0"
    assert os.stat(f"/proc/{pid}/environ").st_uid == 0
    # After everything is taken away, the daemon's own memory holds none of them.
    daemon.call("token.purge", scope="all")
    for kind in TYPES:
        daemon.call("connection.remove", connection=kind)
    time.sleep(0.3)
    left, searched = set(), 0
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            if "r" not in line.split()[1] or "[v" in line:
                continue
            begin, end = (int(part, 16) for part in line.split()[0].split("-"))
            try:
                memory.seek(begin)
                content = memory.read(end - begin)
            except OSError:
                continue
            searched += len(content)
            left |= {(one, line.split()[-1]) for one in canaries if one.encode() in content}
    assert searched > 1_000_000 and not left, left


def test_a_daemon_killed_at_random_loses_nothing_acknowledged_and_leaves_no_orphan(make_daemon, sandbox, bus):
    import random
    import sqlite3
    from support.daemon import RELEASE
    dice = random.Random(7)
    daemon = make_daemon('[secrets]\ncache = "0s"\n', bin_dir=RELEASE)
    there, lock = {}, threading.Lock()
    rounds = int(os.environ.get("FORGELINK_KILL_ROUNDS", "12"))
    for turn in range(rounds):
        stop = threading.Event()
        def work(worker):
            rng = random.Random(turn * 100 + worker)
            try:
                rpc = Rpc(daemon.socket, 10)
                while not stop.is_set():
                    name = f"w{worker}-{rng.randrange(6)}"
                    try:
                        if name not in there:
                            with lock:
                                there[name] = "unknown"
                            token = f"ghp_{turn}_{worker}_{rng.random()}"
                            rpc.call("connection.add", name=name, type="github", token=token, verify=False)
                            there[name] = token
                        elif rng.random() < 0.5:
                            token, old = f"ghp_{turn}_{worker}_{rng.random()}", there[name]
                            there[name] = ("either", old, token)
                            rpc.call("connection.update", connection=name, token=token, verify=False)
                            there[name] = token
                        else:
                            there[name] = "unknown"
                            rpc.call("connection.remove", connection=name)
                            with lock:
                                del there[name]
                    except RpcError as refused:
                        if refused.kind == "name_taken":
                            there[name] = "unknown"
                        elif refused.kind == "not_found":
                            with lock:
                                there.pop(name, None)
                        else:
                            raise
            except (OSError, EOFError):
                pass
        workers = [threading.Thread(target=work, args=(n,)) for n in range(3)]
        for one in workers:
            one.start()
        time.sleep(dice.uniform(0.05, 0.4))
        daemon.process.send_signal(signal.SIGKILL)
        daemon.process.wait()
        stop.set()
        for one in workers:
            one.join(20)
        database = sqlite3.connect(f"file:{daemon.data}/connections.db", uri=True)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        database.close()
        daemon.start()
        daemon.wait_store()
        listed = {one["name"]: one for one in daemon.call("connection.list", limit=1000)["connections"]}
        for name, state in list(there.items()):
            if state == "unknown":
                if name not in listed:
                    del there[name]
                continue
            assert name in listed, (turn, name)
        for name in listed:
            there.setdefault(name, "unknown")
        wait_until(lambda: bus.count() == len(listed), 15)
        held = set(re.findall(r"secret = (ghp_\S+)", bus.items()))
        for name, state in there.items():
            if isinstance(state, tuple):
                assert set(state[1:]) & held or "unknown" in state or any(isinstance(part, tuple) for part in state), (turn, name)
            elif state != "unknown":
                assert state in held, (turn, name)
        assert all(one["token"]["state"] == "unverified" for one in listed.values())
