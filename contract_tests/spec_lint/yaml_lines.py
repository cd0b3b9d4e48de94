"""Reads a YAML file as the JSON data that it stands for, and knows the line of each node."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

Keys = tuple[str | int, ...]

# A platform without libyaml has only the second one.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class DocumentError(Exception):
    """A file cannot be read; the text names the file, the line and what was expected."""


class _Loader(_SafeLoader):  # type: ignore[misc]
    """YAML without timestamps: a date stays the string that JSON would carry."""

    yaml_implicit_resolvers = {  # noqa: RUF012 (PyYAML's own class attribute)
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in _SafeLoader.yaml_implicit_resolvers.items()
    }


class YamlDocument:
    """A YAML file: its content, and the line of each node.

    Args:
        path: the file.

    Raises:
        DocumentError: the file cannot be read, is not YAML, repeats a key, or holds what JSON cannot.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            loader = _Loader(path.read_text(encoding="utf-8"))
            self._node = loader.get_single_node()
            for line, expected in _problems(self._node, set()):
                raise DocumentError(f"{path}:{line}: expected {expected}")
            self.content: Any = loader.construct_document(self._node) if self._node else None
            json.dumps(self.content, allow_nan=False)
        except OSError as error:
            raise DocumentError(f"{path}: cannot be read: {error.strerror}") from None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise DocumentError(f"{path}:{line}: not YAML: {error.problem}") from None
        except (yaml.reader.ReaderError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
            raise DocumentError(f"{path}: expected UTF-8 text and only what JSON can hold too") from None

    def where(self, keys: Iterable[str | int], level: str = "") -> str:
        """`file:line: a.b[0]` of the node that the keys lead to; the line of its nearest parent where it is absent.

        Args:
            keys: the keys.
            level: stands before the place.
        """
        node, steps = self._node, ""
        for key in keys:
            steps += f".{key}" if isinstance(key, str) and key.isidentifier() else f"[{key!r}]"
            child = None
            if isinstance(node, yaml.MappingNode):
                child = next((value for name, value in node.value if name.value == key), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
                child = node.value[key]
            node = child or node
        line = node.start_mark.line + 1 if node else 1
        return f"{self.path}:{line}: {level}{steps.removeprefix('.') or 'the document'}"


def _problems(node: yaml.Node | None, seen: set[int]) -> Iterator[tuple[int, str]]:
    """What YAML permits and JSON does not, each with its line."""
    if node is None:
        return
    if id(node) in seen:
        yield node.start_mark.line + 1, "no YAML aliases"
        return
    seen.add(id(node))
    names = set()
    for name, value in node.value if isinstance(node, yaml.MappingNode) else ():
        line = name.start_mark.line + 1
        if not isinstance(name, yaml.ScalarNode):
            yield line, "a plain key"
        elif not name.tag.endswith(":str"):
            yield line, f"a key that is text: '{name.value}' in quotes"
        elif name.value in names:
            yield line, f"each key once, {name.value!r} is repeated"
        names.add(name.value if isinstance(name, yaml.ScalarNode) else None)
        yield from _problems(value, seen)
    for item in node.value if isinstance(node, yaml.SequenceNode) else ():
        yield from _problems(item, seen)
