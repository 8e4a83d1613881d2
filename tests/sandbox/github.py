# SPDX-License-Identifier: MIT
"""GitHub: REST (docs/forges.md 3) and OAuth (docs/forges.md 10). The API is below /api, the web at
the root."""
import base64
import hashlib
import html
import json
import re
import secrets
import threading
import time
import urllib.parse

import extras
from tokens import EMAILS, IDS, NAMES, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, Token
from web import Answer, Site


class GitHub(Site):
    CLIENT_ID, CLIENT_SECRET = OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET
    callback = "http://127.0.0.1/callback"
    single_use_refresh, user_code = True, "WDJB-MJHT"
    refuses, iss, gives_refresh = None, None, True

    def __init__(self, tokens, data, git, tls=None):
        self.data, self.git, self.lfs = data, git, extras.Lfs()
        self.codes, self.devices, self.refresh = {}, {}, {}
        self.granted = None  # scopes to grant instead of those asked for
        self.signs_in = "octo-dev"  # who authorizes
        self.expiring = False  # hand out tokens as a GitHub App does
        self.refreshes = 0
        self.issued = []  # every token given out
        self.oauth_lock = threading.Lock()
        self.marks = {"X-GitHub-Request-Id": "C0DE:1F2E:3D4C"}
        super().__init__("github", tokens, tls)

    def handle(self, request):
        path = request.raw_path
        if path.startswith("/api/"):
            return self.api(request, path[4:])
        if path.startswith("/login") or path.startswith("/settings"):
            return self.oauth(request, path)
        scheme, user, token = request.authorization()
        self.lfs.serve(request, scheme == "basic" and self.git_check(user, token, ""))
        self.git.serve(request, self.name, self.git_check)

    # --- REST

    def git_check(self, user, password, _repository):
        token = self.tokens.get(password)
        return bool(user) and token is not None and token.state == "good"

    def api(self, request, path):
        scheme, _, text = request.authorization()
        if not request.headers.get("User-Agent"):
            raise Answer(403, {"message": "Request forbidden by administrative rules."})
        if request.headers.get("X-GitHub-Api-Version", "2022-11-28") not in (
            "2022-11-28",
            "2026-03-10",
        ):
            raise Answer(400, {"message": "unknown version"})
        if path == "/credentials/revoke" and request.method == "POST":
            self.revoke(request, scheme)
        token = self.tokens.get(text) if scheme in ("bearer", "token") else None
        if token is None or token.state == "refused":
            raise Answer(401, {"message": "Bad credentials"})
        headers = {}
        if not text.startswith("github_pat_"):
            headers["X-OAuth-Scopes"] = ", ".join(token.scopes)
        if token.expires:
            headers["github-authentication-token-expiration"] = token.expires
        extras.answer_to(request, path, headers)
        if path.endswith("/"):
            raise Answer(404, {"message": "Not Found"})
        if text.startswith("ghs_"):
            return self.installation(request, path, headers)
        if path == "/user":
            name = token.account
            raise Answer(
                200,
                {
                    "login": name,
                    "id": IDS[name],
                    "type": "User",
                    "name": NAMES[name],
                    "email": None,
                },
                headers,
            )
        if path == "/user/emails":
            raise Answer(
                200, [{"email": EMAILS[token.account], "primary": True, "verified": True}], headers
            )
        if token.state == "sso":
            raise Answer(
                403,
                {"message": "Resource protected by organization SAML enforcement."},
                {"X-GitHub-SSO": f"required; url={request.base}/orgs/octo-org/sso?x=1"},
            )
        if path == "/user/repos":
            if "repo" not in token.scopes and not text.startswith("github_pat_"):
                headers["X-GitHub-SSO"] = "partial-results; organizations=1,2"
            return self.page(request, headers, self.data.repositories(), self.repository)
        found = re.fullmatch(r"/repos/([^/]+)/([^/]+)/commits", path)
        if found:
            owner, name = (urllib.parse.unquote(part) for part in found.groups())
            repository = self.data.find(owner, name)
            if repository is None or repository.get("disabled"):
                raise Answer(404, {"message": "Not Found"})
            if repository["branch"] is None:
                raise Answer(409, {"message": "Git Repository is empty."})
            begin = self.data.begin(request.query.get("sha"), repository, self.pushed)
            if begin is None:
                raise Answer(404, {"message": "Not Found"})
            return self.page(
                request,
                headers,
                self.data.commits(repository, self.pushed) - begin,
                lambda index, _: self.commit(begin + index, owner, name),
            )
        raise Answer(404, {"message": "Not Found"})

    def revoke(self, request, scheme):
        """For tokens of anybody, so nobody may say who asks."""
        if scheme:
            raise Answer(403, {"message": "This endpoint does not take authentication."})
        for text in json.loads(request.body)["credentials"]:
            if text in self.tokens:
                self.tokens[text].state = "refused"
            self.refresh.pop(text, None)
        raise Answer(202, b"")

    def installation(self, request, path, headers):
        """A token of a GitHub App's installation: no user stands behind it."""
        if path == "/installation/repositories":
            total = self.data.repositories()
            raise Answer(
                200,
                {
                    "total_count": total,
                    "repositories": [
                        self.repository(i, request.base) for i in range(min(total, 100))
                    ],
                },
                headers,
            )
        raise Answer(403, {"message": "Resource not accessible by integration"}, headers)

    def page(self, request, headers, total, make):
        size, number = min(int(request.query.get("per_page", 30)), 100), int(
            request.query.get("page", 1)
        )
        begin, end = (number - 1) * size, min(number * size, total)
        etag = f'"{self.pushed}-{total}-{begin}-{end}"'
        headers["ETag"] = etag
        if request.headers.get("If-None-Match") == etag:
            raise Answer(304, b"", headers)
        if end < total:
            links = {"next": number + 1, "last": -(-total // size)}
            headers["Link"] = ", ".join(
                f"<{request.base}{request.raw_path}?"
                f'{urllib.parse.urlencode({**request.query, "page": page})}>; rel="{name}"'
                for name, page in links.items()
            )
        raise Answer(200, [make(index, request.base) for index in range(begin, end)], headers)

    def repository(self, index, base):
        r = self.data.repository(index)
        full = f"{r['owner']}/{r['name']}"
        return {
            "id": r["id"],
            "name": r["name"],
            "full_name": full,
            "private": r["private"],
            "archived": r.get("archived", False),
            "default_branch": r["branch"],
            "clone_url": f"{base}/{full}.git",
            "ssh_url": f"git@github.com:{full}.git",
            "html_url": f"{base}/{full}",
            "pushed_at": "2026-11-01T10:00:00Z",
        }

    def commit(self, index, owner, name):
        c = self.data.commit(index, self.pushed)
        author = (
            {"login": c["login"], "id": 1, "type": "User"}
            if c["login"]
            else ({} if index % 2 else None)
        )
        return {
            "sha": c["id"],
            "html_url": f"https://github.com/{owner}/{name}/commit/{c['id']}",
            "author": author,
            "committer": None,
            "parents": [],
            "commit": {
                "message": c["message"],
                "author": {"name": c["name"], "email": c["email"], "date": "2026-11-01T10:00:00Z"},
            },
        }

    # --- OAuth

    def oauth(self, request, path):
        if path == "/login/oauth/authorize":
            return self.authorize(request)
        if path == "/login/oauth/access_token" and request.method == "POST":
            return self.access_token(request)
        if path == "/login/device/code" and request.method == "POST":
            if request.form.get("client_id") != OAUTH_CLIENT_ID:
                raise Answer(404, {"error": "Not Found"})
            device, user = secrets.token_hex(20), self.user_code
            self.devices[device] = {
                "scope": request.form.get("scope", ""),
                "state": "pending",
                "interval": self.interval,
                "last": 0,
            }
            raise Answer(
                200,
                {
                    "device_code": device,
                    "user_code": user,
                    "verification_uri": f"{request.base}/login/device",
                    "expires_in": self.device_life,
                    "interval": self.interval,
                },
            )
        raise Answer(404, "<h1>Not Found</h1>", kind="text/html")

    interval, device_life = 1, 900

    def authorize(self, request):
        asked = request.query
        good = (
            asked.get("client_id") == OAUTH_CLIENT_ID
            and asked.get("code_challenge_method") == "S256"
            and len(asked.get("code_challenge", "")) == 43
        )
        good = (
            good
            and len(asked.get("state", "")) >= 43
            and re.fullmatch(
                r"http://127\.0\.0\.1:\d+/callback(/.*)?", asked.get("redirect_uri", "")
            )
        )
        if not good:
            raise Answer(400, "<h1>The request to authorize is wrong.</h1>", kind="text/html")
        decision = asked.get("decision")
        if decision is None:
            form = "".join(
                f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
                for name, value in asked.items()
            )
            raise Answer(
                200,
                (
                    "<!doctype html><title>Authorize</title><h1>Authorize Forgelink</h1><form"
                    f' method="get" action="/login/oauth/authorize">{form}<button id="yes"'
                    ' name="decision" value="yes">Authorize</button> <button id="no"'
                    ' name="decision" value="no">Cancel</button></form>'
                ),
                kind="text/html",
            )
        answer = {"state": asked["state"]}
        if self.iss:
            answer["iss"] = self.iss
        if decision == "yes":
            code = secrets.token_hex(10)
            self.codes[code] = {**asked, "at": time.time()}
            answer["code"] = code
        else:
            answer.update(
                error="access_denied",
                error_description="The user has denied your application access.",
            )
        raise Answer(
            302, b"", {"Location": asked["redirect_uri"] + "?" + urllib.parse.urlencode(answer)}
        )

    def say(self, request, value):
        """As JSON only to whoever asks for it; errors come with a 200."""
        if "json" in request.headers.get("Accept", ""):
            raise Answer(200, value)
        raise Answer(200, urllib.parse.urlencode(value), kind="application/x-www-form-urlencoded")

    def access_token(self, request):
        form = request.form
        with self.oauth_lock:
            self.exchange(request, form)

    def exchange(self, request, form):
        grant = form.get("grant_type", "authorization_code")
        if form.get("client_id") != OAUTH_CLIENT_ID:
            self.say(
                request,
                {
                    "error": "incorrect_client_credentials",
                    "error_description": "The client_id is wrong.",
                },
            )
        if grant == "urn:ietf:params:oauth:grant-type:device_code":
            device = self.devices.get(form.get("device_code"))
            if device is None:
                self.say(request, {"error": "incorrect_device_code"})
            now = time.time()
            if now - device["last"] < device["interval"]:
                device["interval"] += 5
                self.say(request, {"error": "slow_down", "interval": device["interval"]})
            device["last"] = now
            if device["state"] == "pending":
                self.say(request, {"error": "authorization_pending"})
            if device["state"] == "denied":
                self.say(request, {"error": "access_denied"})
            if device["state"] == "expired":
                self.say(request, {"error": "expired_token"})
            self.say(request, self.issue(device["scope"]))
        if form.get("client_secret") != OAUTH_CLIENT_SECRET:
            self.say(
                request,
                {
                    "error": "incorrect_client_credentials",
                    "error_description": "The client_secret is wrong.",
                },
            )
        if grant == "refresh_token":
            self.refreshes += 1
            old = self.refresh.pop(form.get("refresh_token"), None)
            if old is None:
                self.say(request, {"error": "bad_refresh_token"})
            self.tokens[old].state = "refused"  # the old pair dies at once
            self.say(request, self.issue("repo workflow"))
        code = self.codes.pop(form.get("code"), None)
        if code is None:
            self.say(
                request,
                {
                    "error": "bad_verification_code",
                    "error_description": "The code passed is incorrect or expired.",
                },
            )
        if code["redirect_uri"] != form.get("redirect_uri"):
            self.say(request, {"error": "redirect_uri_mismatch"})
        challenge = (
            base64.urlsafe_b64encode(
                hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            )
            .rstrip(b"=")
            .decode()
        )
        if challenge != code["code_challenge"]:
            self.say(
                request,
                {"error": "bad_verification_code", "error_description": "The verifier is wrong."},
            )
        self.say(request, self.issue(code.get("scope", "")))

    def issue(self, scope):
        scopes = self.granted if self.granted is not None else scope.split()
        text = ("ghu_" if self.expiring else "gho_") + secrets.token_hex(18)
        self.tokens[text] = Token("oauth", account=self.signs_in, scopes=scopes)
        self.issued.append(text)
        answer = {"access_token": text, "token_type": "bearer", "scope": ",".join(scopes)}
        if self.expiring and self.gives_refresh:
            renewal = "ghr_" + secrets.token_hex(30)
            self.refresh[renewal] = text
            self.issued.append(renewal)
            answer.update(
                expires_in=self.lifetime, refresh_token=renewal, refresh_token_expires_in=15811200
            )
        return answer

    lifetime = 28800
