# SPDX-License-Identifier: MIT
"""Starts the sandbox forges and speaks to their control address."""
import json
import os
import subprocess
import sys
import urllib.request

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "tests", "sandbox"))
import bitbucket_data_center  # noqa: E402
import forgejo  # noqa: E402
import github_enterprise  # noqa: E402
import tokens  # noqa: E402  (the sandbox's own tokens)


class Sandbox:
    def __init__(self, *options):
        self.process = subprocess.Popen(
            ["/usr/bin/python3", os.path.join(ROOT, "tests", "sandbox"), "--until-eof", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        told = json.loads(self.process.stdout.readline())
        self.urls, self.control, self.settings = told["urls"], told["control"], told["settings"]
        self.tls_urls, self.tls_settings, self.ca = (
            told.get("tls_urls"),
            told.get("tls_settings"),
            told.get("ca"),
        )

    def ask(self, path, /, **what):
        request = urllib.request.Request(
            self.control + path, data=json.dumps(what).encode(), method="POST"
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            request, timeout=10
        ) as reply:
            return json.loads(reply.read() or b"{}")

    def fault(self, site, /, kind, **more):
        self.ask("/fault", site=site, kind=kind, **more)

    def set(self, site, **values):
        self.ask("/set", site=site, **values)

    def get(self, site, name):
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            f"{self.control}/get?site={site}&name={name}", timeout=10
        ) as reply:
            return json.loads(reply.read())["value"]

    def token_state(self, site, name, state):
        self.ask("/token", site=site, token=name, state=state)

    def device(self, state, site="github"):
        self.ask("/device", site=site, state=state)

    def clear(self):
        self.ask("/clear")

    def reset(self):
        """As clear, and each token is what it was at the start."""
        self.ask("/reset")

    def log(self, site):
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            f"{self.control}/log?site={site}", timeout=10
        ) as reply:
            return json.loads(reply.read())

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.process.stdout.close()


# What `connection.add` takes for a good connection of each type.
def good(sandbox, kind):
    table = {
        "github": tokens.GITHUB,
        "github-enterprise": github_enterprise.TOKENS,
        "gitlab": tokens.GITLAB,
        "gitlab-self-managed": tokens.GITLAB,
        "bitbucket": tokens.BITBUCKET,
        "azure-devops": tokens.AZURE,
        "azure-devops-server": tokens.AZURE,
        "forgejo": forgejo.TOKENS,
        "bitbucket-data-center": bitbucket_data_center.TOKENS,
    }[kind]
    params = {"type": kind, "token": tokens.first(table, "good")}
    if kind == "gitlab-self-managed":
        params["server_url"] = sandbox.urls[kind] + "/git/lab"
    if kind == "github-enterprise":
        params["server_url"] = sandbox.urls[kind]
    if kind == "bitbucket-data-center":
        params.update(username="octo-dev", server_url=sandbox.urls[kind] + "/bitbucket")
    if kind == "forgejo":
        params["server_url"] = sandbox.urls[kind] + "/forge"
    if kind == "azure-devops-server":
        params["server_url"] = sandbox.urls[kind] + "/tfs/DefaultCollection"
    if kind == "azure-devops":
        params["organization"] = "octo-org"
    if kind == "bitbucket":
        params.update(username="octo-dev", email="dev@example.org")
    return params


TYPES = [
    "azure-devops",
    "azure-devops-server",
    "bitbucket",
    "github",
    "gitlab",
    "gitlab-self-managed",
]
FURTHER = ["bitbucket-data-center", "forgejo", "github-enterprise"]
ALL_TYPES = TYPES + FURTHER
