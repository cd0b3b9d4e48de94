"""The body of an operation's requests: its media types, and how a body of each is checked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

import jsonschema_rs

from cerbo_portal_mock.spec import media_types, schema_description, validation
from cerbo_portal_mock.spec.errors import InvalidArgument, TooLarge
from cerbo_portal_mock.spec.text_reader import TextReader, UnreadableText
from cerbo_portal_mock.spec.validation import whole

_SHOWN_PROBLEMS = 10
_DELIMITERS = {"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}
_JSON_KINDS = {"object": "a JSON object", "array": "a JSON array"}
# The argument of a body that is no object.
BODY = "body"

Json = Any
# The fields of a form by name: texts, and the content of files.
Fields = Mapping[str, Sequence[str | bytes]]


@dataclass(frozen=True)
class BodyContent:
    """A body of one media type.

    Attributes:
        media_type: as in the document, perhaps with wildcards.
        schema: the schema, resolved.
        properties: its members that the contract names, resolved.
        encoding: how a form writes its members, by name, where the document says it.
        reader: reads texts by the schema.
    """

    media_type: str
    schema: Mapping[str, Json]
    properties: Mapping[str, Mapping[str, Json]]
    encoding: Mapping[str, Mapping[str, Json]]
    reader: TextReader
    _compile: Callable[[], jsonschema_rs.Validator]

    @cached_property
    def _validator(self) -> jsonschema_rs.Validator:
        return self._compile()

    @property
    def expected(self) -> str:
        """The body in words."""
        if media_types.is_json(self.media_type):
            return _JSON_KINDS.get(self.schema.get("type", ""), "JSON")
        return "a form" if self.media_type in media_types.FORMS else f"a body of {self.media_type}"

    def of_text(self, text: str) -> dict[str, Json]:
        """The argument of a body that is a text.

        Raises:
            InvalidArgument: it does not fit.
        """
        try:
            value = self.reader.read([text])
        except UnreadableText:
            value = text
        return self.arguments(value)

    def of_bytes(self, content: bytes) -> dict[str, Json]:
        """The argument of a body that is neither JSON, nor a form, nor a text.

        Raises:
            InvalidArgument: it does not fit.
        """
        return self.arguments(content.decode("latin-1")) and {BODY: content}

    def of_form(self, fields: Fields) -> dict[str, Json]:
        """The members of a form.

        Raises:
            InvalidArgument: it does not fit; the text names each member and what was expected, but no values.
        """
        values = {name: self._field(name, [_text(each) for each in given]) for name, given in fields.items()}
        members = self.arguments(values)
        files = {name: given for name, given in fields.items() if isinstance(given[0], bytes)}
        for name in files.keys() & members.keys():
            members[name] = list(files[name]) if isinstance(members[name], list) else files[name][0]
        return members

    def arguments(self, content: Json) -> dict[str, Json]:
        """The members that the contract knows; of a body that is no object, the body itself, named `body`.

        Args:
            content: the body, read from JSON.

        Raises:
            InvalidArgument: it does not fit; the text names each member and what was expected, but no values.
            TooLarge: a member is larger than the contract permits.
        """
        try:
            errors = list(islice(validation.errors(self._validator, content), _SHOWN_PROBLEMS))
        except ValueError:  # the validator itself cannot read it
            raise InvalidArgument("the body: nested too deeply, or contains an unpaired surrogate") from None
        if errors:
            raise InvalidArgument("; ".join(dict.fromkeys(self._refusal(error) for error in errors)))
        if not isinstance(content, dict):
            return {BODY: whole(content)}
        members = {name: whole(content[name]) for name in content if name in self.properties}
        for name, text in members.items():
            limit = self.properties[name].get("x-max-decoded")
            if limit is not None and len(text) // 4 * 3 - text[-2:].count("=") > limit:
                raise TooLarge(f"{name}: expected at most {limit} bytes, decoded")
        return members

    def _field(self, name: str, texts: Sequence[str]) -> Json:
        encoding = self.encoding.get(name, {})
        style = encoding.get("style", "form")
        delimiter = None if encoding.get("explode", style == "form") else _DELIMITERS.get(style)
        return self.reader.read_member(name, texts, delimiter)

    def _refusal(self, error: Any) -> str:
        keys = list(error.instance_path)
        match error.kind.name, keys:
            case "required", []:
                name, end = error.kind.property, ", nothing was given"
            case _, [str(name)]:
                end = ""
            case "type", []:
                return f"the body: expected {self.expected}"
            case _:
                return validation.problem(error)
        return f"{name}: expected {schema_description.describe(self.properties.get(name, {}))}{end}"


@dataclass(frozen=True)
class RequestBody:
    """The body that an operation takes, of at most `limit` bytes (None: the general limit)."""

    required: bool
    limit: int | None
    contents: tuple[BodyContent, ...]

    def content(self, media_type: str) -> BodyContent | None:
        """What the contract says of a body of a media type; None if the operation does not take it."""
        fitting = (content for content in self.contents if media_types.fits(media_type, content.media_type))
        return next(fitting, None)

    @property
    def media_types(self) -> str:
        """The media types in words."""
        return " or ".join(content.media_type for content in self.contents)

    @property
    def expected(self) -> str:
        """The body in words."""
        return " or ".join(dict.fromkeys(content.expected for content in self.contents))

    @cached_property
    def properties(self) -> dict[str, Mapping[str, Json]]:
        """The members that the contract names, of all media types."""
        return {name: member for content in self.contents for name, member in content.properties.items()}

    @cached_property
    def defaults(self) -> dict[str, Json]:
        """The values of the members that a request leaves out, by name."""
        return {name: member["default"] for name, member in self.properties.items() if "default" in member}

    @cached_property
    def secrets(self) -> frozenset[str]:
        """The members that hold passwords."""
        return frozenset(name for name, member in self.properties.items() if member.get("format") == "password")


def _text(field: str | bytes) -> str:
    # One character for each byte, as limits of a file's length count.
    return field if isinstance(field, str) else field.decode("latin-1")
