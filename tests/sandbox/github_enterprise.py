# SPDX-License-Identifier: MIT
"""A GitHub Enterprise Server: GitHub's API below /api/v3, which knows the older version only."""
from github import GitHub
from tokens import Token
from web import Answer

SCOPES = ["repo", "workflow", "read:user", "user:email"]
TOKENS = {
    "ghp_enterprise_good0000000000000000000001": Token("good", scopes=SCOPES),
    "ghp_enterprise_second00000000000000000002": Token("second", account="mona", scopes=SCOPES),
    "ghp_enterprise_revoked0000000000000000003": Token("revoked", state="refused"),
    "ghp_enterprise_few00000000000000000000004": Token("few", scopes=["read:user"]),
}


class GitHubEnterprise(GitHub):
    def __init__(self, data, git, tls=None):
        super().__init__(TOKENS, data, git, tls)
        self.name = "github-enterprise"

    def handle(self, request):
        if not request.raw_path.startswith("/api/v3/"):
            return super().handle(request)
        marks = {"X-GitHub-Request-Id": "E0:1", "X-GitHub-Enterprise-Version": "3.14.0"}
        if request.headers.get("X-GitHub-Api-Version", "2022-11-28") != "2022-11-28":
            raise Answer(400, {"message": "Unsupported API version"}, marks)
        try:
            self.api(request, request.raw_path[len("/api/v3") :])
        except Answer as answer:
            answer.headers.update(marks)
            raise
