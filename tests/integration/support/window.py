# SPDX-License-Identifier: MIT
"""The window under test: a screen without a monitor, and forgelink-gtk seen over AT-SPI.

One screen and one accessibility bus serve all tests of a run, since a process can listen to one
such bus only; each window has the session bus, the folders and the daemon of its test.
"""
import os
import shutil
import subprocess
import tempfile
import time
import warnings

import gi

from .keyring import wait_until

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

warnings.filterwarnings("ignore", category=DeprecationWarning, message="Atspi")
PRESSES = ("click", "press", "activate", "toggle", "row.activate")
LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")


class Screen:
    """Xvfb, and an accessibility bus that this process and every window use."""

    def __init__(self, size="1280x900"):
        self.folder = tempfile.mkdtemp(prefix="fl-screen-")
        self.processes = []
        reading, writing = os.pipe()
        words = [
            "Xvfb",
            "-displayfd",
            str(writing),
            "-screen",
            "0",
            size + "x24",
            "-nolisten",
            "tcp",
        ]
        self._run(words, pass_fds=(writing,))
        os.close(writing)
        with os.fdopen(reading) as told:
            self.display = ":" + told.readline().strip()
        self.environment = {
            "DISPLAY": self.display,
            "GTK_A11Y": "atspi",
            "GSK_RENDERER": "cairo",
            "GDK_BACKEND": "x11",
        }
        self._start_bus()

    def _run(self, words, **options):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(words, **{**quiet, **options})
        self.processes.append(process)
        return process

    def _start_bus(self):
        session = "unix:path=" + os.path.join(self.folder, "bus")
        environment = {
            **os.environ,
            "DISPLAY": self.display,
            "DBUS_SESSION_BUS_ADDRESS": session,
            "XDG_RUNTIME_DIR": self.folder,
            "HOME": self.folder,
        }
        self._run(["dbus-daemon", "--session", "--nofork", "--address=" + session], env=environment)
        wait_until(lambda: os.path.exists(os.path.join(self.folder, "bus")))
        launcher = next(path for path in LAUNCHERS if os.path.exists(path))
        self._run([launcher, "--launch-immediately"], env=environment)
        ask = [
            "dbus-send",
            "--session",
            "--print-reply=literal",
            "--dest=org.a11y.Bus",
            "/org/a11y/bus",
            "org.a11y.Bus.GetAddress",
        ]

        def address():
            done = subprocess.run(ask, env=environment, capture_output=True, text=True, timeout=10)
            return done.stdout.strip() if done.returncode == 0 else ""

        self.environment["AT_SPI_BUS_ADDRESS"] = os.environ["AT_SPI_BUS_ADDRESS"] = wait_until(
            address
        )
        os.environ["DISPLAY"] = self.display
        Atspi.init()

    def picture(self, path):
        """A screenshot of everything, as PNG."""
        words = ["import", "-display", self.display, "-window", "root", path]
        subprocess.run(words, check=True, timeout=30, capture_output=True)

    def close(self):
        for process in reversed(self.processes):
            # Not killed: the launcher of the accessibility bus ends what it has started.
            process.terminate()
            process.wait(timeout=60)
        shutil.rmtree(self.folder, ignore_errors=True)


