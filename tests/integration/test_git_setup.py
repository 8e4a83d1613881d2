# SPDX-License-Identifier: MIT
"""What `git setup` and `git unset` do to the person's own files."""
import json
import os
import stat

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
