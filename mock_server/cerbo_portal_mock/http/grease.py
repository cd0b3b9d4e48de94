"""Varies in a response whatever the contract leaves open (grease, RFC 8701): a program must not rely on a guess.

The variation follows from the contract: from the schema of the response, from `2XX` and from `x-alternatives`. It is
drawn from the seed, the instance, the operation and the number of the call, so that the same calls have the same
responses.
"""

import json
from random import Random

from flask import Response

from cerbo_portal_mock.clinic.grease import Grease
from cerbo_portal_mock.http.grease_body import BodyVariation
from cerbo_portal_mock.http.grease_text import HEAD, vary_content_type, vary_head, vary_headers, vary_json
from cerbo_portal_mock.http.request_context import RequestContext
from cerbo_portal_mock.spec.contract import Contract
from cerbo_portal_mock.spec.media_types import is_json
from cerbo_portal_mock.spec.response import DocumentedResponse

NO_CONTENT = 204
_MOST_NOTES = 20


class Variation:
    """Varies the responses of an application.

    Args:
        contract: what responses may be.
    """

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def vary(self, context: RequestContext, response: Response, grease: Grease) -> tuple[str, ...]:
        """Change a response, and give what was varied, such as `ids: data[].id`.

        Args:
            context: the request.
            response: the response to it, which is changed.
            grease: the kinds, and the seed.
        """
        operation, instance = context.operation, context.instance
        name = operation.id if operation else ""
        draw = Random(f"{grease.seed}/{instance.name}/{name}/{instance.next_variation(name)}")  # noqa: S311
        status = response.status_code
        documented = operation.response(status) if operation else None
        documented = documented or self._contract.responses.get(status)
        notes: list[str] = []
        if documented is not None:
            notes += self._vary_body(documented, response, grease, draw)
            if "status" in grease.kinds and operation and context.fault is None:
                changed = _vary_status(operation.alternatives(status), response, draw)
                notes = changed if response.status_code == NO_CONTENT else notes + changed
        if "text" in grease.kinds:
            if response.content_type:
                response.headers["Content-Type"] = vary_content_type(response.content_type, draw)
            varied = vary_headers(response.headers.to_wsgi_list(), draw)
            response.headers.clear()
            response.headers.extend(varied)
            head_draw = Random(draw.random())  # noqa: S311
            context.request.environ[HEAD] = lambda head: vary_head(head, head_draw)
            notes.append("text: the headers")
        more = len(notes) - _MOST_NOTES
        return (*notes[:_MOST_NOTES], *([f"and {more} more"] if more > 0 else []))

    def _vary_body(self, documented: DocumentedResponse, response: Response, grease: Grease, draw: Random) -> list[str]:
        content = response.get_data()
        declared = documented.media_types[:1]
        if not (content and is_json(response.mimetype or "") and declared and is_json(declared[0])):
            return []
        value = json.loads(content)
        body = BodyVariation(self._contract.wire_forms, grease.kinds, draw, with_absent=response.status_code < 400)
        varied = body.vary(body.vary_error(value), documented.schema)
        # A schema may ask for more than its members say, such as for a number of them.
        if not documented.permits(varied):
            return []
        if "text" in grease.kinds:
            body.notes["text: the JSON"] = None
            response.set_data(vary_json(varied, draw))
        else:
            response.set_data(_compact(varied))
        return list(body.notes)


def _compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def _vary_status(alternatives: tuple[int, ...], response: Response, draw: Random) -> list[str]:
    before = response.status_code
    status = draw.choice((before, *alternatives))
    if status == before:
        return []
    response.status_code = status
    if status == NO_CONTENT:
        response.set_data(b"")
        del response.headers["Content-Type"], response.headers["Content-Length"]
    return [f"status: {before} as {status}"]
