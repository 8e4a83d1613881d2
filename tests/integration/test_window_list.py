# SPDX-License-Identifier: MIT
"""The window's list of connections, driven over AT-SPI as a screen reader would."""
import signal

import pytest
from support.keyring import wait_until
from support.window_steps import add, begin_form, in_sight

pytest_plugins = ("support.window_fixtures",)


def test_without_a_connection_the_window_teaches_the_first_step(window):
    window.find(name="No connections yet")
    window.press("Make the first connection")
    window.find(name="Name", role="text")


def test_each_connection_is_a_row_that_says_the_state_of_its_token(window, daemon):
    add(daemon, "Work")
    row = window.find(starts="Work", role="list item").get_name()
    assert "GitHub" in row and "missing" in row


def test_the_list_follows_other_clients(window, daemon):
    one = add(daemon, "Work")
    window.find(starts="Work", role="list item")
    daemon.call("connection.update", connection=one["id"], name="Play")
    window.find(starts="Play", role="list item")
    daemon.call("connection.remove", connection=one["id"])
    window.find(name="No connections yet")


def test_the_list_is_sorted_by_name_without_regard_to_case(window, daemon):
    for name in ("beta", "Alpha", "gamma", "Beta 2"):
        add(daemon, name)
    window.find(starts="gamma", role="list item")
    assert [row.split(",")[0] for row in window.rows()] == ["Alpha", "beta", "Beta 2", "gamma"]


def test_the_search_shows_what_fits(window, daemon):
    for name in ("Work", "Play"):
        add(daemon, name)
    window.find(starts="Work", role="list item")
    window.press("Search")
    window.write("Search connections", "pLa", role="entry")
    window.wait_gone(starts="Work", role="list item")
    window.find(starts="Play", role="list item")


@pytest.fixture
def many(daemon):
    """More connections than the window asks for first."""
    rpc = daemon.rpc()
    for number in range(130):
        rpc.call("connection.add", name=f"Work {number:03}", type="github")
    rpc.close()


def wanted(window, name):
    if not window.has(name="Search connections", role="entry"):
        window.press("Search")
    window.write("Search connections", name, role="entry")


def test_all_of_many_are_there(window, daemon, many):
    window.find(starts="Work 000", role="list item")
    wanted(window, "Work 129")
    window.find(starts="Work 129", role="list item")


def test_many_follow_other_clients(window, daemon, many):
    window.find(starts="Work 000", role="list item")
    wanted(window, "Work 129")
    window.find(starts="Work 129", role="list item")
    daemon.call("connection.update", connection="Work 129", name="Play 129")
    wanted(window, "Play")
    window.find(starts="Play 129", role="list item")
    daemon.call("connection.remove", connection="Play 129")
    window.find(name="Nothing found")


def test_what_was_removed_while_the_window_was_away_is_gone(open_window, daemon, many):
    window = open_window(FORGELINK_NO_AUTOSTART="1")
    window.find(starts="Work 000", role="list item")
    wanted(window, "Work 12")
    window.find(starts="Work 129", role="list item")
    # Stopped: it sees neither the removal nor the restart as they happen.
    window.process.send_signal(signal.SIGSTOP)
    try:
        daemon.call("connection.remove", connection="Work 129")
        daemon.restart()
    finally:
        window.process.send_signal(signal.SIGCONT)
    window.wait_gone(starts="Work 129")
    window.find(starts="Work 128", role="list item")


def test_what_was_saved_comes_into_sight(window, daemon):
    for number in range(20):
        add(daemon, f"Work {number:02}")
    window.find(starts="Work 19", role="list item")
    begin_form(window, "Work 18b")
    window.press("Save")
    row = window.find(starts="Work 18b", role="list item")
    wait_until(lambda: in_sight(window, row))


def test_first_rows_of_many_are_there_soon(open_window, daemon):
    rpc = daemon.rpc()
    for number in range(100):
        rpc.call("connection.add", name=f"Work {number:03}", type="github")
    window = open_window()
    window.find(starts="Work 000", role="list item", seconds=5)


def test_memory_stays_small(window, daemon):
    add(daemon, "Work")
    window.find(starts="Work", role="list item")
    with open(f"/proc/{window.process.pid}/smaps_rollup") as text:
        lines = dict(line.split(":") for line in text.read().splitlines()[1:] if ":" in line)
    assert int(lines["Anonymous"].split()[0]) < 120_000
