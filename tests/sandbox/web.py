# SPDX-License-Identifier: MIT
"""A small threaded HTTP server: routes, faults on demand, and a log of what was asked (tokens by
their names)."""
import base64
import gzip
import json
import re
import socket
import ssl
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Answer(Exception):
    def __init__(self, status, body=b"", headers=None, kind="application/json"):
        self.status, self.headers, self.kind = status, dict(headers or {}), kind
        self.body = (
            json.dumps(body).encode()
            if isinstance(body, (dict, list))
            else body.encode()
            if isinstance(body, str)
            else body
        )


class Request:
    def __init__(self, handler, body):
        self.method = handler.command
        parts = urllib.parse.urlsplit(handler.path)
        self.raw_path, self.raw_query = parts.path, parts.query
        self.path = urllib.parse.unquote(parts.path)
        self.query = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
        self.headers, self.body = handler.headers, body
        self.form = dict(urllib.parse.parse_qsl(body.decode("utf-8", "replace"))) if body else {}
        self.host = handler.headers.get("Host", "")

    def authorization(self):
        """(scheme, user, token) of whatever was sent."""
        private = self.headers.get("PRIVATE-TOKEN")
        if private:
            return "private-token", "", private
        scheme, _, rest = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "basic":
            try:
                user, _, token = base64.b64decode(rest).decode().partition(":")
            except ValueError:
                return "bad", "", ""
            return "basic", user, token
        return scheme.lower(), "", rest


