# SPDX-License-Identifier: MIT
"""Signing in with GitHub: redirect, pasted address, device code; what is not the right answer has
no effect."""
import concurrent.futures
import http.client
import json
import re
import socket
import threading
import time
import urllib.parse

import pytest
from support.browse import browse, redirect_of
from support.daemon import RpcError
from support.keyring import wait_until
from support.sandbox import good, tokens
from support.terminal import Terminal


@pytest.fixture
def signed(daemon, sandbox):
    done = daemon.cli(
        "oauth-app",
        "set",
        "github",
        "--client-id",
        tokens.OAUTH_CLIENT_ID,
        "--secret-stdin",
        stdin=tokens.OAUTH_CLIENT_SECRET + "\n",
    )
    assert done.returncode == 0, done
    sandbox.set(
        "github", expiring=False, signs_in="octo-dev", granted=None, interval=1, lifetime=28800
    )
    return daemon


def test_the_redirect_makes_the_connection_and_the_port_closes(signed, sandbox, bus):
    watcher = signed.rpc()
    watcher.call("event.subscribe")
    started = signed.call("sign_in.start", method="browser", add={"name": "Work"})
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/callback/.{22}", started["redirect_uri"])
    assert signed.call("sign_in.wait", sign_in=started["sign_in"], timeout=0) == {
        "state": "pending"
    }
    target = redirect_of(started)
    status, headers, page = browse(target)
    assert (
        status == 200 and "Forgelink" in page and "octo-dev" not in page and "<script" not in page
    )
    assert (
        "default-src 'none'" in headers["Content-Security-Policy"]
        and headers["Cache-Control"] == "no-store"
        and headers["Referrer-Policy"] == "no-referrer"
    )
    done = signed.call("sign_in.wait", sign_in=started["sign_in"])
    assert done["state"] == "completed" and done["connection"]["account"]["login"] == "octo-dev"
    assert (
        done["connection"]["sign_in"] == "oauth" and done["connection"]["token"]["state"] == "valid"
    )
    assert [
        watcher.wait_event(kind)["kind"]
        for kind in ("sign_in.started", "connection.added", "sign_in.completed")
    ]
    port = int(started["redirect_uri"].split(":")[2].split("/")[0])
    wait_until(lambda: socket.socket().connect_ex(("127.0.0.1", port)) != 0, 5)
    code = urllib.parse.parse_qs(urllib.parse.urlsplit(target).query)["code"][0]
    assert code not in signed.log() and "gho_" not in signed.log() and "gho_" in bus.items()


