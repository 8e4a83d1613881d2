# SPDX-License-Identifier: MIT
"""Credentials of other programs in the places where they really are (faults H1 to H4, H11)."""
import json
import os

import pytest

from tests.sandbox import tokens

GITHUB = tokens.first(tokens.GITHUB, "good")


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def found(daemon, **extra):
    done = daemon.cli("--json", "import", "--dry-run", extra=extra, check=0)
    return json.loads(done.stdout)


@pytest.mark.parametrize("named", [False, True])
def test_fault_h1_gcm_plain_text_store_is_found(daemon, named):
    home = daemon.environment["HOME"]
    root = os.path.join(home, "elsewhere") if named else os.path.join(home, ".gcm", "store")
    write(
        os.path.join(root, "git", "https", "github.com", "octo-dev.credential"),
        f"{GITHUB}\nservice=https://github.com\naccount=octo-dev\n",
    )
    extra = {"GCM_PLAINTEXT_STORE_PATH": root} if named else {}
    findings = found(daemon, **extra)["findings"]
    assert [(one["host"], one["username"]) for one in findings] == [("github.com", "octo-dev")]


def test_fault_h1_gcm_gpg_store_is_named(daemon):
    store = os.path.join(daemon.environment["HOME"], ".password-store")
    write(os.path.join(store, "git", "https", "github.com", "octo-dev.gpg"), "binary")
    troubles = found(daemon)["troubles"]
    assert any("GPG" in trouble["sentence"] for trouble in troubles)


def test_fault_h2_glab_of_the_snap_store_is_found(daemon):
    config = "snap/glab/current/.config/glab-cli/config.yml"
    text = "hosts:\n  lab.example/gitlab:\n    token: glpat-0123456789abcdef\n"
    write(os.path.join(daemon.environment["HOME"], config), text)
    findings = found(daemon)["findings"]
    assert [one["server_url"] for one in findings] == ["https://lab.example/gitlab"]


def test_fault_h3_netrc_login_alone_is_a_token(daemon):
    write(
        os.path.join(daemon.environment["HOME"], ".netrc"), f"machine github.com login {GITHUB}\n"
    )
    assert [one["host"] for one in found(daemon)["findings"]] == ["github.com"]


def test_fault_h11_printed_commands_are_quoted(daemon):
    line = "https://u:" + "a" * 52 + "@tfs.example/tfs/R%26D/_git/x\n"
    write(os.path.join(daemon.environment["HOME"], ".git-credentials"), line)
    sentences = " ".join(one["sentence"] or "" for one in found(daemon)["findings"])
    assert "R&D" not in sentences or "'http" in sentences


@pytest.mark.parametrize(
    "text",
    [
        "machine\tHOST\tlogin\tu\tpassword\tp\n",
        "machine  HOST  login u  password p\n",
        "machine HOST\r\nlogin u\r\npassword p\r\n",
        "default login u password p\n",
    ],
)
def test_fault_h4_doctor_reads_netrc_as_import_does(daemon, text):
    host = daemon.call("daemon.status")["git_hosts"][0].split("://")[1]
    write(os.path.join(daemon.environment["HOME"], ".netrc"), text.replace("HOST", host.upper()))
    done = daemon.cli("doctor")
    assert "plain text" in done.stdout
