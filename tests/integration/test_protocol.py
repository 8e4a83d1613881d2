# SPDX-License-Identifier: MIT
"""The socket's protocol as programs see it."""
import json
import os

import pytest
from support.daemon import RpcError
from support.sandbox import ROOT


def test_the_openrpc_document_in_the_tree_is_the_one_the_daemon_gives(daemon):
    with open(os.path.join(ROOT, "ipc", "openrpc.json")) as kept:
        assert json.load(kept) == daemon.call(
            "rpc.discover"
        ), "make it again: forgelink call rpc.discover | python3 -m json.tool > ipc/openrpc.json"


def test_every_method_and_event_of_the_contract_is_there(daemon):
    methods = {one["name"] for one in daemon.call("rpc.discover")["methods"]}
    assert methods >= {
        "rpc.discover",
        "daemon.status",
        "type.list",
        "connection.add",
        "connection.list",
        "connection.get",
        "connection.update",
        "connection.remove",
        "connection.verify",
        "sign_in.start",
        "sign_in.wait",
        "sign_in.cancel",
        "sign_in.complete",
        "repository.list",
        "commit.list",
        "credential.get",
        "credential.store",
        "credential.erase",
        "token.purge",
        "event.subscribe",
    }
    for one in daemon.call("rpc.discover")["methods"]:
        if one["params"] and any(param["required"] for param in one["params"]):
            with pytest.raises(RpcError) as refused:
                daemon.call(one["name"])
            assert refused.value.code == -32602 and refused.value.data["field"], one["name"]


def test_the_call_command_speaks_json_both_ways(daemon):
    done = daemon.cli("call", "connection.get", '{"connection": "nobody"}')
    assert (
        done.returncode == 1
        and json.loads(done.stdout)["error"]["data"]["kind"] == "not_found"
        and done.stderr
    )
    assert (
        json.loads(daemon.cli("call", "daemon.status", "-", stdin="{}", check=0).stdout)["protocol"]
        == 1
    )
    assert daemon.cli("call", "daemon.status", "[1]").returncode == 2
    assert daemon.cli("nonsense").returncode == 2
    assert daemon.cli("--version", check=0).stdout.startswith("forgelink ")


def test_pages_go_on_by_cursor_and_a_wrong_one_is_refused(daemon):
    for number in range(7):
        daemon.call("connection.add", name=f"c{number}", type="github" if number % 2 else "gitlab")
    first = daemon.call("connection.list", limit=3)
    assert [one["name"] for one in first["connections"]] == ["c0", "c1", "c2"] and first[
        "total"
    ] == 7
    daemon.call("connection.remove", connection="c2")
    assert [
        one["name"]
        for one in daemon.call("connection.list", limit=3, cursor=first["next_cursor"])[
            "connections"
        ]
    ] == ["c3", "c4", "c5"]
    assert daemon.call("connection.list", type="gitlab")["total"] == 3
    for wrong in ({"cursor": "!"}, {"limit": 0}, {"limit": 1001}, {"type": "x"}):
        with pytest.raises(RpcError) as refused:
            daemon.call("connection.list", **wrong)
        assert refused.value.kind == "invalid_params" and refused.value.data["field"] == next(
            iter(wrong)
        )
