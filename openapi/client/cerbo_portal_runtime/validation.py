"""Validates the bodies of requests against the schemas of a contract."""

from collections.abc import Mapping
from typing import Any

from .serialization import is_instant


class SchemaValidator:
    """Validates JSON against the component schemas of one contract, each compiled on first use.

    Args:
        schemas: the component schemas, by name.
    """

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        self._schemas = schemas
        self._compiled: dict[str, Any] = {}

    def problem(self, schema: str, content: Any) -> str:
        """What about the content does not fit a schema, without its values; empty if it fits.

        Args:
            schema: the schema's name.
            content: JSON as Python's values.
        """
        import jsonschema_rs  # noqa: PLC0415 (slow, and only the command line validates)

        try:
            # Not `iter_errors`, which collects them all.
            self._validator(schema).validate(content)
        except jsonschema_rs.ValidationError as error:
            path = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in error.instance_path)
            return f"the body does not fit the contract at {path.lstrip('.') or 'its top'}: {error.message}"
        except (ValueError, RecursionError):
            return "the body is nested too deeply, or contains an unpaired surrogate"
        return ""

    def _validator(self, schema: str) -> Any:
        if schema not in self._compiled:
            import jsonschema_rs  # noqa: PLC0415

            self._compiled[schema] = jsonschema_rs.Draft202012Validator(
                {"$ref": f"#/components/schemas/{schema}", "components": {"schemas": dict(self._schemas)}},
                validate_formats=True,
                formats={"date-time": is_instant},
                mask="the value",
            )
        return self._compiled[schema]
