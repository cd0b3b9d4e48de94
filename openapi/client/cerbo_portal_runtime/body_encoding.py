"""The body of a request, as httpx takes it."""

from collections.abc import Mapping
from typing import Any

from . import kinds, serialization
from .contract import Operation
from .models import Model, RequestModel
from .types import File
from .url_encoding import NotBytes, text_of


def request_body(operation: Operation[Any], body: Any) -> dict[str, Any]:
    """The arguments by which httpx builds the body of a request.

    Args:
        operation: the operation.
        body: the model of a JSON object or a form, or the whole body; None where there is none.

    Raises:
        ValueError, TypeError, OSError: no body can hold it.
    """
    body = body.to_dict() if isinstance(body, Model | RequestModel) else body
    if body is None or (body == {} and not operation.body_required):
        return {}
    match operation.sends:
        case "form":
            return {"data": {name: _texts(value) for name, value in body.items()}}
        case "multipart":
            parts = ((name, each) for name, value in body.items() for each in _each(value))
            return {"files": [(name, _part(name, value)) for name, value in parts]}
        case "text":
            return {"content": text_of(body).encode()}
        case "bytes":
            if not isinstance(body, bytes):
                raise NotBytes
            return {"content": body}
        case _:
            return {"json": kinds.to_json(body, serialization.format_instant)}


def body_headers(operation: Operation[Any], body: Any) -> Mapping[str, str]:
    """The headers that the body of a request needs and httpx does not set.

    Args:
        operation: the operation.
        body: the body.
    """
    if body is None or operation.sends in {"form", "multipart"} or operation.media_type == "application/json":
        return {}
    charset = "; charset=utf-8" if operation.sends == "text" else ""
    return {"Content-Type": operation.media_type.replace("*/*", "application/octet-stream") + charset}


def _texts(value: Any) -> str | list[str]:
    return [text_of(each) for each in value] if isinstance(value, list) else text_of(value)


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _part(name: str, value: Any) -> tuple[str | None, bytes | str, str | None] | tuple[None, str]:
    """A part of a multipart body: a file has a name, a text has none."""
    if isinstance(value, bytes):
        value = File(value)
    if isinstance(value, File):
        return value.name or name, value.content, value.media_type
    return None, text_of(value)
