"""A JSON body in other forms that the contract permits, with the same meaning."""

import copy
import re
from collections.abc import Iterator, Mapping, Set
from random import Random
from typing import Any

from cerbo_portal_mock.http.grease_text import vary_message
from cerbo_portal_mock.spec.validation import body_path
from cerbo_portal_mock.spec.wire_forms import SchemaNode, Schemas, WireForms

Json = Any
Keys = tuple[str | int, ...]

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
        return self._value(value, (schema,), ())

    def vary_error(self, value: Json, keys: Keys = ()) -> Json:
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
        return self._noted("errors", keys, value, varied)

    def _noted(self, kind: str, keys: Keys, value: Json, varied: Json) -> Json:
        if varied is not value:
            self._note(kind, keys)
        return varied

    def _note(self, kind: str, keys: Keys) -> None:
        place = re.sub(r"\[[0-9]+\]", "[]", body_path(keys))
        self.notes[f"{kind}: {place}"] = None

    def _value(self, value: Json, schemas: Schemas, keys: Keys) -> Json:
        if not schemas:
            return value
        node = self._forms.node(schemas)
        if isinstance(value, dict):
            return self._object(value, node, keys)
        if isinstance(value, list):
            return [self._value(entry, node.items, (*keys, index)) for index, entry in enumerate(value)]
        for kind, forms in self._scalar_forms(value, node, keys):
            if len(forms) > 1:
                return self._noted(kind, keys, value, self._draw.choice(forms))
        return value

    def _scalar_forms(self, value: Json, node: SchemaNode, keys: Keys) -> Iterator[tuple[str, list[Json]]]:
        if "ids" in self._kinds:
            yield "ids", node.number_forms(value)
        if "dates" in self._kinds:
            yield "dates", node.date_forms(value)
        if "routes" in self._kinds and isinstance(value, str) and node.is_route and node.permits(None):
            yield "routes", [value, None]
        is_message = isinstance(value, str) and keys and keys[-1] == _MESSAGE and node.is_free_text
        if "text" in self._kinds and is_message:
            yield "text", [value, vary_message(value, self._draw)]

    def _object(self, value: dict[str, Json], node: SchemaNode, keys: Keys) -> Json:
        known = self._forms.members(node, value)
        if "values" in self._kinds:
            value = self._with_extra_entries(value, known, keys)
        varied = {name: self._value(member, known.get(name, ()), (*keys, name)) for name, member in value.items()}
        if "absent" in self._kinds:
            varied = self._without_some(varied, node, known, keys)
        # An object without known members holds data: its members have a meaning.
        if "members" not in self._kinds or not known:
            return varied
        if self._draw.random() < _MORE:
            name = f"{_UNKNOWN}_{self._draw.randrange(1_000)}"
            varied[name] = self._draw.choice((None, True, 7, "x", [], ["x"], {}, {"id": 7}))
            self._note("members", (*keys, name))
        names = list(varied)
        self._draw.shuffle(names)
        self.notes["members: order"] = None
        return {name: varied[name] for name in names}

    def _without_some(
        self, value: dict[str, Json], node: SchemaNode, known: Mapping[str, Schemas], keys: Keys
    ) -> dict[str, Json]:
        left = {}
        for name, member in value.items():
            if name not in known or name in node.required or self._draw.random() >= _ABSENT:
                left[name] = member
                continue
            self._note("absent", (*keys, name))
            if self._draw.random() < 0.5 and self._forms.node(known[name]).permits(None):
                left[name] = None
        return left

    def _with_extra_entries(self, value: dict[str, Json], known: Mapping[str, Schemas], keys: Keys) -> dict[str, Json]:
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
            self._note("values", (*keys, name))
        return varied
