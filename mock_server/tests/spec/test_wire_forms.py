"""The forms of a value that a schema permits."""

from typing import Any

import pytest
from cerbo_portal_mock.spec import wire_forms
from cerbo_portal_mock.spec.contract import installed
from cerbo_portal_mock.spec.wire_forms import SchemaNode

Json = Any


def _node(schema: str) -> SchemaNode:
    contract = installed()
    return contract.wire_forms.node((contract.schema(schema),))


@pytest.mark.parametrize("value", [5, "yesterday", "2026-11-24 10:00:00.5"])
def test_a_date_that_nothing_else_can_write_keeps_its_form(value: Json) -> None:
    assert set(_node("Instant").forms(value)) <= {value}


@pytest.mark.parametrize("value", ["0001-01-01 00:00:00", "9999-12-31 23:59:59"])
def test_a_date_at_the_end_of_the_calendar_has_no_forms_beyond_it(value: str) -> None:
    forms = _node("Instant").forms(value)
    assert value in forms
    assert value.replace(" ", "T") + "Z" in forms
    assert len(forms) < len(_node("Instant").forms("2026-11-24 10:00:00"))


def test_the_forms_that_are_remembered_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_forms, "_MOST_KNOWN", 2)
    node = SchemaNode(_node("ResourceId").parts, lambda: _node("ResourceId").validators)
    for number in range(1, 6):
        assert node.forms(number) == [number, str(number)]
    assert len(node._known) <= 2