def test_nothing_but_the_right_answer_has_any_effect(signed):
    started = signed.call("sign_in.start", method="browser", add={"name": "Work"})
    right = redirect_of(started)
    parts = urllib.parse.urlsplit(right)
    port, path = parts.port, parts.path
    state = urllib.parse.parse_qs(parts.query)["state"][0]

    def ask(target, method="GET", host=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request(method, target, body=body, headers={"Host": host or f"127.0.0.1:{port}"})
        return connection.getresponse().status

    wrong = [
        ("/", 404),
        ("/favicon.ico", 404),
        (path, 400),
        (path + "/", 404),
        (path[:-1], 404),
        (path + "?code=x", 400),
        (path + "?code=x&state=" + state[:-1] + "A" + "A", 400),
        (path + f"?state={state}", 400),
        (path + f"?code=a&code=b&state={state}", 400),
        (path + f"?code=a&state={state}&state={state}", 400),
        (path + "?error=access_denied", 400),
        (path + "?error=access_denied&state=wrong", 400),
        (path + f"?code=a&error=b&state={state}", 400),
        (path + f"?code=a&state={state}&iss=https%3A%2F%2Fevil.example", 400),
        (path + "?%zz", 400),
    ]
    for target, status in wrong:
        assert ask(target) == status, target
    query = "?" + parts.query
    assert ask(path + query, method="POST", body="x") in (400, 405)
    assert ask(path + query, method="HEAD") in (400, 405)
    assert ask(path + query, host=f"localhost:{port}") == 400
    assert ask(path + query, host="evil.example") == 400
    with pytest.raises(OSError):
        socket.create_connection(("::1", port), timeout=2)
    # Hundreds that say nothing, or half a word, or too much.
    idle = []
    for number in range(200):
        try:
            one = socket.create_connection(("127.0.0.1", port), timeout=2)
            one.sendall([b"", b"GET /", b"GET / HTTP/1.1\r\nX: " + b"a" * 9000][number % 3])
            idle.append(one)
        except OSError:
            pass
    assert signed.call("sign_in.wait", sign_in=started["sign_in"], timeout=0) == {
        "state": "pending"
    }
    assert browse(right)[0] == 200
    assert signed.call("sign_in.wait", sign_in=started["sign_in"])["state"] == "completed"
    for one in idle:
        one.close()


def test_no_is_no_with_the_right_state(signed):
    started = signed.call("sign_in.start", method="browser", add={"name": "Work"})
    status, _, page = browse(redirect_of(started, "no"))
    assert status == 200 and "declined" in page
    with pytest.raises(RpcError) as refused:
        signed.call("sign_in.wait", sign_in=started["sign_in"])
    assert refused.value.kind == "sign_in_denied"
    assert signed.call("connection.list")["total"] == 0


def test_a_pasted_address_does_as_well_and_a_wrong_one_does_nothing(signed):
    started = signed.call(
        "sign_in.start",
        method="browser",
        add={"name": "Work", "username": "octo-dev", "retention": "session"},
    )
    right = redirect_of(started)
    for wrong in (
        "hello",
        started["redirect_uri"],
        right.replace("127.0.0.1", "127.0.0.2"),
        right.replace("state=", "state=x"),
    ):
        with pytest.raises(RpcError) as refused:
            signed.call("sign_in.complete", sign_in=started["sign_in"], redirect_url=wrong)
        assert (
            refused.value.kind == "invalid_params" and refused.value.data["field"] == "redirect_url"
        )
    done = signed.call("sign_in.complete", sign_in=started["sign_in"], redirect_url=right + "\n")
    assert (
        done["connection"]["username"] == "octo-dev"
        and done["connection"]["retention"] == "session"
    )


def test_the_device_code_is_polled_at_the_forge_s_pace(signed, sandbox):
    started = signed.call("sign_in.start", method="device", add={"name": "Work"})
    assert started["user_code"] == "WDJB-MJHT" and started["verification_uri"].endswith(
        "/login/device"
    )
    assert signed.call("sign_in.wait", sign_in=started["sign_in"], timeout=2) == {
        "state": "pending"
    }
    sandbox.device("approved")
    assert (
        signed.call("sign_in.wait", sign_in=started["sign_in"], timeout=30)["state"] == "completed"
    )
    started = signed.call("sign_in.start", method="device", connection="Work")
    sandbox.device("denied")
    with pytest.raises(RpcError) as refused:
        signed.call("sign_in.wait", sign_in=started["sign_in"], timeout=30)
    assert refused.value.kind == "sign_in_denied"


def test_without_an_app_there_is_the_page_for_making_one(daemon, sandbox):
    with pytest.raises(RpcError) as refused:
        daemon.call("sign_in.start", method="browser", add={"name": "Work"})
    assert (
        refused.value.kind == "oauth_app_missing"
        and "settings/applications/new" in refused.value.data["url"]
        and "127.0.0.1%2Fcallback" in refused.value.data["url"]
    )


def test_another_account_needs_a_yes(signed, sandbox):
    signed.call("connection.add", name="Work", **good(sandbox, "github"))
    sandbox.set("github", signs_in="mona")
    started = signed.call("sign_in.start", method="browser", connection="Work")
    browse(redirect_of(started))
    with pytest.raises(RpcError) as refused:
        signed.call("sign_in.wait", sign_in=started["sign_in"])
    assert (
        refused.value.kind == "account_changed" and refused.value.data["account"]["login"] == "mona"
    )
    assert (
        signed.call("connection.get", connection="Work")["connection"]["account"]["login"]
        == "octo-dev"
    )
    started = signed.call(
        "sign_in.start", method="browser", connection="Work", accept_account_change=True
    )
    browse(redirect_of(started))
    assert (
        signed.call("sign_in.wait", sign_in=started["sign_in"])["connection"]["account"]["login"]
        == "mona"
    )
    assert signed.call("sign_in.cancel", sign_in=started["sign_in"]) == {"state": "completed"}
    back = signed.call(
        "connection.update",
        connection="Work",
        token=tokens.first(tokens.GITHUB, "good"),
        accept_account_change=True,
    )["connection"]
    assert back["sign_in"] == "pat" and back["account"]["login"] == "octo-dev"


def test_cancelling_and_stopping_end_a_sign_in_and_sixteen_are_enough(signed):
    started = [
        signed.call("sign_in.start", method="browser", add={"name": f"w{n}"}) for n in range(16)
    ]
    with pytest.raises(RpcError) as refused:
        signed.call("sign_in.start", method="browser", add={"name": "one more"})
    assert refused.value.kind == "too_busy"
    waiting = signed.rpc()
    waiting.send("sign_in.wait", sign_in=started[0]["sign_in"])
    assert signed.call("sign_in.cancel", sign_in=started[0]["sign_in"]) == {"state": "cancelled"}
    assert waiting.read()["error"]["data"]["kind"] == "sign_in_cancelled"
    assert signed.call("sign_in.cancel", sign_in=started[0]["sign_in"]) == {"state": "cancelled"}
    with pytest.raises(RpcError) as refused:
        signed.call("sign_in.wait", sign_in="no such")
    assert refused.value.kind == "not_found"
    waiting.send("sign_in.wait", sign_in=started[1]["sign_in"], timeout=60)
    time.sleep(0.3)
    begun = time.monotonic()
    assert signed.stop() == 0 and time.monotonic() - begun < 5
    assert waiting.read()["error"]["data"]["kind"] == "shutting_down"


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "html"},
        {"kind": "status", "status": 200, "body": {"error": "bad_verification_code"}},
        {"kind": "status", "status": 200, "body": {}},
    ],
)
def test_a_token_endpoint_in_trouble_ends_the_sign_in_and_nothing_else(signed, sandbox, fault):
    other = signed.call("sign_in.start", method="browser", add={"name": "Other"})
    started = signed.call("sign_in.start", method="browser", add={"name": "Work"})
    sandbox.fault("github", path="access_token", **fault)
    assert browse(redirect_of(started))[0] == 200
    with pytest.raises(RpcError):
        signed.call("sign_in.wait", sign_in=started["sign_in"])
    assert signed.call("sign_in.wait", sign_in=other["sign_in"], timeout=0) == {"state": "pending"}
    assert signed.call("connection.list")["total"] == 0


