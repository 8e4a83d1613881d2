# SPDX-License-Identifier: MIT
"""The window beside its budgets: how soon rows are there, how long it stands still, and how large
it is.

README.md says how each figure is measured."""
import statistics
import threading
import time

from figures import Row
from gi.repository import Gio, GLib
from subjects import RELEASE, Place, fill
from support.hand import xdotool
from support.keyring import wait_until
from support.window import Screen, Window

START_ROUNDS, FEW, LOTS = 7, 100, 10_000
WHEEL_CLICKS, WHEEL_MILLISECONDS = 300, 10


class Watch:
    """Asks the window's main loop something over the accessibility bus again and again; `longest`
    is how long an answer took, in milliseconds. A watch that broke off has measured nothing: what
    ended it is raised at the end."""

    def __init__(self, screen, window):
        self.bus = Gio.DBusConnection.new_for_address_sync(
            screen.environment["AT_SPI_BUS_ADDRESS"],
            Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION,
            None,
            None,
        )
        self.name = self._bus_name_of(window.process.pid)
        self.longest, self.asked, self.ended = 0.0, 0, threading.Event()
        self.failure = None
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _call(self, name, path, interface, method, parameters):
        return self.bus.call_sync(
            name, path, interface, method, parameters, None, Gio.DBusCallFlags.NONE, 60_000, None
        ).unpack()

    def _bus_name_of(self, pid):
        bus = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
        for name in self._call(*bus, "ListNames", None)[0]:
            asked = GLib.Variant("(s)", (name,))
            if name.startswith(":"):
                if self._call(*bus, "GetConnectionUnixProcessID", asked)[0] == pid:
                    return name
        raise AssertionError("the window is not on the accessibility bus")

    def _run(self):
        try:
            self._ask_on()
        except Exception as why:  # on a thread of its own: nobody else would hear of it
            self.failure = why

    def _ask_on(self):
        asked = GLib.Variant("(ss)", ("org.a11y.atspi.Accessible", "ChildCount"))
        where = ("/org/a11y/atspi/accessible/root", "org.freedesktop.DBus.Properties", "Get")
        while not self.ended.is_set():
            begin = time.perf_counter()
            self._call(self.name, *where, asked)
            self.longest = max(self.longest, (time.perf_counter() - begin) * 1000)
            self.asked += 1
            time.sleep(0.001)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, kind, *_):
        self.ended.set()
        self.thread.join()
        if kind is None:
            assert self.failure is None and self.asked, f"the watch broke off: {self.failure!r}"


def first_row(window):
    """Milliseconds from before the exec until the first row is in the accessible tree."""
    window.root()
    wait_until(lambda: window.first(role="list item"), 60, 0.002)
    return (time.monotonic() - window.started) * 1000


def scroll(screen):
    """By the wheel for a while, then to the end and back, as a hand on the keyboard does."""
    wheel = ("--repeat", str(WHEEL_CLICKS), "--delay", str(WHEEL_MILLISECONDS), "5")
    xdotool(screen, "mousemove", "300", "300", "click", *wheel)
    for key in ("End", "Home", "End"):
        xdotool(screen, "key", key)
        time.sleep(0.5)


def memory_of(pid):
    """Megabytes of its own: what is mapped from files is shared with other programs."""
    with open(f"/proc/{pid}/smaps_rollup") as text:
        return next(int(line.split()[1]) / 1024 for line in text if line.startswith("Anonymous:"))


def window(place: Place):
    """With 100 and with 10,000 connections."""
    screen, rows = Screen(), []
    place.closing.append(screen.close)
    for count, budget in ((FEW, 400), (LOTS, 1000)):
        daemon = place.daemon(f"window-{count}", "memory", start=False)
        fill(daemon, count)
        daemon.start()
        took = []
        for _ in range(START_ROUNDS):
            shown = Window(screen, daemon.environment, RELEASE)
            took.append(first_row(shown))
            if len(took) < START_ROUNDS:
                shown.close()
        what = f"window, {count:,} connections"
        rows.append(Row(f"{what}: first row", statistics.median(took), "ms", budget))
        with Watch(screen, shown) as watch:
            time.sleep(2)
        rows.append(Row(f"{what}: pause while the rest comes", watch.longest, "ms"))
        with Watch(screen, shown) as watch:
            scroll(screen)
        rows.append(Row(f"{what}: longest pause in scrolling", watch.longest, "ms", 100))
        rows.append(Row(f"{what}: memory", memory_of(shown.process.pid), "MB"))
        shown.close()
    return rows
