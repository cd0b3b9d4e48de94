"""The limit: Flask routes that answer what the mock answers, without doing anything, on waitress as it comes.

Run as `python -m benches.bare PORT ANSWERS THREADS`, with this folder's parent on the path; see `answers`.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, jsonify

ROUTES = (
    ("GET", "/patients/<pt_id>/portal/enqueued"),
    ("DELETE", "/patients/<pt_id>/portal/enqueued/<queue_request_id>"),
    ("POST", "/patients/<pt_id>/portal/invite"),
)


def answers(contract: Mapping[str, Any]) -> dict[str, Any]:
    """By method, what each route answers: the first example of the contract's document."""
    found = {}
    for method, rule in ROUTES:
        operation = contract["paths"][rule.replace("<", "{").replace(">", "}")][method.lower()]
        examples = operation["responses"]["200"]["content"]["application/json"]["examples"]
        found[method] = next(iter(examples.values()))["value"]
    return found


def create_app(answers: Mapping[str, Any]) -> Flask:
    """The application.

    Args:
        answers: by method, the document to answer.
    """
    app = Flask(__name__, static_folder=None)

    def route(method: str, rule: str) -> None:
        def view(**_: str) -> Response:
            return jsonify(answers[method])

        app.add_url_rule(f"/api/v1{rule}", method, view, methods=[method])

    for method, rule in ROUTES:
        route(method, rule)
    return app


if __name__ == "__main__":
    import waitress

    waitress.serve(
        create_app(json.loads(sys.argv[2])), host="127.0.0.1", port=int(sys.argv[1]), threads=int(sys.argv[3])
    )
