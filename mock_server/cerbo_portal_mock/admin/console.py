"""The console, a page over the control API, and `/docs`, the contract as a page that can call the mock.

Neither needs another host. The pages contain only files and the contract: the data of an instance reach a page
through the control API, with that API's own checks.
"""

from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request, send_from_directory

from cerbo_portal_mock.clinic.api_users import ApiUser
from cerbo_portal_mock.clinic.instance import Instances
from cerbo_portal_mock.clinic.scenario import Scenario
from cerbo_portal_mock.http import instance_routing
from cerbo_portal_mock.http.blueprint import MockBlueprint
from cerbo_portal_mock.http.handlers import HANDLERS
from cerbo_portal_mock.http.request_context import current_context
from cerbo_portal_mock.spec import schema_set
from cerbo_portal_mock.spec.contract import Contract

NAME = "console"
_STATIC = Path(__file__).with_name("static")
# Systems disagree on the type of .js, and browsers refuse a module that has another.
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

# The switches of the console: label, effect on callers, and the fault rule that it adds.
SWITCHES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("Down", "every call fails with 503", {"kind": "status", "status": 503, "retry_after": 5}),
    ("Rate limit", "every call fails with 429", {"kind": "status", "status": 429, "retry_after": 30}),
    ("Flaky", "about every third call fails with 500", {"kind": "status", "status": 500, "probability": 0.33}),
    ("Slow", "every answer takes 3 seconds", {"kind": "delay", "delay_ms": 3000}),
    ("Lost answers", "calls are carried out, then the connection closes", {"kind": "close", "applied": True}),
    ("Garbage", "calls are carried out, the answer is no JSON", {"kind": "garbage", "applied": True}),
)


def blueprint(contract: Contract, instances: Instances) -> Blueprint:
    """The pages over these instances.

    Args:
        contract: the document of `/docs`, and the operations that the console calls.
        instances: the instances, whose users may have the passwords that this package publishes.
    """
    # A mail in the outbox is shown in a frame, which has an origin of its own: it needs the style sheet.
    console = MockBlueprint(
        NAME, __name__, open_endpoints=frozenset({f"{NAME}.static_file"}), template_folder="templates"
    )

    @console.after_request
    def protect(response: Response) -> Response:
        response.headers.update(_HEADERS)
        return response

    def page(template: str, **content: Any) -> Response:
        config = {
            "root": request.root_path,
            "api": request.root_path + contract.base_path,
            "instance": instance_routing.instance_name(current_context().request),
            "operations": {
                operation.id: {
                    "method": operation.method,
                    "path": operation.path,
                    "stub": operation.id not in HANDLERS,
                }
                for operation in contract.operations.values()
            },
            # A list keeps the scenario's order, which an object would lose.
            "passwords": list(_published(instances).items()),
        }
        content["base_url"] = current_context().api_url
        response = make_response(render_template(template, config=config, **content))
        response.headers["Cache-Control"] = "no-store"
        return response

    @console.get("/")
    def show() -> Response:
        request_type = contract.resolve(contract.schema("RequestType"))
        meanings = schema_set.schema("fault")["properties"]["kind"]["x-meanings"]
        return page(
            "console.html",
            version=version("cerbo-portal"),
            contract_version=contract.document["info"]["version"],
            switches=SWITCHES,
            # The form has no field for the steps of a sequence.
            kinds={kind: meaning for kind, meaning in meanings.items() if kind != "sequence"},
            statuses=contract.error_statuses,
            request_types=request_type["x-extensible-enum"],
        )

    @console.get("/docs")
    def docs() -> Response:
        return page("docs.html")

    @console.get("/static/<name>")
    def static_file(name: str) -> Response:
        return _file(_STATIC, name)

    @console.get("/docs/<name>")
    def swagger_file(name: str) -> Response:
        return _file(_swagger(), name)

    return console


def _file(folder: Path, name: str) -> Response:
    kind = _TYPES.get(Path(name).suffix)
    if kind is None:
        abort(404)
    return send_from_directory(folder, name, mimetype=kind)


@cache
def _swagger() -> Path:
    """The files of Swagger UI; their package is not imported."""
    spec = find_spec("flask_swagger_ui")
    if spec is None or spec.origin is None:
        abort(503, "The pages of /docs need the package flask-swagger-ui")
    return Path(spec.origin).with_name("dist")


def _published(instances: Instances) -> dict[str, str]:
    """The passwords of users that are identical to users of the scenario that this package publishes."""
    instance = instances.get(instance_routing.instance_name(current_context().request))
    scenario = instance.scenario if instance else instances.scenario
    return {user.username: user.password for user in scenario.users if user in _published_users()}


@cache
def _published_users() -> frozenset[ApiUser]:
    return frozenset(Scenario.built_in().users)
