"""Servers on loopback: any that handles connections, an HTTP proxy, and TLS of an authority that nobody knows."""

import base64
import socket
import socketserver
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import StreamRequestHandler
from threading import Thread
from urllib.parse import urlsplit

import trustme


@contextmanager
def serving(handle: Callable[[StreamRequestHandler], object]) -> Iterator[str]:
    """A server that does this with each connection, in a thread for each; yields its host and port."""

    class Handler(StreamRequestHandler):
        disable_nagle_algorithm = True

        def handle(self) -> None:
            handle(self)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            """A client that goes away, or a handshake that fails, is what many of these tests are about."""

    with Server(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def tls_of_loopback(ca_file: Path) -> ssl.SSLContext:
    """TLS for a server of 127.0.0.1, whose certificate is signed by a new authority; that of the latter is written."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(ca_file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def read_head(handler: StreamRequestHandler) -> bytes:
    """The head of the next request; empty when the client has gone."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = handler.rfile.readline()
        if not line:
            return b""
        head += line
    return head


class Proxy:
    """An HTTP proxy: tunnels (CONNECT), and requests of plain HTTP with an absolute URL. Records their heads.

    Args:
        credentials: the `name:password` that it requires; by default none.
        status: refuses everything with this status line, such as `403 Forbidden`.
    """

    def __init__(self, credentials: str = "", status: str = "") -> None:
        self.requests: list[bytes] = []
        self.address = ""
        self._credentials, self._status = credentials, status

    def handle(self, handler: StreamRequestHandler) -> None:
        """Serve a connection."""
        head, status = read_head(handler), self._status
        self.requests.append(head)
        expected = b"Basic " + base64.b64encode(self._credentials.encode())
        if self._credentials and expected not in head:
            status = "407 Proxy Authentication Required"
        if status:
            handler.wfile.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
            return
        request_line, *lines = head.splitlines(keepends=True)
        method, target, version = request_line.split(b" ")
        is_tunnel = method == b"CONNECT"
        url = urlsplit(("//" if is_tunnel else "") + target.decode())
        with socket.create_connection((url.hostname, url.port or 80)) as upstream:
            if is_tunnel:
                handler.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                ours = [line for line in lines if not line.lower().startswith(b"proxy-")]
                upstream.sendall(b"".join([method, b" ", url.path.encode(), b" ", version, *ours]))
            Thread(target=_copy, args=(upstream, handler.connection), daemon=True).start()
            while chunk := handler.rfile.read1(65536):
                upstream.sendall(chunk)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(65536):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)
