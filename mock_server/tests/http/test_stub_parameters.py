"""Parameters of any operation of a contract: each kind is read, or refused by its name."""

from pathlib import Path
from typing import Any

import pytest
from cerbo_portal_mock.spec.yaml_document import DocumentError

from ..stub_contract import PATH, Json, Operations, Receive, operation, parameter, paths, stub_contract

UUID = "3f2b8c1e-9a4d-4c6b-8e21-7d5f0a9b1c3e"
INTEGER = {"type": "integer"}
INTEGERS = {"type": "array", "items": INTEGER}
TEXTS = {"type": "array", "items": {"type": "string"}}
FILTER = {
    "type": "object",
    "required": ["from"],
    "properties": {"from": {"$ref": "#/components/schemas/Count"}, "state": {"enum": ["open"]}, "tags": TEXTS},
}
OPTIONS = {"anyOf": [{"$ref": "#/components/schemas/Count"}, {"type": "boolean"}]}
COUNT = {"allOf": [{"$ref": "#/components/schemas/Count"}, {"maximum": 9}]}
SCHEMAS = {"Count": {"type": "integer", "minimum": 1}}

OPERATIONS = Operations()
declare = OPERATIONS.declare


@pytest.fixture(scope="module")
def receive(tmp_path_factory: pytest.TempPathFactory) -> Receive:
    """Sends a request to an operation."""
    return OPERATIONS.receiver(tmp_path_factory.mktemp("contract"), SCHEMAS)


SCALARS: list[tuple[Json, str, Any]] = [
    ({"type": "string"}, "a b", "a b"),
    (INTEGER, "-7", -7),
    (INTEGER, "9" * 30, int("9" * 30)),
    ({"type": "number"}, "1e-07", 1e-07),
    ({"type": "number"}, "5", 5),
    ({"type": "number"}, "-2.5", -2.5),
    ({"type": "boolean"}, "true", True),
    ({"type": "boolean"}, "false", False),
    ({"enum": [1, "a", None]}, "1", 1),
    ({"enum": [1, "a", None]}, "a", "a"),
    ({"const": 2.5}, "2.5", 2.5),
    ({"type": "string", "format": "date"}, "2026-11-24", "2026-11-24"),
    ({"type": "string", "format": "date-time"}, "2026-11-24T12:00:00Z", "2026-11-24T12:00:00Z"),
    ({"type": "string", "format": "uuid"}, UUID, UUID),
    ({"type": ["integer", "null"]}, "null", None),
    ({"type": ["integer", "string"]}, "5", 5),
    (OPTIONS, "true", True),
    ({"anyOf": [False, OPTIONS, OPTIONS]}, "true", True),
    ({"enum": [["a"], "b"]}, "b", "b"),
    (COUNT, "9", 9),
]
REFUSED: list[tuple[Json, str, str]] = [
    (INTEGER, "1.0", "an integer"),
    (INTEGER, "1_0", "an integer"),
    ({"type": "number"}, "1e999", "a number"),
    ({"type": "number"}, "nan", "a number"),
    ({"type": "boolean"}, "True", "true or false"),
    ({"enum": [1, "a", None]}, "b", "one of 1, a, null"),
    ({"const": 2.5}, "2", "2.5"),
    ({"type": "string", "format": "date"}, "2026-13-24", "a date, such as 2026-11-24"),
    ({"type": "string", "format": "date-time"}, "2026-11-01 00:00:00+00:00", "an instant in RFC 3339, such as 2026-11"),
    ({"type": "string", "format": "uuid"}, "5", f"a UUID, such as {UUID}"),
    ({"type": ["integer", "null"]}, "x", "an integer or null"),
    (OPTIONS, "x", "an integer of at least 1 or true or false"),
    (COUNT, "10", "another value"),
]


def _in_each_location(cases: list[tuple[Json, str, Any]]) -> list[tuple[str, str, str, Any]]:
    return [
        (location, declare(parameter(location, schema), "/{x}" if location == "path" else ""), text, expected)
        for location in ("path", "query", "header")
        for schema, text, expected in cases
    ]


