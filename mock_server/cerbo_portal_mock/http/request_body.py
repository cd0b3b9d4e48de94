"""Reading the JSON body of a request, and refusing what the contract does not take."""

import json
from math import isinf
from typing import Any, NoReturn

from flask import Request, abort

from cerbo_portal_mock.spec.operation import InvalidArgument, RequestBody


def read(request: Request, body: RequestBody | None) -> dict[str, Any]:
    """The members of the request's body that the contract knows.

    Args:
        request: the request.
        body: what the operation takes; None if it takes none, whatever is sent then is ignored.

    Raises:
        InvalidArgument: the body is missing, is not JSON, gives a member twice, or does not fit.
        TooLarge: what a member stands for is larger than the contract permits.
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


def parse(content: bytes) -> Any:
    """A JSON document.

    Args:
        content: its bytes, UTF-8.

    Raises:
        InvalidArgument: it is not JSON, gives a member twice, or is nested deeper than can be read.
    """
    try:
        return json.loads(
            content.decode(), object_pairs_hook=_once, parse_float=_finite, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError) as error:
        if isinstance(error, InvalidArgument):
            raise
        raise InvalidArgument("the body: expected JSON in UTF-8") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise InvalidArgument("the body: expected each member once")
    return members


def _finite(text: str) -> float:
    number = float(text)
    if isinf(number):
        raise InvalidArgument("the body: expected numbers that are within the range of a double")
    return number


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidArgument(f"the body: expected JSON, which has no {name}")
