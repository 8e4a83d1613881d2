# SPDX-License-Identifier: MIT
"""A TLS server in front of a plain one, which wants a certificate of its clients (as some
self-hosted forges do)."""
import socket
import ssl
import threading


class TlsFront:
    def __init__(self, folder, port):
        """Certificates from the sandbox's folder; passes everything on to the port of 127.0.0.1."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{folder}/server.pem", f"{folder}/server.key")
        context.load_verify_locations(f"{folder}/ca.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        self.behind = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self.listener.getsockname()[1]}"
        self.context = context
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        client.settimeout(30)
        try:
            with (
                self.context.wrap_socket(client, server_side=True) as inside,
                socket.create_connection(("127.0.0.1", self.behind), 30) as behind,
            ):
                threading.Thread(target=self._copy, args=(behind, inside), daemon=True).start()
                self._copy(inside, behind)
        except OSError:
            pass

    @staticmethod
    def _copy(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.listener.close()