class Site:
    """One forge on a port of its own. `handle(request)` raises Answer."""

    pushed = 0  # so many commits were pushed since
    marks = {}  # headers that the forge puts on every answer of its own, and no gateway does
    # The origin that links name, where the forge was set up with another address than its own.
    links_at = None
    packs = False  # answers in gzip to whoever does not ask for `identity`

    def __init__(self, name, tokens, tls=None):
        self.name, self.tokens = name, tokens
        self.log, self.faults, self.lock = [], [], threading.Lock()
        self.running, self.most_at_once, self.connections = 0, 0, 0
        self.server = self._serve(None)
        self.tls_server = self._serve(tls) if tls else None
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.tls_url = f"https://127.0.0.1:{self.tls_server.server_port}" if tls else None

    def handle(self, request):
        raise Answer(404, {"message": "Not Found"})

    def _serve(self, tls):
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 60

            def setup(self):
                super().setup()
                with site.lock:
                    site.connections += 1

            def log_message(self, *_):
                pass

            def serve(self):
                body = site.read_body(self)
                request = Request(self, body)
                request.base = (site.tls_url if tls else site.url) or ""
                fault = site.note(request)
                with site.lock:
                    site.running += 1
                    site.most_at_once = max(site.most_at_once, site.running)
                try:
                    if fault and site.misbehave(self, fault):
                        return
                    site.handle(request)
                    answer = Answer(500, {"message": "the sandbox forgot to answer"})
                except Answer as made:
                    answer = made
                    if fault and fault["kind"] == "lost":
                        self.close_connection = True
                        self.connection.close()
                        return
                finally:
                    with site.lock:
                        site.running -= 1
                site.bend(request, answer, fault or {})
                if fault and fault.get("next"):
                    answer.headers["Link"] = f'<{fault["next"]}>; rel="next"'
                    if answer.kind == "application/json" and answer.body.startswith(b"{"):
                        answer.body = json.dumps(
                            {**json.loads(answer.body), "next": fault["next"]}
                        ).encode()
                site.send_interim(self, fault or {})
                site.send(self, answer)
                site.send_unasked(self, fault or {})

            do_GET = do_POST = do_DELETE = do_HEAD = do_PUT = do_PATCH = serve

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_):
                pass

        server = Server(("127.0.0.1", 0), Handler)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True
        ).start()
        return server

    @staticmethod
    def read_body(handler):
        if handler.headers.get("Transfer-Encoding", "").lower() == "chunked":
            body = bytearray()
            while size := int(handler.rfile.readline().split(b";")[0], 16):
                body += handler.rfile.read(size)
                handler.rfile.readline()
            handler.rfile.readline()
            return bytes(body)
        return handler.rfile.read(int(handler.headers.get("Content-Length") or 0))

    def bend(self, request, answer, fault):
        """What a forge, or what stands before it, makes of a good answer."""
        for name, value in self.marks.items():
            answer.headers.setdefault(name, value)
        if self.links_at and "Link" in answer.headers:
            answer.headers["Link"] = answer.headers["Link"].replace(request.base, self.links_at)
        if self.links_at and answer.kind == "application/json":
            answer.body = answer.body.replace(
                f'"next": "{request.base}'.encode(), f'"next": "{self.links_at}'.encode()
            )
        if fault.get("kind") == "bom":
            answer.body = b"\xef\xbb\xbf" + answer.body
        if self.packs and answer.body and request.headers.get("Accept-Encoding", "") != "identity":
            answer.body = gzip.compress(answer.body)
            answer.headers["Content-Encoding"] = "gzip"

    @staticmethod
    def send_interim(handler, fault):
        """Interim answers (1xx) before the final one."""
        interim = {
            "early_hints": b"HTTP/1.1 103 Early Hints\r\nLink: </app.css>; rel=preload\r\n\r\n",
            "continue": b"HTTP/1.1 100 Continue\r\n\r\n",
        }.get(fault.get("kind"))
        if interim:
            handler.wfile.write(interim * fault.get("repeat", 1))

    @staticmethod
    def send_unasked(handler, fault):
        """A server that gives up on an idle connection may say so, unasked."""
        if fault.get("kind") == "then_408":
            handler.wfile.flush()
            time.sleep(0.05)
            handler.wfile.write(
                b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )

    @staticmethod
    def send(handler, answer):
        handler.send_response(answer.status)
        headers = {
            "Content-Type": answer.kind + "; charset=utf-8" if answer.kind else None,
            "Content-Length": str(len(answer.body)),
            **answer.headers,
        }
        for name, value in headers.items():
            if value is not None:
                handler.send_header(name, value)
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(answer.body)

    def note(self, request):
        scheme, user, token = request.authorization()
        known = self.tokens.get(token)
        entry = {
            "method": request.method,
            "path": request.raw_path,
            "query": request.raw_query,
            "scheme": scheme,
            "user": user,
            "token": known.name if known else ("unknown" if token else None),
            "if_none_match": request.headers.get("If-None-Match"),
        }
        with self.lock:
            self.log.append(entry)
            for fault in self.faults:
                if (
                    re.search(fault.get("path", ""), request.raw_path)
                    and fault.get("method", request.method) == request.method
                ):
                    fault["times"] = fault.get("times", 1) - 1
                    if fault["times"] <= 0:
                        self.faults.remove(fault)
                    return fault
        return None

    def misbehave(self, handler, fault):
        """True if the fault was the whole answer."""
        kind = fault["kind"]
        if kind == "delay":
            time.sleep(fault.get("seconds", 1))
            return False
        if kind in ("next", "lost", "bom", "early_hints", "continue", "then_408"):
            return False
        if kind == "hang":
            time.sleep(fault.get("seconds", 30))
        elif kind == "reset":
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        elif kind == "close":
            pass
        elif kind == "garbage":
            handler.wfile.write(b"\x00\x01 this is not HTTP at all \xff\r\n\r\n")
        elif kind == "huge":
            handler.wfile.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding:"
                b" chunked\r\n\r\n"
            )
            chunk = b"10000\r\n" + b"[" * 65536 + b"\r\n"
            try:
                for _ in range(fault.get("bytes", 10 << 30) // 65536):
                    handler.wfile.write(chunk)
                handler.wfile.write(b"0\r\n\r\n")
            except OSError:
                pass
        elif kind == "raw":
            handler.wfile.write(fault["text"].encode() * fault.get("repeat", 1))
        elif kind == "drip":
            try:
                for byte in (
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length:"
                    b" 100000\r\n\r\n" + b"[" * 1000
                ):
                    handler.wfile.write(bytes([byte]))
                    handler.wfile.flush()
                    time.sleep(0.05)
            except OSError:
                pass
        elif kind == "html":
            # Without the forge's marks: a gateway's page.
            page = "<html><title>Gateway sign-in</title>Sign in</html>"
            self.send(
                handler,
                Answer(fault.get("status", 200), page, fault.get("headers", {}), kind="text/html"),
            )
            return True
        elif kind == "echo":
            # A forge that repeats what it was asked.
            sent = handler.headers.get("Authorization") or handler.headers.get("PRIVATE-TOKEN")
            said = {"message": f"Bad header: {sent}", "error": {"message": f"Bad header: {sent}"}}
            self.send(handler, Answer(fault.get("status", 400), said, self.marks))
            return True
        elif kind == "endless":
            # An empty page that always has a next one.
            time.sleep(fault.get("seconds", 0))
            self.number = getattr(self, "number", 0) + 1
            there = f"{self.url}{handler.path.split('?')[0]}?page={self.number}"
            empty = fault.get("body", [])
            if isinstance(empty, dict):
                empty = {**empty, "next": there}
            self.send(handler, Answer(200, empty, {**self.marks, "Link": f'<{there}>; rel="next"'}))
            return True
        elif kind == "truncated":
            self.send(handler, Answer(200, '{"id": 12, "login": "oc'))
            return True
        elif kind == "status":
            headers = {**self.marks, **fault.get("headers", {})}
            self.send(
                handler,
                Answer(
                    fault["status"],
                    fault.get("body", {"message": "fault"}),
                    headers,
                    fault.get("type", "application/json"),
                ),
            )
            return True
        elif kind == "redirect":
            self.send(handler, Answer(fault.get("status", 302), {}, {"Location": fault["to"]}))
            return True
        handler.close_connection = True
        handler.connection.close()
        return True
