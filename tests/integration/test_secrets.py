"""Canary tokens through every path there is; then a search for them wherever they must not be."""
import json
import os
import time

import pytest
from support.browse import browse, redirect_of
from support.daemon import RELEASE, RpcError
from support.figures import note
from support.keyring import wait_until
from support.memory import found_in
from support.sandbox import TYPES, good, tokens

REMEMBERED = "canary-password-of-another-host"


def add_all(daemon, sandbox):
    for kind in TYPES:
        daemon.call("connection.add", name=kind, **good(sandbox, kind))
        daemon.call("connection.verify", connection=kind)
        daemon.call("repository.list", connection=kind)
    daemon.call("connection.update", connection="gitlab", token=good(sandbox, "gitlab")["token"], retention="session")


def sign_in(daemon, sandbox):
    """By the redirect and by the device code, with tokens that end at once and are renewed."""
    daemon.cli("oauth-app", "set", "github", "--client-id", tokens.OAUTH_CLIENT_ID, "--secret-stdin", stdin=tokens.OAUTH_CLIENT_SECRET + "\n", check=0)
    sandbox.set("github", expiring=True, lifetime=200, interval=1, signs_in="octo-dev", granted=None)
    started = daemon.call("sign_in.start", method="browser", add={"name": "by redirect"})
    browse(redirect_of(started))
    daemon.call("sign_in.wait", sign_in=started["sign_in"])
    sandbox.set("github", lifetime=28800)
    assert daemon.call("connection.verify", connection="by redirect")["connection"]["token"]["state"] == "valid"
    started = daemon.call("sign_in.start", method="device", add={"name": "by device"})
    sandbox.device("approved")
    assert daemon.call("sign_in.wait", sign_in=started["sign_in"])["state"] == "completed"
    sandbox.set("github", expiring=False)


def hand_out(daemon, sandbox):
    """To git, as basic and as bearer; and what git stores for a host that is nobody's."""
    for kind in ("gitlab-self-managed", "bitbucket"):
        where = "".join(f"{key}={value}\n" for key, value in zip(("protocol", "host"), sandbox.urls[kind].split("://")))
        path = "path=git/lab/octo-dev/hello\n" if kind == "gitlab-self-managed" else ""
        assert b"password=" in daemon.helper("get", where + path + "\n").stdout
        daemon.helper("erase", where + path + f"username=octo-dev\npassword={good(sandbox, kind)['token']}\n\n")
        daemon.helper("get", "capability[]=authtype\n" + where + path + "\n")
    elsewhere = f"protocol=https\nhost=elsewhere.example\nusername=u\npassword={REMEMBERED}\n\n"
    daemon.helper("store", elsewhere)
    assert REMEMBERED.encode() in daemon.helper("get", "protocol=https\nhost=elsewhere.example\n\n").stdout


def provoke(daemon, sandbox):
    """Errors of every kind that has to do with a token; what they said."""
    second, said = tokens.first(tokens.GITHUB, "second"), []
    attempts = [("connection.add", {"name": "x", "type": "github", "token": tokens.first(tokens.GITHUB, "revoked")}), ("connection.add", {"name": "github", "type": "github", "token": second}),
                ("connection.add", {"name": "x", "type": "gitlab", "token": second}), ("connection.add", {"name": "x", "type": "nonsense", "token": second}),
                ("connection.add", {"name": "x", "type": "github", "token": second + "\x01"}), ("connection.update", {"connection": "github", "token": second}),
                ("connection.update", {"connection": "nobody", "token": second}), ("credential.store", {"protocol": "https", "host": 7, "password": second}),
                ("sign_in.complete", {"sign_in": "nobody", "redirect_url": "http://127.0.0.1/callback?code=" + second})]
    for method, params in attempts:
        with pytest.raises(RpcError) as refused:
            daemon.call(method, **params)
        said.append(str(refused.value))
    # Forges that repeat what they were sent, in every field that is shown.
    for status in (401, 403, 404, 500):
        echo = f"I got {good(sandbox, 'github')['token']} from you"
        sandbox.fault("github", "status", path="/user", status=status, body={"message": echo, "error": echo}, headers={"X-Accepted-GitHub-Permissions": good(sandbox, "github")["token"]})
        with pytest.raises(RpcError) as refused:
            daemon.call("connection.verify", connection="github")
        said.append(str(refused.value))
    daemon.call("connection.verify", connection="github")
    return said


def files_below(*folders):
    for folder in folders:
        for path, _, names in os.walk(folder):
            yield from (os.path.join(path, name) for name in names)


def content_of(path):
    with open(path, "rb") as file:
        return file.read()


def test_no_token_is_anywhere_it_should_not_be(make_daemon, sandbox, bus, folder):
    daemon = make_daemon('[daemon]\nlog_level = "trace"\n', bin_dir=RELEASE)
    pid = daemon.process.pid
    watcher = daemon.rpc()
    watcher.call("event.subscribe")
    add_all(daemon, sandbox)
    sign_in(daemon, sandbox)
    hand_out(daemon, sandbox)
    said = provoke(daemon, sandbox)
    watcher.call("daemon.status")
    canaries = {good(sandbox, kind)["token"] for kind in TYPES} | {tokens.first(tokens.GITHUB, name) for name in ("revoked", "second")}
    issued = sandbox.get("github", "issued")
    assert sum(one.startswith("ghr_") for one in issued) >= 3
    canaries |= {*issued, REMEMBERED, tokens.OAUTH_CLIENT_SECRET}

    places = {"errors": "".join(said).encode(), "events": json.dumps(watcher.events).encode(), "environment": content_of(f"/proc/{pid}/environ"), "command line": content_of(f"/proc/{pid}/cmdline")}
    # The keyring's own files are where tokens belong (they are encrypted); settings are what a person wrote.
    places |= {path: content_of(path) for path in files_below(folder) if os.path.isfile(path) and "keyrings" not in path}
    assert daemon.log_file in places and os.path.join(daemon.data, "connections.db") in places
    for place, text in places.items():
        assert not [one for one in canaries if one.encode() in text], place
    # Core files, and reading by the user's other programs, are off.
    assert open(f"/proc/{pid}/limits").read().split("Max core file size")[1].split()[0] == "0"
    assert os.stat(f"/proc/{pid}/environ").st_uid == 0

    # After everything is taken away, the daemon's own memory holds none of them either.
    daemon.call("token.purge", scope="all")
    for one in daemon.call("connection.list")["connections"]:
        daemon.call("connection.remove", connection=one["name"])
    daemon.cli("oauth-app", "set", "github", "--client-id", "another", "--secret-stdin", stdin="another\n", check=0)
    time.sleep(0.3)
    left, searched = found_in(pid, canaries)
    assert searched > 1_000_000 and not left, left
    wait_until(lambda: bus.count() == 1)  # the app's new secret
    bytes_of_files = sum(len(text) for text in places.values())
    note(f"secrets: {len(canaries)} canaries through {len(said)} errors and all paths; searched {len(places)} places of {bytes_of_files / 1e6:.1f} MB, and {searched / 1e6:.0f} MB of the daemon's memory")
