"""Renders the reference of the client, in Markdown, from the signatures and docstrings of its public names."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import griffe

_HEAD = """\
# Reference of the client

<!-- Made from the docstrings of generated/cerbo_portal_client/ by ./scripts/generate; edits are lost. -->

All of it is imported from `cerbo_portal_client`. `AsyncClient` has the methods of `Client`, to be awaited, and
`aclose` in place of `close`.
"""
_MODELS = """\
Each has `from_dict` and `to_dict`. A member of a response (`Model`) that is absent, null or unreadable is `None`; `raw`
is the JSON object as it came. An optional member of a request (`RequestModel`) that is not sent is `UNSET`, which is
falsy."""
_TITLES = {"raises": "Raises", "warns": "Warns", "attributes": "Attributes"}

Node = griffe.Class | griffe.Function


def render(package: Path, runtime: Path) -> str:
    """The reference, as Markdown.

    Args:
        package: the directory of the generated client.
        runtime: the directory of the runtime, whose base classes and errors are part of it.
    """
    loader = griffe.GriffeLoader(
        search_paths=[package.parent, runtime.parent], docstring_parser=griffe.Parser.google, allow_inspection=False
    )
    loader.load(runtime.name)
    client: Any = loader.load(package.name)
    public = [client[name] for name in client.exports]
    classes = [node.final_target for node in public if node.is_class]
    clients = [client["Client"].final_target, client["AsyncClient"].final_target]
    errors = sorted((node for node in classes if _descent(node)[0] == "Exception"), key=_descent)
    models = [node for node in classes if "models" in node.path.split(".")]
    known = [node for node in classes if node.module.name == "known_values"]
    events = [node for node in classes if node.module.name == "events"]
    functions = [node.final_target for node in public if node.is_function]
    return "\n".join(
        [
            _HEAD,
            *_client(clients[0], [getattr(each, "final_target", each) for each in clients[0].all_members.values()]),
            *_client(clients[1], ()),
            "## Functions\n",
            *(line for node in functions for line in _entry(node)),
            "## Errors\n",
            *(line for node in errors for line in _entry(node)),
            "## Events\n",
            *(line for node in events for line in _entry(node)),
            f"## Models\n\n{_MODELS}\n",
            *(line for node in models for line in _entry(node)),
            "## Known values\n",
            *(line for node in known for line in _entry(node)),
        ]
    )


def _descent(node: Node) -> list[str]:
    """The names of the classes that a class is derived from, most general first, and its own."""
    if not isinstance(node, griffe.Class) or not node.bases:
        return [node.name]
    parents = [parent for parent in node.resolved_bases if isinstance(parent, griffe.Class)]
    return [*(_descent(parents[0]) if parents else [str(node.bases[0])]), node.name]


def _client(node: griffe.Class, members: Iterable[griffe.Object]) -> Iterator[str]:
    yield f"## {node.name}\n"
    yield from _text(node)
    for member in members:
        if isinstance(member, griffe.Function) and member.name == "__init__":
            yield from _text(member)
        elif isinstance(member, griffe.Function) and not member.name.startswith("_"):
            yield from _entry(member)


def _entry(node: Node) -> Iterator[str]:
    base = f" ({node.bases[0]})" if isinstance(node, griffe.Class) and node.bases else ""
    yield f"### {node.name}{base}\n"
    if isinstance(node, griffe.Function):
        yield f"```text\n{node.signature(return_type=True)}\n```\n"
    yield from _text(node)
    documented = {member.name: member.docstring for member in node.members.values() if "property" in member.labels}
    if properties := {name: docstring.value for name, docstring in documented.items() if docstring}:
        yield "Properties:\n"
        for name, text in properties.items():
            description = "\n  ".join(filter(None, text.splitlines()))
            yield f"- `{name}`: {description}"
        yield ""


def _text(node: Node) -> Iterator[str]:
    for section in node.docstring.parsed if node.docstring else ():
        value: Any = section.value
        if section.kind is griffe.DocstringSectionKind.text:
            yield f"{value}\n"
        else:
            yield f"{_TITLES.get(section.kind.value, 'Arguments')}:\n"
            for item in value:
                name = getattr(item, "name", None) or str(item.annotation).strip("()")
                description = item.description.replace("\n", "\n  ")
                yield f"- `{name}`: {description}"
            yield ""
