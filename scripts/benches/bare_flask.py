"""The limit: Flask routes that answer the contract's examples, without doing anything, on waitress as it comes.

Run as `python -m benches.bare_flask PORT`, with this folder's parent on the path.
"""

import sys
from typing import Any

import yaml
from _venv import ROOT
from flask import Flask, Response, jsonify

_ROUTES = {
    "GET": "/patients/<pt_id>/portal/enqueued",
    "DELETE": "/patients/<pt_id>/portal/enqueued/<queue_request_id>",
    "POST": "/patients/<pt_id>/portal/invite",
}


def example(method: str) -> Any:
    """The first example of what the route of this method answers."""
    document = yaml.safe_load((ROOT / "openapi" / "cerbo-portal.yaml").read_text(encoding="utf-8"))
    operation = document["paths"][_ROUTES[method].replace("<", "{").replace(">", "}")][method.lower()]
    examples = operation["responses"]["200"]["content"]["application/json"]["examples"]
    return next(iter(examples.values()))["value"]


def create_app() -> Flask:
    """The application."""
    app = Flask(__name__, static_folder=None)

    def route(method: str, rule: str) -> None:
        content = example(method)

        def view(**_: str) -> Response:
            return jsonify(content)

        app.add_url_rule(f"/api/v1{rule}", method, view, methods=[method])

    for method, rule in _ROUTES.items():
        route(method, rule)
    return app


if __name__ == "__main__":
    import waitress

    waitress.serve(create_app(), host="127.0.0.1", port=int(sys.argv[1]))
