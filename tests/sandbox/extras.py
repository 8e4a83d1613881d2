# SPDX-License-Identifier: MIT
"""What clients beside the daemon's own lists ask of a forge: git-lfs, GraphQL, and answers made to
be passed on."""
import json
import re

from web import Answer


class Lfs:
    """git-lfs's batch API, objects in memory."""

    def __init__(self):
        self.objects = {}

    def serve(self, request, allowed):
        found = re.fullmatch(
            r"(.+?)/info/lfs/(objects/batch|objects/([0-9a-f]{64})|locks/verify|locks)",
            request.path,
        )
        if not found:
            return
        if not allowed:
            raise Answer(
                401, {"message": "authorization wanted"}, {"LFS-Authenticate": 'Basic realm="lfs"'}
            )
        place, what, oid = found.groups()
        kind = "application/vnd.git-lfs+json"
        if what == "objects/batch":
            asked = json.loads(request.body)
            href = f"{request.base}{place}/info/lfs/objects/"
            answers = []
            for one in asked["objects"]:
                answer = {"oid": one["oid"], "size": one["size"], "authenticated": True}
                known = (place, one["oid"]) in self.objects
                if asked["operation"] == "download":
                    if known:
                        answer["actions"] = {"download": {"href": href + one["oid"]}}
                    else:
                        answer["error"] = {"code": 404, "message": "no such object"}
                elif not known:
                    answer["actions"] = {"upload": {"href": href + one["oid"]}}
                answers.append(answer)
            raise Answer(200, json.dumps({"transfer": "basic", "objects": answers}), kind=kind)
        if what == "locks/verify":
            raise Answer(200, json.dumps({"ours": [], "theirs": []}), kind=kind)
        if oid and request.method == "PUT":
            self.objects[(place, oid)] = request.body
            raise Answer(200, b"")
        if oid and (place, oid) in self.objects:
            raise Answer(200, self.objects[(place, oid)], kind="application/octet-stream")
        raise Answer(404, {"message": "Not Found"})


def graphql(request, headers):
    asked = json.loads(request.body)
    query = asked["query"]
    if "pullRequests" in query:
        pull = {
            "number": 7,
            "title": "Add a front",
            "state": "OPEN",
            "url": "https://github.com/octo-dev/hello/pull/7",
            "headRefName": "front",
            "isCrossRepository": False,
            "isDraft": False,
            "headRepositoryOwner": {"id": "1", "login": "octo-dev"},
            "createdAt": "2026-11-01T10:00:00Z",
            "updatedAt": "2026-11-01T10:00:00Z",
        }
        found = {
            "totalCount": 1,
            "nodes": [pull],
            "pageInfo": {"hasNextPage": False, "endCursor": ""},
        }
        raise Answer(200, {"data": {"repository": {"pullRequests": found}}}, headers)
    if "viewer" in query:
        raise Answer(200, {"data": {"viewer": {"login": "octo-dev"}}}, headers)
    if "pages" in query:
        more = not asked.get("variables", {}).get("endCursor")
        raise Answer(
            200,
            {
                "data": {
                    "pages": {
                        "nodes": [1 if more else 2],
                        "pageInfo": {"hasNextPage": more, "endCursor": "X"},
                    }
                }
            },
            headers,
        )
    raise Answer(200, {"errors": [{"message": "not understood"}]}, headers)


def answer_to(request, path, headers):
    """Below /api/try: what a client sent, redirects, large bodies. Returns if it is none of
    these."""
    if path == "/graphql":
        graphql(request, headers)
    if path == "/try/echo":
        # Whatever came, as a careless server would.
        raise Answer(
            200,
            {
                "method": request.method,
                "query": request.raw_query,
                "headers": dict(request.headers),
                "body": request.body.decode("utf-8", "replace"),
            },
            headers,
        )
    if path == "/try/binary":
        raise Answer(200, bytes(range(256)), headers, kind="application/octet-stream")
    if path == "/try/moved":
        raise Answer(302, {}, {**headers, "Location": f"{request.base}/api/try/echo?moved=1"})
    if path == "/try/leaves":
        raise Answer(302, {}, {**headers, "Location": f"{request.base}/settings/tokens"})
    if path == "/try/elsewhere":
        raise Answer(302, {}, {**headers, "Location": request.query["to"]})
    if path == "/try/large":
        raise Answer(
            200, b"x" * int(request.query["size"]), headers, kind="application/octet-stream"
        )
    if path == "/try/size":
        raise Answer(
            200,
            {
                "size": len(request.body),
                "chunked": "chunked" in request.headers.get("Transfer-Encoding", ""),
            },
            headers,
        )
    if path == "/try/numbers":
        page = int(request.query.get("page", "1"))
        if page < 3:
            headers["Link"] = f'<{request.base}/api/try/numbers?page={page + 1}>; rel="next"'
        raise Answer(200, [page * 10, page * 10 + 1], headers)
