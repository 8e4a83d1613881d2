# SPDX-License-Identifier: MIT
"""forgelink doctor: real settings of git, real states of the keyring, wrong modes, broken
settings; and that what it says mends it does."""
import json
import os
import pty
import signal
import socket
import stat
import subprocess
import threading

import pytest
from support.keyring import PASSWORD, PrivateBus, wait_until
from support.sandbox import good
from support.daemon import Daemon


def doctor(daemon, *words, extra=None, cwd=None):
    """Exit status and the findings."""
    environment = {**daemon.environment, "GIT_CONFIG_NOSYSTEM": "1", **(extra or {})}
    done = subprocess.run(
        [os.path.join(daemon.bin, "forgelink"), "doctor", "--json", *words],
        env=environment,
        cwd=cwd or environment["HOME"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)["findings"]


def of(findings, about, state=None):
    return [
        finding
        for finding in findings
        if finding["about"] == about and state in (None, finding["state"])
    ]


def bad(findings):
    return [finding for finding in findings if finding["state"] == "bad"]


def typed(daemon, finding):
    """The command that mends it, as a person would type it."""
    done = subprocess.run(
        ["sh", "-c", finding["mend"]],
        env={**daemon.environment, "GIT_CONFIG_NOSYSTEM": "1"},
        cwd=daemon.environment["HOME"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, finding["mend"] + done.stdout + done.stderr


def host_of(sandbox, kind):
    return sandbox.urls[kind].split("://")[1]


def git_config(daemon, *words):
    daemon.git("config", "--global", *words)


@pytest.fixture
def well(daemon):
    """A daemon on which nothing is wrong."""
    daemon.cli("git", "setup", check=0)
    status, findings = doctor(daemon)
    assert (status, bad(findings)) == (0, [])
    return daemon


def test_where_nothing_is_wrong_it_says_so_and_ends_with_0(well):
    done = well.cli("doctor", check=0, extra={"GIT_CONFIG_NOSYSTEM": "1"})
    assert "Nothing is wrong." in done.stdout and "BAD" not in done.stdout
    _, findings = doctor(well)
    assert {
        "session bus",
        "daemon",
        "socket",
        "keyring",
        "files",
        "clock",
        "loopback",
        "proxy",
        "certificates",
        "browser",
        "git",
        "connection",
    } <= {finding["about"] for finding in findings}


def test_fix_sets_git_up_and_a_second_run_is_clean(daemon):
    status, findings = doctor(daemon)
    assert (
        status == 1
        and [finding["about"] for finding in bad(findings)] == ["git"]
        and bad(findings)[0]["fix"] is True
    )
    status, findings = doctor(daemon, "--fix")
    assert status == 0 and [finding["state"] for finding in of(findings, "git")] == [
        "mended",
        "good",
    ]
    status, findings = doctor(daemon)
    assert (status, bad(findings)) == (0, [])


def test_the_modes_of_socket_and_files_are_looked_at_and_mended(well):
    os.chmod(os.path.dirname(well.socket), 0o755)
    os.chmod(well.socket, 0o666)
    os.chmod(well.data, 0o711)
    os.chmod(os.path.join(well.data, "connections.db"), 0o644)
    status, findings = doctor(well)
    assert status == 1 and {finding["about"] for finding in bad(findings)} == {"socket", "files"}
    typed(well, of(findings, "socket", "bad")[0])
    assert (
        stat.S_IMODE(os.stat(well.socket).st_mode) == 0o600
        and stat.S_IMODE(os.stat(os.path.dirname(well.socket)).st_mode) == 0o700
    )
    status, findings = doctor(well, "--fix")
    assert status == 0 and of(findings, "files", "mended")
    assert stat.S_IMODE(os.stat(os.path.join(well.data, "connections.db")).st_mode) == 0o600


@pytest.mark.parametrize("helper, says", [("store", "plain text"), ("cache", "a copy")])
def test_a_helper_after_ours_that_would_be_told_is_found_and_fix_moves_ours_behind_it(
    well, sandbox, helper, says
):
    git_config(well, "--add", "credential.helper", helper)
    status, findings = doctor(well)
    assert status == 1 and says in of(findings, "git", "bad")[0]["sentence"]
    status, findings = doctor(well, "--fix")
    assert status == 0, bad(findings)
    helpers = well.git(
        "config", "--get-all", f"credential.{sandbox.urls['github']}.helper"
    ).stdout.split("\n")
    assert helpers[:2] == ["", "forgelink"]


def test_gh_in_our_place_is_found_and_what_it_had_comes_back_at_unset(well, sandbox):
    git_config(well, "--replace-all", f"credential.{sandbox.urls['github']}.helper", "")
    git_config(
        well,
        "--add",
        f"credential.{sandbox.urls['github']}.helper",
        "!/usr/bin/gh auth git-credential",
    )
    status, findings = doctor(well)
    sentence = of(findings, "git", "bad")[0]["sentence"]
    assert (
        status == 1
        and "gh auth git-credential" in sentence
        and host_of(sandbox, "github") in sentence
        and host_of(sandbox, "gitlab") not in sentence
    )
    typed(well, of(findings, "git", "bad")[0])
    assert doctor(well)[0] == 0
    well.cli("git", "unset", check=0)
    assert (
        "gh auth git-credential"
        in well.git("config", "--get-all", f"credential.{sandbox.urls['github']}.helper").stdout
    )
    assert "forgelink" not in well.git("config", "--global", "--list").stdout


def test_a_helper_of_one_repository_is_named_with_its_file_and_not_touched_by_fix(well, folder):
    repository = os.path.join(folder, "repository")
    well.git("init", "-q", repository)
    well.git("config", "credential.helper", "store --file=x", cwd=repository)
    for options in ([], ["--fix"]):
        status, findings = doctor(well, *options, cwd=repository)
        found = of(findings, "git", "bad")
        assert status == 1 and ".git/config" in found[0]["sentence"] and found[0]["fix"] is False
    subprocess.run(["sh", "-c", found[0]["mend"]], cwd=repository, env=well.environment, check=True)
    assert doctor(well, cwd=repository)[0] == 0
    well.git("config", "credential.helper", "", cwd=repository)
    status, findings = doctor(well, cwd=repository)
    found = of(findings, "git", "bad")
    assert status == 1 and "takes Forgelink out" in found[0]["sentence"]
    subprocess.run(["sh", "-c", found[0]["mend"]], cwd=repository, env=well.environment, check=True)
    assert doctor(well, cwd=repository)[0] == 0


def test_a_helper_that_is_not_there_and_a_path_that_git_does_not_tell_are_mended(well, sandbox):
    git_config(well, f"credential.{sandbox.urls['gitlab']}.useHttpPath", "false")
    git_config(well, "--unset-all", f"credential.{sandbox.urls['github']}.helper")
    git_config(
        well, f"credential.{sandbox.urls['github']}.helper", "/nowhere/git-credential-forgelink"
    )
    git_config(well, "credential.https://elsewhere.example.helper", "/nowhere/else")
    status, findings = doctor(well)
    sentences = " ".join(finding["sentence"] for finding in of(findings, "git", "bad"))
    assert status == 1 and "no such program" in sentences and "useHttpPath" in sentences
    assert "/nowhere/else" in of(findings, "git", "note")[0]["sentence"]
    typed(well, of(findings, "git", "note")[0])
    status, findings = doctor(well, "--fix")
    assert status == 0 and not of(findings, "git", "note"), findings


def test_setup_from_a_folder_that_is_not_on_the_path_writes_what_git_can_run(
    daemon, sandbox, folder
):
    place = os.path.join(folder, "my programs")
    os.makedirs(place)
    for program in ("forgelink", "git-credential-forgelink"):
        (
            os.link(os.path.join(daemon.bin, program), os.path.join(place, program))
            if os.stat(daemon.bin).st_dev == os.stat(place).st_dev
            else subprocess.run(["cp", os.path.join(daemon.bin, program), place], check=True)
        )
    daemon.call("connection.add", name="W", **good(sandbox, "github"))
    outside = {"PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(
        [os.path.join(place, "forgelink"), "git", "setup"],
        env={**daemon.environment, **outside},
        check=True,
        capture_output=True,
    )
    host = sandbox.urls["github"]
    answer = subprocess.run(
        ["git", "credential", "fill"],
        input=f"url={host}\n\n",
        env={**daemon.environment, **outside, "GIT_TERMINAL_PROMPT": "0"},
        capture_output=True,
        text=True,
    )
    assert "password=" in answer.stdout, answer.stderr


def test_passwords_in_plain_text_are_named_by_host_and_never_shown(well, sandbox):
    host = host_of(sandbox, "github")
    well.git(
        "credential-store",
        "store",
        stdin=f"protocol=http\nhost={host}\nusername=me\npassword=sesame-open\n\n",
    )
    well.git(
        "credential-store",
        "store",
        stdin="protocol=https\nhost=else.example\nusername=me\npassword=other\n\n",
    )
    status, findings = doctor(well)
    found = of(findings, "plain text", "bad")
    assert (
        status == 1
        and host in found[0]["sentence"]
        and "else.example" not in found[0]["sentence"]
        and "sesame" not in json.dumps(findings)
        and "import" in found[0]["mend"]
    )


def test_a_locked_keyring_one_that_hangs_and_none_are_told_apart(well, bus):
    bus.lock()
    well.wait_store("locked")
    status, findings = doctor(well)
    assert status == 1 and "locked" in of(findings, "keyring", "bad")[0]["sentence"]
    # Typed on a terminal, and the password after it.
    ours, terminal = pty.openpty()
    shell = subprocess.Popen(
        ["sh", "-c", of(findings, "keyring", "bad")[0]["mend"]],
        env=well.environment,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    os.write(ours, PASSWORD.encode() + b"\n")
    assert shell.wait(timeout=30) == 0
    bus.keyring.wait(timeout=10)
    running = int(
        bus.busctl(
            "call",
            "org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            "org.freedesktop.DBus",
            "GetConnectionUnixProcessID",
            "s",
            "org.freedesktop.secrets",
        ).split()[1]
    )
    try:
        well.wait_store()
        assert doctor(well)[0] == 0
    finally:
        os.kill(running, signal.SIGKILL)
        os.close(ours)
        os.close(terminal)
    well.wait_store(backend="memory")
    bus.start_keyring()
    well.wait_store()
    bus.keyring.send_signal(signal.SIGSTOP)
    try:
        well.rpc().send("connection.add", name="X", type="github", token="t", verify=False)
        well.wait_store("unavailable")
        status, findings = doctor(well)
        assert (
            status == 1
            and f"kill -9 {bus.keyring.pid};" in of(findings, "keyring", "bad")[0]["mend"]
        )
    finally:
        bus.keyring.send_signal(signal.SIGCONT)
    bus.stop_keyring()
    well.wait_store(backend="memory")
    status, findings = doctor(well)
    assert status == 0 and "memory" in of(findings, "keyring", "note")[0]["sentence"]


def test_without_a_session_bus_all_else_is_still_looked_at(folder, sandbox):
    private = PrivateBus(folder, keyring=False)
    private.close()
    daemon = Daemon(private.environment, sandbox.settings)
    try:
        daemon.cli("git", "setup", check=0)
        status, findings = doctor(daemon)
        assert (
            status == 1
            and [finding["about"] for finding in bad(findings)] == ["session bus"]
            and of(findings, "loopback", "good")
        )
        os.remove(private.socket)
        status, findings = doctor(daemon, extra={"DBUS_SESSION_BUS_ADDRESS": ""})
        assert (
            status == 0
            and "only be kept in memory" in of(findings, "session bus", "note")[0]["sentence"]
        )
    finally:
        daemon.stop()


def test_settings_that_are_wrong_are_told_in_the_daemon_s_own_words_and_the_rest_is_looked_at(
    make_daemon,
):
    daemon = make_daemon(start=False)
    daemon.write_settings('[secrets]\nstore = "file"\n')
    for extra in ({}, {"FORGELINK_NO_AUTOSTART": "1"}):
        status, findings = doctor(daemon, extra=extra)
        found = of(findings, "settings", "bad")
        assert (
            status == 1
            and "config.toml:2:" in found[0]["sentence"]
            and "secrets.store" in found[0]["sentence"]
            and "config.toml" in found[0]["mend"]
        )
        assert {"session bus", "clock", "loopback", "certificates", "git"} <= {
            finding["about"] for finding in findings
        }


def test_a_daemon_that_may_not_be_started_is_a_finding_with_the_command_that_starts_it(make_daemon):
    daemon = make_daemon(start=False)
    status, findings = doctor(daemon, extra={"FORGELINK_NO_AUTOSTART": "1"})
    found = of(findings, "daemon", "bad")
    assert status == 1 and "FORGELINK_NO_AUTOSTART" in found[0]["sentence"]
    typed(daemon, found[0])
    try:
        assert of(doctor(daemon, extra={"FORGELINK_NO_AUTOSTART": "1"})[1], "daemon", "good")
    finally:
        pid = daemon.call("daemon.status")["pid"]
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not os.path.exists(f"/proc/{pid}"))


def after(daemon, finding, extra):
    """What a shell that was told so sees next."""
    words = finding["mend"] + "; forgelink status --json"
    environment = {**daemon.environment, **extra}
    environment = {name: value for name, value in environment.items() if value}
    return subprocess.run(
        ["sh", "-c", words], env=environment, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("variable", ["FORGELINK_SOCKET", "XDG_RUNTIME_DIR"])
def test_a_daemon_that_is_well_but_is_looked_for_elsewhere_is_left_alone(well, folder, variable):
    extra = {variable: os.path.join(folder, "other")}
    status, findings = doctor(well, extra=extra)
    found = of(findings, "daemon", "bad")
    assert (
        status == 1
        and f"process {well.process.pid}" in found[0]["sentence"]
        and well.socket in found[0]["sentence"]
        and "kill" not in json.dumps(findings)
    )
    assert json.loads(after(well, found[0], extra).stdout)["pid"] == well.process.pid


def test_a_shell_without_a_runtime_folder_is_told_that(well):
    extra = {"XDG_RUNTIME_DIR": ""}
    status, findings = doctor(well, extra=extra)
    found = of(findings, "daemon", "bad")
    assert status == 1 and "XDG_RUNTIME_DIR is not set" in found[0]["sentence"]
    assert "kill" not in json.dumps(findings)
    assert json.loads(after(well, found[0], extra).stdout)["pid"] == well.process.pid


def test_a_daemon_whose_socket_was_removed_is_to_be_started_again(well):
    os.remove(well.socket)
    status, findings = doctor(well)
    found = of(findings, "daemon", "bad")
    assert (
        status == 1
        and f"process {well.process.pid}" in found[0]["sentence"]
        and found[0]["mend"].startswith(f"kill {well.process.pid};")
    )


def test_that_tokens_are_locked_is_a_note_with_the_command_that_unlocks(well):
    well.cli("lock", check=0)
    status, findings = doctor(well)
    note = of(findings, "lock", "note")[0]
    assert status == 0 and "Forgelink is locked" in note["sentence"]
    typed(well, note)
    assert of(doctor(well)[1], "lock") == []


def test_settings_of_git_s_that_cannot_be_read_are_told_in_git_s_words(well):
    file = os.path.join(well.environment["HOME"], ".gitconfig")
    with open(file, "a") as out:
        out.write("[bad\n")
    status, findings = doctor(well)
    found = of(findings, "git", "bad")
    assert status == 1 and "bad config line" in found[0]["sentence"]
    assert file in found[0]["mend"] and "apt-get" not in json.dumps(found)


def test_a_daemon_of_another_version_is_to_be_started_again(well, folder):
    status = well.call("daemon.status")
    path = os.path.join(folder, "old")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()

    def serve():
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client, client.makefile("rw") as lines:
                for line in lines:
                    asked = json.loads(line)
                    result = (
                        {**status, "version": "0.0.1"}
                        if asked["method"] == "daemon.status"
                        else {"connections": [], "next_cursor": None, "total": 0}
                    )
                    lines.write(
                        json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": result}) + "\n"
                    )
                    lines.flush()

    threading.Thread(target=serve, daemon=True).start()
    try:
        code, findings = doctor(well, extra={"FORGELINK_SOCKET": path})
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
    found = of(findings, "daemon", "bad")
    assert (
        code == 1
        and "0.0.1" in found[0]["sentence"]
        and f"kill {status['pid']};" in found[0]["mend"]
    )


def test_a_proxy_that_does_not_answer_is_found_wherever_it_is_named_and_its_password_is_not_shown(
    make_daemon,
):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        daemon = make_daemon(extra={"HTTPS_PROXY": f"http://me:sesame@127.0.0.1:{port}"})
        daemon.cli("git", "setup", check=0)
        assert of(doctor(daemon)[1], "proxy", "good")
    status, findings = doctor(daemon)
    found = of(findings, "proxy", "bad")
    assert (
        status == 1
        and f"http://127.0.0.1:{port}" in found[0]["sentence"]
        and "HTTPS_PROXY" in found[0]["sentence"]
        and "sesame" not in json.dumps(findings)
    )
    assert "sesame" not in json.dumps(daemon.call("daemon.status"))


def test_a_proxy_of_the_shell_alone_is_a_note(well):
    status, findings = doctor(well, extra={"https_proxy": "http://127.0.0.1:9"})
    assert status == 0 and "https_proxy" in of(findings, "proxy", "note")[0]["sentence"]


def test_a_file_of_authorities_that_has_gone_is_found(make_daemon, folder):
    file = os.path.join(folder, "ca.pem")
    with open(file, "w") as out:
        out.write("-----BEGIN CERTIFICATE-----\n")
    daemon = make_daemon(f'[network]\nca_file = "{file}"\n')
    os.remove(file)
    status, findings = doctor(daemon)
    assert status == 1 and "cannot be read" in of(findings, "certificates", "bad")[0]["sentence"]


@pytest.mark.skipif(os.getuid() != 0, reason="needs a network of its own")
def test_a_machine_without_loopback_is_found_and_the_command_mends_it(well):
    program = os.path.join(well.bin, "forgelink")
    script = (
        f"{program} doctor --json > first; sh -c \"$(/usr/bin/python3 -c 'import json;"
        ' print([f["mend"] for f in json.load(open("first"))["findings"] if f["about"] =='
        f' "loopback"][0])\')"; {program} doctor --json > second'
    )
    home = well.environment["HOME"]
    subprocess.run(
        ["unshare", "-n", "sh", "-c", script],
        env={
            **well.environment,
            "GIT_CONFIG_NOSYSTEM": "1",
            "PATH": well.environment["PATH"] + ":/usr/sbin:/sbin",
        },
        cwd=home,
        timeout=120,
    )
    first, second = (
        json.load(open(os.path.join(home, name)))["findings"] for name in ("first", "second")
    )
    assert of(first, "loopback", "bad") and of(second, "loopback", "good")


def test_connections_with_trouble_are_named_with_the_command_for_a_shell(well, sandbox):
    well.call("connection.add", name="No token yet", type="github")
    well.call(
        "connection.add",
        name="it's",
        type="gitlab",
        token=good(sandbox, "gitlab")["token"],
        verify=False,
    )
    made = good(sandbox, "github")
    well.call(
        "connection.add", name="Soon", **made, expires_at="2026-11-30T00:00:00Z", verify=False
    )
    status, findings = doctor(well)
    found = of(findings, "connection")
    by = {finding["sentence"]: finding for finding in found}
    missing = [
        finding for sentence, finding in by.items() if "“No token yet” has no token" in sentence
    ]
    assert status == 1 and missing[0]["mend"] == "forgelink edit 'No token yet'"
    unverified = [
        finding for sentence, finding in by.items() if "“it's” was never verified" in sentence
    ]
    typed(well, unverified[0])
    assert not [f for f in of(doctor(well)[1], "connection") if "“it's” was never" in f["sentence"]]
