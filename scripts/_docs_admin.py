"""Renders parts of the reference of the mock's control API from its route table and the schemas of its bodies."""

import inspect
import json
import shlex
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from cerbo_portal_mock.admin import serializers
from cerbo_portal_mock.admin.api import PREFIX
from cerbo_portal_mock.admin.routes import ROUTES, Route
from cerbo_portal_mock.clinic.fault_rule import APPLIED_BY_DEFAULT
from cerbo_portal_mock.clinic.journal import Exchange
from cerbo_portal_mock.http.error_body import error_body
from cerbo_portal_mock.spec import schema_description, schema_set

from contract_tests.markdown_blocks import renewed

Schema = Mapping[str, Any]

_APPLIED = {True: "yes", False: "no", None: "as each step"}
_ORIGIN = "http://127.0.0.1:8080"
_SAMPLES = {"<int:fault_id>": "1", "<name>": "gw0"}


def render(page: str) -> str:
    """The page with its generated parts renewed.

    Raises:
        ValueError: the page lacks the comment that begins a part.
    """
    example = f"\n```json\n{json.dumps(serializers.exchange(_EXCHANGE), indent=2)}\n```\n"
    routes = "".join(f"{part}\n" for route in ROUTES for part in _entry(route))
    parts = {"routes": routes, "journal": example, "faults": "".join(_kinds())}
    if missing := [name for name in parts if f"<!-- {name} -->\n" not in page]:
        raise ValueError(f"expected the comment <!-- {missing[0]} -->")
    return renewed(page, parts)


def _entry(route: Route) -> Iterator[str]:
    path = route.path
    for variable, sample in _SAMPLES.items():
        path = path.replace(variable, sample)
    yield f"### {route.method} {PREFIX}{path}\n"
    yield f"{inspect.getdoc(route.handler)}\n"
    command = ["curl"] if route.method == "GET" else ["curl", "-X", route.method]
    if route.method == "POST":
        command += ["-H", "Content-Type: application/json"]
    if route.example is not None:
        command += ["-d", json.dumps(route.example)]
    yield f"```sh\n{shlex.join([*command, f'{_ORIGIN}{PREFIX}{path}'])}\n```\n"
    rows = [
        f"| `{name}` | {schema_description.describe(schema)} | {note} |"
        for name, schema, note in _members(schema_set.schema(route.schema))
    ]
    if rows:
        yield "\n".join(["| member | expected | |", "| --- | --- | --- |", *rows]) + "\n"


def _members(schema: Schema, prefix: str = "") -> Iterator[tuple[str, Schema, str]]:
    """The members of a schema, those of its objects and arrays included: name, schema and description."""
    whole = schema_set.resolved(schema)
    for name, member in whole.get("properties", {}).items():
        if member is False:
            continue
        inner = schema_set.resolved(member)
        required = "Required. " if name in whole.get("required", ()) else ""
        yield f"{prefix}{name}", inner, f"{required}{inner.get('description', '')}".strip()
        if not member.get("$ref", "").endswith("/scenario"):
            yield from _members(inner, f"{prefix}{name}.")
            yield from _members(inner.get("items", {}), f"{prefix}{name}[].")


def _kinds() -> Iterator[str]:
    yield "| kind | what the caller sees | carried out, unless `applied` says otherwise |\n| --- | --- | --- |\n"
    for kind, meaning in schema_set.schema("fault")["properties"]["kind"]["x-meanings"].items():
        yield f"| `{kind}` | {meaning} | {_APPLIED[APPLIED_BY_DEFAULT.get(kind)]} |\n"


_EXCHANGE = Exchange(
    at=datetime(2026, 11, 24, 12, tzinfo=UTC),
    instance="default",
    client="127.0.0.1",
    method="DELETE",
    path="/api/v1/patients/1/portal/enqueued/404",
    query="",
    headers={"HTTP_HOST": "127.0.0.1:8080", "HTTP_USER_AGENT": "curl/8.5.0", "HTTP_AUTHORIZATION": "REDACTED"},
    body=b"",
    status=404,
    response_headers={"Content-Type": "application/json", "Content-Length": "93"},
    response_body=error_body(404, "No such request in the patient's portal queue"),
    duration=0.0012,
    operation="deletePortalRequest",
    patient=1,
    user="un",
    id=12,
)
