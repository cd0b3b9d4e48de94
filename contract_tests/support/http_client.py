"""What tests send to a mock: users, paths, and clients without sockets."""

import json
import socket
from collections.abc import Callable
from typing import Any

import httpx
from cerbo_portal_client import Client
from flask import Flask

ORIGIN = "http://127.0.0.1"
# An API user of the default scenario who may do everything, and its header.
USER = ("un", "pwd")
AUTHORIZATION = "Basic dW46cHdk"
LIST_PATH = "/api/v1/patients/1/portal/enqueued"
INVITE_PATH = "/api/v1/patients/221/portal/invite"

# The fixtures `connect`, which takes a user's name and password, and `admin`, which calls the control API.
ConnectAs = Callable[[str, str], Client]
Admin = Callable[..., httpx.Response]


def http_client(app: Flask, path: str = "", **options: Any) -> httpx.Client:
    """A raw client of an application in process.

    Args:
        app: the application.
        path: what the paths of requests are below.
        options: the other arguments of `httpx.Client`.
    """
    return httpx.Client(transport=httpx.WSGITransport(app=app), base_url=ORIGIN + path, **options)


def error_message(content: bytes | str) -> str:
    """What the body of an error says for people."""
    message: str = json.loads(content)["error"]["message"]
    return message


def free_port() -> int:
    """A port of loopback on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
