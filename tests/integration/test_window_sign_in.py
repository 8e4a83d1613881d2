# SPDX-License-Identifier: MIT
"""Signing in from the window: by the browser, by a code, by a pasted address."""
import pytest
from support.browse import browse, redirect_of
from support.hand import resize
from support.keyring import wait_until
from support.window import text_of
from support.window_steps import address_in, begin_form, begin_sign_in, in_sight

pytest_plugins = ("support.window_fixtures",)


def test_the_browser_comes_back_and_the_connection_is_there(window, app):
    begin_sign_in(window, "Work")
    address = address_in(window)
    assert wait_until(window.opened) == [address]
    browse(redirect_of({"authorize_url": address}))
    window.find(name="Created connection “Work”")
    assert "signed in" in window.find(starts="Work", role="list item").get_name()


def test_the_address_can_be_pasted(window, app):
    begin_sign_in(window, "Work")
    target = redirect_of({"authorize_url": address_in(window)})
    window.press("Paste the address")
    window.write("Address that the browser ended at", target)
    window.press("Finish")
    window.find(name="Created connection “Work”")


def test_the_entry_for_the_address_comes_into_sight(window, app):
    window.root()
    resize(window, 960, 500)
    begin_sign_in(window, "Work")
    window.press("Paste the address")
    for name in ("Address that the browser ended at", "Finish"):
        assert in_sight(window, window.find(name=name))


def test_a_device_code_can_be_used(window, app, sandbox):
    begin_sign_in(window, "Work")
    window.press("Use a device code")
    window.find(name="The address as a QR code")
    sandbox.device("granted")
    window.find(name="Created connection “Work”", seconds=20)


def test_a_denied_sign_in_says_so_in_the_form(window, app):
    begin_sign_in(window, "Work")
    browse(redirect_of({"authorize_url": address_in(window)}, decision="no"))
    window.find(name="Save")
    assert text_of(window.find(name="Name", role="text")) == "Work"
    assert window.find(role="alert").get_name()


def test_a_cancelled_sign_in_goes_back_to_the_form(window, app, daemon):
    begin_sign_in(window, "Work")
    window.press("Cancel")
    assert text_of(window.find(name="Name", role="text")) == "Work"
    assert daemon.call("connection.list")["total"] == 0


@pytest.mark.parametrize("ending", ["denied", "expired"])
def test_a_device_code_that_comes_to_nothing_is_told_in_the_form(window, app, sandbox, ending):
    begin_sign_in(window, "Work")
    window.press("Use a device code")
    window.find(name="The address as a QR code")
    sandbox.device(ending)
    window.find(name="Save", seconds=20)
    assert window.find(role="alert").get_name()
    assert text_of(window.find(name="Name", role="text")) == "Work"


def test_a_sign_in_keeps_that_somebody_is_to_be_asked_first(window, app, daemon):
    begin_form(window, "Work")
    window.press("Sign in with GitHub")
    window.press("Ask before a program gets the token")
    window.press("Save")
    browse(redirect_of({"authorize_url": address_in(window)}))
    window.find(name="Created connection “Work”")
    assert daemon.call("connection.get", connection="Work")["connection"]["access"] == "ask"


@pytest.fixture
def without_app(window):
    begin_form(window, "Work")
    window.press("Sign in with GitHub")
    window.press("Save")
    return window


def test_a_missing_app_is_told_in_the_form(without_app):
    assert "app" in without_app.find(role="alert").get_name().lower()


def test_a_missing_app_can_be_added_from_the_form(without_app):
    without_app.press("Add the app here")
    without_app.find(name="Add an app")