class Window:
    """A running forgelink-gtk. `environment` is that of the daemon it is to speak to."""

    def __init__(self, screen, environment, bin_dir, extra=None):
        self.screen = screen
        self.log_file = os.path.join(environment["HOME"], "window.log")
        self.environment = {**environment, **screen.environment, **(extra or {})}
        self.opened_file = os.path.join(environment["HOME"], "opened")
        self._be_the_browser()
        self.started = time.monotonic()
        with open(self.log_file, "ab") as log:
            program = os.path.join(bin_dir, "forgelink-gtk")
            self.process = subprocess.Popen([program], env=self.environment, stdout=log, stderr=log)
        self.application = None

    def _be_the_browser(self):
        """Pages that the window opens are written down, and no browser starts."""
        applications = os.path.join(self.environment["XDG_DATA_HOME"], "applications")
        os.makedirs(applications, exist_ok=True)
        with open(os.path.join(applications, "fl-browser.desktop"), "w") as out:
            command = f"sh -c 'echo \"$0\" >>{self.opened_file}' %u"
            out.write(f"[Desktop Entry]\nType=Application\nName=Browser\nExec={command}\n")
        with open(os.path.join(self.environment["XDG_CONFIG_HOME"], "mimeapps.list"), "w") as out:
            out.write("[Default Applications]\n")
            for scheme in ("http", "https"):
                out.write(f"x-scheme-handler/{scheme}=fl-browser.desktop\n")

    def opened(self):
        """The addresses that a browser was asked to open."""
        if not os.path.exists(self.opened_file):
            return []
        with open(self.opened_file) as text:
            return text.read().split()

    # --- the tree

    def root(self, seconds=60):
        if self.application is None:
            self.application = wait_until(self._own_application, seconds, 0.02)
        return self.application

    def _own_application(self):
        assert self.process.poll() is None, self.log()
        _handle_events()
        desktop = Atspi.get_desktop(0)
        for number in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(number)
            try:
                if child is not None and child.get_process_id() == self.process.pid:
                    return child if child.get_child_count() > 0 else None
            except GLib.Error:
                continue  # One that is ending.
        return None

    def all(self, name=None, role=None, starts=None, under=None):
        """Everything that is shown and fits: by name, by how it starts, by role."""
        return list(self._fitting(under or self.root(), name, role, starts))

    def names(self, role):
        """The names of all that is shown with that role; what goes meanwhile has none."""
        names = set()
        for node in self.all(role=role):
            try:
                names.add(node.get_name())
            except GLib.Error:
                continue
        return names

    def first(self, name=None, role=None, starts=None, under=None, that=lambda node: True):
        """The first of them that also is what `that` says; None if there is none."""
        fitting = self._fitting(under or self.root(), name, role, starts)
        return next((node for node in fitting if that(node)), None)

    def _fitting(self, node, name, role, starts):
        try:
            # What is hidden is not followed: a closed menu may name an ancestor as its child.
            visible = node.get_state_set().contains(Atspi.StateType.VISIBLE)
            if not visible and node.get_role_name() != "application":
                return
            said = node.get_name() or ""
            fits = name is None or said == name
            fits = fits and (starts is None or said.startswith(starts))
            if fits and (role is None or node.get_role_name() == role):
                yield node
            children = [node.get_child_at_index(n) for n in range(node.get_child_count())]
        except GLib.Error:
            return  # It went away while we looked.
        for child in children:
            if child is not None:
                yield from self._fitting(child, name, role, starts)

    def has(self, **what):
        _handle_events()
        return self.first(**what) is not None

    def find(self, seconds=10, **what):
        def look():
            assert self.process.poll() is None, self.log()
            _handle_events()
            return self.first(**what)

        try:
            return wait_until(look, seconds)
        except AssertionError as why:
            raise AssertionError(f"{why}: {what}, but:\n{self.texts()}\n{self.log()}") from why

    def wait_gone(self, seconds=10, **what):
        wait_until(lambda: not self.has(**what), seconds)

    def texts(self):
        """All that can be read in the window, as one text."""
        said = []
        for node in self.all():
            said.append(node.get_name() or "")
            if "Text" in node.get_interfaces():
                said.append(text_of(node))
        return "\n".join(said)

    # --- what a person does

    def press(self, name=None, **what):
        """The first that fits and can be pressed: a label inside a button has the same name."""
        press(self.find(name=name, that=_press_of, **what))

    def write(self, name, text, role="text"):
        def takes_text(node):
            return node.get_editable_text_iface() is not None

        field = self.find(name=name, role=role, that=takes_text)
        assert field.get_editable_text_iface().set_text_contents(text), name

    def choose_type(self, label):
        self.press("Connection type")
        self.press(label)
        # GTK shows a button as pressed for a moment before it acts.
        chooser = self.find(name="Connection type")
        wait_until(lambda: _handle_events() or chooser.get_description() == label)

    def open_row(self, name):
        press(self.find(starts=name, role="list item"))

    def rows(self):
        connections = self.find(name="Connections", role="list")
        return [node.get_name() for node in self.all(role="list item", under=connections)]

    # --- the process

    def log(self):
        with open(self.log_file, errors="replace") as text:
            return text.read()

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=60)  # A busy machine takes its time to take a window apart.


def _press_of(node):
    """The number of the action that presses the node, plus one; 0 if it has none."""
    action = node.get_action_iface()
    count = action.get_n_actions() if action is not None else 0
    names = [action.get_action_name(number) for number in range(count)]
    return next((names.index(name) + 1 for name in PRESSES if name in names), 0)


def press(node):
    """Does the node's action that presses it, by the action's name."""
    number = _press_of(node)
    assert number, (node.get_role_name(), node.get_name())
    assert node.get_action_iface().do_action(number - 1)


def text_of(node):
    """What GetText gives: as many characters as there are."""
    text = node.get_text_iface()
    return text.get_text(0, text.get_character_count())


def _handle_events():
    context = GLib.MainContext.default()
    while context.pending():
        context.iteration(False)