def test_a_form_encoded_answer_is_understood(signed, sandbox):
    started = signed.call("sign_in.start", method="browser", add={"name": "Work"})
    text = tokens.first(tokens.GITHUB, "good")
    sandbox.fault(
        "github",
        "status",
        path="access_token",
        status=200,
        body=f"access_token={text}&scope=repo%2Cworkflow&token_type=bearer",
        type="application/x-www-form-urlencoded",
    )
    browse(redirect_of(started))
    assert signed.call("sign_in.wait", sign_in=started["sign_in"])["state"] == "completed"


def test_fifty_clients_that_want_an_ending_token_cause_one_renewal(signed, sandbox):
    sandbox.set("github", expiring=True, lifetime=200)
    started = signed.call("sign_in.start", method="browser", add={"name": "Work"})
    browse(redirect_of(started))
    assert (
        signed.call("sign_in.wait", sign_in=started["sign_in"])["connection"]["token"]["state"]
        == "valid"
    )
    before = sandbox.get("github", "refreshes")
    sandbox.set("github", lifetime=28800)
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        got = list(
            pool.map(
                lambda _: signed.call(
                    "credential.get",
                    protocol=sandbox.urls["github"].split("://")[0],
                    host=sandbox.urls["github"].split("://")[1],
                ),
                range(50),
            )
        )
    assert len({one["password"] for one in got}) == 1 and got[0]["password"].startswith("ghu_")
    assert sandbox.get("github", "refreshes") == before + 1
    # A renewal that fails for now loses nothing: not by an error, not by a restart.
    sandbox.set("github", lifetime=200)
    signed.restart()
    signed.wait_store()
    assert (
        signed.call("connection.verify", connection="Work")["connection"]["token"]["state"]
        == "valid"
    )


