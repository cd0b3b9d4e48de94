"""Changes the text of the contract: raises grades, adds operations and components; every other byte stays."""

import textwrap
from collections.abc import Iterable
from typing import Any

import yaml

from contract_tests.spec_lint.yaml_lines import Keys, YamlDocument

Json = Any
Edit = tuple[int, int, str]

_WIDTH = 120


class _Dumper(yaml.SafeDumper):
    """Writes YAML as the contract has it: lists of plain values in one line, other lists indented."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)

    def represent_sequence(self, tag: str, sequence: Any, _flow_style: bool | None = None) -> yaml.SequenceNode:
        items = list(sequence)
        return super().represent_sequence(tag, items, not any(isinstance(each, dict | list) for each in items))


def raise_grades(document: YamlDocument, elements: Iterable[Keys], source: str) -> str:
    """The text of the contract in which these elements are `documented` by a source.

    Args:
        document: the contract.
        elements: the keys of each element.
        source: the new `x-source`.
    """
    text = document.text
    edits: list[Edit] = []
    for keys in elements:
        node = document.node(keys)
        members = {name.value: (name, value) for name, value in node.value}
        written = _scalar(source, in_flow=node.flow_style)
        grade, old = (members.get(name, (None, None))[1] for name in ("x-provenance", "x-source"))
        lines = [] if old else [f"x-source: {written}"]
        if grade:
            edits.append((grade.start_mark.index, grade.end_mark.index, "documented"))
        else:
            lines.insert(0, "x-provenance: documented")
        if old:
            edits.append((old.start_mark.index, _end(text, old), written))
        if lines:
            name, value = members[
                "x-provenance" if grade else "description" if "description" in members else [*members][-1]
            ]
            if node.flow_style:
                place, indent = _end(text, value), ", "
            else:
                place, indent = text.index("\n", _end(text, value)), "\n" + " " * name.start_mark.column
            edits.append((place, place, "".join(indent + line for line in lines)))
    return _edited(text, edits)


def add(document: YamlDocument, additions: Iterable[tuple[Keys, Json]]) -> str:
    """The text of the contract with more members at the end of its objects and lists.

    Args:
        document: the contract.
        additions: the keys of each new member, and its value; a list gets an item by its own keys.
    """
    text = document.text
    trees: dict[Keys, Json] = {}
    for keys, value in additions:
        depth = next(length for length in range(len(keys) - 1, -1, -1) if document.node(keys[:length]))
        tree = trees.setdefault(keys[:depth], {})
        for key in keys[depth:-1]:
            tree = tree.setdefault(key, {})
        tree[keys[-1]] = value
    edits = []
    for keys, tree in sorted(trees.items(), key=lambda item: len(item[0])):  # in one place, the inner one comes first
        node = document.node(keys)
        first = node.value[0][0] if isinstance(node, yaml.MappingNode) else node
        indent = first.start_mark.column
        content = tree if isinstance(node, yaml.MappingNode) else list(tree.values())
        dumped = yaml.dump(content, Dumper=_Dumper, sort_keys=False, width=_WIDTH - indent, allow_unicode=True)
        place = text.index("\n", _end(text, node)) + 1
        edits.append((place, place, textwrap.indent(dumped, " " * indent)))
    return _edited(text, edits)


def _scalar(text: str, *, in_flow: bool) -> str:
    """A text as YAML, in one line."""
    dumped = yaml.safe_dump({"x": text}, default_flow_style=in_flow, width=10**6, allow_unicode=True).strip()
    return dumped[4:-1] if in_flow else dumped[3:]


def _edited(text: str, edits: list[Edit]) -> str:
    for start, end, replacement in sorted(edits, key=lambda edit: edit[:2], reverse=True):
        text = text[:start] + replacement + text[end:]
    return text


def _end(text: str, node: Any) -> int:
    """The index behind a node's last character, without the line end and the comments that follow."""
    while isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        node = node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
    return len(text[: node.end_mark.index].rstrip())
