"""The contract is valid, keeps this project's rules, and each rule finds the defect that it is for."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
import yaml
from cerbo_portal_mock.yamlfile import Document
from openapi_spec_validator import OpenAPIV31SpecValidator

from contract_tests import spec_rules
from contract_tests.conftest import SPEC

Json = Any


def test_the_contract_is_valid_openapi(document: Json) -> None:
    OpenAPIV31SpecValidator(document).validate()


@pytest.mark.parametrize("rule", spec_rules.RULES, ids=lambda rule: rule.__name__)
def test_the_contract_keeps_the_rule(rule: spec_rules.Rule, document: Json) -> None:
    assert list(rule(document)) == []


def test_the_contract_reads_the_same_with_and_without_yaml_timestamps(document: Json) -> None:
    assert Document(SPEC).content == document


def test_the_contract_has_no_yaml_anchors() -> None:
    tokens = yaml.scan(SPEC.read_text(encoding="utf-8"))
    assert [token for token in tokens if isinstance(token, yaml.AnchorToken | yaml.AliasToken)] == []


def test_coming_soon_parameters_are_those_the_vendor_announced(document: Json) -> None:
    parameters = document["components"]["parameters"].values()
    announced = {parameter["name"] for parameter in parameters if parameter.get("x-coming-soon")}
    assert announced == {"request_type", "status"}


def _drop(*keys: str) -> Callable[[Json], None]:
    def drop(document: Json) -> None:
        *way, last = keys
        for key in way:
            document = document[key]
        del document[last]

    return drop


def _put(value: Json, *keys: str) -> Callable[[Json], None]:
    def put(document: Json) -> None:
        *way, last = keys
        for key in way:
            document = document[key]
        document[last] = value

    return put


LIST = ("paths", "/patients/{pt_id}/portal/enqueued", "get")
LINK = (*LIST, "responses", "200", "links", "removeFirst")
ENTRY = ("components", "schemas", "PortalRequest")

DEFECTS = [
    ("provenance_is_stated", _drop(*LIST, "x-provenance")),
    ("provenance_is_stated", _drop("components", "parameters", "PatientId", "x-provenance")),
    ("provenance_is_stated", _drop("components", "headers", "Retry-After", "x-provenance")),
    ("provenance_is_stated", _drop("components", "responses", "Forbidden", "x-provenance")),
    ("provenance_is_stated", _put("guessed", *ENTRY, "x-provenance")),
    ("provenance_is_stated", _drop("x-any-operation", "405", "x-provenance")),
    ("sources_are_named", _drop(*LIST, "x-source")),
    ("sources_are_named", _drop(*ENTRY, "properties", "created", "x-source")),
    ("sources_are_named", _put("a hunch", "components", "schemas", "Error", "x-source")),
    ("references_stand_alone", _put("assumed", *ENTRY, "properties", "pt_id", "x-provenance")),
    ("references_stand_alone", _put("#/components/schemas/Ids", *ENTRY, "properties", "pt_id", "$ref")),
    ("every_operation_documents_its_errors", _drop(*LIST, "responses", "401")),
    ("every_operation_documents_its_errors", _drop(*LIST, "responses", "400")),
    ("errors_have_one_shape", _drop("components", "responses", "Unauthorized", "headers")),
    ("errors_have_one_shape", _drop("components", "headers", "Retry-After", "required")),
    ("errors_have_one_shape", _drop("components", "responses", "Forbidden", "content")),
    ("errors_have_one_shape", _drop("x-any-operation", "413", "content")),
    ("operations_are_complete", _drop(*LIST, "x-idempotent")),
    ("operations_are_complete", _put("inviteToPortal", *LIST, "operationId")),
    ("operations_are_complete", _put("ignore", *LIST, "x-result-false")),
    ("operations_are_complete", _put([], *LIST, "security")),
    ("operations_are_complete", _drop("security")),
    ("formats_are_known", _put("datetime", *ENTRY, "properties", "created", "format")),
    ("guesses_are_not_required", _put(["subject"], *ENTRY, "required")),
    ("members_are_described", _drop(*ENTRY, "properties", "created", "description")),
    ("members_are_described", _drop(*ENTRY, "description")),
    ("sets_are_open", _put(["open"], "components", "schemas", "RequestStatus", "enum")),
    ("examples_fit", _put("one", "components", "parameters", "PatientId", "examples", "patient", "value")),
    ("examples_fit", _drop("components", "parameters", "PatientId", "examples")),
    ("examples_fit", _put({}, *LIST, "responses", "200", "content", "application/json", "example")),
    ("links_lead_somewhere", _put("dismissPortalRequest", *LINK, "operationId")),
    ("links_lead_somewhere", _drop(*LINK, "parameters", "pt_id")),
    ("links_lead_somewhere", _put("$request.path.id", *LINK, "parameters", "pt_id")),
    ("links_lead_somewhere", _put("$response.body#/data/0/key", *LINK, "parameters", "queue_request_id")),
    ("links_lead_somewhere", _put("$request.query.id", *LINK, "parameters", "queue_request_id")),
]


@pytest.mark.parametrize(("name", "defect"), DEFECTS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_rule_finds_its_defect(name: str, defect: Callable[[Json], None], document: Json) -> None:
    defective = deepcopy(document)
    defect(defective)
    assert list(getattr(spec_rules, name)(defective))


def test_every_rule_has_a_defect_that_it_finds() -> None:
    assert {name for name, _ in DEFECTS} == {rule.__name__ for rule in spec_rules.RULES}
