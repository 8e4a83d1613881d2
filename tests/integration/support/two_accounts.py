# SPDX-License-Identifier: MIT
"""Two accounts on one host, and git set up to ask for them."""
import os
import subprocess

from .sandbox import good, tokens

WORK, HOME = "Work", "Home of “mona”"
TOKENS = {WORK: "good", HOME: "second"}


def used(sandbox):
    """The names of the tokens that git sent since last asked."""
    entries = [e for e in sandbox.log("github") if "/info/refs" in e["path"] and e["token"]]
    sandbox.clear()
    return {entry["token"] for entry in entries}


def ask(daemon, **more):
    protocol, host = daemon.base.split("://")
    return daemon.call("credential.get", protocol=protocol, host=host, **more)


def explained(daemon, **more):
    protocol, host = daemon.base.split("://")
    return daemon.call("credential.explain", protocol=protocol, host=host, **more)


def id_of(daemon, name):
    return daemon.call("connection.get", connection=name)["connection"]["id"]


def make_folder(folder, *parts):
    path = os.path.realpath(os.path.join(folder, *parts))
    os.makedirs(path, exist_ok=True)
    return path


def two_accounts(daemon, sandbox):
    """The daemon, with the two connections, and the address of their forge as `base`."""
    daemon.call("connection.add", name=WORK, **good(sandbox, "github"))
    second = tokens.first(tokens.GITHUB, "second")
    daemon.call("connection.add", name=HOME, type="github", token=second)
    daemon.cli("git", "setup", check=0)
    daemon.base = sandbox.urls["github"]
    return daemon


def clone(two, folder, *where, url="/some/thing.git"):
    """A clone that no rule is needed for."""
    tree = os.path.join(make_folder(folder, *where[:-1]), where[-1])
    user = two.base.replace("://", "://octo-dev@")
    two.git("clone", "-q", user + url, tree)
    two.git("remote", "set-url", "origin", two.base + url, cwd=tree)
    return os.path.realpath(tree)


def run_here(daemon, tree, *words):
    return subprocess.run(
        [os.path.join(daemon.bin, "forgelink"), *words],
        cwd=tree,
        env=daemon.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
