# SPDX-License-Identifier: MIT
"""The daemon under test, and clients of its socket."""
import json
import os
import signal
import socket
import subprocess
import time

from .keyring import wait_until
from .sandbox import ROOT

RELEASE = os.path.join(ROOT, "build", "release", "bin")
DEBUG = os.environ.get("FORGELINK_BIN_DIR") or (
    os.path.join(ROOT, "build", "debug", "bin")
    if os.path.exists(os.path.join(ROOT, "build", "debug", "bin", "forgelinkd"))
    else RELEASE
)


class RpcError(Exception):
    def __init__(self, error):
        super().__init__(json.dumps(error))
        self.code, self.message, self.data = error["code"], error["message"], error.get("data", {})
        self.kind = self.data.get("kind")


class Rpc:
    def __init__(self, path, timeout=60):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(timeout)
        self.socket.connect(path)
        self.buffer, self.id, self.events = b"", 0, []

    def send_raw(self, data):
        self.socket.sendall(data)

    def read(self):
        while b"\n" not in self.buffer:
            piece = self.socket.recv(1 << 16)
            if not piece:
                raise EOFError
            self.buffer += piece
        line, _, self.buffer = self.buffer.partition(b"\n")
        return json.loads(line)

    def send(self, method, /, **params):
        self.id += 1
        self.send_raw(
            json.dumps(
                {"jsonrpc": "2.0", "id": self.id, "method": method, "params": params}
            ).encode()
            + b"\n"
        )
        return self.id

    def call(self, method, /, **params):
        wanted = self.send(method, **params)
        while True:
            message = self.read()
            if message.get("method") == "event":
                self.events.append(message["params"])
            elif message.get("id") == wanted or message.get("id") is None:
                if "error" in message:
                    raise RpcError(message["error"])
                return message["result"]

    def wait_event(self, kind, seconds=20):
        end = time.monotonic() + seconds
        while True:
            for event in self.events:
                if event["kind"] == kind:
                    self.events.remove(event)
                    return event
            self.socket.settimeout(max(0.01, end - time.monotonic()))
            message = self.read()
            if message.get("method") == "event":
                self.events.append(message["params"])

    def close(self):
        self.socket.close()


class Daemon:
    """`environment` as of PrivateBus; settings as TOML text."""

    def __init__(self, environment, settings="", bin_dir=None, start=True, extra=None):
        self.environment = {
            **environment,
            "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1",
            "UBSAN_OPTIONS": "print_stacktrace=1",
            "TSAN_OPTIONS": "suppressions="
            + os.path.join(ROOT, "tests", "support", "thread_sanitizer.supp"),
            **(extra or {}),
        }
        self.bin = bin_dir or DEBUG
        self.environment["PATH"] = self.bin + ":" + self.environment["PATH"]
        self.config = os.path.join(environment["XDG_CONFIG_HOME"], "forgelink", "config.toml")
        self.socket = os.path.join(environment["XDG_RUNTIME_DIR"], "forgelink", "socket")
        self.data = os.path.join(environment["XDG_DATA_HOME"], "forgelink")
        self.log_file = os.path.join(environment["HOME"], "daemon.log")
        self.process = None
        self.write_settings(settings)
        if start:
            self.start()

    def write_settings(self, settings):
        os.makedirs(os.path.dirname(self.config), exist_ok=True)
        with open(self.config, "w") as out:
            out.write(settings)

    def start(self):
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                [os.path.join(self.bin, "forgelinkd")], env=self.environment, stdout=log, stderr=log
            )
        wait_until(self.answers, 20, 0.01)

    def answers(self):
        assert self.process.poll() is None, self.log()
        try:
            rpc = Rpc(self.socket)
        except OSError:
            return False
        rpc.close()
        return True

    def rpc(self):
        return Rpc(self.socket)

    def call(self, method, /, **params):
        rpc = self.rpc()
        try:
            return rpc.call(method, **params)
        finally:
            rpc.close()

    def wait_store(self, state="available", backend="secret-service", seconds=15):
        def there():
            store = self.call("daemon.status")["secret_store"]
            return store["state"] == state and store["backend"] == backend

        wait_until(there, seconds)

    def log(self):
        if not os.path.exists(self.log_file):
            return ""
        with open(self.log_file, errors="replace") as text:
            return text.read()

    def cli(self, *words, stdin="", check=None, extra=None):
        done = subprocess.run(
            [os.path.join(self.bin, "forgelink"), *words],
            env={**self.environment, **(extra or {})},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
        )
        if check is not None:
            assert done.returncode == check, done.stdout + done.stderr + self.log()
        return done

    def helper(self, operation, text, extra=None):
        return subprocess.run(
            [os.path.join(self.bin, "git-credential-forgelink"), operation],
            env={**self.environment, **(extra or {})},
            input=text if isinstance(text, bytes) else text.encode(),
            capture_output=True,
            timeout=30,
        )

    def git(self, *words, cwd=None, extra=None, check=True, stdin=""):
        environment = {
            **self.environment,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "T",
            "GIT_AUTHOR_EMAIL": "t@example.org",
            "GIT_COMMITTER_NAME": "T",
            "GIT_COMMITTER_EMAIL": "t@example.org",
            **(extra or {}),
        }
        done = subprocess.run(
            ["git", *words],
            env=environment,
            cwd=cwd,
            capture_output=True,
            text=True,
            timeout=60,
            input=stdin,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr + self.log()
        return done

    def stop(self, how=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(how)
            self.process.wait(timeout=15)
        return self.process.returncode if self.process else None

    def restart(self, how=signal.SIGTERM):
        self.stop(how)
        self.start()
