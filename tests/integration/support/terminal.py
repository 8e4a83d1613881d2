# SPDX-License-Identifier: MIT
"""Programs of ours with a person in front of them."""
import os
import pty
import select
import subprocess
import time


class Terminal:
    """A person at a terminal."""

    def __init__(self, daemon, *words):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [os.path.join(daemon.bin, "forgelink"), *words],
            env=daemon.environment,
            stdin=slave,
            stdout=slave,
            stderr=slave,
        )
        os.close(slave)
        self.seen = self.everything = ""

    def wait(self, text, seconds=60):
        end = time.monotonic() + seconds
        while text not in self.seen:
            assert select.select([self.master], [], [], max(0.0, end - time.monotonic()))[
                0
            ], self.seen
            try:
                piece = os.read(self.master, 4096).decode(errors="replace")
                self.seen, self.everything = self.seen + piece, self.everything + piece
            except OSError:
                raise AssertionError(self.seen) from None

    def answer(self, question, answer):
        self.wait(question)
        self.seen = self.seen.split(question, 1)[1]
        os.write(self.master, answer.encode() + b"\n")

    def end(self):
        rest = self.seen
        while True:
            try:
                piece = os.read(self.master, 4096)
            except OSError:
                break
            if not piece:
                break
            rest += piece.decode(errors="replace")
        os.close(self.master)
        return self.process.wait(timeout=20), rest
