"""A thousand clients, most of them rude, and one that is honest."""
import os
import socket
import statistics
import threading
import time

from support.figures import note
from support.keyring import wait_until
from support.memory import resident

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
                client.send_raw(LINE[at:at + 1])
                if until.wait(0.02):
                    return
    except OSError:
        pass


def push_batches(client, size, count):
    """Batches whose answers nobody reads."""
    batch = b"[" + b",".join([b'{"jsonrpc":"2.0","id":1,"method":"connection.list"}'] * size) + b"]\n"
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
    floods = [threading.Thread(target=pipeline, args=(daemon, REQUESTS // 4, answered), daemon=True) for _ in range(4)]
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
    note(f"flood: {len(idle) + len(slow) + len(deaf) + 6} clients, {sum(answered):,} requests answered in {seconds:.1f} s; an honest client beside them: {len(took)} requests, "
         f"median {statistics.median(took):.1f} ms, p99 {statistics.quantiles(took, n=100)[98]:.1f} ms; at most {(most - before) / 1024:.1f} MB over {before / 1024:.1f} MB")

    over.set()
    greedy.socket.shutdown(socket.SHUT_RDWR)
    for one in [*idle, *slow, *deaf, greedy]:
        one.close()
    wait_until(lambda: daemon.call("daemon.status")["clients"] <= 3)
