# SPDX-License-Identifier: MIT
"""A thousand clients, most of them rude, and one that is honest."""
import http.client
import os
import random
import resource
import socket
import statistics
import threading
import time

import pytest
from support.browse import browse, redirect_of
from support.daemon import RpcError
from support.figures import note
from support.keyring import wait_until
from support.memory import resident
from support.sandbox import tokens

REQUESTS = int(os.environ.get("FORGELINK_FLOOD_REQUESTS", "1000000"))
LINE = b'{"jsonrpc":"2.0","id":1,"method":"connection.get","params":{"connection":"Work"}}\n'


def pipeline(daemon, count, answered):
    """Sends so many requests without waiting for answers, and counts the answers."""
    client = daemon.rpc().socket
    client.settimeout(120)

    def push():
        sent = 0
        while sent < count:
            many = min(1000, count - sent)
            client.sendall(LINE * many)
            sent += many

    pusher = threading.Thread(target=push, daemon=True)
    pusher.start()
    got = 0
    while got < count:
        piece = client.recv(1 << 18)
        assert piece, "the daemon hung up"
        got += piece.count(b"\n")
    pusher.join(10)
    client.close()
    answered.append(got)


def drip(client, until):
    """A request a byte at a time, over and over."""
    try:
        while not until.is_set():
            for at in range(len(LINE)):
                client.send_raw(LINE[at : at + 1])
                if until.wait(0.02):
                    return
    except OSError:
        pass


def push_batches(client, size, count):
    """Batches whose answers nobody reads."""
    batch = (
        b"[" + b",".join([b'{"jsonrpc":"2.0","id":1,"method":"connection.list"}'] * size) + b"]\n"
    )
    try:
        for _ in range(count):
            client.send_raw(batch)
    except OSError:
        pass


