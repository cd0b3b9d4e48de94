"""The sub-commands that the contract makes: read off the operations, the client's methods and their docstrings."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import NoneType
from typing import Any, Final, get_args

from attrs import fields, frozen

from ..contract import Contract, Operation
from ..types import Unset
from .presentation import FACES, Face

_SIMPLE: Final = (str, int, float, bool, datetime)
_ARGUMENT: Final = re.compile(r"^    (\w+): (.*(?:\n {8}.*)*)", re.MULTILINE)
_SOURCE: Final = re.compile(r"^Source: (.*)\.$", re.MULTILINE)


@frozen
class Parameter:
    """One argument of a method of the client.

    Attributes:
        name: its name there.
        member: its name in JSON, where Python's own words force another one.
        place: where the call carries it: `path`, `query` or `body`.
        kind: its type, or None where it is more than a value can say: it is given within the body only.
        required: whether the call needs it.
        encoded: whether it is content in base64.
        text: what it is.
    """

    name: str
    member: str
    place: str
    kind: type | None
    required: bool
    encoded: bool
    text: str

    @property
    def secret(self) -> bool:
        """Whether it must not be seen in a command line."""
        return self.place == "body" and self.name.endswith("password")


@frozen
class Subcommand:
    """One operation of the contract, as a sub-command.

    Attributes:
        operation: the operation.
        method: the name of the client's method.
        face: its presentation.
        parameters: the method's arguments.
        text: what it does, by its docstring; the first line says it alone.
        source: where the knowledge of it comes from.
    """

    client_class: type[Any]
    operation: Operation[Any]
    method: str
    face: Face
    parameters: tuple[Parameter, ...]
    text: str
    source: str

    @property
    def contract(self) -> Contract:
        contract: Contract = self.client_class._contract
        return contract

    @property
    def name(self) -> str:
        """What it is called by."""
        return self.face.name or self.method.replace("_", "-")

    @property
    def summary(self) -> str:
        """What it does, in a few words."""
        return self.text.partition("\n")[0].removesuffix(".")

    @property
    def acts(self) -> bool:
        """Whether it may change something."""
        return self.operation.method not in {"GET", "HEAD"}

    @property
    def takes_several(self) -> bool:
        """Whether its last id may be several: one body that goes to several patients is more likely a mistake."""
        return bool(self.path) and self.operation.body is None

    @property
    def path(self) -> list[Parameter]:
        """The ids that its path holds."""
        return [parameter for parameter in self.parameters if parameter.place == "path"]

    @property
    def others(self) -> list[Parameter]:
        """What the query and the body hold."""
        return [parameter for parameter in self.parameters if parameter.place != "path"]


def subcommands(client_class: type[Any]) -> Iterator[Subcommand]:
    """A sub-command for each operation of the contract."""
    for name, operation in client_class._contract.operations.items():
        yield _subcommand(client_class, operation, name)


def _subcommand(client_class: type[Any], operation: Operation[Any], name: str) -> Subcommand:
    method: Callable[..., Any] = getattr(client_class, name)
    documentation = inspect.getdoc(method) or operation.id
    text, _, rest = documentation.partition("\n\nArgs:\n")
    texts = {name: " ".join(lines.split()) for name, lines in _ARGUMENT.findall(rest.partition("\n\n")[0])}
    source = _SOURCE.search(documentation)
    return Subcommand(
        client_class=client_class,
        operation=operation,
        method=name,
        face=FACES.get(operation.id, Face()),
        parameters=tuple(_parameters(client_class._contract, operation, inspect.signature(method), texts)),
        text=text,
        source=source[1] if source else "",
    )


def _parameters(
    contract: Contract, operation: Operation[Any], signature: inspect.Signature, texts: Mapping[str, str]
) -> Iterator[Parameter]:
    body: Any = operation.body
    members = {field.name for field in fields(body)} if body else set()
    schemas = contract.schemas.schemas[body.__name__]["properties"] if body else {}
    for parameter in signature.parameters.values():
        if parameter.name in {"self", "timeout"}:
            continue
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
            place = "path"
        else:
            place = "body" if parameter.name in members else "query"
        member = parameter.name if parameter.name in schemas else parameter.name.removesuffix("_")
        yield Parameter(
            name=parameter.name,
            member=member,
            place=place,
            kind=_kind(parameter.annotation),
            required=parameter.default is parameter.empty,
            encoded=schemas.get(member, {}).get("contentEncoding") == "base64",
            text=texts.get(parameter.name, ""),
        )


def _kind(annotation: Any) -> type | None:
    kinds = {kind for kind in get_args(annotation) or (annotation,) if kind not in (NoneType, Unset)}
    kind = kinds.pop() if len(kinds) == 1 else None
    return kind if kind in _SIMPLE else None
