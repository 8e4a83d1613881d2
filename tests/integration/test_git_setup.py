# SPDX-License-Identifier: MIT
"""What `git setup` and `git unset` do to the person's own files."""
import json
import os
import stat

import subprocess

import pytest
from support.sandbox import good


def config_of(daemon):
    return os.path.join(daemon.environment["HOME"], ".gitconfig")


def memory_of(daemon):
    return os.path.join(daemon.environment["XDG_STATE_HOME"], "forgelink", "git-setup.json")


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def test_a_self_hosted_connection_made_later_joins_under_json_as_well(daemon, sandbox):
    daemon.cli("git", "setup", check=0)
    wanted = good(sandbox, "gitlab-self-managed")
    done = daemon.cli(
        "add",
        "Lab",
        "--type",
        "gitlab-self-managed",
        "--server",
        wanted["server_url"],
        "--token-stdin",
        "--json",
        stdin=wanted["token"],
        check=0,
    )
    assert (
        json.loads(done.stdout)["connection"]["name"] == "Lab"
    )  # one JSON text and nothing beside
    host = sandbox.urls["gitlab-self-managed"]
    assert daemon.git("config", "--get-all", f"credential.{host}.helper").stdout == "\nforgelink\n"
    assert daemon.git("config", "--get", f"credential.{host}.useHttpPath").stdout == "true\n"


def test_what_setup_remembers_is_private_though_the_umask_is_open(daemon):
    with open(config_of(daemon), "w") as out:
        out.write("[http]\n\textraHeader = Authorization: sesame\n")
    before = os.umask(0)
    try:
        daemon.cli("git", "setup", check=0)
    finally:
        os.umask(before)
    assert mode(memory_of(daemon)) == 0o600 and "sesame" in open(memory_of(daemon)).read()


def test_unset_restores_the_bytes_and_leaves_mode_and_link_as_they_are(daemon, folder):
    dotfiles = os.path.join(folder, "dotfiles")
    os.makedirs(dotfiles)
    real = os.path.join(dotfiles, "gitconfig")
    text = "# mine\n[user]\n\tname = A\n[credential]\n\thelper = cache\n"
    with open(real, "w") as out:
        out.write(text)
    os.chmod(real, 0o640)
    os.symlink(real, config_of(daemon))
    daemon.cli("git", "setup", check=0)
    assert "forgelink" in open(real).read()
    daemon.cli("git", "unset", check=0)
    assert open(real).read() == text and mode(real) == 0o640
    assert (
        os.path.islink(config_of(daemon))
        and os.listdir(dotfiles) == ["gitconfig"]
        and not os.path.exists(memory_of(daemon))
    )


def test_a_dry_run_tells_and_changes_nothing(daemon, sandbox):
    with open(config_of(daemon), "w") as out:
        out.write("[credential]\n\thelper = cache\n")
    done = daemon.cli("git", "setup", "--dry-run", check=0)
    assert f"git config --global --add credential.{sandbox.urls['github']}.helper" in done.stdout
    assert open(
        config_of(daemon)
    ).read() == "[credential]\n\thelper = cache\n" and not os.path.exists(memory_of(daemon))


def spoil(daemon):
    with open(config_of(daemon), "a") as out:
        out.write("[bad\n")


@pytest.mark.parametrize(
    "words",
    [
        ("git", "setup"),
        ("git", "unset"),
        ("git", "identity"),
        ("use", "Work"),
        ("explain",),
    ],
    ids=" ".join,
)
def test_settings_that_git_cannot_read_are_told_in_git_s_words(daemon, words):
    daemon.call("connection.add", name="Work", type="github")
    spoil(daemon)
    done = daemon.cli(*words, check=1)
    assert "bad config line" in done.stderr and config_of(daemon) in done.stderr


def test_a_connection_is_made_though_git_cannot_read_its_settings(daemon):
    daemon.cli("git", "setup", check=0)
    spoil(daemon)
    lab = ("--type", "gitlab-self-managed", "--server", "https://lab.example", "--json")
    done = daemon.cli("add", "Lab", *lab, check=0)
    assert json.loads(done.stdout)["connection"]["name"] == "Lab" and done.stderr == ""


def test_that_git_is_missing_is_told_so(daemon):
    done = subprocess.run(
        [os.path.join(daemon.bin, "forgelink"), "git", "setup"],
        env={**daemon.environment, "PATH": "/nowhere"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2 and done.stderr == "forgelink: git is not installed.\n"
