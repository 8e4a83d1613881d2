# SPDX-License-Identifier: MIT
"""A keyring that fails: no token lost, nobody kept waiting, the state told."""
import os
import signal
import sqlite3
import subprocess
import time

import pytest
from support.daemon import RpcError
from support.keyring import PrivateBus, wait_until
from support.sandbox import good, tokens


def quick(call, *words, **params):
    begun = time.monotonic()
    try:
        return call(*words, **params)
    finally:
        assert time.monotonic() - begun < 4.5


def test_a_locked_keyring_is_never_no_token(make_daemon, sandbox, bus):
    daemon = make_daemon('[secrets]\ncache = "0s"\n')
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    where = dict(zip(("protocol", "host"), sandbox.urls["github"].split("://")))
    bus.lock()
    daemon.wait_store("locked")
    answer = quick(daemon.call, "credential.get", **where)
    assert answer["quit"] is True and "locked" in answer["message"] and "password" not in answer
    with pytest.raises(RpcError) as refused:
        quick(daemon.call, "repository.list", connection="Work")
    assert refused.value.kind == "keyring_locked"
    assert (
        daemon.call("connection.get", connection="Work")["connection"]["token"]["state"] == "valid"
    )
    bus.unlock()
    daemon.wait_store()
    assert daemon.call("credential.get", **where)["password"] == good(sandbox, "github")["token"]
    assert bus.count() == 1


def test_a_hung_keyring_keeps_nobody_waiting_and_the_cache_serves_git(daemon, sandbox, bus):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    daemon.call("connection.add", name="Lab", **good(sandbox, "gitlab"))
    where = dict(zip(("protocol", "host"), sandbox.urls["github"].split("://")))
    bus.keyring.send_signal(signal.SIGSTOP)
    try:
        assert quick(daemon.call, "credential.get", **where)["password"]
        with pytest.raises(RpcError) as refused:
            quick(daemon.call, "connection.add", name="New", **good(sandbox, "github"))
        assert refused.value.kind == "keyring_unavailable"
        daemon.wait_store("unavailable")
        assert daemon.call("connection.list")["total"] == 2
        assert quick(daemon.call, "connection.remove", connection="Lab")["removed"]
    finally:
        bus.keyring.send_signal(signal.SIGCONT)
    wait_until(lambda: bus.count() <= 2, 10)
    quick(daemon.call, "daemon.status")
    daemon.call("connection.add", name="Again", **good(sandbox, "github"))
    daemon.wait_store()
    wait_until(lambda: bus.count() == 2, 15)


def test_a_keyring_that_hung_is_there_again_without_being_used(daemon, sandbox, bus):
    bus.keyring.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(RpcError):
            daemon.call("connection.add", name="New", **good(sandbox, "github"))
        daemon.wait_store("unavailable")
    finally:
        bus.keyring.send_signal(signal.SIGCONT)
    daemon.wait_store()


def test_a_killed_and_restarted_keyring_brings_its_tokens_back(make_daemon, sandbox, bus):
    daemon = make_daemon('[secrets]\ncache = "0s"\n')
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    watcher = daemon.rpc()
    watcher.call("event.subscribe", kinds=["secret_store.changed"])
    bus.stop_keyring()
    watcher.wait_event("secret_store.changed")
    assert (
        daemon.call("connection.get", connection="Work")["connection"]["token"]["state"]
        == "unavailable"
    )
    with pytest.raises(RpcError) as refused:
        quick(daemon.call, "connection.verify", connection="Work")
    assert refused.value.kind == "keyring_unavailable"
    bus.start_keyring()
    daemon.wait_store()
    assert (
        daemon.call("connection.verify", connection="Work")["connection"]["token"]["state"]
        == "valid"
    )


def test_auto_takes_memory_where_there_is_no_service_and_returns_when_it_comes(
    make_daemon, sandbox, bus
):
    bus.stop_keyring()
    daemon = make_daemon()
    daemon.wait_store("available", "memory")
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    assert (
        daemon.call("connection.get", connection="Work")["connection"]["token"]["stored_in"]
        == "memory"
    )
    assert "in memory" in daemon.cli("list", check=0).stdout
    bus.start_keyring()
    daemon.wait_store(seconds=5)
    daemon.call("connection.add", name="Kept", **good(sandbox, "gitlab"))
    assert bus.count() == 1
    assert (
        daemon.call("connection.verify", connection="Work")["connection"]["token"]["state"]
        == "valid"
    )
    daemon.restart()
    daemon.wait_store()
    assert (
        daemon.call("connection.get", connection="Work")["connection"]["token"]["state"]
        == "missing"
    )
    assert (
        daemon.call("connection.get", connection="Kept")["connection"]["token"]["state"] == "valid"
    )


def test_a_bus_that_comes_late_is_noticed(folder, sandbox):
    from support.daemon import Daemon

    private = PrivateBus(folder, keyring=False)
    private.bus.kill()
    private.bus.wait()
    os.remove(private.socket)
    daemon = Daemon(private.environment, sandbox.settings)
    try:
        daemon.wait_store("available", "memory")
        private.start_bus()
        private.start_keyring()
        daemon.wait_store(seconds=5)
        daemon.call("connection.add", name="Work", **good(sandbox, "github"))
        assert private.count() == 1
    finally:
        daemon.stop()
        private.close()


