# SPDX-License-Identifier: MIT
"""What the desktop's notices and doctor offer before a token ends: renew it, make another,
end it."""
import datetime
import json

import pytest
from support.fake_desktop import Desktop
from support.keyring import wait_until
from support.sandbox import good, tokens


@pytest.fixture
def desktop(bus):
    made = Desktop(bus.environment["DBUS_SESSION_BUS_ADDRESS"])
    yield made
    made.close()


@pytest.fixture
def forge(sandbox):
    sandbox.set("gitlab", rotated=None, family_killed=False, longest_life=365)
    return sandbox


def told(desktop, summary):
    """The next notice of that title."""
    for _ in range(10):
        notice = desktop.next_notice()
        if notice.get("summary") == summary:
            return notice
    raise AssertionError(summary)


def rotating(daemon):
    token = tokens.first(tokens.GITLAB, "rotating")
    return daemon.call("connection.add", name="Work", type="gitlab", token=token)["connection"]


def rotations(forge):
    return [one for one in forge.log("gitlab") if one["path"].endswith("/rotate")]


def end_of(daemon):
    return daemon.call("connection.get", connection="Work")["connection"]["token"]["expires_at"]


def test_a_token_that_can_is_renewed_by_the_notice_s_button(make_daemon, forge, desktop):
    daemon = make_daemon("[notifications]\nexpiry_days = [40]\n")
    before = rotating(daemon)["token"]["expires_at"]
    notice = told(desktop, "Token expires soon")
    assert notice["actions"] == ["default", "Open", "renew", "Renew"]
    desktop.press(notice["id"], "renew")
    assert "“Work”" in told(desktop, "Renewed the token")["body"]
    assert end_of(daemon) > before


def test_a_renewal_by_the_button_that_fails_is_said(make_daemon, forge, desktop):
    daemon = make_daemon("[notifications]\nexpiry_days = [40]\n")
    rotating(daemon)
    notice = told(desktop, "Token expires soon")
    forge.fault("gitlab", "status", path="/self", status=503, times=5)
    desktop.press(notice["id"], "renew")
    assert "“Work”" in told(desktop, "The token was not renewed")["body"]


@pytest.mark.parametrize(
    "kind, name, page", [("github", "expiring", "tokens/new"), ("gitlab", "good", "self_rotate")]
)
def test_where_it_cannot_the_button_opens_the_page(make_daemon, forge, desktop, kind, name, page):
    daemon = make_daemon("[notifications]\nexpiry_days = [364]\n")
    token = tokens.first({"github": tokens.GITHUB, "gitlab": tokens.GITLAB}[kind], name)
    daemon.call("connection.add", name="Work", type=kind, token=token)
    notice = told(desktop, "Token expires soon")
    assert notice["actions"] == ["default", "Open", "page", "Create a new token"]
    desktop.press(notice["id"], "page")
    opened = desktop.next_notice()["opened"]
    assert opened.startswith(forge.urls[kind]) and page in opened


def test_nonsense_pressed_does_nothing(make_daemon, forge, desktop):
    daemon = make_daemon("[notifications]\nexpiry_days = [40]\n")
    before = rotating(daemon)["token"]["expires_at"]
    notice = told(desktop, "Token expires soon")
    for number, action in ((notice["id"], "page"), (notice["id"], "x"), (999, "renew")):
        desktop.press(number, action)
    assert daemon.call("daemon.status") and end_of(daemon) == before
    # What is pressed comes in order: when this is done, so are those.
    desktop.press(notice["id"], "renew")
    told(desktop, "Renewed the token")
    assert len(rotations(forge)) == 1


def test_a_renewal_that_nobody_asked_for_is_told(make_daemon, forge, desktop):
    daemon = make_daemon('[tokens]\nrenew = "auto"\nrenew_before = "60d"\n')
    before = rotating(daemon)["token"]["expires_at"]
    assert "elsewhere" in told(desktop, "Renewed a token")["body"]
    wait_until(lambda: end_of(daemon) > before)


def findings(daemon):
    shown = json.loads(daemon.cli("doctor", "--json").stdout)["findings"]
    return [one for one in shown if one["about"] == "connection"]


def test_doctor_offers_to_renew_what_ends_soon(daemon, forge):
    rotating(daemon)
    soon = (datetime.date.today() + datetime.timedelta(days=10)).isoformat()
    daemon.call("token.renew", connection="Work", expires_at=soon)
    found = findings(daemon)
    assert soon in found[0]["sentence"] and found[0]["mend"].endswith("renew Work")


def test_doctor_offers_to_revoke_a_token_that_may_too_much(daemon, forge):
    token = tokens.first(tokens.GITHUB, "wide")
    daemon.call("connection.add", name="Work", type="github", token=token)
    found = findings(daemon)
    assert "delete_repo" in found[0]["sentence"] and "revoke Work && " in found[0]["mend"]


def test_doctor_offers_no_revocation_where_there_is_none(daemon, forge):
    daemon.call("connection.add", name="Work", **good(forge, "bitbucket"))
    assert all("revoke" not in one.get("mend", "") for one in findings(daemon))
