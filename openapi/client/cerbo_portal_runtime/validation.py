"""Validates JSON against the schemas of a contract."""

from collections.abc import Mapping
from typing import Any, Protocol, Self, TypeVar

from .serialization import is_instant


class Model(Protocol):
    """The interface that all models of a contract share."""

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object."""


Variant = TypeVar("Variant", bound=Model)
Fallback = TypeVar("Fallback", bound=Model)


class SchemaValidator:
    """Validates JSON against the component schemas of one contract, each compiled on first use.

    Args:
        schemas: the component schemas, by name.
    """

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        self.schemas = schemas
        self._compiled: dict[str, Any] = {}

    def problem(self, schema: str, content: Any, *, locate: bool = True) -> str:
        """What about the content does not fit a schema, without its values; empty if it fits.

        Args:
            schema: the schema's name.
            content: JSON as Python's values, None where there is none.
            locate: whether to say where; that takes a multiple of the content's memory.
        """
        if content is None:
            return "the body is not JSON that can be read"
        import jsonschema_rs  # noqa: PLC0415

        validator = self._validator(schema)
        try:
            if validator.is_valid(content):
                return ""
            if not locate:
                return "the body does not fit the contract"
            # Not `iter_errors`, which collects them all.
            validator.validate(content)
        except jsonschema_rs.ValidationError as error:
            path = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in error.instance_path)
            return f"the body does not fit the contract at {path.lstrip('.') or 'its top'}: {error.message}"
        except (ValueError, RecursionError):
            pass
        return "the body is nested too deeply, or contains an unpaired surrogate"

    def choose(self, content: Any, variant: type[Variant] | None, fallback: type[Fallback]) -> Variant | Fallback | Any:
        """The model of an object that may have several schemas.

        Args:
            content: JSON; anything but an object is returned as it is.
            variant: the model that the object should be; it is named like its schema. None where it is unknown.
            fallback: a model that takes any object, for one that does not fit its variant.
        """
        if not isinstance(content, dict):
            return content
        fits = variant is not None and self._fits(variant.__name__, content)
        return variant.from_dict(content) if variant and fits else fallback.from_dict(content)

    def _fits(self, schema: str, content: Mapping[str, Any]) -> bool:
        try:
            return bool(self._validator(schema).is_valid(content))
        except (ValueError, RecursionError):  # nested too deeply, or an unpaired surrogate
            return False

    def _validator(self, schema: str) -> Any:
        if schema not in self._compiled:
            # Imported by the first call, so that importing a client stays cheap.
            import jsonschema_rs  # noqa: PLC0415

            self._compiled[schema] = jsonschema_rs.Draft202012Validator(
                {"$ref": f"#/components/schemas/{schema}", "components": {"schemas": dict(self.schemas)}},
                validate_formats=True,
                formats={"date-time": is_instant},
                mask="the value",
            )
        return self._compiled[schema]
