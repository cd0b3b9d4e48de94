"""An HTTP proxy on loopback: tunnels (CONNECT), and requests of plain HTTP with an absolute URL."""

import base64
import socket
import socketserver
from contextlib import suppress
from threading import Thread
from urllib.parse import urlsplit


class Proxy:
    """A proxy that records the heads of the requests that it receives.

    Args:
        credentials: the `name:password` that it requires; by default none.
        status: refuses everything with this status line, such as `403 Forbidden`.
    """

    def __init__(self, credentials: str = "", status: str = "") -> None:
        self.requests: list[bytes] = []
        proxy = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                proxy._handle(self, credentials, status)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

        self._server = Server(("127.0.0.1", 0), Handler)
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"http://{self.address}"

    def close(self) -> None:
        """Stop accepting connections."""
        self._server.shutdown()
        self._server.server_close()

    def _handle(self, handler: socketserver.StreamRequestHandler, credentials: str, status: str) -> None:
        lines = [handler.rfile.readline()]
        while lines[-1] not in {b"\r\n", b""}:
            lines.append(handler.rfile.readline())
        self.requests.append(b"".join(lines))
        expected = b"Basic " + base64.b64encode(credentials.encode())
        if credentials and expected not in self.requests[-1]:
            status = "407 Proxy Authentication Required"
        if status:
            handler.wfile.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
            return
        method, target, version = lines[0].split(b" ")
        is_tunnel = method == b"CONNECT"
        url = urlsplit(("//" if is_tunnel else "") + target.decode())
        with socket.create_connection((url.hostname, url.port or 80)) as upstream:
            if is_tunnel:
                handler.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                ours = [line for line in lines[1:] if not line.lower().startswith(b"proxy-")]
                upstream.sendall(b"".join([method, b" ", url.path.encode(), b" ", version, *ours]))
            Thread(target=_copy, args=(upstream, handler.connection), daemon=True).start()
            while chunk := handler.rfile.read1(65536):
                upstream.sendall(chunk)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(65536):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)
