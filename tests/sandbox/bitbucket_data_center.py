# SPDX-License-Identifier: MIT
"""Bitbucket Data Center below the context path /bitbucket: REST, and git below /bitbucket/scm."""
import re
import urllib.parse

from tokens import EMAILS, IDS, NAMES, Token
from web import Answer, Site

TOKENS = {
    "MDM0NjQxOTc0NzQ4Ogood0000000000000001": Token("good"),
    "MDM0NjQxOTc0NzQ4Osecond00000000000002": Token("second", account="mona"),
    "MDM0NjQxOTc0NzQ4Orevoked0000000000003": Token("revoked", state="refused"),
    "MDM0NjQxOTc0NzQ4Oproject0000000000004": Token("project", account=""),
}
# In this order: the filter of a user's name finds longer names first.
USERS = ["octo-dev-bot", "my-octo-dev", "octo-dev", "mona"]
ROOT = "/bitbucket"
REST = ROOT + "/rest/api/latest"


def error(name, message):
    exception = f"com.atlassian.bitbucket.{name}Exception"
    return {"errors": [{"context": None, "message": message, "exceptionName": exception}]}


class DataCenter(Site):
    whoami = ""  # what the servlet says to an access token; version 8.19 says nothing
    page_limit = 100

    def __init__(self, data, git, tls=None):
        self.data, self.git = data, git
        super().__init__("bitbucket-data-center", TOKENS, tls)

    def git_check(self, user, password, _):
        token = self.tokens.get(password)
        good = token is not None and token.state == "good"
        return good and token.account and user.lower() == token.account

    def handle(self, request):
        path = request.raw_path
        if path.startswith(ROOT + "/scm/"):
            return self.git.serve(request, self.name, self.git_check, ROOT + "/scm")
        if path == ROOT + "/plugins/servlet/applinks/whoami" or path.startswith(REST):
            return self.rest(request, path)
        raise Answer(404, "<h1>Not found</h1>", kind="text/html")

    def rest(self, request, path):
        headers = {"X-AREQUESTID": "@1x1"}
        scheme, _, text = request.authorization()
        token = self.tokens.get(text)
        if token is None or token.state == "refused" or scheme != "bearer":
            wrong = error("AuthenticationFailed", "Authentication failed.")
            realm = 'Basic realm="Atlassian Bitbucket"'
            raise Answer(401, wrong, {**headers, "WWW-Authenticate": realm})
        if token.account:
            headers["X-AUSERNAME"] = urllib.parse.quote(token.account)
        if not path.startswith(REST):
            raise Answer(200, self.whoami, headers, kind="text/plain")
        return self.answer(request, path[len(REST) :], headers)

    def answer(self, request, path, headers):
        if path == "/users":
            wanted = request.query.get("filter", "")
            found = [name for name in USERS if wanted in name]
            return self.page(request, headers, len(found), lambda n: self.user(found[n]))
        if path == "/repos":
            total = self.data.repositories()
            return self.page(request, headers, total, lambda n: self.repository(n, request.base))
        found = re.fullmatch(r"/projects/([^/]+)/repos/([^/]+)/commits", path)
        if found:
            key, slug = (urllib.parse.unquote(part) for part in found.groups())
            return self.commits(request, headers, key, slug)
        raise Answer(404, error("NoSuchResource", "There is nothing here."), headers)

    def page(self, request, headers, total, make):
        limit = min(int(request.query.get("limit", 25)), self.page_limit)
        start = int(request.query.get("start", 0))
        end = min(start + limit, total)
        values = [make(number) for number in range(start, end)]
        body = {"size": len(values), "limit": limit, "start": start, "values": values}
        body.update(isLastPage=end >= total, nextPageStart=end if end < total else None)
        raise Answer(200, body, headers)

    @staticmethod
    def user(name):
        return {
            "id": IDS.get(name, 5),
            "name": name,
            "slug": name,
            "active": True,
            "displayName": NAMES.get(name, name),
            "emailAddress": EMAILS.get(name),
        }

    def repository(self, index, base):
        one = self.data.repository(index)
        key, slug = one["owner"], one["name"].replace(" ", "-")
        host = base.split("://")[1]
        clone = [
            {"name": "ssh", "href": f"ssh://git@{host.split(':')[0]}:7999/{key}/{slug}.git"},
            {"name": "http", "href": f"{base}{ROOT}/scm/{key}/{slug}.git"},
        ]
        browse = [{"href": f"{base}{ROOT}/projects/{key}/repos/{slug}/browse"}]
        return {
            "id": one["id"],
            "slug": slug,
            "name": one["name"],
            "project": {"key": key},
            "public": not one["private"],
            "archived": one.get("archived", False),
            "links": {"clone": clone, "self": browse},
        }

    def commits(self, request, headers, key, slug):
        every = (self.data.repository(n) for n in range(min(self.data.repositories(), 2000)))
        found = next(
            (
                one
                for one in every
                if one["owner"].lower() == key.lower() and one["name"].replace(" ", "-") == slug
            ),
            None,
        )
        if found is None or found.get("disabled"):
            raise Answer(404, error("repository.NoSuchRepository", "No such repository."), headers)
        if found["branch"] is None:
            missing = error("repository.NoDefaultBranch", "There is no default branch.")
            raise Answer(404, missing, headers)
        begin = self.data.begin(request.query.get("until"), found, self.pushed)
        if begin is None:
            raise Answer(404, error("commit.NoSuchCommit", "No such commit."), headers)

        def make(number):
            commit = self.data.commit(begin + number, self.pushed)
            author = {"name": commit["name"], "emailAddress": commit["email"]}
            if commit["login"]:
                author = {
                    **self.user(commit["login"]),
                    "emailAddress": commit["email"],
                    "displayName": commit["name"],
                }
            return {
                "id": commit["id"],
                "displayId": commit["id"][:11],
                "author": author,
                "authorTimestamp": 1793527200000,
                "message": commit["message"],
            }

        total = self.data.commits(found, self.pushed) - begin
        self.page(request, headers, total, make)