def _send(receive: Receive, location: str, path: str, text: str) -> Json:
    match location:
        case "path":
            return receive(f"{path}/{text}")
        case "header":
            return receive(path, headers={"X": text})
    return receive(path, params={"x": text})


@pytest.mark.parametrize(("location", "path", "text", "value"), _in_each_location(SCALARS))
def test_a_parameter_is_read(receive: Receive, location: str, path: str, text: str, value: Any) -> None:
    arguments = _send(receive, location, path, text)
    assert arguments == {"x": value}
    assert type(arguments["x"]) is type(value)


@pytest.mark.parametrize(("location", "path", "text", "expected"), _in_each_location(REFUSED))
def test_a_parameter_that_does_not_fit_is_a_400(
    receive: Receive, location: str, path: str, text: str, expected: str
) -> None:
    status, said = _send(receive, location, path, text)
    assert (status, f"x: expected {expected}" in said) == (400, True), said


STYLES: list[tuple[Json, Json, str, Any]] = [
    ({}, INTEGERS, "x=1&x=2", [1, 2]),
    ({}, INTEGERS, "x=1", [1]),
    ({}, TEXTS, "x=1,2", ["1,2"]),
    ({"explode": False}, INTEGERS, "x=1,2", [1, 2]),
    ({"explode": False}, INTEGERS, "x=1%2C2", [1, 2]),
    ({"explode": False}, INTEGERS, "x=", []),
    ({"explode": False}, {**TEXTS, "maxItems": 1}, "x=a%2Cb", ["a,b"]),
    ({"style": "pipeDelimited"}, INTEGERS, "x=1|2", [1, 2]),
    ({"style": "pipeDelimited", "explode": True}, INTEGERS, "x=1&x=2", [1, 2]),
    ({"style": "spaceDelimited"}, INTEGERS, "x=1%202", [1, 2]),
    ({"style": "spaceDelimited"}, INTEGERS, "x=1+2", [1, 2]),
    ({}, {"type": ["array", "null"], "items": {"type": "boolean"}}, "x=true&x=false", [True, False]),
    ({}, {"type": "array"}, "x=a", ["a"]),
    ({}, {"anyOf": [INTEGERS, {"type": "boolean"}]}, "x=true", True),
    ({}, FILTER, "from=3&tags=a&tags=b&else=1", {"from": 3, "tags": ["a", "b"]}),
    ({"explode": False}, FILTER, "x=from,3,state,open", {"from": 3, "state": "open"}),
    ({"style": "pipeDelimited"}, FILTER, "x=from|3", {"from": 3}),
    ({}, {"type": "object", "additionalProperties": {"type": "string"}}, "a=1&b=2", {"a": "1", "b": "2"}),
    ({}, {"type": "object", "additionalProperties": {"type": "integer"}}, "a=1&b=2", {"a": 1, "b": 2}),
    ({}, {"type": "object"}, "a=1&a=2", {"a": ["1", "2"]}),
    ({}, {"type": ["object", "string"]}, "x=a", "a"),
]


@pytest.mark.parametrize(
    ("path", "query", "value"),
    [(declare(parameter("query", schema, **style)), query, value) for style, schema, query, value in STYLES],
)
def test_a_list_in_a_query_is_read_in_each_style(receive: Receive, path: str, query: str, value: Any) -> None:
    assert receive(f"{path}?{query}") == {"x": value}


EXPLODED = declare(parameter("query", FILTER))


COMBINED = declare(parameter("query", {"allOf": [FILTER]}))


def test_a_member_of_an_object_in_a_query_is_named(receive: Receive) -> None:
    assert "x: expected another value" in receive(COMBINED, params={"from": "0"})[1]
    assert "from: expected an integer of at least 1" in receive(EXPLODED, params={"from": "0"})[1]
    assert "state: expected one of open" in receive(EXPLODED, params={"from": "1", "state": "shut"})[1]
    assert receive(EXPLODED) == {}


