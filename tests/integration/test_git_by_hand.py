# SPDX-License-Identifier: MIT
"""git's configuration that no program may write, as one that a system generates (fault H10): the
lines to add are shown, by doctor and by every command that would have written them, and they
work."""
import json
import os
import shutil
import subprocess

import pytest
from support.sandbox import good

MINE = "[user]\n\tname = Everyday\n\temail = everyday@example.org\n"


class ReadOnly:
    """~/.gitconfig is a link into a file system that is read-only; seen so by what runs here."""

    def __init__(self, daemon, folder):
        self.daemon, self.place = daemon, os.path.join(folder, "store")
        os.makedirs(self.place)
        self.text = MINE
        os.symlink(os.path.join(self.place, "gitconfig"), self.config())

    def config(self):
        return os.path.join(self.daemon.environment["HOME"], ".gitconfig")

    def run(self, *words, cwd=None):
        mount = (
            f'mount -t tmpfs tmpfs {self.place} && printf %s "$TEXT" > {self.place}/gitconfig &&'
            f' mount -o remount,ro {self.place} && exec "$@"'
        )
        return subprocess.run(
            ["unshare", "-m", "sh", "-c", mount, "sh", *words],
            env={**self.daemon.environment, "TEXT": self.text, "GIT_CONFIG_NOSYSTEM": "1"},
            cwd=cwd or self.daemon.environment["HOME"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def forgelink(self, *words, **more):
        return self.run(os.path.join(self.daemon.bin, "forgelink"), *words, **more)

    def doctor(self):
        return [
            one
            for one in json.loads(self.forgelink("doctor", "--json").stdout)["findings"]
            if one["about"] == "git"
        ]


@pytest.fixture
def store(daemon, sandbox, folder):
    if os.getuid() != 0 or not shutil.which("unshare"):
        pytest.skip("a read-only file system takes root")
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    return ReadOnly(daemon, folder)


def host(sandbox):
    return sandbox.urls["github"]


def test_fault_h10_doctor_shows_the_lines_and_no_command(store, sandbox):
    found = store.doctor()
    assert all("git setup" not in one.get("mend", "") for one in found)
    by_hand = [one for one in found if "by_hand" in one]
    assert len(by_hand) == 1 and "read-only" in by_hand[0]["sentence"]
    assert f'[credential "{host(sandbox)}"]' in by_hand[0]["by_hand"]


def test_fault_h10_the_lines_are_read_by_people_as_well(store, sandbox):
    done = store.forgelink("doctor")
    assert f'      [credential "{host(sandbox)}"]\n          helper =\n' in done.stdout
    assert "useHttpPath = true" in done.stdout and done.returncode == 1


def test_fault_h10_what_doctor_shows_makes_it_content(store):
    lines = [one for one in store.doctor() if "by_hand" in one][0]["by_hand"]
    store.text += "\n".join(lines) + "\n"
    assert [one["state"] for one in store.doctor()] == ["good"]
    done = store.forgelink("git", "setup")
    assert done.returncode == 0 and "already" in done.stdout


def test_fault_h10_git_itself_reads_the_lines(store, sandbox):
    lines = [one for one in store.doctor() if "by_hand" in one][0]["by_hand"]
    store.text += "[credential]\n\thelper = store\n" + "\n".join(lines) + "\n"
    done = store.run("git", "config", "--get-urlmatch", "credential.helper", host(sandbox))
    assert done.stdout.strip() == "forgelink"


@pytest.mark.parametrize("words", [("git", "setup"), ("git", "setup", "--dry-run")])
def test_fault_h10_setup_shows_the_same_lines(store, sandbox, words):
    done = store.forgelink(*words)
    assert done.returncode == 1 and "read-only" in done.stderr
    assert f'[credential "{host(sandbox)}"]' in done.stdout and "git refused" not in done.stderr


def test_fault_h10_setup_under_json_is_one_text(store, sandbox):
    done = store.forgelink("git", "setup", "--json")
    told = json.loads(done.stdout)
    assert f'[credential "{host(sandbox)}"]' in told["by_hand"] and told["dry_run"]


def test_fault_h10_setup_of_identities_shows_the_include(store):
    done = store.forgelink("git", "setup", "--identity")
    assert done.returncode == 1 and "[include]" in done.stdout
    file = [line for line in done.stdout.splitlines() if "path = " in line][0].split("path = ")[1]
    assert os.path.exists(file)
    store.forgelink("git", "unset")
    assert not os.path.exists(file)


def test_fault_h10_unset_after_the_file_became_read_only_says_what_to_take_out(
    daemon, sandbox, store
):
    os.remove(store.config())
    daemon.cli("git", "setup", check=0)
    store.text = open(store.config()).read()
    os.remove(store.config())
    os.symlink(os.path.join(store.place, "gitconfig"), store.config())
    done = store.forgelink("git", "unset")
    assert done.returncode == 1 and "read-only" in done.stderr
    assert f"credential.{host(sandbox)}.helper" in done.stdout


def test_fault_h10_adding_a_server_still_succeeds(daemon, sandbox, store):
    os.remove(store.config())
    daemon.cli("git", "setup", check=0)
    store.text = open(store.config()).read()
    os.remove(store.config())
    os.symlink(os.path.join(store.place, "gitconfig"), store.config())
    daemon.call("connection.add", name="Lab", **good(sandbox, "gitlab-self-managed"))
    assert any("by_hand" in one for one in store.doctor())


def test_fault_h10_a_link_to_nowhere_and_a_device_are_not_written(daemon, sandbox, folder):
    config = os.path.join(daemon.environment["HOME"], ".gitconfig")
    os.symlink(os.path.join(folder, "nothing", "there"), config)
    done = daemon.cli("git", "setup", check=1)
    assert "there is no folder" in done.stderr and "[credential" in done.stdout
    done = daemon.cli("git", "setup", check=1, extra={"GIT_CONFIG_GLOBAL": "/dev/null"})
    assert "not a file" in done.stderr
    assert not os.path.isfile("/dev/null")


def test_fault_h10_identity_in_a_repository_that_cannot_be_written(daemon, sandbox, folder, store):
    daemon.call(
        "connection.update", connection="Work", commit_name="A; B", commit_email="a@example.org"
    )
    made = (
        f"git init -q {store.place}/t && cd {store.place}/t &&"
        f" git remote add origin {host(sandbox)}/octo-dev/hello.git &&"
        f" mount -o remount,ro {store.place} && exec forgelink git identity --set"
    )
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", f"mount -t tmpfs tmpfs {store.place} && {made}"],
        env=daemon.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1 and "by hand" in done.stderr
    assert '[user]\n      name = "A; B"\n      email = a@example.org\n' in done.stdout
