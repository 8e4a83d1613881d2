# SPDX-License-Identifier: MIT
"""Pictures of the window in each of its states: ./dev shots FOLDER [STATE...]

Real daemon, sandbox forges, no monitor. Look at them: no test can say whether a window looks right.
"""
import os
import sys
import tempfile
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "tests", "integration"))
from support.daemon import DEBUG, RELEASE, Daemon  # noqa: E402
from support.keyring import PrivateBus  # noqa: E402
from support.sandbox import Sandbox, good, tokens  # noqa: E402
from support.window import Screen, Window, press  # noqa: E402

BIN = RELEASE if os.path.exists(os.path.join(RELEASE, "forgelink-gtk")) else DEBUG
SETTLED = 0.8  # seconds until animations are over
DARK = {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}
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
        self.fill(count)

    def fill(self, count):
        if count > 0:
            self.daemon.call("connection.add", name="Work", **good(self.sandbox, "github"))
        if count > 1:
            self.daemon.call(
                "connection.add", name=LONG, **good(self.sandbox, "gitlab-self-managed")
            )
            self.daemon.call("connection.add", name="Bitbucket", **good(self.sandbox, "bitbucket"))
        rpc = self.daemon.rpc()
        for number in range(3, count):
            kind = ("github", "gitlab", "azure-devops")[number % 3]
            rpc.call("connection.add", name=f"Project {number:05}", type=kind, username="octo-dev")

    def show(self, name, steps, extra=None):
        self.set_text_size(200 if name == "large-text" else 100)
        window = Window(self.screen, self.daemon.environment, BIN, extra=extra)
        try:
            window.find(name="Add connection", role="push button")
            time.sleep(SETTLED)
            steps(window)
            time.sleep(SETTLED)
            self.screen.picture(os.path.join(self.folder, name + ".png"))
            print(name)
        finally:
            window.close()

    def set_text_size(self, percent):
        """What the desktop's setting for large text does; there is no desktop here."""
        folder = os.path.join(self.bus.environment["XDG_CONFIG_HOME"], "gtk-4.0")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "gtk.css"), "w") as out:
            out.write(f"window {{ font-size: {percent}%; }}\n")

    def close(self):
        self.daemon.stop()
        self.bus.close()


def nothing(_window):
    pass


def adding(window):
    window.press("Add connection")
    window.choose_type("GitHub")


def refused(window):
    adding(window)
    window.write("Name", "Play")
    window.write("Personal access token", tokens.first(tokens.GITHUB, "revoked"), role="text")
    window.press("Save")
    window.find(role="alert")


def opened(window):
    window.open_row("Work")


def removing(window):
    opened(window)
    window.press("Remove")


def repositories(window):
    opened(window)
    window.press("Repositories")
    window.find(starts="octo", role="list item")


def commits(window):
    repositories(window)
    press(window.find(starts="octo", role="list item"))


def signing_in(window):
    adding(window)
    window.write("Name", "Play")
    window.press("Sign in with GitHub")
    window.press("Save")
    window.find(name="Use a device code")


def device_code(window):
    signing_in(window)
    window.press("Use a device code")
    window.find(name="The address as a QR code")


STATES = {  # name: connections, steps, environment
    "empty": (0, nothing, {}),
    "one": (1, nothing, {}),
    "list": (20, nothing, {}),
    "list-dark": (20, nothing, DARK),
    "many": (10_000, nothing, {}),
    "large-text": (20, opened, {}),
    "german": (20, opened, {"LANGUAGE": "de"}),
    "details": (20, opened, {}),
    "details-dark": (20, opened, DARK),
    "add": (20, adding, {}),
    "add-dark": (20, adding, DARK),
    "refused": (20, refused, {}),
    "remove": (20, removing, {}),
    "sign-in": (3, signing_in, {}),
    "device-code": (3, device_code, {}),
    "repositories": (3, repositories, {}),
    "commits": (3, commits, {}),
}


def main(folder, wanted):
    os.makedirs(folder, exist_ok=True)
    screen, sandbox = Screen("960x640"), Sandbox()
    stages = {}
    try:
        for name in wanted or STATES:
            count, steps, extra = STATES[name]
            if count not in stages:
                stages[count] = Stage(screen, sandbox, folder, count)
                words = (
                    "oauth-app",
                    "set",
                    "github",
                    "--client-id",
                    tokens.OAUTH_CLIENT_ID,
                    "--secret-stdin",
                )
                stages[count].daemon.cli(*words, stdin=tokens.OAUTH_CLIENT_SECRET + "\n", check=0)
            stages[count].show(name, steps, extra)
    finally:
        for stage in stages.values():
            stage.close()
        sandbox.close()
        screen.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "build", "shots"), sys.argv[2:])
