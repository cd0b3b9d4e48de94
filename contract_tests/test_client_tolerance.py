"""One soft part of a response is broken in any way: the client reads all else; and what confirms a mutation."""

import json
import re
from collections.abc import Iterator
from typing import Any

import cerbo_portal_client as cerbo
import pytest
from cerbo_portal_runtime import deviations
from cerbo_portal_runtime.models import Model
from hypothesis import given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from contract_tests import example_budget
from contract_tests.support.generated_responses import (
    ARGUMENTS,
    BEYOND_SCHEMAS,
    MODELS,
    OPERATIONS,
    ORACLES,
    SCHEMAS,
    WRITES,
    Json,
    for_each_operation,
    read,
    well_meant,
)

Way = tuple[str | int, ...]


@pytest.fixture(autouse=True)
def nothing_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    # A process reports a limited number of kinds.
    monkeypatch.setattr(deviations, "_reported", {})


_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(["0", "1", "true", "27", "027", "0000-00-00 00:00:00", "2026-02-30 10:00:00", "x" * 100_000]),
)
_NESTED = st.sampled_from([100, 500]).map(lambda depth: json.loads("[" * depth + "]" * depth))
JSON: st.SearchStrategy[Json] = st.one_of(
    _NESTED, st.recursive(_SCALARS, lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(), each))
)
_ABSENT = object()


def _soft_parts(name: str, body: Json) -> Iterator[Way]:
    """The ways to the members of a body, present or not, that a caller can do without."""
    operation, known = OPERATIONS[name], SCHEMAS[MODELS[name]]["properties"]
    needed = {operation.list_member, "result" if operation.has_side_effects else None}
    yield from ((key,) for key in {*body, *known} - needed)
    yield from (("patient_details", key) for key in body.get("patient_details") or ())
    for place, entry in enumerate(body["data"] if operation.list_member else ()):
        entry_schema = SCHEMAS[known["data"]["items"]["$ref"].rpartition("/")[2]]
        yield from (("data", place, key) for key in {*entry, *entry_schema["properties"]} - {"id"})
        if isinstance(entry.get("details"), dict):
            yield from (("data", place, "details", key) for key in entry["details"])


def _broken(body: Json, way: Way, value: Json) -> Json:
    """The body with another value at the end of a way, or with none."""
    first, *rest = way
    if isinstance(body, list):
        return [_broken(each, tuple(rest), value) if place == first else each for place, each in enumerate(body)]
    if rest:
        return {**body, first: _broken(body[first], tuple(rest), value)}
    others = {key: each for key, each in body.items() if key != first}
    return others if value is _ABSENT else {**others, first: value}


@for_each_operation(GenerationMode.POSITIVE)
def test_a_broken_soft_part_loses_nothing_else(name: str, body: Json, data: st.DataObject) -> None:
    body = well_meant(name, body)
    way = data.draw(st.sampled_from(sorted(_soft_parts(name, body), key=str)))
    value = data.draw(st.just(_ABSENT) | JSON)
    broken = _broken(body, way, value)
    (outcome, found), (whole, _) = read(name, broken), read(name, body)
    if way[0] == "data" and way[-1] == "pt_id" and _id(value) not in {None, ARGUMENTS[name]["pt_id"]}:
        assert isinstance(outcome, cerbo.MalformedResponse)
        assert outcome.body is None
        return
    if way == ("has_more",) and type(value) is not float and value in (True, 1, "1", "true"):
        assert isinstance(outcome, cerbo.IncompleteList)
        outcome = outcome.body
    assert isinstance(outcome, Model)
    assert outcome.raw == broken
    # No validator reads what is nested so deeply; a list is as wrong as an empty one.
    fits = ORACLES[name].is_valid(_broken(body, way, [] if isinstance(value, list) else value))
    assert fits is not bool(found - BEYOND_SCHEMAS)
    if OPERATIONS[name].list_member:
        assert [entry.id for entry in _entries(outcome)] == [entry.id for entry in _entries(whole)]
    # The type of a request chooses the model of its details.
    dependent = [(*way[:-1], "details")] if way[-1] == "request_type" else []
    assert _without(outcome, way, *dependent) == _without(whole, way, *dependent)


def _entries(model: Any) -> list[Any]:
    return list(model.data)


def _id(value: Json) -> int | None:
    """The id that a value stands for."""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    is_scalar = isinstance(value, str | int | float) and not isinstance(value, bool)
    return int(text) if is_scalar and re.fullmatch("[1-9][0-9]{0,18}", text) and int(text) < 2**63 else None


def _without(model: Model, *ways: Way) -> Json:
    """The JSON of a model without the members at the ends of these ways."""
    body = model.to_dict()
    for way in ways:
        holder: Any = body
        for step in way[:-1]:
            holder = holder[step] if isinstance(step, int) else (holder or {}).get(step)
        if isinstance(holder, dict):
            holder.pop(way[-1], None)
    return body


STATUSES = st.sampled_from([200, 201, 202, 203, 208, 250, 299])
NO_ERROR = st.sampled_from([_ABSENT, None, False, "", 0, {}, []])
DONE = st.sampled_from([_ABSENT, None, True, 1, "1", "true"])
NOT_DONE = st.sampled_from([False, 0, "0", "false"])


def _result(name: str, data: st.DataObject, result: Json, error: Json) -> Json:
    """Any object that has this `result` and this `error`."""
    members = {member: JSON for member in SCHEMAS[MODELS[name]]["properties"] if member != "result"}
    body = data.draw(st.dictionaries(st.text(max_size=8), JSON, max_size=3))
    body |= data.draw(st.fixed_dictionaries({}, optional=members)) | {"result": result, "error": error}
    return {key: value for key, value in body.items() if value is not _ABSENT}


@pytest.mark.parametrize("name", WRITES)
@settings(max_examples=example_budget.EXAMPLES)
@given(data=st.data(), status=STATUSES, result=DONE, error=NO_ERROR)
def test_a_mutation_without_result_false_or_error_is_done(
    name: str, data: st.DataObject, status: int, result: Json, error: Json
) -> None:
    body = _result(name, data, result, error)
    outcome, _ = read(name, body, status)
    assert isinstance(outcome, Model)
    assert outcome.raw == body


@pytest.mark.parametrize("name", WRITES)
@settings(max_examples=example_budget.EXAMPLES)
@given(data=st.data(), status=STATUSES, result=DONE | NOT_DONE | JSON, error=NO_ERROR | JSON.filter(bool))
def test_a_mutation_that_is_not_done_failed_or_is_unknown(
    name: str, data: st.DataObject, status: int, result: Json, error: Json
) -> None:
    outcome, _ = read(name, _result(name, data, result, error), status)
    has_error = error is not _ABSENT and bool(error)
    is_flag = not isinstance(result, float | list | dict) and result is not _ABSENT
    if has_error or (is_flag and result in (False, "0", "false") and result is not None):
        assert isinstance(outcome, cerbo.OperationFailed)
        assert not outcome.may_have_acted
    elif result is _ABSENT or result is None or (is_flag and result in (True, "1", "true")):
        assert isinstance(outcome, Model)
    else:
        assert isinstance(outcome, cerbo.OutcomeUnknown)
        assert outcome.may_have_acted
