"""The contract is valid, keeps this project's rules, and each rule finds the defect that it is for."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from cerbo_portal_mock.spec.yaml_document import DocumentError, YamlDocument
from openapi_spec_validator import OpenAPIV31SpecValidator

from contract_tests.conftest import SPEC
from contract_tests.document_patches import Patch, drop, move, put
from contract_tests.spec_lint.semantics import Rule
from contract_tests.spec_lint.structure import RULES

Json = Any


def test_the_contract_is_valid_openapi(document: Json) -> None:
    OpenAPIV31SpecValidator(document).validate()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_contract_keeps_the_rule(rule: Rule, document: Json) -> None:
    assert list(rule(document)) == []


def test_the_contract_reads_the_same_with_and_without_yaml_timestamps(document: Json) -> None:
    assert yaml.safe_load(SPEC.read_text(encoding="utf-8")) == document


def test_the_contract_has_no_yaml_anchors() -> None:
    tokens = yaml.scan(SPEC.read_text(encoding="utf-8"))
    assert [token for token in tokens if isinstance(token, yaml.AnchorToken | yaml.AliasToken)] == []


def test_coming_soon_parameters_are_those_the_vendor_announced(document: Json) -> None:
    parameters = document["components"]["parameters"].values()
    announced = {parameter["name"] for parameter in parameters if parameter.get("x-coming-soon")}
    assert announced == {"request_type", "status"}


def _ungraded(*keys: str) -> Patch:
    """Takes away how well something is known, and where from."""

    def patch(document: Json) -> None:
        for key in keys:
            document = document[key]
        del document["x-provenance"]
        document.pop("x-source", None)

    return patch


LIST = ("paths", "/patients/{pt_id}/portal/enqueued", "get")
OK = (*LIST, "responses", "200")
LINK = (*OK, "links", "removeFirst")
SCHEMAS, PARAMETERS, RESPONSES = (("components", kind) for kind in ("schemas", "parameters", "responses"))
ENTRY = (*SCHEMAS, "PortalRequest")
CHALLENGE = (*RESPONSES, "Unauthorized", "headers")
MEMBERS = (*ENTRY, "properties")
JSON = ("content", "application/json")
LATER = {"description": "A member that no example has."}
WHOLE = {"type": "integer"}
GRADED = {"x-provenance": "assumed", "description": "Else.", "schema": WHOLE, "examples": {"one": {"value": 1}}}
UNGRADED = {"description": "Else.", "schema": WHOLE, "examples": {"one": {"value": 1}}}

ANY_413 = ("x-any-operation", "413")
DOCUMENT = ("components", "requestBodies", "NewDocument")
CONTENT = (*SCHEMAS, "NewDocument", "properties", "base64_content")
DETAILS = (*MEMBERS, "details")
FORMS = (*DETAILS, "x-variants", "schemas")

DEFECTS = [
    ("provenance_is_stated", _ungraded(*LIST)),
    ("provenance_is_stated", _ungraded(*PARAMETERS, "PatientId")),
    ("provenance_is_stated", _ungraded("components", "headers", "Retry-After")),
    ("provenance_is_stated", _ungraded(*RESPONSES, "Forbidden")),
    ("provenance_is_stated", put("guessed", *ENTRY, "x-provenance")),
    ("provenance_is_stated", put("documentd", *MEMBERS, "created", "x-provenance")),
    ("provenance_is_stated", _ungraded("x-any-operation", "405")),
    ("provenance_is_stated", _ungraded("x-any-operation", "405", "headers", "Allow")),
    ("provenance_is_stated", put({"X-Page": UNGRADED}, *OK, "headers")),
    ("provenance_is_stated", put({**UNGRADED, "name": "page", "in": "query"}, *LIST, "parameters", 1)),
    ("provenance_is_stated", put({"schema": {}, "examples": {"any": {"value": 1}}}, *OK, "content", "text/plain")),
    ("provenance_is_stated", put({"content": {"text/plain": UNGRADED}}, *LIST, "requestBody")),
    ("sources_are_named", drop(*LIST, "x-source")),
    ("sources_are_named", drop(*MEMBERS, "created", "x-source")),
    ("sources_are_named", drop(*MEMBERS, "url_patient_details", "x-provenance")),
    ("sources_are_named", put("a hunch", *SCHEMAS, "Error", "x-source")),
    ("references_stand_alone", put("Else.", *MEMBERS, "pt_id", "description")),
    ("references_stand_alone", put("#/components/schemas/Ids", *MEMBERS, "pt_id", "$ref")),
    ("references_stand_alone", put("ids.yaml#/Id", *MEMBERS, "pt_id", "$ref")),
    ("references_stand_alone", put("#/components/schemas/PortalRequest/properties/pt_id", *MEMBERS, "pt_id", "$ref")),
    ("every_operation_documents_its_errors", drop(*LIST, "responses", "401")),
    ("every_operation_documents_its_errors", drop(*LIST, "responses", "400")),
    ("errors_have_one_shape", move((*CHALLENGE, "WWW-Authenticate"), *CHALLENGE, "Authenticate")),
    ("errors_have_one_shape", drop("components", "headers", "Retry-After", "required")),
    ("errors_have_one_shape", drop(*RESPONSES, "Forbidden", "content")),
    ("errors_have_one_shape", drop("x-any-operation", "415", "content")),
    (
        "errors_have_one_shape",
        move((*RESPONSES, "BadRequest", *JSON), *RESPONSES, "BadRequest", "content", "text/html"),
    ),
    ("operations_are_complete", drop(*LIST, "x-idempotent")),
    ("operations_are_complete", drop(*LIST, "operationId")),
    ("operations_are_complete", put("inviteToPortal", *LIST, "operationId")),
    ("operations_are_complete", put("ignore", *LIST, "x-result-false")),
    ("operations_are_complete", put([{"basicAuth": []}], *LIST, "security")),
    ("operations_are_complete", put([{"basicAuth": []}, {}], "security")),
    ("formats_are_known", put("datetime", *MEMBERS, "created", "format")),
    ("guesses_are_not_required", put(["subject"], *ENTRY, "required")),
    ("members_are_described", drop(*MEMBERS, "created", "description")),
    ("members_are_described", drop(*ENTRY, "description")),
    ("sets_are_open", put(["open", "dismissed"], *SCHEMAS, "RequestStatus", "enum")),
    ("examples_fit", put("one", *PARAMETERS, "PatientId", "examples", "patient", "value")),
    ("examples_fit", drop(*PARAMETERS, "PatientId", "examples")),
    ("examples_fit", put({}, *OK, *JSON, "example")),
    ("examples_fit", put(1, *SCHEMAS, "Id", "example")),
    ("examples_fit", move((*PARAMETERS, "PatientId", "examples", "patient"), *PARAMETERS, "PatientId", "example")),
    ("examples_fit", put({"externalValue": "one.json"}, *PARAMETERS, "PatientId", "examples", "patient")),
    ("links_lead_somewhere", put("dismissPortalRequest", *LINK, "operationId")),
    ("links_lead_somewhere", drop(*LINK, "operationId")),
    ("links_lead_somewhere", drop(*LINK, "parameters", "pt_id")),
    ("links_lead_somewhere", put("$request.path.pt_id", *LINK, "parameters", "patient_id")),
    ("links_lead_somewhere", put("$request.path.id", *LINK, "parameters", "pt_id")),
    ("links_lead_somewhere", put("$response.body#/data/0/key", *LINK, "parameters", "queue_request_id")),
    ("links_lead_somewhere", put("$request.query.id", *LINK, "parameters", "queue_request_id")),
    ("extensions_are_known", put(True, *LIST, "x-idempotnt")),
    ("extensions_are_known", put(True, *ENTRY, "x-idempotent")),
    ("extensions_are_known", put("answer", *OK, "x-result-false")),
    ("extensions_are_known", put(True, *MEMBERS, "created", "x-coming-soon")),
    ("extensions_are_known", put([], "x-anyoperation")),
    ("keywords_are_known", put(5, *MEMBERS, "subject", "minLenght")),
    ("keywords_are_known", put(True, *MEMBERS, "subject", "nullable")),
    ("keywords_are_known", put({"type": "integer", "min": 1}, *PARAMETERS, "PatientId", "schema")),
    ("keywords_are_known", put({"min": 1}, *SCHEMAS, "RequestDetails", "additionalProperties")),
    ("schemas_admit_something", put({**LATER, "type": "string", "const": 5}, *MEMBERS, "later")),
    ("schemas_admit_something", put({**LATER, "minimum": 3, "maximum": 2, "type": "integer"}, *MEMBERS, "later")),
    ("required_members_are_there", put({**LATER, "properties": {}, "required": ["code"]}, *MEMBERS, "later")),
    ("defaults_fit", put("none", *MEMBERS, "addedby", "default")),
    ("known_values_are_stated_once", put([], *SCHEMAS, "RequestStatus", "x-extensible-enum")),
    ("known_values_are_stated_once", put("open", *SCHEMAS, "RequestStatus", "x-extensible-enum", 2)),
    ("known_values_are_stated_once", put(1, *SCHEMAS, "RequestStatus", "x-extensible-enum", 2)),
    ("variants_are_complete", drop(*DETAILS, "x-variants")),
    ("variants_are_complete", put("status", *DETAILS, "x-variants", "member")),
    ("variants_are_complete", put("kind", *DETAILS, "x-variants", "member")),
    ("variants_are_complete", drop(*FORMS, "document")),
    ("variants_are_complete", put("DocumentDetails", *FORMS, "questionaire")),
    ("variants_are_complete", put("DocumentDetail", *FORMS, "document")),
    ("variants_are_complete", put({"$ref": "#/components/schemas/DocumentDetails"}, *DETAILS, "anyOf", 0)),
    ("variants_are_complete", put({}, *SCHEMAS, "RequestDetails", "properties")),
    ("variants_are_complete", put(["array", "null"], *SCHEMAS, "RawDetails", "type")),
    ("limits_are_stated", drop(*ANY_413, "x-max-body")),
    ("limits_are_stated", put("64 KiB", *ANY_413, "x-max-body")),
    ("limits_are_stated", put(0, *CONTENT, "x-max-decoded")),
    ("limits_are_stated", put(1024, *RESPONSES, "Forbidden", "x-max-body")),
    ("limits_are_stated", put(1024, "components", "requestBodies", "NewPrescription", "x-max-body")),
    ("limits_are_stated", put(True, *DOCUMENT, "x-max-body")),
    ("texts_of_bodies_have_a_pattern", drop(*SCHEMAS, "NewSecureMessage", "properties", "note", "pattern")),
    ("coming_soon_is_optional", put(True, *PARAMETERS, "StatusFilter", "required")),
    ("coming_soon_is_optional", put(True, *PARAMETERS, "PatientId", "x-coming-soon")),
    ("coming_soon_is_optional", put(False, *PARAMETERS, "StatusFilter", "x-coming-soon")),
    ("parameters_are_told_apart", put({"$ref": "#/components/parameters/PatientId"}, *LIST, "parameters", 1)),
    ("parameters_are_told_apart", put({**GRADED, "name": "status", "in": "header"}, *LIST, "parameters", 1)),
    ("parameters_are_told_apart", put({**GRADED, "name": "Accept", "in": "header"}, *LIST, "parameters", 1)),
    ("paths_hold_operations_alone", put([], *LIST[:2], "parameters")),
    ("operations_are_tagged", drop(*LIST, "tags")),
    ("operations_are_tagged", put(["Portal"], *LIST, "tags")),
    ("operations_are_tagged", put({"name": "Portal", "description": "Else."}, "tags", 0)),
    ("reads_are_idempotent", put(False, *LIST, "x-idempotent")),
    ("components_are_used", put({**GRADED, "name": "page", "in": "query"}, *PARAMETERS, "Page")),
    ("components_are_used", put({**WHOLE, "x-provenance": "assumed", "description": "Else."}, *SCHEMAS, "Page")),
    ("components_are_used", put({"type": "http", "x-provenance": "assumed"}, "components", "securitySchemes", "token")),
]


@pytest.mark.parametrize(("name", "defect"), DEFECTS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_defect_is_found_by_its_rule_and_by_no_other(name: str, defect: Patch, document: Json) -> None:
    defective = deepcopy(document)
    defect(defective)
    assert {rule.__name__ for rule in RULES if list(rule(defective))} == {name}


def test_every_rule_has_a_defect_that_it_finds() -> None:
    assert {name for name, _ in DEFECTS} == {rule.__name__ for rule in RULES}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("      x-idempotent: false", "      x-idempotent: false\n      x-idempotent: true"),
        ("\n    Error:\n", "\n    Id: {}\n    Error:\n"),
        ("  /patients/{pt_id}/portal/invite:", "  /patients/{pt_id}/portal/enqueued:"),
    ],
    ids=["member", "component", "path"],
)
def test_a_key_that_is_given_twice_is_refused(old: str, new: str, tmp_path: Path) -> None:
    text = SPEC.read_text(encoding="utf-8")
    assert old in text
    copy = tmp_path / "spec.yaml"
    copy.write_text(text.replace(old, new))
    with pytest.raises(DocumentError, match="expected each key once"):
        YamlDocument(copy)
