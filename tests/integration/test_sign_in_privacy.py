# SPDX-License-Identifier: MIT
"""A sign-in is its own user's: no other user's process finishes it, and none reads its address."""
import os
import re
import subprocess
import urllib.parse

import pytest
from support.browse import browse, redirect_of
from support.keyring import wait_until
from support.sandbox import tokens
from support.sign_in import KINDS, new, reset, set_app
from support.terminal import Terminal

NOBODY = 65534
REQUEST = """
import socket, sys
host, port, target = sys.argv[1], int(sys.argv[2]), sys.argv[3]
with socket.create_connection(("127.0.0.1", port), timeout=10) as one:
    one.sendall(f"GET {target} HTTP/1.1\\r\\nHost: {host}:{port}\\r\\n\\r\\n".encode())
    print(one.recv(100).split()[1].decode())
"""


@pytest.fixture
def signed(daemon, sandbox):
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
    sandbox.set("github", expiring=False, signs_in="octo-dev", granted=None, interval=1)
    return daemon


def visit_as(uid, url):
    parts = urllib.parse.urlsplit(url)
    target = f"{parts.path}?{parts.query}"
    done = subprocess.run(
        ["/usr/bin/python3", "-c", REQUEST, parts.hostname, str(parts.port), target],
        capture_output=True,
        text=True,
        timeout=30,
        user=uid,
        group=uid,
        extra_groups=[],
    )
    return int(done.stdout)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be another user")
@pytest.mark.parametrize("kind", KINDS)
def test_fault_d1_another_user_cannot_finish_a_sign_in(signed, sandbox, kind):
    add = {"name": "Work"}
    if kind != "github":
        reset(sandbox, kind)
        set_app(signed, sandbox, kind)
        add = new(sandbox, kind)
    started = signed.call("sign_in.start", method="browser", add=add)
    address = redirect_of(started)
    assert visit_as(NOBODY, address) == 403
    state = signed.call("sign_in.wait", sign_in=started["sign_in"], timeout=0)["state"]
    assert state == "pending"
    assert browse(address)[0] == 200
    done = signed.call("sign_in.wait", sign_in=started["sign_in"])
    assert done["state"] == "completed"


def fake_opener(folder):
    """An xdg-open that keeps what it was given."""
    place = os.path.join(folder, "opener")
    os.makedirs(place)
    script = os.path.join(place, "xdg-open")
    with open(script, "w") as out:
        out.write(
            "#!/bin/sh\n"
            f'stat -c %a "$1" > {place}/mode\ncp "$1" {place}/page\n'
            f'printf "%s\\n" "$@" > {place}/argv.new\nmv {place}/argv.new {place}/argv\n'
        )
    os.chmod(script, 0o755)
    return place


def test_fault_d1_the_address_is_never_an_argument(signed, folder):
    place = fake_opener(folder)
    extra = {
        **signed.environment,
        "DISPLAY": ":7",
        "PATH": place + ":" + signed.environment["PATH"],
    }
    for name in ("SSH_CONNECTION", "SSH_TTY"):
        extra.pop(name, None)
    process = subprocess.Popen(
        [os.path.join(signed.bin, "forgelink"), "add", "Work", "--type", "github", "--sign-in"],
        env=extra,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    wait_until(lambda: os.path.exists(os.path.join(place, "argv")), 20)
    argv, page, mode = (open(os.path.join(place, name)).read() for name in ("argv", "page", "mode"))
    address = re.search(r'href="([^"]+)"', page)[1].replace("&amp;", "&")
    state = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)["state"][0]
    assert mode.strip() == "600" and state not in argv and "authorize" not in argv
    assert state.encode() not in open(f"/proc/{process.pid}/cmdline", "rb").read()
    browse(redirect_of({"authorize_url": address}))
    out, _ = process.communicate(timeout=30)
    assert (
        process.returncode == 0
        and "Created connection “Work”; signed in as octo-dev" in out.decode()
    )
    assert not os.path.exists(argv.strip())


def test_fault_e5_a_token_pasted_at_a_yes_or_no_is_neither_shown_nor_used(signed):
    token = tokens.first(tokens.GITHUB, "good")
    person = Terminal(signed, "add", "Work", "--type", "github")
    person.answer("Username (may be empty): ", "")
    person.answer("Sign in with GitHub? (No: a personal access token) [Y/n] ", token)
    person.answer("Sign in with GitHub? (No: a personal access token) [Y/n] ", "n")
    person.answer("Token (it is not shown; empty to add it later): ", token)
    status, said = person.end()
    assert status == 0 and token not in said + person.everything


def test_fault_e5_a_token_pasted_at_the_user_name_is_neither_shown_nor_used(signed):
    token = tokens.first(tokens.GITHUB, "good")
    person = Terminal(signed, "add", "Work", "--type", "github")
    person.answer("Username (may be empty): ", token)
    person.answer("Username (may be empty): ", "octo-dev")
    person.answer("Sign in with GitHub? (No: a personal access token) [Y/n] ", "n")
    person.answer("Token (it is not shown; empty to add it later): ", token)
    status, said = person.end()
    assert status == 0 and token not in said + person.everything
    made = signed.call("connection.get", connection="Work")["connection"]
    assert made["username"] == "octo-dev"


@pytest.mark.parametrize("answer", ["maybe", "yess", "0"])
def test_fault_e5_a_yes_or_no_takes_nothing_else(signed, answer):
    person = Terminal(signed, "add", "Work", "--type", "github", "--username", "octo-dev")
    person.answer("[Y/n] ", answer)
    person.wait("Please answer y or n.")
    person.answer("[Y/n] ", "n")
    person.answer("Token (it is not shown; empty to add it later): ", "")
    assert person.end()[0] == 0
