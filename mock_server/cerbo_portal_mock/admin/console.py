"""The console: a page for people over the control API, and `/docs`, the contract as a page that can call the mock.

Both come with all that they need, and both are files and the contract only: what an instance holds reaches a page
through the control API, with that API's own guards.
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

# Faults of one click: what the switch is called, what callers see, and the fault that it orders.
SWITCHES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("Down", "every call is answered 503", {"kind": "status", "status": 503, "retry_after": 5}),
    ("Rate limit", "every call is answered 429", {"kind": "status", "status": 429, "retry_after": 30}),
    ("Flaky", "about every third call fails with 500", {"kind": "status", "status": 500, "probability": 0.33}),
    ("Slow", "every answer takes 3 seconds", {"kind": "delay", "delay_ms": 3000}),
    ("Lost answers", "calls are carried out, then the connection closes", {"kind": "close", "acts": True}),
    ("Garbage", "calls are carried out, the answer is no JSON", {"kind": "garbage", "acts": True}),
)


def blueprint(contract: Contract, instances: Instances) -> Blueprint:
    """The pages over these instances.

    Args:
        contract: what `/docs` shows, and which operations the console calls.
        instances: whose users are tried for the passwords that this package publishes.
    """
    console = Blueprint(NAME, __name__, template_folder="templates")

    @console.after_request
    def protect(response: Response) -> Response:
        response.headers.update(_HEADERS)
        return response

    def page(template: str, **content: Any) -> Response:
        config = {
            "root": request.root_path,
            "api": request.root_path + contract.base_path,
            "instance": instance_routing.instance_name(),
            "operations": {
                operation.id: {"method": operation.method, "path": operation.path}
                for operation in contract.operations.values()
            },
            # In the scenario's order, which an object would lose on its way into the page.
            "passwords": list(_published(instances).items()),
        }
        base_url = instance_routing.base_url() + contract.base_path
        response = make_response(render_template(template, config=config, base_url=base_url, **content))
        response.headers["Cache-Control"] = "no-store"
        return response

    @console.get("/")
    def show() -> Response:
        request_type = contract.resolve(contract.schema("RequestType"))
        return page(
            "console.html",
            version=version("cerbo-portal"),
            contract_version=contract.document["info"]["version"],
            switches=SWITCHES,
            kinds=schema_set.form("fault")["properties"]["kind"]["x-meanings"],
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
    """The files of Swagger UI; the package that brings them is not imported."""
    spec = find_spec("flask_swagger_ui")
    if spec is None or spec.origin is None:
        abort(503, "The pages of /docs need the package flask-swagger-ui")
    return Path(spec.origin).with_name("dist")


def _published(instances: Instances) -> dict[str, str]:
    """The passwords by user, of those who are as in the scenario that this package publishes."""
    instance = instances.get(instance_routing.instance_name())
    scenario = instance.scenario if instance else instances.scenario
    return {user.username: user.password for user in scenario.users if user in _samples()}


@cache
def _samples() -> frozenset[ApiUser]:
    return frozenset(Scenario.built_in().users)
