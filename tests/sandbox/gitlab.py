# SPDX-License-Identifier: MIT
"""GitLab (docs/forges.md 4): gitlab.com at the root, a self-managed one below /git/lab."""
import datetime
import re
import secrets
import urllib.parse

from oauth import Doorkeeper
from tokens import EMAILS, IDS, NAMES, Token
from web import Answer, Site


class GitLab(Doorkeeper, Site):
    def __init__(self, name, tokens, data, git, prefix="", tls=None):
        self.data, self.git, self.prefix = data, git, prefix
        self.start_oauth()
        self.marks = {"X-Gitlab-Meta": '{"version":"1"}'}
        super().__init__(name, tokens, tls)

    def handle(self, request):
        path = request.raw_path
        if not path.startswith(self.prefix + "/"):
            raise Answer(404, "<html>no such page</html>", kind="text/html")
        path = path[len(self.prefix) :]
        if path.startswith("/api/v4/"):
            return self.api(request, path[7:])
        self.oauth(request, path)
        self.git.serve(request, self.name, self.git_check, self.prefix)

    def git_check(self, user, password, _):
        token = self.tokens.get(password)
        return (
            bool(user)
            and token is not None
            and token.state == "good"
            and ("write_repository" in token.scopes or "api" in token.scopes)
        )

    def api(self, request, path):
        scheme, _, text = request.authorization()
        token = self.tokens.get(text) if scheme in ("private-token", "bearer") else None
        by_oauth = token is not None and token.name == "oauth"
        self.watch_for_reuse(request, path, text)
        if token is None or token.state == "refused" or (by_oauth and scheme != "bearer"):
            raise Answer(401, {"message": "401 Unauthorized"})
        if by_oauth and path.startswith("/personal_access_tokens/self"):
            raise Answer(
                400,
                {
                    "message": (
                        "400 Bad request - This endpoint requires token type to be a personal"
                        " access token"
                    )
                },
            )
        if path == "/personal_access_tokens/self" and request.method == "DELETE":
            token.state = "refused"
            raise Answer(204, b"")
        if path == "/personal_access_tokens/self/rotate" and request.method == "POST":
            self.rotate(request, text, token)
        if path == "/personal_access_tokens/self":
            raise Answer(
                200,
                {
                    "id": 7,
                    "name": "desk",
                    "revoked": False,
                    "active": True,
                    "user_id": IDS[token.account],
                    "scopes": token.scopes,
                    "created_at": "2026-08-01T09:00:00.000Z",
                    "granular": token.name == "granular",
                    "expires_at": token.expires,
                },
            )
        if token.state == "blocked":
            raise Answer(403, {"message": "403 Forbidden - Your account has been blocked"})
        if not {"api", "read_api", "whatever"} & set(token.scopes):
            raise Answer(
                403,
                {
                    "error": "insufficient_scope",
                    "error_description": (
                        "The request requires higher privileges than provided by the access token."
                    ),
                    "scope": "api read_api",
                },
            )
        root = request.base + self.prefix
        if path == "/user":
            name = token.account
            raise Answer(
                200,
                {
                    "id": IDS[name],
                    "username": name,
                    "name": NAMES[name],
                    "state": "active",
                    "email": EMAILS[name],
                    "public_email": "",
                    "commit_email": EMAILS[name],
                },
            )
        if path == "/users":
            known = {
                "mona@example.org": {"id": IDS["mona"], "username": "mona", "name": "Mona Lisa"}
            }
            raise Answer(
                200,
                [known[request.query["search"]]] if request.query.get("search") in known else [],
            )
        if path == "/projects":
            if request.query.get("membership") != "true":
                raise Answer(400, {"error": "this sandbox lists memberships only"})
            after, size = int(request.query.get("id_after", 0)), min(
                int(request.query.get("per_page", 20)), 100
            )
            return self.keyset(request, root, after, size)
        found = re.fullmatch(r"/projects/([^/]+)/repository/commits", path)
        if found:
            return self.commits(request, urllib.parse.unquote(found[1]), root)
        raise Answer(404, {"error": "404 Not Found"})

    rotated = None  # old token: new token
    longest_life = 365

    def watch_for_reuse(self, request, path, text):
        """A dead token that is sent to rotate again is taken for stolen: the whole family dies."""
        if not path.endswith("/rotate") or text not in (self.rotated or {}):
            return
        while text in self.rotated:
            text = self.rotated[text]
            self.tokens[text].state = "refused"
        self.family_killed = True

    family_killed = False

    def rotate(self, request, text, token):
        if not {"api", "self_rotate"} & set(token.scopes):
            raise Answer(403, {"message": "403 Forbidden"})
        # Without a day the new token lives for one week.
        week = (datetime.date.today() + datetime.timedelta(days=7)).isoformat()
        day = request.query.get("expires_at", week)
        latest = datetime.date.today() + datetime.timedelta(days=self.longest_life)
        if datetime.date.fromisoformat(day) > latest:
            raise Answer(
                400, {"message": f"400 Bad request - Expiration date must be before {latest}"}
            )
        fresh = "glpat-" + secrets.token_hex(10)
        self.tokens[fresh] = Token(
            "rotated", account=token.account, scopes=token.scopes, expires=day
        )
        self.rotated = {**(self.rotated or {}), text: fresh}
        token.state = "refused"  # at once
        raise Answer(
            200,
            {
                "id": 8,
                "name": "desk",
                "token": fresh,
                "scopes": token.scopes,
                "active": True,
                "expires_at": day,
            },
        )

    def keyset(self, request, root, after, size):
        order = range(self.data.repositories())
        ids = (
            [i for i in order if self.data.repository(i)["id"] > after][: size + 1]
            if after == 0
            else self.after(after, size + 1)
        )
        headers = {}
        if len(ids) > size:
            last = self.data.repository(ids[size - 1])["id"]
            query = urllib.parse.urlencode({**request.query, "id_after": last})
            headers["Link"] = f'<{root}/api/v4/projects?{query}>; rel="next"'
        projects = [self.project(i, root) for i in ids[:size]]
        if request.query.get("simple") == "true":
            # The simple form leaves them out (docs.gitlab.com/api/projects).
            projects = [
                {
                    name: value
                    for name, value in one.items()
                    if name not in ("visibility", "archived")
                }
                for one in projects
            ]
        raise Answer(200, projects, headers)

    def after(self, identity, count):
        small = len(self.data.SMALL)
        begin = (
            identity - 100000 + small + 1
            if identity >= 100000
            else next((i for i in range(small) if self.data.repository(i)["id"] > identity), small)
        )
        return list(range(begin, min(begin + count, self.data.repositories())))

    def project(self, index, root):
        r = self.data.repository(index)
        path = f"{r['owner']}/sub/{r['name'].replace(' ', '-')}"
        return {
            "id": r["id"],
            "path_with_namespace": path,
            "name": r["name"],
            "http_url_to_repo": f"{root}/{path}.git",
            "ssh_url_to_repo": f"git@host:{path}.git",
            "web_url": f"{root}/{path}",
            "default_branch": r["branch"],
            "visibility": "private" if r["private"] else "public",
            "archived": r.get("archived", False),
            "last_activity_at": "2026-11-01T10:00:00.000Z",
        }

    def commits(self, request, project, root):
        repository = None
        for index in range(min(self.data.repositories(), 2000)):
            one = self.project(index, root)
            if project in (str(one["id"]), one["path_with_namespace"]):
                repository = self.data.repository(index)
        if project == "old/place":
            raise Answer(
                301,
                b"",
                {"Location": f"{root}/api/v4/projects/11/repository/commits?{request.raw_query}"},
            )
        if repository is None:
            raise Answer(404, {"message": "404 Project Not Found"})
        first = self.data.begin(request.query.get("ref_name"), repository, self.pushed)
        if first is None:
            raise Answer(404, {"message": "404 Commit Not Found"})
        size, page = min(int(request.query.get("per_page", 20)), 100), int(
            request.query.get("page", 1)
        )
        total = self.data.commits(repository, self.pushed) - first
        begin, end = (page - 1) * size, min(page * size, total)
        headers = {}
        if end < total:
            query = urllib.parse.urlencode({**request.query, "page": page + 1})
            headers["Link"] = f'<{root}{request.raw_path[len(self.prefix):]}?{query}>; rel="next"'
        commits = [self.data.commit(first + i, self.pushed) for i in range(begin, end)]
        raise Answer(
            200,
            [
                {
                    "id": c["id"],
                    "title": c["message"].split("\n")[0],
                    "message": c["message"],
                    "author_name": c["name"],
                    "author_email": c["email"],
                    "authored_date": "2026-11-01T12:00:00.000+02:00",
                    "web_url": f"{root}/-/commit/{c['id']}",
                }
                for c in commits
            ],
            headers,
        )
