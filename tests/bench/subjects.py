# SPDX-License-Identifier: MIT
"""What is measured: daemons with the keyring or with memory, and the peers. All of it in one
folder that goes away."""
import os
import shutil
import subprocess
import sys
import tempfile

from support.daemon import Daemon
from support.keyring import PrivateBus, wait_until
from support.sandbox import ROOT

RELEASE = os.path.join(ROOT, "build", "release", "bin")
TOOLS = os.path.join(ROOT, "build", "bench", "bin")
MEMORY = '[secrets]\nstore = "memory"\n'
STORES = {"keyring": "", "memory": MEMORY}
TOKEN = "ghp_bench00000000000000000000000000000001"
BITBUCKET_TOKEN = "ATATT3xFfGF0bench0000001"


class Place:
    """Makes daemons and peers, each with a home of its own, and ends them all."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="fl-bench-")
        self.closing = []
        return self

    def __exit__(self, *_):
        for close in reversed(self.closing):
            close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def home(self, name):
        path = os.path.join(self.folder, name)
        os.makedirs(path, mode=0o700, exist_ok=True)
        return path

    def bus(self, name, keyring=True):
        bus = PrivateBus(self.home(name), keyring)
        self.closing.append(bus.close)
        return bus

    def daemon(self, name, store="keyring", settings="", start=True):
        bus = self.bus(name, store == "keyring")
        daemon = Daemon(bus.environment, settings + STORES[store], bin_dir=RELEASE, start=start)
        self.closing.append(daemon.stop)
        if start:
            daemon.wait_store(backend="secret-service" if store == "keyring" else "memory")
        return daemon

    def echo(self, name, reply):
        """The echo server, answering with `reply`; its socket."""
        home = self.home(name)
        socket, file = os.path.join(home, "socket"), os.path.join(home, "reply")
        with open(file, "wb") as out:
            out.write(reply)
        server = subprocess.Popen([os.path.join(TOOLS, "echo_server"), socket, file])
        self.closing.append(lambda: (server.kill(), server.wait()))
        wait_until(lambda: os.path.exists(socket))
        return socket

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as out:
            out.write(text)
        return path


def tool(name, *words, env=None):
    """What a measuring program prints: lines of numbers."""
    done = subprocess.run(
        [os.path.join(TOOLS, name), *map(str, words)], env=env, stdout=subprocess.PIPE, text=True
    )
    if done.returncode != 0:
        sys.exit(f"bench: {name} failed")
    return [[float(word) for word in line.split()] for line in done.stdout.splitlines()]


def add_work(daemon, kind="github", token=TOKEN):
    daemon.call(
        "connection.add", name="Work", type=kind, username="octo-dev", token=token, verify=False
    )


def fill(daemon, count):
    """Gives a daemon that does not run yet so many connections, named connection-000000,
    connection-000001 ..."""
    subprocess.run([os.path.join(TOOLS, "fill"), daemon.data, str(count)], check=True)


def libsecret_helper():
    """git's own helper for the Secret Service, built from the source that Debian ships with git;
    None where there is none."""
    source = "/usr/share/doc/git/contrib/credential/libsecret/git-credential-libsecret.c"
    program = os.path.join(TOOLS, "git-credential-libsecret")
    if not os.path.exists(program):
        if not os.path.exists(source):
            return None
        flags = subprocess.run(
            ["pkg-config", "--cflags", "--libs", "libsecret-1", "glib-2.0"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        subprocess.run(["cc", "-O2", "-w", "-o", program, source, *flags], check=True)
    return program
