# SPDX-License-Identifier: MIT
"""The forges in one local server.   python3 tests/sandbox [--tls DIR] [--repositories N]
[--commits N] [--until-eof]

Prints one JSON line: every forge's address, the settings that point a daemon here, and the control
address. Control:
  POST /fault    {"site", "kind", "path"?, "method"?, "times"?, ...}
                 kinds: delay hang lost reset close garbage huge html truncated status redirect
                 next raw drip bom early_hints continue then_408 echo endless
  POST /set      {"site", "name": value}: attributes of a site, as expiring, signs_in, granted,
                 lifetime, newest, marks, links_at, packs, padding
  POST /token    {"site", "token": its name, "state"}: good, refused, ...
  POST /device   {"site", "state": "approved" | "denied" | "expired"}; github if no site is named
  GET  /log?site=NAME   what was asked, tokens by name
  POST /clear    forgets what was asked, and the faults
  POST /reset    the same, and tokens and the attributes changed by /set are again what they were
"""
import argparse
import json
import os
import signal
import subprocess
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tokens as known
from azure import Azure, EntraSite
from bitbucket import Bitbucket
from bitbucket_data_center import DataCenter
from data import Data
from forgejo import Forgejo
from git import Git
from github import GitHub
from github_enterprise import GitHubEnterprise
from gitlab import GitLab
from web import Answer, Site


def make_certificates(folder):
    """A CA of our own, a certificate for the loopback and one for a client (client.pem), by
    openssl."""
    os.makedirs(folder, exist_ok=True)

    def at(name):
        return os.path.join(folder, name)

    def run(*words):
        subprocess.run(
            ["openssl", *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    run(
        "req",
        "-x509",
        *key,
        "-keyout",
        at("ca.key"),
        "-out",
        at("ca.pem"),
        "-days",
        "3650",
        "-subj",
        "/CN=Sandbox CA",
    )
    run(
        "req", *key, "-keyout", at("server.key"), "-out", at("server.csr"), "-subj", "/CN=localhost"
    )
    with open(at("names"), "w") as out:
        out.write("subjectAltName=DNS:localhost,DNS:forge.test,IP:127.0.0.1\n")
    run(
        "x509",
        "-req",
        "-in",
        at("server.csr"),
        "-CA",
        at("ca.pem"),
        "-CAkey",
        at("ca.key"),
        "-CAcreateserial",
        "-out",
        at("server.pem"),
        "-days",
        "3650",
        "-extfile",
        at("names"),
    )
    run("req", *key, "-keyout", at("client.key"), "-out", at("client.csr"), "-subj", "/CN=octo-dev")
    run(
        "x509",
        "-req",
        "-in",
        at("client.csr"),
        "-CA",
        at("ca.pem"),
        "-CAkey",
        at("ca.key"),
        "-CAcreateserial",
        "-out",
        at("client.pem"),
        "-days",
        "3650",
    )
    return at("server.pem"), at("server.key")


# Self-hosted forges beside the first six; each says its own name.
FURTHER = [GitHubEnterprise, DataCenter, Forgejo]


class Elsewhere(Site):
    """Another origin: whatever token arrives here has been given away."""

    def handle(self, request):
        raise Answer(200, [])


class Control(Site):
    def __init__(self, sites):
        self.sites = sites
        known_tokens = [token for site in sites.values() for token in site.tokens.values()]
        self.first_states = [(token, token.state) for token in known_tokens]
        self.before = {}  # what /set has changed, as it was
        super().__init__("control", {})

    def handle(self, request):
        ask = json.loads(request.body or b"{}")
        site = self.sites.get(ask.pop("site", request.query.get("site")))
        if request.path == "/fault":
            with site.lock:
                site.faults.append(ask)
        elif request.path == "/set":
            for name, value in ask.items():
                self.before.setdefault((site, name), getattr(site, name, None))
                setattr(site, name, value)
        elif request.path == "/token":
            for token in site.tokens.values():
                if token.name == ask["token"]:
                    token.state = ask["state"]
        elif request.path == "/device":
            for device in (site or self.sites["github"]).devices.values():
                device["state"] = ask["state"]
        elif request.path == "/log":
            raise Answer(200, list(site.log))
        elif request.path == "/get":
            raise Answer(200, {"value": getattr(site, request.query["name"])})
        elif request.path in ("/clear", "/reset"):
            for one in self.sites.values():
                one.log.clear()
                one.faults.clear()
            if request.path == "/reset":
                for token, state in self.first_states:
                    token.state = state
                for (changed, name), value in self.before.items():
                    setattr(changed, name, value)
                self.before.clear()
        else:
            raise Answer(404, {})
        raise Answer(200, {})


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--tls", help="serve by TLS as well; certificates are made in this folder")
    options.add_argument("--repositories", type=int, default=0, help="so many more in each forge")
    options.add_argument("--commits", type=int, default=0, help="so many more in each repository")
    options.add_argument("--until-eof", action="store_true", help="end with standard input")
    asked = options.parse_args()

    tls = make_certificates(asked.tls) if asked.tls else None
    data, git = Data(asked.repositories, asked.commits), Git()
    sites = {
        "github": GitHub(known.GITHUB, data, git, tls),
        "gitlab": GitLab("gitlab", known.GITLAB, data, git, "", tls),
        "gitlab-self-managed": GitLab(
            "gitlab-self-managed", dict(known.GITLAB), data, git, "/git/lab", tls
        ),
        "bitbucket": Bitbucket(known.BITBUCKET, data, git, tls),
        "azure-devops": Azure(
            "azure-devops", known.AZURE, data, git, ["octo-org", "public-org"], tls=tls
        ),
        "azure-devops-server": Azure(
            "azure-devops-server",
            dict(known.AZURE),
            data,
            git,
            ["tfs/DefaultCollection"],
            6.0,
            True,
            tls=tls,
        ),
        "elsewhere": Elsewhere("elsewhere", {}, tls),
    }
    for further in FURTHER:
        site = further(data, git, tls)
        sites[site.name] = site
    sites["entra"] = EntraSite(sites["azure-devops"], tls)
    control = Control(sites)

    def settings(kind):
        url = {name: getattr(site, kind) for name, site in sites.items()}
        return (
            f'[endpoints.github]\nweb = "{url["github"]}"\napi ='
            f' "{url["github"]}/api"\n[endpoints.gitlab]\nroot ='
            f' "{url["gitlab"]}"\n[endpoints.bitbucket]\nweb = "{url["bitbucket"]}"\napi ='
            f' "{url["bitbucket"]}/2.0"\n[endpoints.azure-devops]\nroot ='
            f' "{url["azure-devops"]}"\nprofile = "{url["azure-devops"]}"\nlogin ='
            f' "{url["entra"]}"\n'
        )

    told = {
        "urls": {name: site.url for name, site in sites.items()},
        "control": control.url,
        "settings": settings("url"),
    }
    if tls:
        told.update(
            tls_urls={name: site.tls_url for name, site in sites.items()},
            tls_settings=settings("tls_url"),
            ca=os.path.join(asked.tls, "ca.pem"),
        )
    print(json.dumps(told), flush=True)

    done = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: done.set())
    signal.signal(signal.SIGINT, lambda *_: done.set())
    if asked.until_eof:
        threading.Thread(target=lambda: (sys.stdin.read(), done.set()), daemon=True).start()
    done.wait()
    git.folder.cleanup()


main()
