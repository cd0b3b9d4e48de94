"""The data of a generated sub-command."""

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..contract import Contract, Operation


class Summary(NamedTuple):
    """The members of a list's entries that `--summary` uses."""

    count_by: str
    oldest_by: str


@dataclass(frozen=True)
class Member:
    """A member of the body of a request.

    Attributes:
        argument: the argument of the client's method.
        name: its name in JSON, which differs where Python reserves the name.
        option: its option; None if only `--body` can give it.
        secret: the environment variable of a member that no command line may show.
        prompt: asks for a secret.
        required: whether the request needs it.
        base64: whether its option takes a file, whose content is encoded.
        repeats: the argument of the path that it repeats, which the client's method fills in; None for all others.
    """

    argument: str
    name: str
    option: str | None = None
    secret: str | None = None
    prompt: str = ""
    required: bool = False
    base64: bool = False
    repeats: str | None = None


@dataclass(frozen=True)
class Command:
    """What a sub-command calls, and how it shows the result.

    Attributes:
        client_class: the generated client.
        operation: the operation.
        method: the name of the client's method.
        title: what it does, in a few words.
        members: the members of the request's body.
        whole_body: whether the request's body is one argument, `body`.
        confirm: whether to ask before the call.
        columns: the members that its table shows, in this order; by default all.
        summary: for `--summary`; None if there is no such option.
    """

    client_class: type[Any]
    operation: Operation[Any]
    method: str
    title: str
    members: tuple[Member, ...] = ()
    whole_body: bool = False
    confirm: bool = False
    columns: tuple[str, ...] = ()
    summary: Summary | None = None

    @property
    def contract(self) -> Contract:
        """The contract of the operation."""
        contract: Contract = self.client_class._contract
        return contract

    @property
    def takes_several(self) -> bool:
        """Whether its last id may be several: one body for several patients is more likely a mistake."""
        *_, last = [None, *re.findall(r"{([^{}]*)}", self.operation.path)]
        is_id = last is not None and last not in self.operation.styles
        return is_id and self.operation.body is None and not self.whole_body
