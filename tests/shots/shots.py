# SPDX-License-Identifier: MIT
"""Pictures of the window in each of its states: ./dev shots [STATE...]

Real daemon, sandbox forges, no monitor. Look at them: no test can say whether a window looks
right. With a name that begins several states, as `add`, all of these.
"""
import os
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "tests", "integration"))
from states import STATES  # noqa: E402
from support.daemon import DEBUG, RELEASE, Daemon  # noqa: E402
from support.hand import focus, resize, xdotool  # noqa: E402
from support.keyring import PrivateBus  # noqa: E402
from support.sandbox import Sandbox, good, tokens  # noqa: E402
from support.window import Screen, Window  # noqa: E402

BIN = DEBUG if os.environ.get("FORGELINK_BIN_DIR") else RELEASE
DOTS_PER_INCH = 96
SETTLED = 0.8  # seconds until animations are over
LONG = (
    "Everything that the customer in the north has, with the old servers and the new ones as well"
)


class Stage:
    """A daemon with some connections, and a window on it."""

    def __init__(self, screen, sandbox, folder, count):
        self.screen, self.sandbox, self.folder = screen, sandbox, folder
        self.bus = PrivateBus(tempfile.mkdtemp(prefix="fl-shots-"), keyring=False)
        self.daemon = Daemon(
            self.bus.environment, sandbox.settings + '[secrets]\nstore = "memory"\n', bin_dir=BIN
        )
        words = ("oauth-app", "set", "github", "--client-id", tokens.OAUTH_CLIENT_ID)
        self.daemon.cli(*words, "--secret-stdin", stdin=tokens.OAUTH_CLIENT_SECRET + "\n", check=0)
        self.set_up_desktop()
        self.fill(count)

    def add_good(self, name, kind, **more):
        self.daemon.call("connection.add", name=name, **good(self.sandbox, kind), **more)

    def fill(self, count):
        if count > 0:
            self.add_good("Work", "github")
        if count > 1:
            self.add_good(LONG, "gitlab-self-managed")
            self.add_good("Bitbucket", "bitbucket")
        rpc = self.daemon.rpc()
        for number in range(3, count):
            kind = ("github", "gitlab", "azure-devops")[number % 3]
            rpc.call("connection.add", name=f"Project {number:05}", type=kind, username="octo-dev")

    def add_rule(self):
        kinds = {kind["id"]: kind for kind in self.daemon.call("type.list")["types"]}
        url = kinds["github"]["git_hosts"][0]
        self.daemon.call("rule.add", connection="Work", url=url + "/octo-org/a-repository")
        self.daemon.call("rule.add", connection="Work", url=url, directory="/srv/job/of/octo-org")

    def use(self):
        for _ in range(3):
            self.daemon.cli("repos", "Work", "--limit", "1", check=0)

    def ask_for_consent(self):
        self.daemon.call("connection.update", connection="Work", access="ask")
        words = ("repos", "Work", "--limit", "1")
        threading.Thread(target=self.daemon.cli, args=words, daemon=True).start()

    def show(self, name, state):
        self.set_text_size(state.percent)
        window = Window(self.screen, self.daemon.environment, BIN, extra=state.extra)
        try:
            window.find(role="frame", seconds=60)
            time.sleep(SETTLED)
            resize(window, *state.size)
            focus(window)
            xdotool(self.screen, "mousemove", "1590", "990")  # else the row below it is lit
            time.sleep(SETTLED)
            state.steps(self, window)
            time.sleep(SETTLED)
            self.picture(os.path.join(self.folder, name + ".png"), state.size)
            print(name, flush=True)
        finally:
            window.close()

    def picture(self, path, size):
        self.screen.picture(path)
        words = ["mogrify", "-crop", f"{size[0]}x{size[1]}+0+0", "+repage", path]
        subprocess.run(words, check=True, timeout=30)

    def set_up_desktop(self):
        """The buttons that GNOME gives a window; there is no desktop here."""
        folder = os.path.join(self.bus.environment["XDG_CONFIG_HOME"], "gtk-4.0")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "settings.ini"), "w") as out:
            out.write("[Settings]\ngtk-decoration-layout=:close\n")

    def set_text_size(self, percent):
        """As the desktop's setting for large text: by the X resources, which Xlib reads here."""
        with open(os.path.join(self.bus.environment["HOME"], ".Xdefaults"), "w") as out:
            out.write(f"Xft.dpi: {DOTS_PER_INCH * percent // 100}\n")

    def close(self):
        self.daemon.stop()
        self.bus.close()


def is_named(state, word):
    return state == word or state.startswith(word + "-")


def main(folder, wanted):
    unknown = [word for word in wanted if not any(is_named(state, word) for state in STATES)]
    if unknown:
        print(f"shots: no state is called {', '.join(unknown)}; there are: {' '.join(STATES)}")
        return 2
    os.makedirs(folder, exist_ok=True)
    screen, sandbox = Screen("1600x1000"), Sandbox()
    stages, failed = {}, []
    try:
        for name, state in STATES.items():
            if wanted and not any(is_named(name, word) for word in wanted):
                continue
            if state.count not in stages:
                stages[state.count] = Stage(screen, sandbox, folder, state.count)
            try:
                stages[state.count].show(name, state)
            except (AssertionError, subprocess.SubprocessError) as why:
                failed.append(name)
                print(f"{name}: {why}", file=sys.stderr)
    finally:
        for stage in stages.values():
            stage.close()
        sandbox.close()
        screen.close()
    return f"no picture of: {' '.join(failed)}" if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "build/shots", sys.argv[2:]))
