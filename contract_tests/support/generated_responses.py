"""Responses that the contract permits, and others, generated from it; and what the client makes of them."""

import copy
import json
from collections.abc import Callable
from typing import Any

import cerbo_portal_client as cerbo
import httpx
import jsonschema_rs
import pytest
import schemathesis
from cerbo_portal_client import Client
from cerbo_portal_client._operations import CONTRACT
from cerbo_portal_runtime.events import Deviation, Event
from cerbo_portal_runtime.serialization import NO_INSTANT, is_instant
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from contract_tests import example_budget
from contract_tests.probes.requests import known_operations, method_name
from contract_tests.spec_lint.yaml_lines import YamlDocument
from contract_tests.support.checkout import SPEC

Json = Any

DOCUMENT: Any = YamlDocument(SPEC).content
SCHEMAS: Any = DOCUMENT["components"]["schemas"]
OPERATIONS = CONTRACT.operations
#: The name of the schema of each success.
MODELS = {name: each.result.model.__name__ for name, each in OPERATIONS.items() if each.result.model}
WRITES = [name for name, each in OPERATIONS.items() if each.has_side_effects and each.result_false_is_error]
ARGUMENTS = {method_name(id_): each.arguments for id_, each in known_operations(DOCUMENT).items()}

#: Deviations that no schema expresses.
BEYOND_SCHEMAS = {
    "data[].pt_id: names another pt_id than the request",
    "id: names another queue_request_id than the request",
    "total_count: more than the list has",
}


def _oracle(name: str) -> Any:
    """Validates a body against the contract as the client understands it; all other differences are here.

    - A URL is a text: `format: uri` is not checked.
    - A date and time must exist, and has some more forms than the contract's, such as no offset behind a `T`.
    - A text of digits stands for at most 2^63-1.
    - The result of an operation that changes something says that it was done: the contract does not require it.
    """
    schemas = copy.deepcopy(SCHEMAS)
    schemas["Instant"] = {"type": ["string", "null"], "format": "date-time"}
    if name in WRITES:
        schemas[MODELS[name]] |= {"required": ["result"]}
        schemas[MODELS[name]]["properties"]["result"] = {"const": True}
    formats = {
        "date-time": lambda text: is_instant(text) or text in NO_INSTANT,
        "int64": lambda text: not text.isdecimal() or int(text) < 2**63,
        "uri": lambda _: True,
    }
    schema = {"$ref": f"#/components/schemas/{MODELS[name]}", "components": {"schemas": schemas}}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, formats=formats)


#: By the name of the method.
ORACLES = {name: _oracle(name) for name in OPERATIONS}


def _inside_out() -> Any:
    """The contract with each success as the request of an operation: generators make requests, not responses."""
    paths = {
        f"/{name}": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{model}"}}},
                },
                "responses": {"200": {"description": "taken"}},
            }
        }
        for name, model in MODELS.items()
    }
    # Generators know no `if`: an entry has the details of any type.
    entry = {key: value for key, value in SCHEMAS["PortalRequest"].items() if key != "allOf"}
    details = [{"$ref": f"#/components/schemas/{name}"} for name in SCHEMAS if name.endswith("Details")]
    entry |= {"properties": entry["properties"] | {"details": {"anyOf": [*details, {"type": "null"}]}}}
    info, components = {"title": "inside out", "version": "1"}, {"schemas": SCHEMAS | {"PortalRequest": entry}}
    return schemathesis.openapi.from_dict({"openapi": "3.1.0", "info": info, "paths": paths, "components": components})


INSIDE_OUT = _inside_out()


def for_each_operation(mode: GenerationMode) -> Callable[[Callable[[str, Json, st.DataObject], None]], Any]:
    """Make a test of a check that takes an operation, the body of a success, and whatever else it draws.

    Args:
        mode: whether the bodies fit the contract.
    """

    def decorate(check: Callable[[str, Json, st.DataObject], None]) -> Any:
        @pytest.mark.parametrize("name", OPERATIONS)
        @settings(suppress_health_check=list(HealthCheck), max_examples=example_budget.EXAMPLES)
        @given(data=st.data())
        def test(name: str, data: st.DataObject) -> None:
            case = data.draw(INSIDE_OUT[f"/{name}"]["POST"].as_strategy(generation_mode=mode))
            check(name, case.body, data)

        test.__doc__ = check.__doc__
        return test

    return decorate


def well_meant(name: str, body: Json) -> Json:
    """A conformant body that is about the request, and says that all was done, or listed.

    Args:
        name: the client's method.
        body: any conformant body.
    """
    body = {key: value for key, value in body.items() if key != "error"}
    if OPERATIONS[name].list_member:
        entries = [{**entry, "pt_id": ARGUMENTS[name]["pt_id"]} for entry in body["data"]]
        entries = entries or [{"id": 7, "created": "2026-11-23 10:00:00", "request_type": "document", "details": {}}]
        body |= {"data": entries, "has_more": False, "total_count": len(entries)}
        body.pop("result", None)
    elif name in WRITES:
        body["result"] = True
    return body | {
        each.member[0]: ARGUMENTS[name][each.argument]
        for each in OPERATIONS[name].equalities
        if len(each.member) == 1 and each.member[0] in body
    }


def answer(body: Json, status: int = 200) -> httpx.Response:
    """A response in JSON."""
    return httpx.Response(status, headers={"Content-Type": "application/json"}, content=json.dumps(body).encode())


def call(name: str, response: httpx.Response, **options: Any) -> Any:
    """What a client returns or raises.

    Args:
        name: the client's method.
        response: what the server sends.
        options: of the client.
    """
    transport = httpx.MockTransport(lambda _: response)
    options = {"username": "u", "password": "p", "transport": transport, "retries": 0, **options}
    with Client("http://127.0.0.1/api/v1", **options) as client:
        return getattr(client, name)(**ARGUMENTS[name])


def read(name: str, body: Json, status: int = 200) -> tuple[Any, set[str]]:
    """The outcome of a tolerant call and its deviations, for which alone the strict one is an error.

    Args:
        name: the client's method.
        body: what the server sends.
        status: with which status.
    """
    seen: list[Event] = []
    outcome = _outcome(name, answer(body, status), observer=seen.append)
    found = {f"{each.element}: {each.kind}" for each in seen if isinstance(each, Deviation) and not each.is_notice}
    strict = _outcome(name, answer(body, status), strict=True)
    is_success = not isinstance(outcome, cerbo.CallError)
    assert type(strict) is (cerbo.MalformedResponse if is_success and found else type(outcome))
    return outcome, found


def _outcome(name: str, response: httpx.Response, **options: Any) -> Any:
    try:
        return call(name, response, **options)
    except cerbo.CallError as error:
        return error
