# SPDX-License-Identifier: MIT
"""Every kind of token that the sandbox knows, by forge: what it is, whose, and what it may do."""
import datetime
from dataclasses import dataclass, field


@dataclass
class Token:
    name: str
    account: str = "octo-dev"
    scopes: list = field(default_factory=list)
    state: str = "good"  # good, refused, sso, blocked, few (a scope is missing), anonymous
    expires: str | None = None


def _github(name, **more):
    return Token(name, **{"scopes": ["repo", "workflow", "read:user", "user:email"], **more})


GITHUB = {
    "ghp_good000000000000000000000000000000000001": _github("good"),
    "ghp_second0000000000000000000000000000000002": _github("second", account="mona"),
    "ghp_expiring00000000000000000000000000000003": _github(
        "expiring", expires="2027-02-01 00:00:00 UTC"
    ),
    "ghp_revoked000000000000000000000000000000004": _github("revoked", state="refused"),
    "ghp_few0000000000000000000000000000000000005": _github("few", scopes=["read:user"]),
    "ghp_wide000000000000000000000000000000000006": _github(
        "wide", scopes=["repo", "workflow", "delete_repo", "admin:org"]
    ),
    "ghp_sso0000000000000000000000000000000000007": _github("sso", state="sso"),
    "ghs_installation000000000000000000000000000009": _github("installation", account="bot"),
    "ghp_ended00000000000000000000000000000000009": _github(
        "ended", expires="2020-01-01 00:00:00 UTC"
    ),
    "github_pat_fine_grained_00000000000000000008": _github(
        "fine-grained", scopes=[], expires="2027-03-01 09:00:00 +0900"
    ),
}
_GITLAB = ["read_api", "write_repository"]
GITLAB = {
    "glpat-good0000000000000001": Token("good", scopes=_GITLAB, expires="2027-11-20"),
    "glpat-rotating000000000007": Token(
        "rotating", scopes=_GITLAB + ["self_rotate"], expires="2026-12-20"
    ),
    "glpat-second00000000000002": Token("second", account="mona", scopes=_GITLAB),
    "glpat-revoked0000000000003": Token("revoked", state="refused"),
    "glpat-few00000000000000004": Token("few", scopes=["write_repository"]),
    "glpat-blocked0000000000005": Token("blocked", scopes=_GITLAB, state="blocked"),
    "glpat-granular000000000006": Token("granular", scopes=["whatever"]),
    "glpat-today0000000000000007": Token(
        "today", scopes=_GITLAB, expires=datetime.date.today().isoformat()
    ),
}
BITBUCKET = {
    "ATATT3xFfGF0good0000000001": Token(
        "good",
        scopes=[
            "read:user:bitbucket",
            "read:workspace:bitbucket",
            "read:repository:bitbucket",
            "write:repository:bitbucket",
        ],
    ),
    "ATATT3xFfGF0second00000002": Token("second", account="mona", scopes=["read:user:bitbucket"]),
    "ATATT3xFfGF0revoked0000003": Token("revoked", state="refused"),
    "ATATT3xFfGF0few00000000004": Token("few", scopes=["read:user:bitbucket"], state="few"),
    "ATCTT3xFfGN0access00000005": Token("access", account="bot", scopes=["repository"]),
}
AZURE = {
    "A" * 76 + "AZDO" + "good": Token("good"),
    "B" * 76 + "AZDO" + "scnd": Token("second", account="mona"),
    "C" * 76 + "AZDO" + "revk": Token("revoked", state="refused"),
    "D" * 76 + "AZDO" + "fewx": Token("few", state="few"),
    "E" * 52: Token("old-form"),
}
EMAILS = {"octo-dev": "dev@example.org", "mona": "mona@example.org", "bot": ""}
NAMES = {"octo-dev": "Octo Dev", "mona": "Mona Lisa", "bot": "A Bot"}
IDS = {"octo-dev": 1234567, "mona": 7654321, "bot": 99}

OAUTH_CLIENT_ID = "Iv1.sandboxclient"
OAUTH_CLIENT_SECRET = "sandbox-client-secret-0123456789abcdef"


def first(table, name):
    """The token of that name."""
    return next(text for text, token in table.items() if token.name == name)
