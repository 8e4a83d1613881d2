# SPDX-License-Identifier: MIT
"""git over HTTP by `git http-backend`, with each forge's own idea of who may."""
import os
import re
import subprocess
import tempfile
import threading

from web import Answer


class Git:
    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="forgelink-sandbox-")
        self.lock = threading.Lock()

    def repository(self, site, path):
        """A bare repository with one commit, made when first asked for."""
        place = os.path.join(self.folder.name, site, path.strip("/"))
        with self.lock:
            if not os.path.isdir(place):
                quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
                who = {
                    **os.environ,
                    "GIT_AUTHOR_NAME": "Octo Dev",
                    "GIT_AUTHOR_EMAIL": "dev@example.org",
                    "GIT_COMMITTER_NAME": "Octo Dev",
                    "GIT_COMMITTER_EMAIL": "dev@example.org",
                    "GIT_CONFIG_NOSYSTEM": "1",
                    "GIT_CONFIG_GLOBAL": "/dev/null",
                }
                subprocess.run(
                    ["git", "init", "-q", "--bare", "-b", "main", place], env=who, **quiet
                )
                subprocess.run(
                    ["git", "-C", place, "config", "http.receivepack", "true"], env=who, **quiet
                )
                tree = (
                    subprocess.run(
                        ["git", "-C", place, "hash-object", "-t", "tree", "-w", "/dev/null"],
                        env=who,
                        check=True,
                        capture_output=True,
                    )
                    .stdout.strip()
                    .decode()
                )
                commit = (
                    subprocess.run(
                        ["git", "-C", place, "commit-tree", tree, "-m", "First"],
                        env=who,
                        check=True,
                        capture_output=True,
                    )
                    .stdout.strip()
                    .decode()
                )
                subprocess.run(
                    ["git", "-C", place, "update-ref", "refs/heads/main", commit], env=who, **quiet
                )
        return place

    def serve(self, request, site, check, prefix=""):
        found = re.fullmatch(
            r"(.+?)(/info/refs|/git-upload-pack|/git-receive-pack)", request.path[len(prefix) :]
        )
        if not found or ".." in request.path:
            raise Answer(404, "not found", kind="text/plain")
        scheme, user, password = request.authorization()
        if scheme != "basic" or not check(user, password, found[1]):
            raise Answer(
                401,
                "authorization wanted",
                {"WWW-Authenticate": f'Basic realm="{site}"'},
                kind="text/plain",
            )
        place = self.repository(site, found[1])
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": os.path.dirname(place),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REMOTE_USER": user,
            "REQUEST_METHOD": request.method,
            "PATH_INFO": "/" + os.path.basename(place) + found[2],
            "QUERY_STRING": request.raw_query,
            "CONTENT_TYPE": request.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(request.body)),
            "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
            "HTTP_CONTENT_ENCODING": request.headers.get("Content-Encoding", ""),
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
        }
        done = subprocess.run(
            ["git", "http-backend"],
            input=request.body,
            capture_output=True,
            env=environment,
            timeout=30,
        )
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        headers, status, kind = {}, 200, "text/plain"
        for line in head.decode().split("\r\n"):
            name, _, value = line.partition(": ")
            if name.lower() == "status":
                status = int(value.split()[0])
            elif name.lower() == "content-type":
                headers["Content-Type"] = value
            elif name:
                headers[name] = value
        raise Answer(status, body, headers, kind=kind)
