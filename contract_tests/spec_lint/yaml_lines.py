"""Reads a YAML file as the JSON data that it stands for, and knows the line of each node."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

Keys = tuple[str | int, ...]

# A platform without libyaml has only the second one.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT, _MERGE = "tag:yaml.org,2002:str", "tag:yaml.org,2002:merge"
# What JSON permits and YAML does not: tabs between tokens, and pairs of escapes for one character.
_ONLY_JSON = re.compile(r"\t|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_MOST_NODES = 2_000_000


class DocumentError(Exception):
    """A file cannot be read; the text names the file, the line and what was expected."""


class _Loader(_SafeLoader):  # type: ignore[misc]
    """YAML without timestamps: a date stays the string that JSON would carry."""

    yaml_implicit_resolvers = {  # noqa: RUF012 (PyYAML's own class attribute)
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in _SafeLoader.yaml_implicit_resolvers.items()
    }


class YamlDocument:
    """A YAML or JSON file: its content, and the line of each node.

    Args:
        path: the file.
        lenient: accept aliases, keys that are not text, and repeated keys, of which the last one counts.

    Attributes:
        content: what the file stands for.
        text: the text of the file.
        tolerated: what was accepted, as `file:line: expected ...`.

    Raises:
        DocumentError: the file cannot be read, is not YAML, repeats a key, or holds what JSON cannot.
    """

    def __init__(self, path: Path, *, lenient: bool = False) -> None:
        self.path = path
        self.tolerated: list[str] = []
        try:
            self.text = text = path.read_text(encoding="utf-8-sig")
            if text.lstrip().startswith("{"):
                text = _ONLY_JSON.sub(lambda match: " " if match[0] == "\t" else json.loads(f'"{match[0]}"'), text)
            loader = _Loader(text)
            self._node = loader.get_single_node()
            for line, expected in _problems(self._node, set()):
                self.tolerated.append(f"{path}:{line}: expected {expected}")
                if not lenient:
                    raise DocumentError(self.tolerated[0])
            if self.tolerated and _size(self._node, {}) > _MOST_NODES:
                raise DocumentError(f"{path}: expected at most {_MOST_NODES} nodes, aliases expanded")
            self.content: Any = loader.construct_document(self._node) if self._node else None
            plain = json.dumps(self.content, allow_nan=False)
            if self.tolerated:
                self.content = json.loads(plain)  # nothing is shared
        except OSError as error:
            raise DocumentError(f"{path}: cannot be read: {error.strerror}") from None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise DocumentError(f"{path}:{line}: not YAML: {error.problem}") from None
        except (yaml.reader.ReaderError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
            raise DocumentError(f"{path}: expected UTF-8 text and only what JSON can hold too") from None

    def node(self, keys: Iterable[str | int]) -> Any:
        """The YAML node that the keys lead to; None where it is absent."""
        return [*self._ways(keys)][-1]

    def where(self, keys: Iterable[str | int], level: str = "") -> str:
        """`file:line: a.b[0]` of the node that the keys lead to; the line of its nearest parent where it is absent.

        Args:
            keys: the keys.
            level: stands before the place.
        """
        keys = tuple(keys)
        steps = "".join(f".{key}" if isinstance(key, str) and key.isidentifier() else f"[{key!r}]" for key in keys)
        node = next(node for node in reversed([*self._ways(keys)]) if node or node is self._node)
        line = node.start_mark.line + 1 if node else 1
        return f"{self.path}:{line}: {level}{steps.removeprefix('.') or 'the document'}"

    def _ways(self, keys: Iterable[str | int]) -> Iterator[Any]:
        """The root, and the node that each key leads to, if any."""
        node = self._node
        yield node
        for key in keys:
            if isinstance(node, yaml.MappingNode):
                node = next((value for name, value in node.value if name.value == key), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
                node = node.value[key]
            else:
                node = None
            yield node


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
        elif name.tag != _TEXT:
            name.tag = name.tag if name.tag == _MERGE else _TEXT
            yield line, f"a key that is text: '{name.value}' in quotes"
        elif name.value in names:
            yield line, f"each key once, {name.value!r} is repeated"
        names.add(name.value if isinstance(name, yaml.ScalarNode) else None)
        yield from _problems(value, seen)
    for item in node.value if isinstance(node, yaml.SequenceNode) else ():
        yield from _problems(item, seen)


def _size(node: yaml.Node | None, known: dict[int, int]) -> int:
    """The number of nodes, aliases expanded."""
    if id(node) not in known:
        children = node.value if isinstance(node, yaml.CollectionNode) else ()
        values = (child[1] if isinstance(child, tuple) else child for child in children)
        known[id(node)] = 1 + sum(_size(value, known) for value in values)
    return known[id(node)]
