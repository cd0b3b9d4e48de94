"""Reading YAML documents the way JSON would have them, with the line of every node."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

# A platform without libyaml has only the second one.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT = "tag:yaml.org,2002:str"
_TIMESTAMP = "tag:yaml.org,2002:timestamp"


class DocumentError(Exception):
    """A document cannot be read; the text names the file, the line and what was expected."""


class _Loader(_SafeLoader):  # type: ignore[misc]
    """YAML without its timestamps: a date stays the string that JSON would carry."""

    yaml_implicit_resolvers = {  # noqa: RUF012 (PyYAML's own class attribute)
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
        for first, resolvers in _SafeLoader.yaml_implicit_resolvers.items()
    }


def json_path(keys: Iterable[str | int]) -> str:
    """A path into a document, such as `patients[0].queue[2].id`; nothing for the document itself."""
    return "".join(_step(key) for key in keys).removeprefix(".")


def _step(key: str | int) -> str:
    return f".{key}" if isinstance(key, str) and key.isidentifier() else f"[{key!r}]"


class YamlDocument:
    """A YAML file: its content, and the line on which each part of it stands.

    Args:
        path: the file.

    Raises:
        DocumentError: the file cannot be read, is not YAML, or gives a key twice.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise DocumentError(f"{path}: cannot be read: {error.strerror}") from None
        except UnicodeDecodeError as error:
            raise DocumentError(f"{path}: expected UTF-8, byte {error.start} is not") from None
        try:
            loader = _Loader(text)
            self._seen: set[int] = set()
            self._node = loader.get_single_node()
            self._refuse_duplicate_keys(self._node)
            self.content: Any = loader.construct_document(self._node) if self._node else None
            json.dumps(self.content, allow_nan=False)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise DocumentError(f"{path}:{line}: not YAML: {error.problem}") from None
        except yaml.reader.ReaderError:
            raise DocumentError(f"{path}: expected text, found control characters") from None
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            # Raised by PyYAML for tags and keys that it cannot construct, by `json` for values that it cannot encode.
            raise DocumentError(f"{path}: expected only what JSON can hold too") from None

    def where(self, keys: Sequence[str | int]) -> str:
        """`file:line: a.b[0]` of the node that the keys lead to, or of its nearest parent."""
        node = self._node
        for key in keys:
            child = None
            if isinstance(node, yaml.MappingNode):
                child = next((value for name, value in node.value if name.value == key), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
                child = node.value[key]
            node = child or node
        line = node.start_mark.line + 1 if node else 1
        return f"{self.path}:{line}: {json_path(keys) or 'the document'}"

    def _refuse_duplicate_keys(self, node: yaml.Node | None) -> None:
        if node is None:
            return
        if id(node) in self._seen:
            raise DocumentError(f"{self.path}:{node.start_mark.line + 1}: expected no YAML aliases")
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for name, value in node.value:
                if not isinstance(name, yaml.ScalarNode):
                    raise DocumentError(f"{self.path}:{name.start_mark.line + 1}: expected a plain key")
                if name.tag != _TEXT:
                    line = name.start_mark.line + 1
                    raise DocumentError(f"{self.path}:{line}: expected a key that is text: '{name.value}' in quotes")
                if name.value in seen:
                    line = name.start_mark.line + 1
                    raise DocumentError(f"{self.path}:{line}: expected each key once, {name.value!r} is repeated")
                seen.add(name.value)
                self._refuse_duplicate_keys(value)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                self._refuse_duplicate_keys(item)
