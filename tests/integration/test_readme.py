# SPDX-License-Identifier: MIT
"""What README.md shows is what there is: the tour on a real terminal, the clients, the commands
and their options."""
import os
import pty
import re
import select
import subprocess
import sys
import time

import pytest
from support.daemon import RELEASE
from support.sandbox import ROOT, good, tokens

TOKEN = tokens.first(tokens.GITHUB, "good")
# What a person types where the tour shows it.
ANSWERS = {
    "Username (may be empty): ": "octo-dev",
    "Token (it is not shown; empty to add it later): ": TOKEN,
}


def readme():
    with open(os.path.join(ROOT, "README.md")) as text:
        return text.read()


def block(language):
    return re.search(rf"^```{language}\n(.*?)^```$", readme(), re.M | re.S)[1]


def on_a_terminal(command, environment, folder):
    """What a person sees who types the command, answers of ANSWERS included."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execvpe("bash", ["bash", "-c", "stty cols 200; " + command], environment)
    seen, end = "", time.monotonic() + 60
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
        seen += piece.decode(errors="replace")
        for prompt, answer in ANSWERS.items():
            if seen.endswith(prompt):
                os.write(terminal, (answer + "\n").encode())
    os.close(terminal)
    os.waitpid(child, 0)
    return [line.rstrip() for line in seen.replace("\r", "").splitlines()]


def alike(line):
    """Without what differs from day to day."""
    return re.sub(
        r"\d{4}-\d\d-\d\d(T[\d:]+Z)?",
        "DATE",
        re.sub(r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b", "ID", re.sub(r"process \d+", "process N", line)),
    )


def matches(shown, seen):
    """Line by line; a line of three dots stands for any number of them."""
    if not shown:
        return not seen
    if shown[0].strip() == "...":
        return any(matches(shown[1:], seen[i:]) for i in range(len(seen) + 1))
    return (
        bool(seen) and alike(shown[0].rstrip()) == alike(seen[0]) and matches(shown[1:], seen[1:])
    )


def test_the_tour_shows_what_the_terminal_shows(make_daemon, sandbox, bus):
    ca = f'[network]\nca_file = "{sandbox.ca}"\n'
    daemon = make_daemon(bin_dir=RELEASE, start=False)
    daemon.write_settings(sandbox.tls_settings + ca)
    daemon.start()
    daemon.wait_store()
    web, home = sandbox.tls_urls["github"], daemon.environment["HOME"]
    environment = {
        **daemon.environment,
        "NO_COLOR": "1",
        "TERM": "xterm",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    subprocess.run(
        ["git", "config", "--global", "http.sslCAInfo", sandbox.ca], env=environment, check=True
    )
    steps = re.split(r"^\$ ", block("console"), flags=re.M)[1:]
    assert len(steps) >= 5
    for step in steps:
        command, _, shown = step.partition("\n")
        seen = [
            line.replace(web, "https://github.com").replace(home, "/home/you")
            for line in on_a_terminal(command.replace("https://github.com", web), environment, home)
        ]
        assert matches(shown.strip("\n").split("\n"), seen), f"$ {command}\n" + "\n".join(seen)


@pytest.mark.parametrize("language", ["sh", "python", "cpp"])
def test_the_clients_work(release_daemon, sandbox, folder, language):
    release_daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    source = os.path.join(folder, "client." + language)
    with open(source, "w") as out:
        out.write(block(language))
    run = {
        "sh": ["sh", source],
        "python": [sys.executable, source],
        "cpp": [os.path.join(folder, "client")],
    }[language]
    if language == "cpp":
        subprocess.run(["g++", "-std=c++20", "-o", run[0], source], check=True, timeout=300)
    done = subprocess.run(
        run, env=release_daemon.environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0 and not done.stderr
    expected = {"sh": '"name":"Work"', "python": "Work valid", "cpp": '"path":"octo-dev/hello"'}[
        language
    ]
    assert expected in done.stdout
    assert TOKEN not in done.stdout


def test_commands_and_options_that_are_named_are_there(release_daemon):
    def help_of(*words):
        done = release_daemon.cli(*words, "--help")
        assert done.returncode == 0, words
        return done.stdout

    top = re.findall(r"^  ([a-z][a-z-]+) ", help_of(), re.M)
    table = re.search(r"^\| command \| does \|\n(.*?)\n\n", readme(), re.M | re.S)[1]
    named = set()
    for row in table.splitlines()[1:]:
        for code in re.findall(r"`([^`]*)`", row.split(" | ")[0].replace("\\|", "or")):
            command = code.removeprefix("forgelink ").split()[0]
            assert command in top, command
            named.add(command)
    assert named == set(top), "the table has them all"
    for command, options in re.findall(
        r"`forgelink ([a-z-]+)[^`]*?((?: --[a-z-]+[^`]*)?)`", readme()
    ):
        for option in re.findall(r"--[a-z-]+", options):
            assert option in help_of(
                *([command, "set"] if command == "oauth-app" else [command])
            ), (command, option)


def test_files_that_are_named_are_there():
    for path in re.findall(r"\]\(([^)#:]+)\)", readme()):
        assert os.path.exists(os.path.join(ROOT, path)), path
