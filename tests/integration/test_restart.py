# SPDX-License-Identifier: MIT
"""What memory alone holds outlives a restart through the service manager's descriptor store, and
no longer."""
import glob
import json
import os
import subprocess

import pytest
from support.keyring import wait_until
from support.login_session import possible
from support.sandbox import good, tokens
from test_session import add, installed, login, state  # noqa: F401  (fixtures)

pytestmark = pytest.mark.skipif(
    not possible(), reason="a login session needs root, systemd and setpriv"
)
MEMORY = '[secrets]\nstore = "memory"\n'


@pytest.fixture
def session(login):  # noqa: F811
    return login(MEMORY, keyring=False)


def restart(session, how="restart"):
    session.systemctl(how, "forgelink.service", check=True)


def stored_descriptors(session):
    return int(session.property("forgelink.service", "NFileDescriptorStore"))


def memory_files(session):
    """The daemon's own open memfds of ours."""
    pid = session.property("forgelink.service", "MainPID")
    return [
        link
        for link in map(os.readlink, glob.glob(f"/proc/{pid}/fd/*"))
        if "forgelink-memory" in link
    ]


def test_a_token_in_memory_outlives_a_restart(session, sandbox):
    add(session, "Work", good(sandbox, "github")["token"])
    wait_until(lambda: stored_descriptors(session) == 1)
    restart(session)
    assert state(session, "Work") == "valid"
    where = dict(zip(("protocol", "host"), sandbox.urls["github"].split("://")))
    got = session.run(
        "git-credential-forgelink",
        "get",
        stdin="".join(f"{k}={v}\n" for k, v in where.items()) + "\n",
    )
    assert good(sandbox, "github")["token"] in got.stdout
    assert memory_files(session) == []  # the inherited one is closed


def test_it_outlives_a_crash_and_many_restarts(session, sandbox):
    add(session, "Work", good(sandbox, "github")["token"])
    wait_until(lambda: stored_descriptors(session) == 1)
    pid = session.property("forgelink.service", "MainPID")
    os.kill(int(pid), 9)
    wait_until(lambda: session.property("forgelink.service", "MainPID") not in ("0", pid))
    for _ in range(5):
        # systemd allows five starts in 30 seconds; this forgets those before.
        session.systemctl("reset-failed", "forgelink.service", check=True)
        restart(session)
        assert state(session, "Work") == "valid"
    assert stored_descriptors(session) == 1


@pytest.mark.parametrize("words", [("purge", "--all"), ("remove", "Work", "--yes")])
def test_what_is_taken_away_leaves_the_store_at_once(session, sandbox, words):
    add(session, "Work", good(sandbox, "github")["token"])
    wait_until(lambda: stored_descriptors(session) == 1)
    done = session.run("forgelink", *words)
    assert done.returncode == 0, done.stderr
    wait_until(lambda: stored_descriptors(session) == 0, 2)


def test_a_replaced_token_takes_the_old_one_s_place(session, sandbox):
    add(session, "Work", good(sandbox, "github")["token"])
    wait_until(lambda: stored_descriptors(session) == 1)
    other = tokens.first(tokens.GITHUB, "expiring")
    done = session.run("forgelink", "edit", "Work", "--token-stdin", stdin=other + "\n")
    assert done.returncode == 0, done.stderr
    restart(session)
    where = dict(zip(("protocol", "host"), sandbox.urls["github"].split("://")))
    got = session.run(
        "git-credential-forgelink",
        "get",
        stdin="".join(f"{k}={v}\n" for k, v in where.items()) + "\n",
    )
    assert other in got.stdout and stored_descriptors(session) == 1


def test_what_git_stored_and_the_app_s_secret_outlive_a_restart(session, sandbox):
    fields = "protocol=https\nhost=other.example\nusername=me\npassword=s3cret\n\n"
    session.run(
        "forgelink", "status", check=True
    )  # git's helper waits for no daemon that is still starting
    session.run("git-credential-forgelink", "store", stdin=fields, check=True)
    session.run(
        "forgelink",
        "oauth-app",
        "set",
        "github",
        "--client-id",
        tokens.OAUTH_CLIENT_ID,
        "--secret-stdin",
        stdin=tokens.OAUTH_CLIENT_SECRET + "\n",
        check=True,
    )
    restart(session)
    got = session.run(
        "git-credential-forgelink", "get", stdin="protocol=https\nhost=other.example\n\n"
    )
    assert "password=s3cret" in got.stdout
    started = session.run(
        "forgelink", "call", "sign_in.start", '{"method": "browser", "add": {"name": "Signed in"}}'
    )
    assert started.returncode == 0, started.stderr


def test_a_sign_in_that_waits_outlives_a_restart(session, sandbox):
    app = ("forgelink", "oauth-app", "set", "github", "--client-id", tokens.OAUTH_CLIENT_ID)
    session.run(*app, check=True)
    wanted = json.dumps({"method": "device", "add": {"name": "Waiting", "type": "github"}})
    started = session.run("forgelink", "call", "sign_in.start", wanted, check=True)
    wait_until(lambda: stored_descriptors(session) == 1)
    restart(session)
    sandbox.device("approved")
    wanted = json.dumps({"sign_in": json.loads(started.stdout)["sign_in"], "timeout": 30})
    ended = session.run("forgelink", "call", "sign_in.wait", wanted)
    assert "completed" in ended.stdout, ended.stderr
    assert state(session, "Waiting") == "valid"


def test_a_stop_forgets_and_a_start_after_it_says_so(session, sandbox):
    add(session, "Work", good(sandbox, "github")["token"])
    wait_until(lambda: stored_descriptors(session) == 1)
    session.systemctl("stop", "forgelink.service", check=True)
    assert state(session, "Work") == "missing"


def test_the_image_is_sealed(session, sandbox):
    add(session, "Work", good(sandbox, "github")["token"])
    wait_until(lambda: stored_descriptors(session) == 1)
    manager = session.manager.pid
    pids = {
        manager,
        *map(
            int,
            subprocess.run(
                ["pgrep", "-u", str(session.uid), "systemd"], capture_output=True, text=True
            ).stdout.split(),
        ),
    }
    links = [
        path
        for pid in pids
        for path in glob.glob(f"/proc/{pid}/fd/*")
        if "forgelink-memory" in os.readlink(path)
    ]
    assert links
    with pytest.raises(OSError):
        with open(links[0], "r+b") as image:
            image.write(b"x")
            image.flush()
