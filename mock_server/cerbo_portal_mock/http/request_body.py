"""Reads the body of a request, and refuses one that does not fit the contract."""

import json
import re
from typing import Any
from urllib.parse import parse_qs

from cerbo_portal_runtime import json_reader
from flask import Request, abort

from cerbo_portal_mock.spec import media_types
from cerbo_portal_mock.spec.errors import InvalidArgument
from cerbo_portal_mock.spec.request_body import BodyContent, Fields, RequestBody

# UTF-8 has no surrogates, but JSON can spell one without its pair, which no text can hold.
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
# Of a form.
_MAX_FIELDS = 1_000


def read(request: Request, body: RequestBody | None) -> dict[str, Any]:
    """The arguments that a request's body holds: the members that are in the contract.

    A body that is no object is one argument, `body`. Files are bytes.

    Args:
        request: the request.
        body: the operation's body; if None, the request's body is ignored.

    Raises:
        InvalidArgument: the body is missing, cannot be read, gives a member twice, or does not fit.
        TooLarge: a member is larger than the contract permits.
    """
    if body is None:
        return {}
    content = request.get_data()
    declared = body.content(request.mimetype)
    # A form without fields and an empty file are bodies.
    is_json = media_types.is_json(request.mimetype)
    if not content and (is_json or declared is None or not body.required):
        if body.required:
            raise InvalidArgument(f"the body: expected {body.expected}, nothing was given")
        return {}
    if declared is None:
        abort(415, f"expected Content-Type: {body.media_types}")
    if is_json:
        return declared.arguments(parse(content))
    return _arguments(request, declared, content)


def _arguments(request: Request, declared: BodyContent, content: bytes) -> dict[str, Any]:
    if request.mimetype == media_types.URLENCODED:
        return declared.of_form(_urlencoded(content))
    if request.mimetype == media_types.MULTIPART:
        return declared.of_form(_multipart(request, content))
    if media_types.is_text(request.mimetype):
        return declared.of_text(_decoded(content))
    return declared.of_bytes(content)


def _urlencoded(content: bytes) -> Fields:
    text = _decoded(content)
    try:
        return parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS)
    except UnicodeDecodeError:
        raise InvalidArgument("the body: expected UTF-8") from None
    except ValueError:
        raise InvalidArgument(f"the body: expected at most {_MAX_FIELDS} fields") from None


def _multipart(request: Request, content: bytes) -> Fields:
    boundary = request.mimetype_params.get("boundary", "")
    # The framework takes a body that is no form for one without fields.
    if not boundary or f"--{boundary}".encode() not in content:
        raise InvalidArgument("the body: expected a form, with its boundary in Content-Type")
    fields: dict[str, list[str | bytes]] = {name: [*texts] for name, texts in request.form.lists()}
    for name, files in request.files.lists():
        fields.setdefault(name, []).extend(file.read() for file in files)
    # The framework gives parts whose names it cannot read the name None.
    return {name: given for name, given in fields.items() if isinstance(name, str)}


def _decoded(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise InvalidArgument("the body: expected UTF-8") from None


# To decode so many stops all other threads for a fifth of a second.
MAX_VALUES = 1_000_000


def parse(content: bytes) -> Any:
    """The values of a JSON document.

    Args:
        content: the document in UTF-8.

    Raises:
        InvalidArgument: it is not JSON, repeats a member, is nested too deeply, or contains an unpaired surrogate.
    """
    if content.count(b",") >= MAX_VALUES:
        raise InvalidArgument(f"the body: expected at most {MAX_VALUES} values")
    try:
        document = json_reader.read(_decoded(content), unique_members=True)
    except json_reader.InvalidJson as error:
        raise InvalidArgument(f"the body: {error}") from None
    if _ESCAPED_SURROGATE.search(content):
        try:
            json.dumps(document, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise InvalidArgument("the body: contains an unpaired surrogate") from None
    return document