HEADER_LIST = declare(parameter("header", INTEGERS))
EXPLODED_HEADER_LIST = declare(parameter("header", TEXTS, explode=True))
PATH_LIST = declare(parameter("path", INTEGERS), "/{x}")


def test_a_list_in_a_header_or_a_path_has_commas(receive: Receive) -> None:
    assert receive(HEADER_LIST, headers={"X": "1, 2 ,3"}) == {"x": [1, 2, 3]}
    assert receive(EXPLODED_HEADER_LIST, headers={"X": "a,b"}) == {"x": ["a", "b"]}
    assert receive(f"{PATH_LIST}/1,2") == {"x": [1, 2]}


MISFITS: list[tuple[Json, Json, str, str]] = [
    ({}, INTEGERS, "x=1&x=a", "a list, each an integer"),
    ({"explode": False}, INTEGERS, "x=1&x=2", "once, given 2 times"),
    ({"explode": False}, {**INTEGERS, "minItems": 1}, "x=", "a list of at least 1 item, each an integer"),
    ({"style": "pipeDelimited"}, INTEGERS, "x=1,2", "a list, each an integer"),
    ({}, INTEGER, "x=1&x=2", "once, given 2 times"),
    ({"required": True}, INTEGER, "y=1", "an integer, nothing was given"),
    ({"explode": False}, FILTER, "x=from,3,state", "an object"),
    ({"explode": False}, {**FILTER, "required": ["from"]}, "x=", "an object"),
    ({"explode": False}, FILTER, "x=state,open", "an object"),
    ({}, FILTER, "state=open", "an object"),
    ({"required": True}, FILTER, "y=1", "an object, nothing was given"),
]


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [(declare(parameter("query", schema, **style)), query, expected) for style, schema, query, expected in MISFITS],
)
def test_a_list_that_does_not_fit_is_a_400(receive: Receive, path: str, query: str, expected: str) -> None:
    status, said = receive(f"{path}?{query}")
    assert (status, f"x: expected {expected}" in said) == (400, True), said


REQUEST_ID = declare(parameter("header", INTEGER, name="X-Request-Id", required=True))
DESCRIBED_ELSEWHERE = declare(
    {
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": INTEGER} for name in ("Accept", "content-type")
        ]
    }
)


def test_header_parameters_ignore_case_and_are_not_of_the_query(receive: Receive) -> None:
    assert receive(REQUEST_ID, headers={"x-request-id": " 5 "}) == {"X-Request-Id": 5}
    assert receive(REQUEST_ID, params={"X-Request-Id": "5"})[0] == 400


def test_headers_that_the_document_describes_elsewhere_are_no_parameters(receive: Receive) -> None:
    assert receive(DESCRIBED_ELSEWHERE) == {}


SHARED = {
    "parameters": [
        {"name": "x", "in": "query", "required": True, "schema": {"type": "integer", "maximum": 3}},
        {"name": "y", "in": "query", "schema": INTEGER},
    ]
}
WITH_SHARED = declare({}, item=SHARED)
WITH_ITS_OWN = declare(parameter("query", {"type": "integer", "maximum": 9}), item=SHARED)


def test_parameters_of_a_path_are_shared_unless_an_operation_has_its_own(receive: Receive) -> None:
    assert receive(WITH_SHARED, params={"x": "3", "y": "4"}) == {"x": 3, "y": 4}
    assert receive(WITH_SHARED, params={"x": "4"})[0] == 400
    assert receive(WITH_ITS_OWN, params={"x": "4"}) == {"x": 4}
    assert receive(WITH_ITS_OWN) == {}


@pytest.mark.parametrize(
    "declared",
    [
        parameter("cookie", {"type": "string"}),
        parameter("query", {"type": "object"}, style="deepObject"),
        parameter("path", {"type": "string"}, style="label"),
        {"parameters": [{"name": "x", "in": "query", "content": {"application/json": {}}}]},
    ],
)
def test_a_parameter_that_the_mock_cannot_read_stops_the_start(declared: Json, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"spec.json: stub: parameter x: expected .*query \(form\)"):
        stub_contract(tmp_path, paths({PATH: {"post": operation(**declared)}}))
