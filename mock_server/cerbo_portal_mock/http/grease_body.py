"""A JSON body in other forms that the contract permits, with the same meaning."""

import copy
from collections.abc import Mapping, Set
from random import Random
from typing import Any

from cerbo_portal_mock.http.grease_text import vary_message
from cerbo_portal_mock.spec.wire_forms import SchemaNode, Schemas, WireForms

Json = Any

# The member that holds a text for people, and that of a list which counts its entries.
_MESSAGE, _COUNT = "message", "total_count"
_UNKNOWN = "grease"
# How often a member that is not required is absent or null, and how often an object has an unknown member.
_ABSENT, _MORE = 0.3, 0.5
_EXTRA_ID = 9_000_000_000


class BodyVariation:
    """Varies one body, and notes what it varied.

    Args:
        forms: what the contract permits.
        kinds: the kinds of variation.
        draw: where the variation comes from.
        with_absent: whether members may be absent.
    """

    def __init__(self, forms: WireForms, kinds: Set[str], draw: Random, *, with_absent: bool) -> None:
        self._forms = forms
        self._kinds = kinds if with_absent else kinds - {"absent"}
        self._draw = draw
        #: The kind of each variation with its place, such as `ids: data[].id`, once each.
        self.notes: dict[str, None] = {}

    def vary(self, value: Json, schema: Json) -> Json:
        """The body in another form.

        Args:
            value: the body.
            schema: its schema.
        """
        return self._value(value, (schema,), "")

    def vary_error(self, value: Json, at: str = "") -> Json:
        """An error's body in one of the three forms, its type perhaps an unknown one; other bodies as they are."""
        error = value.get("error") if isinstance(value, dict) else None
        message = error.get("message") if isinstance(error, dict) else None
        if "errors" not in self._kinds or not isinstance(message, str):
            return value
        unknown = {"type": f"{_UNKNOWN}_{self._draw.randrange(1_000)}", "message": message}
        varied = self._draw.choice(
            (
                value,
                {"error": unknown},
                {"error": {"message": message}},
                {"message": message},
                {"result": False, "message": message},
            )
        )
        return self._noted("errors", at, value, varied)

    def _noted(self, kind: str, at: str, value: Json, varied: Json) -> Json:
        if varied is not value:
            self._note(kind, at)
        return varied

    def _note(self, kind: str, at: str) -> None:
        self.notes[f"{kind}: {at.removeprefix('.') or 'the body'}"] = None

    def _value(self, value: Json, schemas: Schemas, at: str) -> Json:
        if not schemas:
            return value
        node = self._forms.node(schemas)
        if isinstance(value, dict):
            return self._object(value, node, at)
        if isinstance(value, list):
            return [self._value(entry, node.items, f"{at}[]") for entry in value]
        kind = node.kind
        if kind is None or kind not in self._kinds:
            return value
        if kind == "text":
            is_message = isinstance(value, str) and at.endswith(_MESSAGE) and self._draw.random() < _MORE
            return self._noted(kind, at, value, vary_message(value, self._draw) if is_message else value)
        forms = node.forms(value)
        return self._noted(kind, at, value, self._draw.choice(forms)) if len(forms) > 1 else value

    def _object(self, value: dict[str, Json], node: SchemaNode, at: str) -> Json:
        known = self._forms.members(node, value)
        if "values" in self._kinds:
            value = self._with_extra_entries(value, known, at)
        varied = {name: self._value(member, known.get(name, ()), f"{at}.{name}") for name, member in value.items()}
        if "absent" in self._kinds:
            varied = self._without_some(varied, node, known, at)
        # An object without known members holds data: its members have a meaning.
        if "members" not in self._kinds or not known:
            return varied
        if self._draw.random() < _MORE:
            name = f"{_UNKNOWN}_{self._draw.randrange(1_000)}"
            varied[name] = self._draw.choice((None, True, 7, "x", [], ["x"], {}, {"id": 7}))
            self._note("members", f"{at}.{name}")
        names = list(varied)
        self._draw.shuffle(names)
        self.notes["members: order"] = None
        return {name: varied[name] for name in names}

    def _without_some(
        self, value: dict[str, Json], node: SchemaNode, known: Mapping[str, Schemas], at: str
    ) -> dict[str, Json]:
        left = {}
        for name, member in value.items():
            if name not in known or name in node.required or self._draw.random() >= _ABSENT:
                left[name] = member
                continue
            self._note("absent", f"{at}.{name}")
            if self._draw.random() < 0.5 and self._forms.node(known[name]).permits(None):
                left[name] = None
        return left

    def _with_extra_entries(self, value: dict[str, Json], known: Mapping[str, Schemas], at: str) -> dict[str, Json]:
        """Each list of entries of open sets, with one more entry, of unknown values."""
        varied = dict(value)
        for name, entries in value.items():
            if not (isinstance(entries, list) and entries and isinstance(entries[0], dict) and name in known):
                continue
            members = self._forms.node(self._forms.node(known[name]).items).properties
            unknown = [member for member in members if self._forms.node(members[member]).is_open_set]
            if not unknown:
                continue
            extra = copy.deepcopy(self._draw.choice(entries))
            extra |= {member: f"{_UNKNOWN}_{self._draw.randrange(1_000)}" for member in unknown}
            extra["id"] = _EXTRA_ID + self._draw.randrange(1_000)
            varied[name] = [*entries, extra]
            if varied.get(_COUNT) == len(entries):
                varied[_COUNT] = len(entries) + 1
            self._note("values", f"{at}.{name}")
        return varied
