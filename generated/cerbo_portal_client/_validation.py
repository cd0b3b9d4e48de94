# Made from openapi/client/runtime/_validation.py by ./scripts/generate; edits are lost.
"""The contract's schemas, compiled, and which of several forms an object has."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol, Self, TypeVar

from . import _values


class Model(Protocol):
    """What the models of the contract have in common."""

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object."""


Form = TypeVar("Form", bound=Model)
Other = TypeVar("Other", bound=Model)


@cache
def validator(schema: str) -> Any:
    """The compiled validator of the contract's schema of this name."""
    # Both wait for the first call: importing the package stays cheap.
    import jsonschema_rs  # noqa: PLC0415

    from ._schemas import SCHEMAS  # noqa: PLC0415

    return jsonschema_rs.Draft202012Validator(
        {"$ref": f"#/components/schemas/{schema}", "components": {"schemas": SCHEMAS}},
        validate_formats=True,
        formats={"date-time": _values.is_instant},
        mask="the value",
    )


def choose(content: Any, form: type[Form] | None, other: type[Other]) -> Form | Other | Any:
    """An object as the form that it should have; as the other one where it does not fit, or should have none.

    Args:
        content: JSON; what is no object stays what it is.
        form: the model of the form, which is named like its schema.
        other: a model that takes any object.
    """
    if not isinstance(content, dict):
        return content
    return other.from_dict(content) if form is None or not _fits(form.__name__, content) else form.from_dict(content)


def plain(chosen: Any) -> Any:
    """The JSON of what `choose` has given."""
    return chosen.to_dict() if hasattr(chosen, "to_dict") else chosen


def _fits(schema: str, content: Mapping[str, Any]) -> bool:
    try:
        return bool(validator(schema).is_valid(content))
    except (ValueError, RecursionError):  # nested too deeply, or halves of characters
        return False