def test_a_thousand_rude_clients_hurt_no_honest_one_and_memory_stays_bounded(release_daemon):
    daemon, over = release_daemon, threading.Event()
    pid = daemon.process.pid
    daemon.call("connection.add", name="Work", type="github")
    before = resident(pid)
    idle = [daemon.rpc() for _ in range(965)]
    for one in idle[:300]:
        one.send_raw(b'{"jsonrpc": "2.0", "id"')  # half a request, and no more
    slow = [daemon.rpc() for _ in range(20)]
    deaf = [daemon.rpc() for _ in range(10)]
    for one in deaf:
        one.send("event.subscribe")  # and never reads
    greedy = daemon.rpc()
    answered = []
    busy = [threading.Thread(target=drip, args=(one, over), daemon=True) for one in slow]
    busy += [threading.Thread(target=push_batches, args=(greedy, 10_000, 20), daemon=True)]
    floods = [
        threading.Thread(target=pipeline, args=(daemon, REQUESTS // 4, answered), daemon=True)
        for _ in range(4)
    ]
    begun = time.monotonic()
    for one in [*busy, *floods]:
        one.start()

    honest, took, most = daemon.rpc(), [], 0
    assert honest.call("daemon.status")["clients"] >= 995
    while any(one.is_alive() for one in floods) or len(took) < 200:
        at = time.monotonic()
        assert honest.call("connection.get", connection="Work")["connection"]["name"] == "Work"
        took.append((time.monotonic() - at) * 1000)
        most = max(most, resident(pid))
        if len(took) % 50 == 0:
            bomb = daemon.rpc()
            bomb.send_raw(b"[" * 100_000 + b"\n")
            assert "32 levels" in bomb.read()["error"]["message"]
            bomb.close()
    seconds = time.monotonic() - begun
    assert sum(answered) == REQUESTS // 4 * 4
    assert most - before < 120_000, (before, most)
    note(
        f"flood: {len(idle) + len(slow) + len(deaf) + 6} clients, {sum(answered):,} requests"
        f" answered in {seconds:.1f} s; an honest client beside them: {len(took)} requests, median"
        f" {statistics.median(took):.1f} ms, p99 {statistics.quantiles(took, n=100)[98]:.1f} ms; at"
        f" most {(most - before) / 1024:.1f} MB over {before / 1024:.1f} MB"
    )

    over.set()
    greedy.socket.shutdown(socket.SHUT_RDWR)
    for one in [*idle, *slow, *deaf, greedy]:
        one.close()
    wait_until(lambda: daemon.call("daemon.status")["clients"] <= 3)


def test_without_a_file_left_to_open_the_daemon_goes_on_and_takes_in_again(release_daemon):
    daemon = release_daemon
    daemon.call("connection.add", name="Work", type="github")
    honest = daemon.rpc()
    honest.call("daemon.status")
    before = resident(daemon.process.pid)
    resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE, (64, 64))
    crowd = []
    for _ in range(200):
        client = socket.socket(socket.AF_UNIX)
        client.connect(daemon.socket)  # waits in the backlog once there is no file for it
        crowd.append(client)
    wait_until(lambda: "could not be taken in" in daemon.log())
    # Who is in is served; what needs a file of its own is an error of its kind.
    assert honest.call("connection.get", connection="Work")["connection"]["name"] == "Work"
    with pytest.raises(RpcError) as refused:
        honest.call(
            "connection.add",
            name="Other",
            type="gitlab-self-managed",
            server_url="https://127.0.0.1:1",
            token="glpat-x",
        )
    assert refused.value.kind in (
        "forge_unreachable",
        "keyring_unavailable",
        "tls_untrusted",
    ), refused.value
    for client in crowd:
        client.close()
    wait_until(lambda: daemon.call("daemon.status")["clients"] <= 3)
    assert resident(daemon.process.pid) - before < 20_000


def test_a_storm_of_connections_leaves_nothing_behind(release_daemon):
    daemon = release_daemon
    daemon.call("daemon.status")
    pid = daemon.process.pid

    def storm(count):
        for number in range(count):
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(daemon.socket)
                client.sendall(
                    (
                        LINE,
                        LINE[:20],
                        b"",
                        b"\0\xff\n",
                        b"[" + LINE.strip() + b"," + LINE.strip() + b"]\n",
                    )[number % 5]
                )

    storm(500)
    files, before = len(os.listdir(f"/proc/{pid}/fd")), resident(pid)
    rude = [threading.Thread(target=storm, args=(2500,)) for _ in range(4)]
    for one in rude:
        one.start()
    for one in rude:
        one.join(120)
    wait_until(daemon.answers, 30)  # once those in the backlog have had their turn
    wait_until(lambda: daemon.call("daemon.status")["clients"] <= 1, 30)
    wait_until(lambda: len(os.listdir(f"/proc/{pid}/fd")) <= files + 1)
    assert resident(pid) - before < 20_000
    note(
        f"flood: a storm of 10,500 short connections, {(resident(pid) - before) / 1024:.1f} MB more"
        " after it"
    )


def test_sixteen_sign_ins_whose_ports_are_flooded_still_hear_the_browser(release_daemon, sandbox):
    daemon = release_daemon
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
    sandbox.set("github", expiring=False, signs_in="octo-dev", granted=None)
    pid = daemon.process.pid
    before, over = resident(pid), threading.Event()
    started = [
        daemon.call("sign_in.start", method="browser", add={"name": f"n{number}"})
        for number in range(16)
    ]
    ports = [int(one["redirect_uri"].split(":")[2].split("/")[0]) for one in started]
    dice = random.Random(7)

    def pester(port):
        """Connections that say nothing, a little, a lot, or nonsense, and stay."""
        held = []
        while not over.is_set():
            client = socket.socket()
            try:
                client.connect(("127.0.0.1", port))
                client.sendall(
                    (
                        b"",
                        b"GET /callback",
                        b"GET / HTTP/1.1\r\nX: " + b"x" * 20_000,
                        dice.randbytes(3000),
                        b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n" + b"y" * 9000,
                    )[dice.randrange(5)]
                )
            except OSError:
                pass
            held.append(client)
            if len(held) > 30:
                held.pop(0).close()
            over.wait(0.002)
        for client in held:
            client.close()

    rude = [threading.Thread(target=pester, args=(port,), daemon=True) for port in ports]
    for one in rude:
        one.start()
    try:
        most = 0
        for one in started:
            # The browser comes again when its connection was taken from it, as browsers do.
            wait_until(
                lambda one=one, target=redirect_of(one): reaches(target)
                or daemon.call("sign_in.wait", sign_in=one["sign_in"], timeout=0)["state"]
                == "completed",
                30,
            )
            assert (
                daemon.call("sign_in.wait", sign_in=one["sign_in"], timeout=60)["state"]
                == "completed"
            )
            most = max(most, resident(pid))
    finally:
        over.set()
        for one in rude:
            one.join(10)
    assert most - before < 60_000, (before, most)
    note(
        "flood: 16 sign-ins with their ports flooded, all finished; at most"
        f" {(most - before) / 1024:.1f} MB over {before / 1024:.1f} MB"
    )


def reaches(target):
    try:
        return browse(target)[0] == 200
    except (OSError, http.client.HTTPException):
        return False
