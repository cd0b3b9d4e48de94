"""JSON as the mock writes it: the members in their order, nothing between them."""

import json
from typing import Any

import orjson
from flask import Response
from flask.json.provider import DefaultJSONProvider

# JSON cannot express these: they raise an error.
_OPTIONS = orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
_encode = json.JSONEncoder(separators=(",", ":")).encode


class JsonProvider(DefaultJSONProvider):
    """Flask's provider, without what it looks up for each response."""

    def response(self, *args: Any, **kwargs: Any) -> Response:
        """A response; the arguments are those of `flask.jsonify`."""
        document = self._prepare_response_obj(args, kwargs)
        try:
            content = orjson.dumps(document, option=_OPTIONS)
        except TypeError:  # unpaired surrogates, and integers of more than 64 bits, which JSON permits
            content = f"{_encode(document)}\n".encode()
        return Response(content, content_type=self.mimetype)
