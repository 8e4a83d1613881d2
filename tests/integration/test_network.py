# SPDX-License-Identifier: MIT
"""Between us and the forge: odd answers, slow ones, redirects in circles, two families of
addresses, proxies of the environment."""
import json
import socket

import pytest
from support.daemon import RpcError
from support.keyring import wait_until
from support.proxy import Proxy
from support.sandbox import good, tokens

GOOD = tokens.first(tokens.GITHUB, "good")
USER = json.dumps({"login": "octo-dev", "id": 7})
TYPE = "Content-Type: application/json\r\n"
ODD = {
    "HTTP/1.0, until the end": (f"HTTP/1.0 200 OK\r\n{TYPE}\r\n{USER}", 1, None),
    "a trailer": (
        (
            f"HTTP/1.1 200 OK\r\n{TYPE}Transfer-Encoding: chunked\r\nTrailer:"
            f" X-More\r\n\r\n{len(USER):x}\r\n{USER}\r\n0\r\nX-More: 1\r\n\r\n"
        ),
        1,
        None,
    ),
    "a header without end": (
        "HTTP/1.1 200 OK\r\n" + "X-Much: " + "x" * 1000 + "\r\n",
        1,
        "forge_unreachable",
    ),
    "a bomb of headers": (
        "HTTP/1.1 200 OK\r\n" + ("X-Much: " + "x" * 1000 + "\r\n") * 200,
        50,
        "forge_error",
    ),
    "a length that is none": (
        "HTTP/1.1 200 OK\r\nContent-Length: minus one\r\n\r\n{}",
        1,
        "forge_error",
    ),
    "a chunk of a terabyte": (
        f"HTTP/1.1 200 OK\r\n{TYPE}Transfer-Encoding: chunked\r\n\r\n10000000000\r\n",
        1,
        "forge_error",
    ),
    "packed though nobody asked": (
        (
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding:"
            " gzip\r\nContent-Length: 4\r\n\r\n\x1f\x0b__"
        ),
        1,
        "forge_error",
    ),
}


@pytest.mark.parametrize("case", ODD)
def test_odd_answers_are_read_or_told(make_daemon, sandbox, case):
    daemon = make_daemon('[network]\ntimeout = "5s"\n')
    text, repeat, kind = ODD[case]
    sandbox.fault("github", "raw", path="/user$", text=text, repeat=repeat)
    if kind is None:
        assert (
            daemon.call("connection.add", name="x", type="github", token=GOOD)["connection"][
                "account"
            ]["login"]
            == "octo-dev"
        )
        return
    with pytest.raises(RpcError) as refused:
        daemon.call("connection.add", name="x", type="github", token=GOOD)
    assert refused.value.kind == kind, refused.value


def test_an_answer_that_drips_ends_with_the_time_for_the_whole(make_daemon, sandbox):
    daemon = make_daemon('[network]\ntimeout = "2s"\n')
    sandbox.fault("github", "drip", path="/user$")
    with pytest.raises(RpcError) as refused:
        daemon.call("connection.add", name="x", type="github", token=GOOD)
    assert refused.value.kind == "forge_unreachable"


def test_redirects_in_a_circle_come_to_an_end(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "gitlab"))
    sandbox.clear()
    sandbox.fault("gitlab", "redirect", path="/projects", to="/api/v4/projects", times=100)
    with pytest.raises(RpcError) as refused:
        daemon.call("repository.list", connection="Work")
    assert refused.value.kind == "forge_error" and len(sandbox.log("gitlab")) <= 6


def test_a_server_that_has_one_family_of_addresses_is_reached_by_it(daemon, sandbox):
    """localhost is ::1 as well as 127.0.0.1; the sandbox listens at the latter only."""
    families = {one[0] for one in socket.getaddrinfo("localhost", 1)}
    port = sandbox.urls["gitlab-self-managed"].rsplit(":", 1)[1]
    made = daemon.call(
        "connection.add",
        name="Lab",
        type="gitlab-self-managed",
        server_url=f"http://localhost:{port}/git/lab",
        token=tokens.first(tokens.GITLAB, "good"),
    )
    assert made["connection"]["token"]["state"] == "valid", families
    with pytest.raises(RpcError) as refused:
        daemon.call(
            "connection.add",
            name="x",
            type="gitlab-self-managed",
            server_url="https://no-such-host.invalid",
            token=tokens.first(tokens.GITLAB, "good"),
        )
    assert (
        refused.value.kind == "forge_unreachable"
        and "no-such-host.invalid" in refused.value.message
    )


def test_a_connection_to_the_forge_is_used_again(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "gitlab"))
    before = sandbox.get("gitlab", "connections")
    for _ in range(5):
        daemon.call("connection.verify", connection="Work")
    assert sandbox.get("gitlab", "connections") - before <= 1


def test_the_daemon_leaves_while_a_forge_is_silent(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    sandbox.fault("github", "hang", path="/user", seconds=20, times=9)
    clients = [daemon.rpc() for _ in range(3)]
    for client, method in zip(
        clients, ("connection.verify", "connection.verify", "repository.list")
    ):
        client.send(method, connection="Work")
    wait_until(
        lambda: len([one for one in sandbox.log("github") if one["path"].startswith("/api/user")])
        >= 2
    )
    assert daemon.stop() == 0, daemon.log()


@pytest.mark.parametrize("login", ["", "person:secret"])
def test_the_proxy_of_the_environment_is_gone_through(make_daemon, sandbox, login):
    proxy = Proxy(login)
    try:
        daemon = make_daemon(start=False)
        # The own host is never proxied, so the sandbox goes by another name here.
        elsewhere = sandbox.tls_settings.replace("127.0.0.1", "forge.test")
        daemon.write_settings(elsewhere + f'[network]\nca_file = "{sandbox.ca}"\n')
        for name in ("NO_PROXY", "no_proxy"):
            daemon.environment.pop(name, None)
        daemon.environment[
            "HTTPS_PROXY"
        ] = f"http://{login}{'@' if login else ''}127.0.0.1:{proxy.port}"
        daemon.start()
        made = daemon.call("connection.add", name="Work", type="github", token=GOOD)
        assert made["connection"]["token"]["state"] == "valid"
        assert all(one.startswith("CONNECT forge.test:") for one in proxy.asked) and proxy.asked
    finally:
        proxy.close()


def test_a_proxy_that_refuses_the_password_is_told_as_such(make_daemon, sandbox):
    proxy = Proxy("person:secret")
    try:
        daemon = make_daemon(start=False)
        for name in ("NO_PROXY", "no_proxy"):
            daemon.environment.pop(name, None)
        daemon.environment["HTTPS_PROXY"] = f"http://person:wrong@127.0.0.1:{proxy.port}"
        daemon.start()
        with pytest.raises(RpcError) as refused:
            daemon.call(
                "connection.add",
                name="x",
                type="gitlab-self-managed",
                server_url="https://forge.test:1",
                token=tokens.first(tokens.GITLAB, "good"),
            )
        assert refused.value.kind == "proxy_failed"
    finally:
        proxy.close()
