# SPDX-License-Identifier: MIT
"""An HTTP proxy on loopback that takes every host for the sandbox's, and keeps what it was
asked."""
import base64
import socket
import threading


class Proxy:
    """`login`: "user:password" that must be sent; otherwise 407."""

    def __init__(self, login=None):
        self.login, self.asked = login, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client = self.listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            piece = client.recv(65536)
            if not piece:
                return
            head += piece
        method, target = head.split(b" ")[:2]
        self.asked.append(f"{method.decode()} {target.decode()}")
        wanted = base64.b64encode((self.login or "").encode())
        if self.login and b"Proxy-Authorization: Basic " + wanted not in head:
            client.sendall(
                b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
            )
            client.close()
            return
        host = target if method == b"CONNECT" else target.split(b"/")[2]
        server = socket.create_connection(("127.0.0.1", int(host.rsplit(b":", 1)[1])))
        if method == b"CONNECT":
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            # One request per connection: what follows would have to be rewritten as well.
            path = b"/" + target.split(b"/", 3)[3]
            server.sendall(
                head.replace(target, path, 1).replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
            )
        threading.Thread(target=self._pipe, args=(client, server), daemon=True).start()
        self._pipe(server, client)

    @staticmethod
    def _pipe(source, sink):
        try:
            while piece := source.recv(65536):
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.listener.close()
