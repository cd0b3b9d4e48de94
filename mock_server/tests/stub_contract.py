"""The contract with further operations, for which the mock has no handlers."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cerbo_portal_mock import create_app
from cerbo_portal_mock.http import handlers
from cerbo_portal_mock.http.request_context import RequestContext
from cerbo_portal_mock.spec.contract import Contract, default_path
from cerbo_portal_mock.spec.yaml_document import YamlDocument

from contract_tests.document_patches import Patch
from contract_tests.support.http_client import USER, http_client

Json = Any
Receive = Callable[..., Json]
PATH = "/stubs"
ERRORS = {
    "400": "BadRequest",
    "401": "Unauthorized",
    "403": "Forbidden",
    "429": "TooManyRequests",
    "500": "InternalServerError",
    "503": "ServiceUnavailable",
}


@cache
def _document() -> str:
    return json.dumps(YamlDocument(default_path()).content)


def json_content(schema: Json, **content: Json) -> Json:
    """The content of a JSON body."""
    return {"content": {"application/json": {"schema": schema, **content}}}


def operation(name: str = "stub", *, responses: Json = None, **members: Json) -> Json:
    """An operation without a handler.

    Args:
        name: its operation id.
        responses: its successes; by default one with an object.
        members: its other members.
    """
    errors = {status: {"$ref": f"#/components/responses/{component}"} for status, component in ERRORS.items()}
    successes = responses or {"200": {"description": "done", **json_content({"type": "object"}, example={"n": 1})}}
    return {"operationId": name, "tags": ["Patient-Portal"], "responses": {**successes, **errors}, **members}


def paths(items: Json) -> Patch:
    """Adds path items."""
    return lambda document: document["paths"].update(items)


def components(kind: str, items: Json) -> Patch:
    """Adds components of a kind."""
    return lambda document: document["components"].setdefault(kind, {}).update(items)


def stub_contract(folder: Path, *patches: Patch) -> Contract:
    """The contract of this project, changed.

    Args:
        folder: where its document is written.
        patches: the changes.
    """
    document = json.loads(_document())
    for patch in patches:
        patch(document)
    path = folder / "spec.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return Contract(path)


def parameter(location: str, schema: Json, **members: Any) -> Json:
    """An operation with one parameter, x."""
    return {"parameters": [{"name": "x", "in": location, "required": location == "path", "schema": schema, **members}]}


class Operations:
    """Operations in one contract, whose handlers return nothing."""

    def __init__(self) -> None:
        self._items: dict[str, Json] = {}

    def declare(self, declared: Json, suffix: str = "", item: Json = None) -> str:
        """Add an operation.

        Args:
            declared: its members.
            suffix: what its path ends in.
            item: other members of its path item.

        Returns:
            Its path without the suffix.
        """
        number = len(self._items)
        self._items[f"{PATH}/{number}{suffix}"] = {"post": operation(f"stub{number}", **declared), **(item or {})}
        return f"{PATH}/{number}"

    def receiver(self, folder: Path, schemas: Json) -> Receive:
        """What sends a request: the path and options of httpx in, the arguments of the handler out.

        Of a request that is refused, it returns the status and the text.

        Args:
            folder: where the contract is written.
            schemas: components of the contract.
        """

        def handle(context: RequestContext, **arguments: Any) -> Json:
            seen.append(arguments)
            return {}

        def receive(path: str, **sent: Any) -> Json:
            with http_client(app, "/api/v1", auth=USER) as http:
                answer = http.post(path, **sent)
            return seen.pop() if answer.status_code == 200 else (answer.status_code, answer.text)

        seen: list[Json] = []
        contract = stub_contract(folder, components("schemas", schemas), paths(self._items))
        with pytest.MonkeyPatch.context() as patch:
            for item in self._items.values():
                patch.setitem(handlers.HANDLERS, item["post"]["operationId"], handle)
            app = create_app(contract=contract, validate="strict", stubs=False)
        return receive
