# SPDX-License-Identifier: MIT
"""What tests do in the window, step by step."""
from .keyring import wait_until
from .sandbox import good, tokens
from .window import Atspi

GITHUB_TOKEN = tokens.first(tokens.GITHUB, "good")
TOKEN_FIELD = {"name": "Personal access token", "role": "text"}


def add(daemon, name, kind="github", **more):
    return daemon.call("connection.add", name=name, type=kind, **more)["connection"]


def add_good(daemon, sandbox, name, kind="github", **more):
    params = {**good(sandbox, kind), **more}
    return add(daemon, name, params.pop("type"), **params)


def begin_form(window, name, token="", kind="GitHub"):
    window.press("Add connection")
    window.choose_type(kind)
    window.write("Name", name)
    if token:
        window.write(**TOKEN_FIELD, text=token)


def open_page(window, name):
    """A page of the window's menu."""
    window.press("Menu")
    window.press(name, role="menu item")


def begin_sign_in(window, name):
    begin_form(window, name)
    window.press("Sign in with GitHub")
    window.press("Save")
    window.find(name="Use a device code")


def address_in(window):
    return window.find(starts="http", role="label").get_name()


def refusal_at(window, field):
    """What is said beside that field."""
    entry = window.find(name=field, role="text")
    return window.find(role="alert", under=entry.get_parent()).get_name()


def in_sight(window, node):
    """Whether all of it lies within the window."""
    frame, own = (
        one.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        for one in (window.find(role="frame"), node)
    )
    return own.height > 0 and own.y >= 0 and own.y + own.height <= frame.height


def wait_row(window, *words):
    """A row that says all of these."""
    wait_until(lambda: [row for row in window.rows() if all(word in row for word in words)])
