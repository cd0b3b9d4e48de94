"""JSON as the mock writes it: the members in their order, nothing between them."""

import json
from typing import Any

import orjson
from flask import Response
from flask.json.provider import DefaultJSONProvider

# JSON has no form for these: they are errors, and no accidents.
_OPTIONS = orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
_encode = json.JSONEncoder(separators=(",", ":")).encode


class JsonForm(DefaultJSONProvider):
    """Flask's provider, without what it looks up for each answer."""

    def response(self, *args: Any, **kwargs: Any) -> Response:
        """An answer; the arguments are those of `flask.jsonify`."""
        document = self._prepare_response_obj(args, kwargs)
        try:
            content = orjson.dumps(document, option=_OPTIONS)
        except TypeError:  # halves of characters, and whole numbers of more than 64 bits, which JSON can have
            content = f"{_encode(document)}\n".encode()
        return Response(content, content_type=self.mimetype)
