# SPDX-License-Identifier: MIT
"""Secret Services with other habits than gnome-keyring's: KWallet, KeePassXC."""
import threading
import time

import pytest
from support.daemon import Daemon, RpcError
from support.keyring import PrivateBus, wait_until
from support.sandbox import good
from support.secret_service import KEEPASSXC, KWALLET, SecretService

UNCACHED = '[secrets]\ncache = "0s"\n'
BOTH = pytest.mark.parametrize("habits", [KEEPASSXC, KWALLET], ids=["keepassxc", "kwallet"])
DELETE_ASKS = pytest.mark.parametrize("habits", [("delete_asks",)], ids=[""])


@pytest.fixture
def bare_bus(folder):
    private = PrivateBus(folder, keyring=False)
    yield private
    private.close()


@pytest.fixture
def service(bare_bus, habits):
    made = SecretService(bare_bus.environment["DBUS_SESSION_BUS_ADDRESS"], habits)
    yield made
    made.close()


@pytest.fixture
def work(bare_bus, service, sandbox):
    """A daemon with one connection, “Work”."""
    daemon = Daemon(bare_bus.environment, sandbox.settings + UNCACHED)
    try:
        daemon.wait_store()
        daemon.call("connection.add", name="Work", **good(sandbox, "github"))
        yield daemon
    finally:
        daemon.stop()


def ask_for_git(daemon, sandbox):
    protocol, host = sandbox.urls["github"].split("://")
    begun = time.monotonic()
    answer = daemon.call("credential.get", protocol=protocol, host=host)
    assert time.monotonic() - begun < 1
    return answer


def verify(daemon):
    return daemon.call("connection.verify", connection="Work")["connection"]["token"]["state"]


def state(daemon):
    return daemon.call("connection.get", connection="Work")["connection"]["token"]["state"]


def left(daemon):
    return daemon.call("daemon.status")["secret_store"]["still_to_erase"]


@BOTH
def test_git_raises_no_question_where_all_is_locked(work, service, sandbox):
    service.lock()
    work.wait_store("locked")
    answer = ask_for_git(work, sandbox)
    assert answer["quit"] is True and "The keyring is locked." in answer["message"]
    assert service.questions() == []


@BOTH
def test_verify_asks_once_to_unlock_and_waits_for_the_answer(work, service, sandbox):
    service.lock()
    work.wait_store("locked")
    service.answer("unlock", "wait")
    verified = []
    asking = threading.Thread(target=lambda: verified.append(verify(work)))
    asking.start()
    time.sleep(3.5)
    assert asking.is_alive()
    service.answer("unlock", "yes")
    asking.join(timeout=20)
    assert verified == ["valid"]
    assert service.questions().count("unlock") == 1
    assert ask_for_git(work, sandbox)["password"] == good(sandbox, "github")["token"]


@BOTH
def test_an_unlocking_that_was_refused_is_no_refused_token(work, service):
    service.lock()
    work.wait_store("locked")
    service.answer("unlock", "no")
    with pytest.raises(RpcError) as refused:
        verify(work)
    assert refused.value.kind == "keyring_locked"
    assert state(work) == "valid"
    service.answer("unlock", "yes")
    assert verify(work) == "valid"


@BOTH
def test_adding_asks_to_unlock_first(work, service, sandbox):
    service.lock()
    work.wait_store("locked")
    work.call("connection.add", name="Lab", **good(sandbox, "gitlab"))
    assert service.questions() == ["unlock"]
    assert len(service.tokens()) == 2


@BOTH
def test_a_start_raises_no_question(work, service):
    work.stop()
    service.lock()
    work.start()
    work.wait_store("locked")
    time.sleep(0.5)
    assert service.questions() == []


@BOTH
def test_a_session_token_stays_in_memory_without_a_session_collection(work, service, sandbox):
    work.call("connection.add", name="Lab", retention="session", **good(sandbox, "gitlab"))
    token = work.call("connection.get", connection="Lab")["connection"]["token"]
    assert token["stored_in"] == "memory"
    assert service.tokens() == [good(sandbox, "github")["token"]]


@pytest.mark.parametrize("habits", [KEEPASSXC], ids=[""])
def test_git_is_told_that_the_keyring_asks_for_each_item(work, service, sandbox):
    work.restart()
    work.wait_store()
    answer = ask_for_git(work, sandbox)
    assert answer["quit"] is True
    assert "asks before it gives this token" in answer["message"]
    assert "forgelink verify" in answer["message"]
    assert service.questions() == []
    assert verify(work) == "valid" and service.questions() == ["item"]
    assert ask_for_git(work, sandbox)["password"] == good(sandbox, "github")["token"]


@pytest.mark.parametrize("habits", [KWALLET], ids=[""])
def test_an_item_without_its_entry_is_a_missing_token(work, service, sandbox):
    service.empty()
    assert "password" not in ask_for_git(work, sandbox)
    assert state(work) == "missing"


@DELETE_ASKS
def test_a_deletion_by_a_question_that_nobody_sees_leaves_nothing(work, service, sandbox):
    token = good(sandbox, "github")["token"]
    work.call("connection.update", connection="Work", token=token)
    wait_until(lambda: left(work) == 0 and len(service.tokens()) == 1)
    work.call("connection.remove", connection="Work")
    wait_until(lambda: left(work) == 0)
    assert service.tokens() == []


@DELETE_ASKS
def test_a_removal_does_not_wait_for_the_answer_and_takes_place_with_it(work, service):
    service.answer("delete", "wait")
    begun = time.monotonic()
    assert work.call("connection.remove", connection="Work")["removed"]
    assert time.monotonic() - begun < 1
    wait_until(service.questions)
    time.sleep(1)
    assert left(work) == 1
    service.answer("delete", "yes")
    wait_until(lambda: left(work) == 0)
    assert service.tokens() == []


@DELETE_ASKS
def test_a_person_who_said_no_is_not_asked_again(work, service):
    service.answer("delete", "no")
    work.call("connection.remove", connection="Work")
    time.sleep(3.5)
    assert service.questions() == ["delete"]
    assert left(work) == 1 and len(service.tokens()) == 1
    assert "asks before it deletes" in work.cli("doctor").stdout
    work.restart()
    work.wait_store()
    time.sleep(1.5)
    assert service.questions() == []
