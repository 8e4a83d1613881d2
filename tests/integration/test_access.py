# SPDX-License-Identifier: MIT
"""The access log, consent and the lock: who used what, who may, and nobody while it is locked."""
import contextlib
import glob
import os
import re
import signal
import sqlite3
import stat
import subprocess
import threading
import time

import pytest
from support.daemon import RpcError
from support.fake_desktop import Desktop
from support.keyring import wait_until
from support.sandbox import good

PYTHON = os.path.realpath("/usr/bin/python3")


def credential(sandbox, **more):
    protocol, host = sandbox.urls["github"].split("://")
    return {"protocol": protocol, "host": host, "path": "octo-dev/hello.git", **more}


def wire(**fields):
    return "".join(f"{key}={value}\n" for key, value in fields.items()) + "\n"


def entries(daemon, **params):
    return daemon.call("access.list", **params)["entries"]


@pytest.fixture
def work(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    return daemon


@pytest.fixture
def asking(work):
    work.call("connection.update", connection="Work", access="ask")
    return work


class Waiting:
    """A request that waits, on a thread of its own."""

    def __init__(self, daemon, method, **params):
        self.rpc, self.result, self.error = daemon.rpc(), None, None
        self.thread = threading.Thread(target=self.run, args=(method, params))
        self.thread.start()

    def run(self, method, params):
        try:
            self.result = self.rpc.call(method, **params)
        except RpcError as error:
            self.error = error

    def end(self, seconds=30):
        self.thread.join(seconds)
        assert not self.thread.is_alive()
        self.rpc.close()
        return self.result


def only_question(daemon):
    def one():
        questions = daemon.call("access.questions")["questions"]
        return questions[0] if len(questions) == 1 else None

    return wait_until(one)


# --- the log


def test_a_use_by_git_is_logged_with_program_place_and_outcome(work, sandbox):
    identity = work.call("connection.get", connection="Work")["connection"]["id"]
    work.call("credential.get", **credential(sandbox))
    entry = entries(work)[0]
    assert entry["connection"] == identity and entry["connection_name"] == "Work"
    assert (entry["action"], entry["outcome"]) == ("git", "given")
    assert entry["executable"] == PYTHON and entry["pid"] == os.getpid()
    assert entry["directory"] == os.getcwd()
    assert entry["host"] == credential(sandbox)["host"]
    assert entry["path"] == "octo-dev/hello.git"


def test_the_program_behind_git_and_shells_is_named(work, sandbox, folder):
    work.git("config", "--global", "credential.helper", "forgelink")
    url = sandbox.urls["github"] + "/octo-dev/hello.git"
    command = f"git clone -q {url} {folder}/clone"
    subprocess.run(["bash", "-c", f"env sh -c '{command}'; true"], env=work.environment, check=True)
    entry = entries(work)[0]
    assert (entry["action"], entry["program"]) == ("git", os.path.basename(PYTHON))
    assert entry["executable"] == PYTHON


@pytest.mark.parametrize(
    "command, action",
    [
        (["repos", "Work"], "repositories"),
        (["verify", "Work"], "verify"),
        (["commits", "Work", "octo-dev/hello"], "commits"),
    ],
)
def test_our_own_commands_are_logged_as_themselves(work, command, action):
    work.cli(*command, check=0)
    entry = entries(work)[0]
    assert (entry["action"], entry["program"], entry["outcome"]) == (action, "forgelink", "given")
    assert entry["executable"] == os.path.join(os.path.realpath(work.bin), "forgelink")


def test_what_was_not_there_to_give_is_refused(daemon, sandbox):
    daemon.call("connection.add", name="Empty", type="github")
    daemon.call("credential.get", **credential(sandbox))
    assert entries(daemon)[0]["outcome"] == "refused"


def test_token_used_is_told_as_it_happens_and_nothing_of_the_token(work, sandbox):
    rpc = work.rpc()
    rpc.call("event.subscribe", kinds=["token.used"])
    work.call("credential.get", **credential(sandbox))
    event = rpc.wait_event("token.used")
    rpc.close()
    assert event["connection"]["name"] == "Work" and event["detail"]["action"] == "git"
    assert event["detail"]["outcome"] == "given" and good(sandbox, "github")["token"] not in str(
        event
    )


@pytest.mark.parametrize("user", ["octo-dev:{}", "{}", "{}:x-oauth-basic"])
def test_a_token_in_a_pasted_address_is_not_written_down(work, sandbox, user):
    token, (scheme, host) = good(sandbox, "github")["token"], sandbox.urls["github"].split("://")
    pasted = f"{scheme}://{user.format(token)}@{host}/octo-dev/"
    with pytest.raises(RpcError) as refused:
        work.call("commit.list", connection="Work", repository=pasted + "nope")
    assert token not in str(refused.value) + str(refused.value.data)
    assert work.call("commit.list", connection="Work", repository=pasted + "hello")["commits"]
    assert [entry["path"] for entry in entries(work)] == [
        f"{scheme}://{host}/octo-dev/hello",
        f"{scheme}://{host}/octo-dev/nope",
    ]


def test_watch_shows_uses(work, sandbox):
    watching = subprocess.Popen(
        [os.path.join(work.bin, "forgelink"), "watch"],
        env=work.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert "waiting" in watching.stdout.readline()
    work.call("credential.get", **credential(sandbox))
    line = watching.stdout.readline()
    watching.terminate()
    watching.wait(timeout=10)
    watching.stdout.close()
    assert "token.used" in line and "“Work”" in line and "git" in line


@pytest.mark.parametrize("words", [["watch"], ["watch", "--json"]], ids=" ".join)
def test_watch_ends_when_its_reader_has_gone(work, words):
    watching = subprocess.Popen(
        [os.path.join(work.bin, "forgelink"), *words],
        env=work.environment,
        stdout=subprocess.PIPE,
        restore_signals=True,
    )
    assert watching.stdout.readline()
    watching.stdout.close()
    assert watching.wait(timeout=60) == -signal.SIGPIPE


def test_watch_writes_into_a_file_that_has_no_reader(work, sandbox, folder):
    path = os.path.join(folder, "events")
    with open(path, "w") as out:
        watching = subprocess.Popen(
            [os.path.join(work.bin, "forgelink"), "watch"], env=work.environment, stdout=out
        )
    wait_until(lambda: "waiting" in open(path).read())
    work.call("credential.get", **credential(sandbox))
    wait_until(lambda: "token.used" in open(path).read())
    watching.terminate()
    assert watching.wait(timeout=60) == 0


def test_pages_go_from_the_newest_to_the_oldest(work, sandbox):
    for index in range(25):
        work.call("credential.get", **credential(sandbox, path=f"octo-dev/r{index}"))
    seen, cursor = [], None
    while True:
        page = work.call("access.list", limit=10, **({"cursor": cursor} if cursor else {}))
        seen += [entry["path"] for entry in page["entries"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert seen[:25] == [f"octo-dev/r{index}" for index in reversed(range(25))]


@pytest.mark.parametrize(
    "params, field",
    [
        ({"cursor": "bm9uc2Vuc2U"}, "cursor"),
        ({"cursor": "%%"}, "cursor"),
        ({"since": "yesterday"}, "since"),
        ({"limit": 0}, "limit"),
    ],
)
def test_a_question_to_the_log_that_cannot_be_meant_is_invalid(work, params, field):
    with pytest.raises(RpcError) as refused:
        work.call("access.list", **params)
    assert (refused.value.kind, refused.value.data["field"]) == ("invalid_params", field)


def test_uses_of_another_connection_and_older_ones_are_left_out(work, sandbox):
    work.call("connection.add", name="Other", **good(sandbox, "gitlab"))
    work.call("credential.get", **credential(sandbox))
    assert entries(work, connection="Other") == []
    assert entries(work, connection="Work", since="2099-01-01T00:00:00Z") == []
    assert len(entries(work, connection="Work", since="2020-01-01")) == 1


def test_the_log_is_a_file_of_its_own_for_the_user_alone(work, sandbox):
    work.call("credential.get", **credential(sandbox))
    entries(work)
    files = glob.glob(os.path.join(work.data, "access.db*"))
    assert files and all(stat.S_IMODE(os.stat(one).st_mode) == 0o600 for one in files)


def test_a_kill_loses_the_last_second_at_most(work, sandbox):
    work.call("credential.get", **credential(sandbox))
    time.sleep(1.2)
    work.restart(9)
    assert len(entries(work)) == 1


def test_a_regular_end_loses_nothing(work, sandbox):
    work.call("credential.get", **credential(sandbox))
    work.restart()
    assert len(entries(work)) == 1


def test_without_a_log_nothing_is_written(make_daemon, sandbox):
    daemon = make_daemon('[access]\nlog = "0"\n')
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    daemon.call("credential.get", **credential(sandbox))
    time.sleep(1)
    assert entries(daemon) == [] and not os.path.exists(os.path.join(daemon.data, "access.db"))


def test_what_is_older_than_the_setting_is_gone(make_daemon, sandbox):
    daemon = make_daemon('[access]\nlog = "2s"\n')
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    daemon.call("credential.get", **credential(sandbox))
    assert len(entries(daemon)) == 1
    time.sleep(3.1)
    assert entries(daemon) == []


def test_a_log_that_cannot_be_written_stands_in_nobodys_way(work, sandbox):
    os.makedirs(os.path.join(work.data, "access.db"))
    for _ in range(3):
        assert "password" in work.call("credential.get", **credential(sandbox))
    time.sleep(1)
    assert work.log().count("access log") == 1
    with pytest.raises(RpcError) as refused:
        work.call("access.list")
    assert refused.value.kind == "database_failed"


@contextlib.contextmanager
def full_disk(daemon, sandbox):
    """The daemon, with the connection Work, on a disk without room; gives what makes room."""
    if os.geteuid() != 0:
        pytest.skip("a small file system needs root")
    daemon.stop()
    small = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m,mode=700", "tmpfs", daemon.data])
    if small.returncode != 0:
        pytest.skip("no small file system to be had")
    try:
        daemon.start()
        daemon.wait_store()
        daemon.call("connection.add", name="Work", **good(sandbox, "github"))
        filler = os.path.join(daemon.data, "filler")
        with open(filler, "wb", buffering=0) as out:
            try:
                while out.write(b"x" * 4096):
                    out.flush()
            except OSError:
                pass
        yield lambda: os.remove(filler)
    finally:
        daemon.stop()
        subprocess.run(["umount", daemon.data], check=True)


def test_a_full_disk_keeps_what_is_written_later(work, sandbox):
    with full_disk(work, sandbox) as make_room:
        for index in range(50):
            answer = work.call(
                "credential.get", **credential(sandbox, path="o/" + "x" * 2000 + str(index))
            )
            assert "password" in answer
        time.sleep(1)
        make_room()
        wait_until(lambda: len(entries(work)) == 50, 20)


def fill_log(daemon, identity, count):
    """Writes so many entries behind the stopped daemon's back, every other one the connection's."""
    daemon.stop()
    now = int(time.time())
    with sqlite3.connect(os.path.join(daemon.data, "access.db")) as log:
        log.executemany(
            (
                "INSERT INTO entries (at, connection, connection_name, action, outcome, program,"
                " pid, directory, host, path) VALUES (?, ?, 'W', 'git', 'given', 1, 1, '', 'h',"
                " 'p')"
            ),
            ((now - count + index, "other" if index % 2 else identity) for index in range(count)),
        )
    log.close()
    daemon.start()


def test_pages_among_very_many_entries_are_whole_and_in_order(work, sandbox):
    # How long a page takes is for ./dev bench to say.
    work.call("credential.get", **credential(sandbox))
    identity = work.call("connection.get", connection="Work")["connection"]["id"]
    fill_log(work, identity, 100_000)
    for params in ({}, {"connection": "Work"}, {"since": "2020-01-01"}):
        page = entries(work, limit=100, **params)
        times = [entry["at"] for entry in page]
        assert len(page) == 100 and times == sorted(times, reverse=True)
        assert "connection" not in params or {entry["connection"] for entry in page} == {identity}


def test_forgelink_log_shows_the_program_and_takes_a_time(work, sandbox):
    work.call("credential.get", **credential(sandbox))
    shown = work.cli("log", "Work", "--since", "1h", check=0).stdout
    assert os.path.basename(PYTHON) in shown and "octo-dev/hello.git" in shown and "given" in shown
    assert work.cli("log", "--since", "soon").returncode == 2


# --- consent


def test_without_an_answer_git_is_denied_with_a_sentence(asking, sandbox):
    waiting = Waiting(asking, "credential.get", **credential(sandbox))
    question = only_question(asking)
    asking.call("access.answer", request=question["request"], decision="deny")
    answer = waiting.end()
    assert answer["quit"] is True and "denied" in answer["message"] and "password" not in answer
    assert entries(asking)[0]["outcome"] == "denied"


@pytest.mark.parametrize("decision", ["once", "session", "always"])
def test_a_yes_gives_the_token(asking, sandbox, decision):
    waiting = Waiting(asking, "credential.get", **credential(sandbox))
    question = only_question(asking)
    assert question["program"] and question["host"] and question["expires_at"]
    asking.call("access.answer", request=question["request"], decision=decision)
    assert "password" in waiting.end()
    grants = asking.call("access.grants")["grants"]
    assert [grant["decision"] for grant in grants] == ([] if decision == "once" else [decision])


def test_a_grant_is_by_connection_and_executable_and_can_be_revoked(asking, sandbox):
    waiting = Waiting(asking, "credential.get", **credential(sandbox))
    asking.call("access.answer", request=only_question(asking)["request"], decision="always")
    waiting.end()
    assert "password" in asking.call("credential.get", **credential(sandbox))
    asking.restart()
    asking.wait_store()
    assert "password" in asking.call("credential.get", **credential(sandbox))
    grant = asking.call("access.grants", connection="Work")["grants"][0]
    assert grant["executable"] == PYTHON
    asking.call("access.revoke", grant=grant["grant"])
    waiting = Waiting(asking, "credential.get", **credential(sandbox))
    asking.call("access.answer", request=only_question(asking)["request"], decision="deny")
    assert "password" not in waiting.end()


def test_questions_and_answers_are_events(asking, sandbox):
    rpc = asking.rpc()
    rpc.call("event.subscribe", kinds=["access.asked", "access.answered"])
    waiting = Waiting(asking, "repository.list", connection="Work")
    asked = rpc.wait_event("access.asked")["detail"]
    assert asked["action"] == "repositories" and asked["executable"] == PYTHON
    asking.call("access.answer", request=asked["request"], decision="once")
    answered = rpc.wait_event("access.answered")["detail"]
    rpc.close()
    assert (answered["request"], answered["decision"]) == (asked["request"], "once")
    assert waiting.end()["repositories"]


@pytest.mark.parametrize(
    "method, params",
    [
        ("repository.list", {}),
        ("commit.list", {"repository": "octo-dev/hello"}),
        ("connection.verify", {}),
    ],
)
def test_every_way_to_the_token_asks(asking, sandbox, method, params):
    sandbox.clear()
    waiting = Waiting(asking, method, connection="Work", **params)
    asking.call("access.answer", request=only_question(asking)["request"], decision="deny")
    waiting.end()
    assert waiting.error.kind == "access_denied"
    assert sandbox.log("github") == []


def test_the_helper_says_at_once_what_it_waits_for(asking, sandbox):
    helper = subprocess.Popen(
        [os.path.join(asking.bin, "git-credential-forgelink"), "get"],
        env=asking.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    helper.stdin.write(wire(**credential(sandbox)))
    helper.stdin.close()
    said = helper.stderr.readline()
    assert "“Work”" in said and "forgelink approve" in said
    time.sleep(4)  # longer than the helper waits for a daemon that does not answer
    asking.cli("approve", check=0)
    assert "password=" in helper.stdout.read()
    assert helper.wait(timeout=10) == 0
    helper.stdout.close()
    helper.stderr.close()


def test_approve_without_a_question_exits_1(asking):
    assert asking.cli("approve").returncode == 1
    assert asking.cli("approve", "abcdef").returncode == 1


def test_an_answer_that_is_none_is_invalid(asking):
    with pytest.raises(RpcError) as refused:
        asking.call("access.answer", request="x", decision="maybe")
    assert (refused.value.kind, refused.value.data["field"]) == ("invalid_params", "decision")


def test_edit_turns_asking_on_and_off(work):
    work.cli("edit", "Work", "--access", "ask", check=0)
    assert work.call("connection.get", connection="Work")["connection"]["access"] == "ask"
    work.cli("edit", "Work", "--access", "allow", check=0)
    assert work.call("connection.get", connection="Work")["connection"]["access"] == "allow"


def test_a_thousand_questions_leave_the_daemon_well(asking, sandbox):
    rpcs = [asking.rpc() for _ in range(40)]
    for number, rpc in enumerate(rpcs):
        for index in range(25):
            rpc.send("credential.get", **credential(sandbox, path=f"o/{number}-{index}"))
    wait_until(lambda: len(asking.call("access.questions")["questions"]) == 64)
    for question in asking.call("access.questions")["questions"]:
        asking.call("access.answer", request=question["request"], decision="deny")
    assert asking.call("daemon.status")["pid"]
    for rpc in rpcs:
        rpc.close()


# --- the lock


def test_a_locked_daemon_gives_nothing_and_says_so(work, sandbox):
    sandbox.clear()
    assert work.call("daemon.lock") == {"locked": True}
    assert work.call("daemon.status")["locked"] is True
    answer = work.call("credential.get", **credential(sandbox))
    assert answer["quit"] is True and "forgelink unlock" in answer["message"]
    for method, params in (
        ("repository.list", {}),
        ("connection.verify", {}),
        ("commit.list", {"repository": "octo-dev/hello"}),
    ):
        with pytest.raises(RpcError) as refused:
            work.call(method, connection="Work", **params)
        assert refused.value.kind == "locked"
    assert sandbox.log("github") == []
    assert work.call("daemon.unlock") == {"locked": False}
    assert "password" in work.call("credential.get", **credential(sandbox))


def test_a_lock_that_cannot_be_written_down_is_on_and_so_is_its_end(work, sandbox):
    with full_disk(work, sandbox):
        with pytest.raises(RpcError) as refused:
            for _ in range(1000):  # the database's own log has room for some more
                work.call("daemon.lock")
                work.call("daemon.unlock")
        work.cli("lock")
        assert work.call("daemon.status")["locked"]
        done = work.cli("unlock")
        assert not work.call("daemon.status")["locked"]
        assert done.returncode == 1 and "a restart of the daemon locks them again" in done.stderr
    assert refused.value.kind == "database_failed" and "restart" in str(refused.value)


def test_lock_and_unlock_are_events_told_once(work):
    rpc = work.rpc()
    rpc.call("event.subscribe", kinds=["daemon.locked", "daemon.unlocked"])
    work.cli("lock", check=0)
    work.cli("lock", check=0)
    work.cli("unlock", check=0)
    assert [rpc.read()["params"]["kind"] for _ in range(2)] == ["daemon.locked", "daemon.unlocked"]
    rpc.close()


def test_a_lock_survives_a_restart(work, sandbox):
    work.call("daemon.lock")
    work.restart()
    assert work.call("daemon.status")["locked"] is True
    assert "password" not in work.call("credential.get", **credential(sandbox))


def test_a_yes_after_a_lock_gives_no_token(asking, sandbox):
    waiting = Waiting(asking, "credential.get", **credential(sandbox))
    question = only_question(asking)
    asking.call("daemon.lock")
    asking.call("access.answer", request=question["request"], decision="once")
    answer = waiting.end()
    assert "password" not in answer and answer["quit"] is True


def test_remove_and_purge_work_while_it_is_locked(work):
    work.call("daemon.lock")
    work.call("token.purge", scope="all")
    work.call("connection.remove", connection="Work")
    assert work.call("connection.list")["total"] == 0


# --- the desktop


@pytest.fixture
def desktop(bus):
    made = Desktop(bus.environment["DBUS_SESSION_BUS_ADDRESS"])
    yield made
    made.close()


@pytest.fixture
def on_desktop(make_daemon, bus, sandbox, desktop):
    """A daemon with `lock_with_screen`; the one bus is the system's as well."""
    daemon = make_daemon(
        "[session]\nlock_with_screen = true\n",
        extra={"DBUS_SYSTEM_BUS_ADDRESS": bus.environment["DBUS_SESSION_BUS_ADDRESS"]},
    )
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    return daemon


def is_locked(daemon):
    return daemon.call("daemon.status")["locked"]


def test_the_screen_locks_and_unlocks(on_desktop, desktop):
    desktop.screen("Lock")
    wait_until(lambda: is_locked(on_desktop))
    desktop.screen("Unlock")
    wait_until(lambda: not is_locked(on_desktop))


def test_the_screen_does_not_undo_what_a_person_locked(on_desktop, desktop):
    on_desktop.call("daemon.lock")
    desktop.screen("Lock")
    desktop.screen("Unlock")
    time.sleep(0.5)
    assert is_locked(on_desktop)


def test_the_screen_of_somebody_else_locks_nothing(on_desktop, desktop):
    desktop.tell(screen="Lock", other=True)
    time.sleep(0.5)
    assert not is_locked(on_desktop)


def test_without_the_setting_the_screen_locks_nothing(make_daemon, bus, desktop):
    daemon = make_daemon(
        extra={"DBUS_SYSTEM_BUS_ADDRESS": bus.environment["DBUS_SESSION_BUS_ADDRESS"]}
    )
    desktop.screen("Lock")
    time.sleep(0.5)
    assert not is_locked(daemon)


def question_notice(desktop):
    while True:
        notice = desktop.next_notice()
        if "wants to use" in notice.get("summary", ""):
            return notice


@pytest.mark.parametrize("action", ["once", "session", "always", "deny"])
def test_a_notice_asks_and_its_buttons_answer(on_desktop, desktop, sandbox, action):
    on_desktop.call("connection.update", connection="Work", access="ask")
    waiting = Waiting(on_desktop, "credential.get", **credential(sandbox))
    notice = question_notice(desktop)
    assert "“Work”" in notice["summary"] and PYTHON in notice["body"]
    assert notice["actions"][::2] == ["once", "session", "always", "deny"]
    time.sleep(0.2)  # the daemon must have been told the notice's number
    desktop.press(notice["id"], action)
    assert ("password" in waiting.end()) == (action != "deny")


def test_a_program_that_is_not_the_server_of_notices_answers_no_question(
    on_desktop, desktop, sandbox, bus
):
    on_desktop.call("connection.update", connection="Work", access="ask")
    waiting = Waiting(on_desktop, "credential.get", **credential(sandbox))
    notice = question_notice(desktop)
    time.sleep(0.2)  # the daemon must have been told the notice's number
    pressed = ["org.freedesktop.Notifications.ActionInvoked", f"uint32 {notice['id']}", "'always'"]
    subprocess.run(
        ["gdbus", "emit", "--session", "--object-path", "/org/freedesktop/Notifications"]
        + ["--signal", *pressed],
        env={**os.environ, **bus.environment},
        check=True,
    )
    time.sleep(0.3)
    assert len(on_desktop.call("access.questions")["questions"]) == 1
    desktop.press(notice["id"], "deny")
    assert "password" not in waiting.end()


def test_a_flood_of_questions_is_no_flood_of_notices(on_desktop, desktop, sandbox):
    on_desktop.call("connection.update", connection="Work", access="ask")
    rpc = on_desktop.rpc()
    for index in range(20):
        rpc.send("credential.get", **credential(sandbox, path=f"o/{index}"))
    wait_until(lambda: len(on_desktop.call("access.questions")["questions"]) == 20)
    shown = [question_notice(desktop)["id"] for _ in range(3)]
    assert len(set(shown)) == 3
    time.sleep(0.3)
    desktop.press(shown[0], "session")
    closed = set()
    while closed != set(shown):
        told = desktop.next_notice()
        assert "wants to use" not in told.get("summary", "")
        closed.add(told.get("closed"))
        closed.discard(None)
    assert on_desktop.call("access.questions")["questions"] == []
    rpc.close()


# What people are told of the lock and of connections that ask.


@pytest.mark.parametrize("words", [("status",), ("list",), ("show", "Work")], ids=" ".join)
def test_that_tokens_are_locked_is_said(daemon, sandbox, words):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    assert "Forgelink is locked" not in daemon.cli(*words, check=0).stdout
    daemon.cli("lock", check=0)
    said = daemon.cli(*words, check=0).stdout
    assert "Forgelink is locked: it hands out no token until `forgelink unlock`." in said


@pytest.mark.parametrize("words", [("show", "Work"), ("list",), ("edit", "Work", "--keep")])
def test_that_a_connection_asks_is_shown(daemon, words):
    daemon.call("connection.add", name="Work", type="github")
    said = daemon.cli(*words, check=0).stdout
    assert "ACCESS" not in said and "Access" not in said
    daemon.cli("edit", "Work", "--access", "ask", check=0)
    said = daemon.cli(*words, check=0).stdout
    assert re.search(r"ACCESS|Access +ask", said) and "ask" in said


def test_a_connection_that_is_to_ask_says_so_when_it_is_made(daemon):
    done = daemon.cli("add", "Work", "--type", "github", "--access", "ask", check=0)
    assert re.search("Access +ask", done.stdout)
