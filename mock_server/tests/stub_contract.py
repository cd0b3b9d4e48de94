"""The contract with further operations, for which the mock has no handlers."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from cerbo_portal_mock.spec.contract import Contract, default_path
from cerbo_portal_mock.spec.yaml_document import YamlDocument

from contract_tests.document_patches import Patch

Json = Any
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
