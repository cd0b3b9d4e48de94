"""Reads the JSON body of a request, and refuses one that does not fit the contract."""

import json
import re
from typing import Any

from cerbo_portal_runtime import json_reader
from flask import Request, abort

from cerbo_portal_mock.spec.operation import InvalidArgument, RequestBody

# UTF-8 has no surrogates, but JSON can spell one without its pair, which no text can hold.
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def read(request: Request, body: RequestBody | None) -> dict[str, Any]:
    """The members of a request's body that are in the contract.

    Args:
        request: the request.
        body: the operation's body; if None, the request's body is ignored.

    Raises:
        InvalidArgument: the body is missing, is not JSON, gives a member twice, or does not fit.
        TooLarge: a member is larger than the contract permits.
    """
    if body is None:
        return {}
    content = request.get_data()
    if not content:
        if body.required:
            raise InvalidArgument("the body: expected a JSON object, nothing was given")
        return {}
    if request.mimetype != "application/json":
        abort(415, "expected Content-Type: application/json")
    return body.members(parse(content))


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
        document = json_reader.read(content.decode(), unique_members=True)
    except UnicodeDecodeError:
        raise InvalidArgument("the body: expected UTF-8") from None
    except json_reader.InvalidJson as error:
        raise InvalidArgument(f"the body: {error}") from None
    if _ESCAPED_SURROGATE.search(content):
        try:
            json.dumps(document, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise InvalidArgument("the body: contains an unpaired surrogate") from None
    return document
