# SPDX-License-Identifier: MIT
"""Azure DevOps and Azure DevOps Server (docs/forges.md 6 and 7)."""
import re
import urllib.parse

from oauth import Entra
from tokens import EMAILS, IDS, NAMES
from web import Answer, Site


class EntraSite(Entra, Site):
    """login.microsoftonline.com; its tokens are good at `azure`."""

    def __init__(self, azure, tls=None):
        self.start_oauth()
        super().__init__("entra", azure.tokens, tls)

    def handle(self, request):
        self.oauth(request, request.raw_path)
        self.page(404, "There is nothing here.")


class Azure(Site):
    """`roots`: organizations, or the collection's path of a server. `newest`: the highest
    api-version it knows."""

    def __init__(self, name, tokens, data, git, roots, newest=7.1, on_premise=False, tls=None):
        self.data, self.git, self.roots, self.newest, self.on_premise = (
            data,
            git,
            roots,
            newest,
            on_premise,
        )
        self.padding = 0  # so many bytes more in each repository of the whole list
        self.marks = {
            "X-TFS-ProcessId": "11111111-2222-4333-8444-555555555555",
            "X-VSS-E2EID": "1",
            "ActivityId": "1",
        }
        super().__init__(name, tokens, tls)

    def handle(self, request):
        path = request.path
        if path.startswith("/_apis/profile"):
            raise Answer(401)  # what most tokens for one organization get
        for root in self.roots:
            if path.lower().startswith(f"/{root.lower()}/"):
                rest = path[len(root) + 1 :]
                if "/_apis/" in rest:
                    return self.api(request, root, rest)
                return self.git.serve(request, self.name, self.git_check, f"/{root}")
        raise Answer(404, {"message": "TF200016: nothing there", "typeKey": "NotFound"})

    def git_check(self, user, password, _):
        token = self.tokens.get(password)
        return bool(user) and token is not None and token.state == "good"

    def api(self, request, root, path):
        scheme, user, text = request.authorization()
        token = self.tokens.get(text) if scheme in ("basic", "bearer") and user == "" else None
        if token is not None and (token.name == "oauth") != (scheme == "bearer"):
            token = None  # Entra's tokens are bearer tokens, personal ones are passwords
        version = request.query.get("api-version", "")
        found = re.fullmatch(r"(\d\.\d)(-preview)?(\.\d)?", version)
        if not found:
            raise Answer(
                400,
                {
                    "message": "No api-version was supplied",
                    "typeKey": "VssVersionNotSpecifiedException",
                },
            )
        if float(found[1]) > self.newest:
            raise Answer(
                400,
                {
                    "message": f"The requested version {version} is out of range.",
                    "typeKey": "VssVersionOutOfRangeException",
                },
            )
        identity = path.startswith("/_apis/connectionData")
        if identity and not found[2]:
            raise Answer(
                400,
                {
                    "message": "The requested version is under preview.",
                    "typeKey": "VssInvalidPreviewVersionException",
                },
            )
        if token is None:
            if identity and root == "public-org":
                raise Answer(
                    200,
                    {
                        "authenticatedUser": {
                            "id": "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa",
                            "descriptor": "System:PublicAccess;aaaa",
                            "providerDisplayName": "Anonymous",
                        }
                    },
                )
            if root == "public-org" and path == "/_apis/git/repositories":
                raise Answer(200, {"count": 0, "value": []})  # what is public, to anybody
            if self.on_premise:
                raise Answer(401, b"", {"WWW-Authenticate": "Negotiate"})
            raise Answer(203, "<html>Azure DevOps Services | Sign In</html>", kind="text/html")
        if token.state == "refused":
            if root == "public-org" and path == "/_apis/git/repositories":
                raise Answer(200, {"count": 0, "value": []})
            if root == "public-org" and identity:
                raise Answer(
                    200,
                    {
                        "authenticatedUser": {
                            "id": "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa",
                            "descriptor": "System:PublicAccess;aaaa",
                            "providerDisplayName": "Anonymous",
                        }
                    },
                )
            raise Answer(401)
        headers = {"X-VSS-UserData": f"{IDS[token.account]}:{EMAILS[token.account]}"}
        if identity:
            name = token.account
            account = f"DOMAIN\\{name}" if self.on_premise else EMAILS[name]
            raise Answer(
                200,
                {
                    "authenticatedUser": {
                        "id": "11111111-2222-4333-8444-%012d" % IDS[name],
                        "descriptor": (
                            f"Microsoft.IdentityModel.Claims.ClaimsIdentity;T\\{EMAILS[name]}"
                        ),
                        "providerDisplayName": NAMES[name],
                        "properties": {"Account": {"$type": "System.String", "$value": account}},
                    },
                    "deploymentType": "onPremises" if self.on_premise else "hosted",
                },
                headers,
            )
        if token.state == "few":
            raise Answer(401)
        base = f"{request.base}/{root}"
        if path == "/_apis/git/repositories":
            values = [
                {**self.repository(i, base), "url": "x" * self.padding}
                for i in range(self.data.repositories())
            ]
            raise Answer(200, {"count": len(values), "value": values}, headers)
        if path == "/_apis/projects":
            owners = sorted(
                {self.data.repository(i)["owner"] for i in range(self.data.repositories())}
            )
            top, skip = int(request.query.get("$top", 100)), int(request.query.get("$skip", 0))
            values = [
                {"id": f"id-of-{owner}", "name": owner, "state": "wellFormed"}
                for owner in owners[skip : skip + top]
            ]
            raise Answer(200, {"count": len(values), "value": values}, headers)
        found = re.fullmatch(r"/(?:id-of-)?([^/]+)/_apis/git/repositories", path)
        if found:
            values = [
                self.repository(i, base)
                for i in range(self.data.repositories())
                if self.data.repository(i)["owner"] == found[1]
            ]
            raise Answer(200, {"count": len(values), "value": values}, headers)
        found = re.fullmatch(
            r"(?:/([^/]+))?/_apis/git/repositories/([^/]+)/commits(?:/([0-9a-f]{40}))?", path
        )
        if found:
            return self.commits(request, root, found[1], found[2], found[3], headers)
        raise Answer(
            404, {"message": "TF401019: not there", "typeKey": "GitRepositoryNotFoundException"}
        )

    def repository(self, index, base):
        r = self.data.repository(index)
        project, name = urllib.parse.quote(r["owner"]), urllib.parse.quote(r["name"])
        scheme, rest = base.split("://")
        out = {
            "id": "00000000-0000-4000-8000-%012d" % r["id"],
            "name": r["name"],
            "project": {
                "id": "p",
                "name": r["owner"],
                "visibility": "private" if r["private"] else "public",
            },
            "remoteUrl": f"{scheme}://octo-org@{rest}/{project}/_git/{name}",
            "sshUrl": f"git@ssh.dev.azure.com:v3/octo-org/{project}/{name}",
            "webUrl": f"{base}/{project}/_git/{name}",
            "isDisabled": r.get("disabled", False),
        }
        if r["branch"]:
            out["defaultBranch"] = f"refs/heads/{r['branch']}"
        return out

    def commits(self, request, root, project, name, one, headers):
        identity = re.fullmatch(r"00000000-0000-4000-8000-0*(\d+)", name)
        found = next(
            (
                self.data.repository(i)
                for i in range(min(self.data.repositories(), 2000))
                if (identity and self.data.repository(i)["id"] == int(identity[1]))
                or (
                    self.data.repository(i)["name"] == name
                    and self.data.repository(i)["owner"] == project
                )
            ),
            None,
        )
        if found is None:
            raise Answer(
                404,
                {
                    "message": (
                        f"TF401019: The Git repository with name or identifier {name} does not"
                        " exist."
                    ),
                    "typeKey": "GitRepositoryNotFoundException",
                },
            )
        branch, kind = request.query.get("searchCriteria.itemVersion.version"), request.query.get(
            "searchCriteria.itemVersion.versionType", "branch"
        )
        first = (
            self.data.begin(branch, found, self.pushed)
            if kind == "commit" or branch in (None, found["branch"], "feature/login")
            else 0
            if (kind, branch) == ("tag", "v1")
            else None
        )
        if first is None:
            raise Answer(
                404,
                {
                    "message": (
                        f"TF401175: The version descriptor <Branch: {branch}> could not be resolved"
                    ),
                    "typeKey": "GitUnresolvableToCommitException",
                },
            )

        def make(index, whole):
            c = self.data.commit(index, self.pushed)
            cut = "\n" in c["message"].strip() and not whole
            out = {
                "commitId": c["id"],
                "author": {"name": c["name"], "email": c["email"], "date": "2026-11-01T10:00:00Z"},
                "comment": c["message"].split("\n")[0] if cut else c["message"],
                "remoteUrl": f"{request.base}/{root}/{urllib.parse.quote(found['owner'])}"
                f"/_git/{urllib.parse.quote(found['name'])}/commit/{c['id']}",
            }
            return {**out, "commentTruncated": True} if cut else out

        if one:
            raise Answer(200, make(self.data.begin(one, found, self.pushed), True), headers)
        top, skip, total = (
            int(request.query.get("searchCriteria.$top", 100)),
            int(request.query.get("searchCriteria.$skip", 0)),
            self.data.commits(found, self.pushed) - first,
        )
        values = [make(first + i, False) for i in range(skip, min(skip + top, total))]
        raise Answer(200, {"count": len(values), "value": values}, headers)
