"""The contract is valid, keeps this project's rules, and each rule finds the defect that it is for."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from contract_tests.document_patches import Patch, drop, move, put
from contract_tests.spec_lint.semantics import RULES, findings, lint
from contract_tests.spec_lint.yaml_lines import DocumentError, YamlDocument
from contract_tests.support.checkout import SPEC

Json = Any


def test_the_contract_is_valid_openapi(document: Json) -> None:
    OpenAPIV31SpecValidator(document).validate()


def test_the_contract_keeps_the_rules(document: Json) -> None:
    assert findings(document) == []


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


def _without_successes(document: Json) -> None:
    responses = document["paths"]["/patients/{pt_id}/rxs/refill"]["post"]["responses"]
    for status in [status for status in responses if status.startswith("2")]:
        responses[f"3{status[1:]}"] = responses.pop(status)


LIST = ("paths", "/patients/{pt_id}/portal/enqueued", "get")
INVITE = ("paths", "/patients/{pt_id}/portal/invite", "post")
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
NOTES = (*SCHEMAS, "NewDocument", "properties", "notes")
DETAILS = (*MEMBERS, "details")
CONDITION = (*ENTRY, "allOf", 0)
XML = {"schema": {**WHOLE, "x-provenance": "assumed"}, "examples": {"one": {"value": 1}}}
SUCCESS = {"description": "Else.", "x-provenance": "assumed"}

DEFECTS = [
    ("structure: x-provenance", _ungraded(*LIST)),
    ("structure: x-provenance", _ungraded(*PARAMETERS, "PatientId")),
    ("structure: x-provenance", _ungraded("components", "headers", "Retry-After")),
    ("structure: x-provenance", _ungraded(*RESPONSES, "Forbidden")),
    ("structure: x-provenance", put("guessed", *ENTRY, "x-provenance")),
    ("structure: x-provenance", put("documentd", *MEMBERS, "addedby", "x-provenance")),
    ("structure: x-provenance", _ungraded("x-any-operation", "405")),
    ("structure: x-provenance", _ungraded("x-any-operation", "405", "headers", "Allow")),
    ("structure: x-provenance", put({"X-Page": UNGRADED}, *OK, "headers")),
    ("structure: x-provenance", put({**UNGRADED, "name": "page", "in": "query"}, *LIST, "parameters", 1)),
    ("structure: x-provenance", put({"schema": {}, "examples": {"any": {"value": 1}}}, *OK, "content", "text/plain")),
    ("structure: x-provenance", put({"content": {"text/plain": UNGRADED}}, *LIST, "requestBody")),
    ("structure: x-source", drop(*LIST, "x-source")),
    ("structure: x-source", drop(*MEMBERS, "addedby", "x-source")),
    ("structure: x-source", drop(*MEMBERS, "object", "x-provenance")),
    ("structure: x-source", put("a hunch", *SCHEMAS, "SecureMessageDetails", "x-source")),
    ("structure: status", put("Else.", *MEMBERS, "status", "description")),
    ("references", put("#/components/schemas/Ids", *MEMBERS, "status", "$ref")),
    ("structure: $ref", put("ids.yaml#/Id", *MEMBERS, "status", "$ref")),
    ("structure: $ref", put("#/components/schemas/PortalRequest/properties/status", *MEMBERS, "status", "$ref")),
    ("structure: 401", drop(*LIST, "responses", "401")),
    ("structure: 400", drop(*LIST, "responses", "400")),
    ("errors_have_one_schema", move((*CHALLENGE, "WWW-Authenticate"), *CHALLENGE, "Authenticate")),
    ("errors_have_one_schema", drop("components", "headers", "Retry-After", "required")),
    ("errors_have_one_schema", drop(*RESPONSES, "Forbidden", "content")),
    ("errors_have_one_schema", drop("x-any-operation", "415", "content")),
    (
        "errors_have_one_schema",
        move((*RESPONSES, "BadRequest", *JSON), *RESPONSES, "BadRequest", "content", "text/html"),
    ),
    ("structure: x-idempotent", drop(*LIST, "x-idempotent")),
    ("structure: operationId", drop(*LIST, "operationId")),
    ("operation_ids_are_unique", put("inviteToPortal", *LIST, "operationId")),
    ("path_parameters_are_those_of_the_path", drop(*INVITE, "parameters", 0)),
    ("operations_have_a_success", _without_successes),
    ("paths_differ", put({}, "paths", "/patients/{id}/portal/enqueued")),
    ("content_is_of_a_known_kind", put({**SUCCESS, "content": {"text/xml": XML}}, *INVITE, "responses", "201")),
    (
        "discriminators_choose_components",
        put({**LATER, "oneOf": [WHOLE], "discriminator": {"propertyName": "kind"}}, *MEMBERS, "later"),
    ),
    ("structure: x-result-false", put("ignore", *LIST, "x-result-false")),
    ("structure: security", put([{"basicAuth": []}], *LIST, "security")),
    ("structure: security", put([{"basicAuth": []}, {}], "security")),
    ("structure: format", put("datetime", *MEMBERS, "addedby", "format")),
    ("assumed_members_are_optional", put(["subject"], *ENTRY, "required")),
    ("structure: description", drop(*MEMBERS, "addedby", "description")),
    ("structure: description", drop(*ENTRY, "description")),
    ("structure: enum", put(["open", "dismissed"], *SCHEMAS, "RequestStatus", "enum")),
    ("examples_fit", put("one", *PARAMETERS, "PatientId", "examples", "patient", "value")),
    ("structure: examples", drop(*PARAMETERS, "PatientId", "examples")),
    ("structure: example", put({}, *OK, *JSON, "example")),
    ("structure: example", put(1, *SCHEMAS, "Id", "example")),
    (
        "structure: example",
        move((*PARAMETERS, "PatientId", "examples", "patient"), *PARAMETERS, "PatientId", "example"),
    ),
    ("structure: externalValue", put({"externalValue": "one.json"}, *PARAMETERS, "PatientId", "examples", "patient")),
    ("links_lead_somewhere", put("dismissPortalRequest", *LINK, "operationId")),
    ("structure: operationId", drop(*LINK, "operationId")),
    ("links_lead_somewhere", drop(*LINK, "parameters", "pt_id")),
    ("links_lead_somewhere", put("$request.path.pt_id", *LINK, "parameters", "patient_id")),
    ("links_lead_somewhere", put("$request.path.id", *LINK, "parameters", "pt_id")),
    ("links_lead_somewhere", put("$response.body#/data/0/key", *LINK, "parameters", "queue_request_id")),
    ("links_lead_somewhere", put("$request.query.id", *LINK, "parameters", "queue_request_id")),
    ("structure: x-idempotnt", put(True, *LIST, "x-idempotnt")),
    ("structure: x-idempotent", put(True, *ENTRY, "x-idempotent")),
    ("structure: x-result-false", put("answer", *OK, "x-result-false")),
    ("structure: x-coming-soon", put(True, *MEMBERS, "addedby", "x-coming-soon")),
    ("structure: x-anyoperation", put([], "x-anyoperation")),
    ("structure: minLenght", put(5, *MEMBERS, "subject", "minLenght")),
    ("structure: nullable", put(True, *MEMBERS, "subject", "nullable")),
    ("structure: min", put({"type": "integer", "min": 1}, *PARAMETERS, "PatientId", "schema")),
    ("structure: min", put({"min": 1}, *DETAILS, "additionalProperties")),
    ("schemas_admit_something", put({**LATER, "type": "string", "const": 5}, *MEMBERS, "later")),
    ("schemas_admit_something", put({**LATER, "minimum": 3, "maximum": 2, "type": "integer"}, *MEMBERS, "later")),
    ("required_members_are_described", put({**LATER, "properties": {}, "required": ["code"]}, *MEMBERS, "later")),
    ("defaults_fit", put("none", *MEMBERS, "addedby", "default")),
    ("structure: x-extensible-enum", put([], *SCHEMAS, "RequestStatus", "x-extensible-enum")),
    ("structure: x-extensible-enum", put("open", *SCHEMAS, "RequestStatus", "x-extensible-enum", 2)),
    ("structure: x-extensible-enum", put(1, *SCHEMAS, "RequestStatus", "x-extensible-enum", 2)),
    ("variants_have_a_form", put("letter", *CONDITION, "if", "properties", "request_type", "const")),
    ("variants_have_a_form", put({}, *CONDITION, "if", "properties", "request_type")),
    ("variants_have_a_form", put({}, *DETAILS, "properties")),
    ("variants_have_a_form", drop(*DETAILS, "additionalProperties")),
    ("compared_members_have_an_argument", put("$request.path.user_id", *MEMBERS, "pt_id", "x-equals")),
    (
        "compared_members_have_an_argument",
        put("$request.path.user_id", *SCHEMAS, "NewDocument", "properties", "pt_id", "x-equals"),
    ),
    ("conditions_name_a_parameter", put({"$request.query.limit": 1}, *NOTES, "x-only-with")),
    ("conditions_name_a_parameter", put({"$request.query.enqueue": "yes"}, *NOTES, "x-only-with")),
    ("structure: x-only-with", put({"enqueue": True}, *NOTES, "x-only-with")),
    ("structure: x-equals", put("pt_id", *MEMBERS, "pt_id", "x-equals")),
    ("structure: x-on-mismatch", put("ignore", *MEMBERS, "pt_id", "x-on-mismatch")),
    ("structure: x-on-mismatch", drop(*MEMBERS, "pt_id", "x-on-mismatch")),
    ("structure: x-provenance", _ungraded(*DOCUMENT)),
    ("structure: x-max-body", drop(*ANY_413, "x-max-body")),
    ("structure: x-max-body", put("64 KiB", *ANY_413, "x-max-body")),
    ("structure: x-max-decoded", put(0, *CONTENT, "x-max-decoded")),
    ("body_limits_are_in_place", put(1024, *RESPONSES, "Forbidden", "x-max-body")),
    ("body_limits_are_in_place", put(1024, "components", "requestBodies", "NewPrescription", "x-max-body")),
    ("structure: x-max-body", put(True, *DOCUMENT, "x-max-body")),
    ("alternatives_mean_the_same", put([201], *RESPONSES, "PatientNotFound", "x-alternatives")),
    ("alternatives_mean_the_same", put([404], *RESPONSES, "PatientNotFound", "x-alternatives")),
    ("alternatives_mean_the_same", put([429], *RESPONSES, "PatientNotFound", "x-alternatives")),
    ("structure: x-alternatives", put(["410"], *RESPONSES, "PatientNotFound", "x-alternatives")),
    ("structure: x-provenance", put([201], *OK, "x-alternatives")),
    ("body_texts_have_a_pattern", drop(*SCHEMAS, "NewSecureMessage", "properties", "note", "pattern")),
    ("structure: required", put(True, *PARAMETERS, "StatusFilter", "required")),
    ("structure: in", put(True, *PARAMETERS, "PatientId", "x-coming-soon")),
    ("structure: x-coming-soon", put(False, *PARAMETERS, "StatusFilter", "x-coming-soon")),
    ("parameters_have_distinct_names", put({"$ref": "#/components/parameters/PatientId"}, *LIST, "parameters", 1)),
    ("parameters_have_distinct_names", put({**GRADED, "name": "status", "in": "header"}, *LIST, "parameters", 1)),
    ("structure: name", put({**GRADED, "name": "Accept", "in": "header"}, *LIST, "parameters", 1)),
    ("structure: parameters", put([], *LIST[:2], "parameters")),
    ("structure: tags", drop(*LIST, "tags")),
    ("tags_are_described_and_used", put(["Portal"], *LIST, "tags")),
    ("tags_are_described_and_used", put({"name": "Portal", "description": "Else."}, "tags", 0)),
    ("structure: x-idempotent", put(False, *LIST, "x-idempotent")),
    ("components_are_used", put({**GRADED, "name": "page", "in": "query"}, *PARAMETERS, "Page")),
    ("components_are_used", put({**WHOLE, "x-provenance": "assumed", "description": "Else."}, *SCHEMAS, "Page")),
    ("components_are_used", put({"type": "http", "x-provenance": "assumed"}, "components", "securitySchemes", "token")),
]


@pytest.mark.parametrize(("name", "defect"), DEFECTS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_defect_is_found_by_its_rule_and_by_no_other(name: str, defect: Patch, document: Json) -> None:
    defective = deepcopy(document)
    defect(defective)
    found = findings(defective)
    rule, _, member = name.partition(": ")
    assert {finding.rule for finding in found} == {rule}
    assert not member or any(member in finding.keys[-2:] for finding in found)


def test_every_rule_has_a_defect_that_it_finds() -> None:
    assert {name.partition(":")[0] for name, _ in DEFECTS} == {
        "structure",
        "references",
        *(rule.name for rule in RULES),
    }


def test_a_finding_names_file_line_and_place(tmp_path: Path) -> None:
    text = SPEC.read_text(encoding="utf-8").replace("x-idempotent: false", "x-idempotnt: false", 1)
    (tmp_path / "spec.yaml").write_text(text)
    line = text[: text.index("x-idempotnt")].count("\n") + 1
    found = lint(YamlDocument(tmp_path / "spec.yaml"))
    assert any(
        finding.startswith(f"{tmp_path / 'spec.yaml'}:{line}: paths['/patients/{{pt_id}}/portal/invite'].post[")
        for finding in found
    )


def test_generation_ignores_findings_that_only_check_demands(document: Json) -> None:
    defective = deepcopy(document)
    drop(*MEMBERS, "addedby", "description")(defective)
    assert findings(defective) != []
    assert findings(defective, generation=True) == []
    drop(*LIST, "responses")(defective)
    assert [finding.keys for finding in findings(defective, generation=True)] == [(*LIST, "responses")]


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
