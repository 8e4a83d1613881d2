# SPDX-License-Identifier: MIT
"""Bitbucket (docs/forges.md 5): the API below /2.0, git at the root."""
import re
import urllib.parse

from oauth import BitbucketOAuth
from tokens import EMAILS, NAMES
from web import Answer, Site


class Bitbucket(BitbucketOAuth, Site):
    def __init__(self, tokens, data, git, tls=None):
        self.data, self.git = data, git
        self.start_oauth()
        super().__init__("bitbucket", tokens, tls)

    def handle(self, request):
        if request.raw_path.startswith("/2.0/"):
            return self.api(request, request.raw_path[4:])
        self.oauth(request, request.raw_path)
        self.git.serve(request, self.name, self.git_check)

    def git_check(self, user, password, _):
        token = self.tokens.get(password)
        names = (
            ("x-token-auth",)
            if token and token.name in ("access", "oauth")
            else ("x-bitbucket-api-token-auth", token.account if token else "")
        )
        return token is not None and token.state == "good" and user in names  # never the email

    def api(self, request, path):
        scheme, user, text = request.authorization()
        token = self.tokens.get(text)
        good = token is not None and token.state != "refused"
        if good and token.name == "access":
            good = scheme == "bearer" and path != "/user"
        elif good and token.name == "oauth":
            good = scheme == "bearer"
        elif good:
            good = scheme == "basic" and user == EMAILS[token.account]
        if not good:
            raise Answer(
                401,
                {
                    "type": "error",
                    "error": {
                        "message": "Token is invalid, expired, or not supported for this endpoint."
                    },
                },
                {"WWW-Authenticate": 'Basic realm="Bitbucket.org HTTP"'},
            )
        headers = {"x-oauth-scopes": ", ".join(token.scopes)}
        name = token.account
        if path == "/user":
            raise Answer(
                200,
                {
                    "type": "user",
                    "uuid": "{1c0e2a34-0000-4000-8000-00000000000%d}" % len(name),
                    "account_id": "557058:aaaa",
                    "username": name,
                    "nickname": name,
                    "display_name": NAMES[name],
                },
                headers,
            )
        if path in (
            "/repositories",
            "/workspaces",
            "/user/permissions/workspaces",
            "/user/permissions/repositories",
        ):
            raise Answer(
                410,
                {
                    "type": "error",
                    "error": {"message": "CHANGE-2770 - Functionality has been deprecated"},
                },
            )
        if token.state == "few":
            raise Answer(
                403,
                {
                    "type": "error",
                    "error": {
                        "message": "Your credentials lack one or more required privilege scopes.",
                        "detail": {
                            "required": ["read:workspace:bitbucket"],
                            "granted": token.scopes,
                        },
                    },
                },
            )
        if path == "/user/workspaces":
            raise Answer(
                200,
                {
                    "pagelen": 100,
                    "values": [
                        {"type": "workspace_access", "workspace": {"slug": slug, "uuid": "{x}"}}
                        for slug in ("octo-dev", "nothing-here", "octo-org")
                    ],
                },
                headers,
            )
        found = re.fullmatch(r"/repositories/([^/]+)", path)
        if found:
            return self.repositories(request, found[1], headers)
        moved = re.fullmatch(r"/repositories/octo-dev/moved/(.*)", path)
        if moved:
            raise Answer(
                301,
                b"",
                {"Location": f"/2.0/repositories/octo-dev/hello/{moved[1]}?{request.raw_query}"},
            )
        # A revision is one segment; one with a slash, encoded or not, is not found (decoded before
        # it is routed).
        found = re.fullmatch(
            r"/repositories/([^/]+)/([^/]+)/commits(?:/([^/]+))?", urllib.parse.unquote(path)
        )
        if found:
            return self.commits(
                request, found[1], found[2], found[3] or request.query.get("include"), headers
            )
        raise Answer(404, {"type": "error", "error": {"message": "Not found"}})

    def repositories(self, request, workspace, headers):
        mine = [
            i for i in range(len(self.data.SMALL)) if self.data.repository(i)["owner"] == workspace
        ]
        total = len(mine) + (self.data.extra if workspace == "octo-org" else 0)

        def at(number):
            return mine[number] if number < len(mine) else len(self.data.SMALL) + number - len(mine)

        self.page(request, headers, total, lambda n: self.repository(at(n), request.base))

    def page(self, request, headers, total, make):
        size, number = min(int(request.query.get("pagelen", 10)), 100), int(
            request.query.get("page", 1)
        )
        begin, end = (number - 1) * size, min(number * size, total)
        body = {"pagelen": size, "values": [make(n) for n in range(begin, end)]}
        if end < total:
            query = urllib.parse.urlencode({**request.query, "page": number + 1})
            body["next"] = f"{request.base}{request.raw_path}?{query}"
        raise Answer(200, body, headers)

    def repository(self, index, base):
        r = self.data.repository(index)
        slug = r["name"].replace(" ", "-")
        full = f"{r['owner']}/{slug}"
        host = base.split("://")[1]
        return {
            "uuid": "{%08d-0000-4000-8000-000000000000}" % r["id"],
            "full_name": full,
            "name": r["name"],
            "slug": slug,
            "is_private": r["private"],
            "mainbranch": {"name": r["branch"]} if r["branch"] else None,
            "updated_on": "2026-11-01T10:00:00.000000+00:00",
            "links": {
                "html": {"href": f"{base}/{full}"},
                "clone": [
                    {
                        "name": "https",
                        "href": f"{base.split('://')[0]}://octo-dev@{host}/{full}.git",
                    },
                    {"name": "ssh", "href": f"git@bitbucket.org:{full}.git"},
                ],
            },
        }

    def commits(self, request, workspace, slug, revision, headers):
        found = next(
            (
                self.data.repository(i)
                for i in range(min(self.data.repositories(), 2000))
                if self.data.repository(i)["owner"] == workspace
                and self.data.repository(i)["name"].replace(" ", "-") == slug
            ),
            None,
        )
        if found is None or (revision and revision not in (found["branch"], "feature/login")):
            raise Answer(
                404, {"type": "error", "error": {"message": "Repository or commit not found"}}
            )

        def make(n):
            c = self.data.commit(n)
            author = {"type": "author", "raw": f"{c['name']} <{c['email']}>".strip()}
            if c["login"]:
                author["user"] = {
                    "type": "user",
                    "uuid": "{1c0e}",
                    "nickname": c["login"],
                    "display_name": c["name"],
                }
            return {
                "hash": c["id"],
                "date": "2026-11-01T12:00:00+02:00",
                "message": c["message"],
                "author": author,
                "parents": [],
                "links": {"html": {"href": f"{request.base}/{workspace}/{slug}/commits/{c['id']}"}},
            }

        self.page(request, headers, self.data.commits(found), make)
