"""The environment variables of `Client.from_env()`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

_OTHERS = ("CERBO_PROXY", "CERBO_CA_FILE", "CERBO_READ_ONLY", "CERBO_ALLOW_HTTP")


@contextmanager
def client_environment(url: str, username: str, password: str) -> Iterator[None]:
    """Set the variables of `Client.from_env()` and of the command, as long as the context lasts.

    Args:
        url: the base URL of the API.
        username: the API user's name.
        password: the API user's password.
    """
    with mock.patch.dict(os.environ, CERBO_BASE_URL=url, CERBO_USERNAME=username, CERBO_PASSWORD=password):
        for name in _OTHERS:
            os.environ.pop(name, None)
        yield
