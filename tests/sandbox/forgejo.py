# SPDX-License-Identifier: MIT
"""Forgejo below the sub-path /forge: its API, and git beside it."""
import re
import urllib.parse

from oauth import ForgejoOAuth
from tokens import EMAILS, IDS, NAMES, Token
from web import Answer, Site

SCOPES = ["read:user", "write:repository"]
TOKENS = {
    "f0" * 19 + "01": Token("good", scopes=SCOPES),
    "f0" * 19 + "02": Token("second", account="mona", scopes=SCOPES),
    "f0" * 19 + "03": Token("revoked", state="refused"),
    "f0" * 19 + "04": Token("bound", scopes=["write:repository"]),  # to one repository
    "f0" * 19 + "05": Token("profile", scopes=["read:user"]),
}
ROOT = "/forge"
API = ROOT + "/api/v1"


class Forgejo(ForgejoOAuth, Site):
    page_limit = 50  # MAX_RESPONSE_ITEMS of the instance

    def __init__(self, data, git, tls=None):
        self.data, self.git = data, git
        self.start_oauth()
        super().__init__("forgejo", TOKENS, tls)

    def git_check(self, user, password, _):
        token = self.tokens.get(password)
        return bool(user) and token is not None and token.state == "good"

    def handle(self, request):
        if request.raw_path.startswith(API + "/"):
            return self.api(request, request.raw_path[len(API) :])
        if request.raw_path.startswith(ROOT + "/"):
            self.oauth(request, request.raw_path[len(ROOT) :])
            return self.git.serve(request, self.name, self.git_check, ROOT)
        raise Answer(404, "<h1>Not found</h1>", kind="text/html")

    @staticmethod
    def need(token, *scopes):
        """One of the scopes, or a refusal that names them."""
        wider = {scope.replace("read:", "write:") for scope in scopes}
        if not (set(scopes) | wider) & set(token.scopes):
            words = f"token does not have at least one of required scope(s): [{' '.join(scopes)}]"
            raise Answer(403, {"message": words, "url": "/api/swagger"})

    def api(self, request, path):
        scheme, _, text = request.authorization()
        token = self.tokens.get(text) if scheme in ("bearer", "token") else None
        if token is None or token.state == "refused":
            words = "invalid username, password or token"
            raise Answer(401, {"message": words, "url": "/api/swagger"})
        if path == "/user":
            self.need(token, "read:user")
            name = token.account
            raise Answer(
                200,
                {"id": IDS[name], "login": name, "full_name": NAMES[name], "email": EMAILS[name]},
            )
        if path == "/user/repos":
            self.need(token, "read:user")
            self.need(token, "read:repository")
            total = self.data.repositories()
            return self.page(request, total, lambda n: self.repository(n, request.base))
        found = re.fullmatch(r"/repos/([^/]+)/([^/]+)/commits", path)
        if found:
            self.need(token, "read:repository")
            return self.commits(request, *(urllib.parse.unquote(part) for part in found.groups()))
        raise Answer(404, {"message": "The target couldn't be found.", "url": "/api/swagger"})

    def page(self, request, total, make):
        size = min(int(request.query.get("limit", 30)), self.page_limit)
        number = int(request.query.get("page", 1))
        begin, end = (number - 1) * size, min(number * size, total)
        headers = {"X-Total-Count": str(total)}
        if end < total:
            query = urllib.parse.urlencode({**request.query, "page": number + 1})
            # The address of ROOT_URL, which a proxy makes another than the one that was asked.
            headers["Link"] = f'<http://forge.invalid{request.raw_path}?{query}>; rel="next"'
        raise Answer(200, [make(index) for index in range(begin, end)], headers)

    def repository(self, index, base):
        one = self.data.repository(index)
        full = f"{one['owner']}/{one['name'].replace(' ', '-')}"
        root = base + ROOT
        return {
            "id": one["id"],
            "name": one["name"].replace(" ", "-"),
            "full_name": full,
            "private": one["private"],
            "archived": one.get("archived", False),
            "default_branch": one["branch"],
            "clone_url": f"{root}/{full}.git",
            "ssh_url": f"git@127.0.0.1:{full}.git",
            "html_url": f"{root}/{full}",
            "updated_at": "2026-11-01T10:00:00Z",
        }

    def commits(self, request, owner, name):
        found = self.data.find(owner, name) or self.data.find(owner, name.replace("-", " "))
        if found is None or found.get("disabled"):
            raise Answer(404, {"message": "The target couldn't be found.", "url": "/api/swagger"})
        if found["branch"] is None:
            raise Answer(409, {"message": "Git Repository is empty.", "url": "/api/swagger"})
        begin = self.data.begin(request.query.get("sha"), found, self.pushed)
        if begin is None:
            raise Answer(404, {"message": "object does not exist", "url": "/api/swagger"})

        def make(number):
            commit = self.data.commit(begin + number, self.pushed)
            author = {"login": commit["login"], "id": 1} if commit["login"] else None
            written = {
                "name": commit["name"],
                "email": commit["email"],
                "date": "2026-11-01T12:00:00+02:00",
            }
            web = f"{request.base}{ROOT}/{owner}/{name}/commit/{commit['id']}"
            return {
                "sha": commit["id"],
                "html_url": web,
                "author": author,
                "commit": {"message": commit["message"], "author": written},
            }

        self.page(request, self.data.commits(found, self.pushed) - begin, make)
