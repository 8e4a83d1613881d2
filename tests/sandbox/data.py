# SPDX-License-Identifier: MIT
"""Repositories and commits: a small fixture, and as many more as are asked for, made by their
number."""
DATES = "2026-11-01T10:00:00Z"


class Data:
    def __init__(self, repositories=0, commits=0):
        self.extra, self.extra_commits = repositories, commits

    SMALL = [
        {"id": 11, "owner": "octo-dev", "name": "hello", "private": True, "branch": "main"},
        {"id": 12, "owner": "octo-dev", "name": "empty", "private": False, "branch": None},
        {
            "id": 13,
            "owner": "octo-org",
            "name": "archive",
            "private": False,
            "branch": "main",
            "archived": True,
        },
        {"id": 14, "owner": "octo-org", "name": "with space", "private": True, "branch": "trunk"},
        {
            "id": 15,
            "owner": "octo-org",
            "name": "disabled",
            "private": True,
            "branch": "main",
            "disabled": True,
        },
    ]

    def repositories(self):
        return len(self.SMALL) + self.extra

    def repository(self, index):
        if index < len(self.SMALL):
            return self.SMALL[index]
        number = index - len(self.SMALL)
        return {
            "id": 100000 + number,
            "owner": "octo-org",
            "name": f"repo-{number:05}",
            "private": number % 2 == 0,
            "branch": "main",
        }

    def find(self, owner, name):
        for index in range(self.repositories()):
            one = self.repository(index)
            if one["name"] == name and (owner is None or one["owner"] == owner):
                return one
        return None

    COMMITS = [
        {
            "name": "Octo Dev",
            "email": "dev@example.org",
            "login": "octo-dev",
            "message": "Newest\n\nWith a body.\n",
        },
        {
            "name": "Nobody Known",
            "email": "nobody@example.net",
            "login": None,
            "message": "From outside",
        },
        {
            "name": "Hidden Hand",
            "email": "42+hidden-hand@users.noreply.github.com",
            "login": None,
            "message": "From behind a noreply address",
        },
        {"name": "", "email": "nameless@example.net", "login": None, "message": "Without a name"},
        {
            "name": "Mona Lisa",
            "email": "mona@example.org",
            "login": "mona",
            "message": "Ünïcödé \u202e and \x1b[31mred",
        },
    ]

    # `pushed`: so many commits have been added since, before all others.
    def commits(self, repository, pushed=0):
        return (
            0 if repository["branch"] is None else len(self.COMMITS) + self.extra_commits + pushed
        )

    def begin(self, revision, repository, pushed=0):
        """How many commits come before the one that a branch, or an id, names; None for what names
        none."""
        # Every repository has a branch whose name holds a slash.
        if revision in (None, "", repository["branch"], "feature/login"):
            return 0
        if len(revision) != 40 or set(revision) - set("0123456789abcdef"):
            return None
        number = int(revision, 16)
        return pushed - 1 - (number - self.NEW) if number >= self.NEW else number + pushed

    NEW = 0xF << 150

    def commit(self, position, pushed=0):
        if position < pushed:
            number = pushed - 1 - position
            return {
                **self.COMMITS[0],
                "message": f"Pushed {number}",
                "id": f"{self.NEW + number:040x}",
                "date": "2026-11-01T12:00:00+02:00",
            }
        index = position - pushed
        base = (
            self.COMMITS[index]
            if index < len(self.COMMITS)
            else {
                "name": "Octo Dev",
                "email": "dev@example.org",
                "login": "octo-dev",
                "message": f"Commit {index}",
            }
        )
        return {**base, "id": f"{index:040x}", "date": "2026-11-01T12:00:00+02:00"}
