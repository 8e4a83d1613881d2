# SPDX-License-Identifier: MIT
"""The states of which pictures are made: each page and panel, and what makes them hard to draw."""
import time
from dataclasses import dataclass, field

from support.sandbox import tokens
from support.window import press
from support.window_steps import open_page

USUAL, NARROW, WIDE = (960, 640), (360, 640), (1500, 900)
DARK = {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}
# Texts that have no Hebrew stay English; the window is laid out from right to left all the same.
HEBREW = {"LANGUAGE": "he"}
GERMAN = {"LANGUAGE": "de"}


def nothing(_stage, _window):
    pass


def menu(_stage, window):
    window.press("Menu")
    window.find(name="Rules", role="menu item")


def search(_stage, window):
    window.press("Search")
    window.write("Search connections", "00017", role="entry")


def nothing_found(_stage, window):
    window.press("Search")
    window.write("Search connections", "no such thing", role="entry")
    window.find(name="Nothing found")


def adding(kind="GitHub"):
    def steps(_stage, window):
        window.press("Add connection")
        window.choose_type(kind)

    return steps


def adding_in_german(_stage, window):
    window.press("Verbindung hinzufügen")


def choosing_type(_stage, window):
    window.press("Add connection")
    window.press("Connection type")


def refused(stage, window):
    adding()(stage, window)
    window.write("Name", "Play")
    window.write("Personal access token", tokens.first(tokens.GITHUB, "revoked"), role="text")
    window.press("Save")
    window.find(role="alert")


def opened(_stage, window):
    window.open_row("Work")


def opened_long(_stage, window):
    window.open_row("Everything")


def editing(stage, window):
    opened(stage, window)
    window.press("Edit")


def removing(stage, window):
    opened(stage, window)
    window.press("Remove")


def repositories(stage, window):
    opened(stage, window)
    window.press("Repositories")
    window.find(starts="octo", role="list item")


def commits(stage, window):
    repositories(stage, window)
    press(window.find(starts="octo", role="list item"))


def signing_in(stage, window):
    adding()(stage, window)
    window.write("Name", "Play")
    window.press("Sign in with GitHub")
    window.press("Save")
    window.find(name="Use a device code")


def pasting(stage, window):
    signing_in(stage, window)
    window.press("Paste the address")


def device_code(stage, window):
    signing_in(stage, window)
    window.press("Use a device code")
    window.find(name="The address as a QR code")


def page(name, wait=0.0):
    def steps(_stage, window):
        open_page(window, name)
        time.sleep(wait)

    return steps


def rules(stage, window):
    stage.add_rule()
    open_page(window, "Rules")


def rule_form(stage, window):
    rules(stage, window)
    window.press("Add a rule")


def app_form(_stage, window):
    open_page(window, "Sign-in apps")
    window.press("Add an app")


def log(stage, window):
    stage.use()
    open_page(window, "Access log")


def question(stage, window):
    stage.ask_for_consent()
    window.find(role="dialog", seconds=30)


def locked(stage, window):
    stage.daemon.call("daemon.lock")
    window.find(starts="Forgelink is locked")


def absent(stage, window):
    stage.daemon.stop()
    window.find(starts="Forgelink’s daemon")


@dataclass
class State:
    count: int = 20  # of connections
    steps: object = nothing
    size: tuple = USUAL
    percent: int = 100  # size of text
    extra: dict = field(default_factory=dict)


STATES = {
    "empty": State(0),
    "one": State(1),
    "list": State(),
    "list-dark": State(extra=DARK),
    "list-wide": State(size=WIDE),
    "list-narrow": State(size=NARROW),
    "list-large-text": State(percent=200),
    "list-right-to-left": State(extra=HEBREW),
    "many": State(10_000),
    "many-search": State(10_000, search),
    "nothing-found": State(steps=nothing_found),
    "menu": State(steps=menu),
    "details": State(steps=opened),
    "details-dark": State(steps=opened, extra=DARK),
    "details-long": State(steps=opened_long),
    "details-narrow": State(steps=opened, size=NARROW),
    "details-large-text": State(steps=opened, percent=200),
    "details-right-to-left": State(steps=opened, extra=HEBREW),
    "german": State(steps=opened, extra=GERMAN),
    "german-add": State(steps=adding_in_german, extra=GERMAN),
    "add": State(steps=adding()),
    "add-types": State(steps=choosing_type),
    "add-dark": State(steps=adding(), extra=DARK),
    "add-narrow": State(steps=adding(), size=NARROW),
    "add-wide": State(steps=adding(), size=WIDE),
    "add-large-text": State(steps=adding(), percent=200),
    "add-right-to-left": State(steps=adding(), extra=HEBREW),
    "add-gitlab": State(3, adding("GitLab self-managed")),
    "add-bitbucket": State(3, adding("Bitbucket")),
    "add-azure": State(3, adding("Azure DevOps")),
    "add-data-center": State(3, adding("Bitbucket Data Center")),
    "add-forgejo": State(3, adding("Forgejo, Gitea, Codeberg")),
    "refused": State(steps=refused),
    "refused-large-text": State(steps=refused, percent=200),
    "edit": State(steps=editing),
    "remove": State(steps=removing),
    "remove-narrow": State(steps=removing, size=NARROW),
    "sign-in": State(3, signing_in),
    "sign-in-paste": State(3, pasting),
    "sign-in-narrow": State(3, signing_in, NARROW),
    "device-code": State(3, device_code),
    "device-code-large-text": State(3, device_code, percent=200),
    "repositories": State(3, repositories),
    "commits": State(3, commits),
    "commits-narrow": State(3, commits, NARROW),
    "rules-empty": State(0, page("Rules")),
    "rules": State(3, rules),
    "rules-form": State(3, rule_form),
    "apps": State(3, page("Sign-in apps")),
    "apps-form": State(3, app_form),
    "apps-form-large-text": State(3, app_form, percent=200),
    "log-empty": State(0, page("Access log")),
    "log": State(3, log),
    "log-narrow": State(3, log, NARROW),
    "grants-empty": State(0, page("Allowed programs")),
    "status": State(3, page("Status")),
    "status-dark": State(3, page("Status"), extra=DARK),
    "findings": State(3, page("Findings", 4)),
    "findings-narrow": State(3, page("Findings", 4), NARROW),
    "findings-large-text": State(3, page("Findings", 4), percent=200),
    "question": State(1, question),
    "locked": State(2, locked),
    "no-daemon": State(4, absent, extra={"FORGELINK_NO_AUTOSTART": "1"}),
}
