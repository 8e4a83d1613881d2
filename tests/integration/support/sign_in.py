# SPDX-License-Identifier: MIT
"""Signing in to each forge of the sandbox: its app, what `add` needs, and where its repository
is."""
import os
import sys

from .sandbox import ROOT

sys.path.insert(0, os.path.join(ROOT, "tests", "sandbox"))
import github  # noqa: E402
import oauth  # noqa: E402  (the sandbox's authorization servers)

SERVERS = {
    "github": github.GitHub,
    "github-enterprise": github.GitHub,
    "gitlab": oauth.Doorkeeper,
    "gitlab-self-managed": oauth.Doorkeeper,
    "bitbucket": oauth.BitbucketOAuth,
    "azure-devops": oauth.Entra,
    "forgejo": oauth.ForgejoOAuth,
}
KINDS = list(SERVERS)
WITH_DEVICE = ["github", "github-enterprise", "gitlab", "gitlab-self-managed", "azure-devops"]
# A sign-in there gives tokens that end, as a GitHub App does.
WITH_APP = ["github", "github-enterprise"]

# The site of the sandbox that signs people in.
SITES = {"azure-devops": "entra"}


def site_of(kind):
    return SITES.get(kind, kind)


def reset(sandbox, kind):
    server = SERVERS[kind]
    sandbox.set(
        site_of(kind),
        signs_in="octo-dev",
        granted=None,
        lifetime=server.lifetime,
        interval=1,
        refuses=None,
        iss=None,
        gives_refresh=True,
        callback=server.callback,
    )
    if kind == "azure-devops":
        sandbox.set("entra", refuses_token=None)
    if kind in WITH_APP:
        sandbox.set(kind, expiring=True)


PATHS = {"github-enterprise": "", "gitlab-self-managed": "/git/lab", "forgejo": "/forge"}


def server_of(sandbox, kind):
    return sandbox.urls[kind] + PATHS[kind] if kind in PATHS else None


def set_app(daemon, sandbox, kind):
    server = SERVERS[kind]
    words = ["oauth-app", "set", kind, "--client-id", server.CLIENT_ID]
    if server_of(sandbox, kind):
        words += ["--server", server_of(sandbox, kind)]
    if server.CLIENT_SECRET:
        words.append("--secret-stdin")
    return daemon.cli(*words, stdin=(server.CLIENT_SECRET or "") + "\n", check=0)


def new(sandbox, kind, name="Work", **more):
    """What sign_in.start takes as `add`."""
    add = {"name": name, "type": kind, **more}
    if server_of(sandbox, kind):
        add["server_url"] = server_of(sandbox, kind)
    if kind == "azure-devops":
        add["organization"] = "octo-org"
    return add


def options_of(sandbox, kind):
    """The same for the command line."""
    words = ["--type", kind]
    if server_of(sandbox, kind):
        words += ["--server", server_of(sandbox, kind)]
    if kind == "azure-devops":
        words += ["--organization", "octo-org"]
    return words


def clone_url(sandbox, kind):
    paths = {
        "github": "/octo-dev/hello.git",
        "github-enterprise": "/octo-dev/hello.git",
        "gitlab": "/octo-dev/hello.git",
        "gitlab-self-managed": "/git/lab/octo-dev/hello.git",
        "bitbucket": "/octo-dev/hello.git",
        "azure-devops": "/octo-org/project/_git/hello",
        "forgejo": "/forge/octo-dev/hello.git",
    }
    return sandbox.urls[kind] + paths[kind]