def test_fault_d5_the_sweep_leaves_alone_what_its_registry_has_not_dropped(daemon, sandbox, bus):
    """Another daemon with a copy of the registry puts items under the same registry's id."""
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    registry = bus.items().split("attribute.registry = ")[1].split("\n")[0]

    def put(**attributes):
        words = [part for pair in attributes.items() for part in pair]
        subprocess.run(
            [
                "secret-tool",
                "store",
                "--label=left over",
                "xdg:schema",
                "org.forgelink.Token",
                *words,
            ],
            input=b"left",
            env=bus.environment,
            check=True,
            timeout=10,
        )

    put(registry=registry, item="01a20d55-43df-70c1-99d1-b3ea88f21999")
    put(registry="another-registry", item="01a20d55-43df-70c1-99d1-b3ea88f21998")
    assert bus.count() == 3
    daemon.restart(signal.SIGKILL)
    daemon.wait_store()
    daemon.call("connection.add", name="More", **good(sandbox, "gitlab"))
    time.sleep(1.5)
    assert bus.count() == 4 and good(sandbox, "github")["token"] in bus.items()


def test_what_the_registry_has_dropped_is_swept_after_a_crash(daemon, sandbox, bus):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    daemon.call("connection.add", name="Gone", **good(sandbox, "gitlab"))
    bus.keyring.send_signal(signal.SIGSTOP)
    daemon.call("connection.remove", connection="Gone")
    assert daemon.call("daemon.status")["secret_store"]["still_to_erase"] == 1
    daemon.stop(signal.SIGKILL)
    bus.keyring.send_signal(signal.SIGCONT)
    daemon.start()
    wait_until(lambda: bus.count() == 1, 10)
    assert good(sandbox, "github")["token"] in bus.items()
    wait_until(lambda: daemon.call("daemon.status")["secret_store"]["still_to_erase"] == 0)


def test_purging_takes_tokens_and_keeps_connections(daemon, sandbox, bus):
    daemon.call("connection.add", name="Keep", **good(sandbox, "github"))
    session = daemon.call(
        "connection.add", name="Session", retention="session", **good(sandbox, "gitlab")
    )["connection"]
    watcher = daemon.rpc()
    watcher.call("event.subscribe")
    with pytest.raises(RpcError) as refused:
        daemon.call("token.purge", scope="all", connection=session["id"])
    assert refused.value.kind == "invalid_params" and refused.value.data["field"] == "connection"
    assert daemon.call("token.purge", scope="session") == {"purged": [session["id"]]}
    assert watcher.wait_event("tokens.purged")["detail"]["names"] == ["Session"]
    assert (
        daemon.call("connection.get", connection="Session")["connection"]["token"]["state"]
        == "missing"
    )
    assert bus.count() == 1
    assert "forgelink edit Session" in daemon.cli("list", check=0).stdout
    token = good(sandbox, "gitlab")["token"]
    assert daemon.cli(
        "edit", "Session", "--token-stdin", stdin=token + "\n", check=0
    ).stdout.startswith("Updated connection “Session”.")
    assert daemon.call("token.purge", scope="connection", connection="Keep")["purged"]
    assert daemon.call("token.purge", scope="all")["purged"] == [session["id"]]
    assert bus.count() == 0


def test_a_new_boot_or_session_purges_at_the_next_start_and_a_restart_does_not(
    daemon, sandbox, bus
):
    daemon.call("connection.add", name="Session", retention="session", **good(sandbox, "github"))
    daemon.restart(signal.SIGKILL)
    daemon.wait_store()

    def state():
        return daemon.call("connection.get", connection="Session")["connection"]["token"]["state"]

    assert state() == "valid"
    for change in ("boot", "folder"):
        daemon.stop()
        with sqlite3.connect(os.path.join(daemon.data, "connections.db")) as database:
            boot, session, folder = (
                database.execute("SELECT value FROM metadata WHERE key = 'session'")
                .fetchone()[0]
                .split("\n")
            )
            stamp = "\n".join(
                ["another boot", session, folder]
                if change == "boot"
                else [boot, session, "another folder"]
            )
            database.execute("UPDATE metadata SET value = ? WHERE key = 'session'", (stamp,))
        database.close()
        daemon.start()
        daemon.wait_store()
        assert state() == "missing", change
        daemon.call(
            "connection.update", connection="Session", token=tokens.first(tokens.GITHUB, "good")
        )
    assert state() == "valid"


def test_a_read_only_or_full_disk_changes_nothing(make_daemon, sandbox, bus, folder):
    data = os.path.join(bus.environment["XDG_DATA_HOME"], "forgelink")
    os.makedirs(data)
    if (
        os.getuid() != 0
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", data], capture_output=True
        ).returncode
        != 0
    ):
        pytest.skip("mounting a small tmpfs needs root")
    try:
        daemon = make_daemon()
        made = 0
        with pytest.raises(RpcError) as refused:
            for made in range(1000):
                daemon.call(
                    "connection.add",
                    name=f"c{made}" + "x" * 90,
                    type="github",
                    verify=False,
                    token="ghp_filler",
                )
        assert refused.value.kind == "database_failed" and "full" in refused.value.message
        assert daemon.call("connection.list")["total"] == made
        daemon.restart(signal.SIGKILL)
        assert daemon.call("connection.list")["total"] == made
        daemon.wait_store()
        wait_until(lambda: bus.count() == made, 20)
        daemon.stop()
    finally:
        subprocess.run(["umount", "-l", data], check=True)