def test_a_renewal_is_refused_for_good_only_by_the_forge_s_own_word(signed, sandbox):
    sandbox.set("github", expiring=True, lifetime=200)
    started = signed.call("sign_in.start", method="browser", add={"name": "Work"})
    browse(redirect_of(started))
    signed.call("sign_in.wait", sign_in=started["sign_in"])
    where = dict(zip(("protocol", "host"), sandbox.urls["github"].split("://")))
    for trouble in ({"kind": "status", "status": 503}, {"kind": "close"}):
        sandbox.fault("github", path="access_token", **trouble)
        assert signed.call("credential.get", **where)["password"].startswith("ghu_")
        assert (
            signed.call("connection.get", connection="Work")["connection"]["token"]["state"]
            == "valid"
        )
    sandbox.fault(
        "github", "status", path="access_token", status=200, body={"error": "bad_refresh_token"}
    )
    answer = signed.call("credential.get", **where)
    assert "password" not in answer and "quit" not in answer and "message" in answer
    assert (
        signed.call("connection.get", connection="Work")["connection"]["token"]["state"]
        == "rejected"
    )


def sign_in_by_device(daemon, sandbox):
    threading.Timer(2, lambda: sandbox.device("approved")).start()
    return daemon.cli("add", "Work", "--type", "github", "--sign-in", "--device")


def test_the_command_line_signs_in_by_device(signed, sandbox):
    done = sign_in_by_device(signed, sandbox)
    assert done.returncode == 0 and "WDJB-MJHT" in done.stderr and "octo-dev" in done.stdout, done


def test_editing_a_sign_in_signs_in_again(signed, sandbox):
    sign_in_by_device(signed, sandbox)
    before = signed.call("connection.get", connection="Work")["connection"]["token"]["stored_at"]
    time.sleep(1.1)
    person = Terminal(signed, "edit", "Work")
    person.answer("Sign in with GitHub? (No: a personal access token) [Y/n] ", "")
    person.wait("Never enter a code that somebody else gave you.")
    sandbox.device("approved")
    status, said = person.end()
    assert (
        status == 0
        and "WDJB-MJHT" in said
        and "Updated connection “Work”; signed in as octo-dev." in said
    )
    assert (
        signed.call("connection.get", connection="Work")["connection"]["token"]["stored_at"]
        > before
    )

    person = Terminal(signed, "edit", "Work")
    person.answer("(No: a personal access token) [Y/n] ", "n")
    person.answer(
        "Token (it is not shown; empty to add it later): ", good(sandbox, "github")["token"]
    )
    status, said = person.end()
    assert (
        status == 0
        and signed.call("connection.get", connection="Work")["connection"]["sign_in"] == "pat"
    )


def test_real_chromium_signs_in(signed, sandbox, folder):
    webdriver = pytest.importorskip("selenium.webdriver")
    import os

    if not os.path.exists("/usr/bin/chromium"):
        pytest.skip("chromium is not installed")
    started = signed.call("sign_in.start", method="browser", add={"name": "Work"})
    options = webdriver.ChromeOptions()
    for word in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-proxy-server",
        f"--user-data-dir={folder}/chromium",
        "--window-size=900,640",
    ):
        options.add_argument(word)
    options.binary_location = "/usr/bin/chromium"
    from selenium.webdriver.chrome.service import Service

    browser = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    try:
        browser.set_page_load_timeout(20)
        browser.get(started["authorize_url"])
        browser.find_element("id", "yes").click()
        wait_until(lambda: "Forgelink" in browser.title)
        assert browser.find_element("tag name", "h1").text
        # The style is allowed by the page's own policy, or the page would look like nothing.
        assert (
            browser.execute_script(
                "return getComputedStyle(document.querySelector('main')).borderRadius"
            )
            != "0px"
        )
        picture = os.environ.get("FORGELINK_SCREENSHOT")
        if picture:
            browser.save_screenshot(picture)
    finally:
        browser.quit()
    assert signed.call("sign_in.wait", sign_in=started["sign_in"])["state"] == "completed"
    assert json.dumps(signed.call("connection.list")).count("octo-dev") >= 1
