"""A file that says where the mock is, for scripts that start it in the background."""

import json
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit


class ReadyFileError(Exception):
    """The file cannot be written; the text says why."""


class ReadyFile:
    """A JSON file with `url`, `port` and `pid`, which is there as long as the mock accepts requests.

    It appears complete: a reader never sees a part of it.

    Args:
        path: the file; it is replaced if it exists.
        url: the URL of the mock.

    Raises:
        ReadyFileError: it cannot be written.
    """

    def __init__(self, path: Path, url: str) -> None:
        self._path = path
        content = json.dumps({"url": url, "port": urlsplit(url).port, "pid": os.getpid()})
        if not path.name:
            raise ReadyFileError("--ready-file: expected the name of a file")
        part = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            part.write_text(f"{content}\n", encoding="utf-8")
            part.replace(path)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise ReadyFileError(f"--ready-file: cannot be written: {error.strerror}") from None

    def __enter__(self) -> None:
        """Leave the file where it is."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._path.unlink(missing_ok=True)
