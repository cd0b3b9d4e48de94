"""Everything that the runtime receives from a generated package."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .errors import ApiError
from .models import Model, RequestModel
from .validation import SchemaValidator

T = TypeVar("T", bound=Model)


@dataclass(frozen=True)
class Equality:
    """A member of a response that must equal an argument of the request.

    Attributes:
        member: the way to it: names of members, and `[]` for each entry of an array.
        argument: the name of the argument, in the operation's path.
        is_error: whether a difference is an error; otherwise it is a deviation.
    """

    member: tuple[str, ...]
    argument: str
    is_error: bool


@dataclass(frozen=True)
class Operation(Generic[T]):
    """An operation of a contract.

    Attributes:
        id: its operation id.
        method: its HTTP method.
        path: its path, a template.
        idempotent: whether a repeated request is safe.
        result_false_is_error: whether `result: false` means that it failed; otherwise that is a normal result.
        model: the model of its successful responses.
        success: the statuses of its documented successes.
        errors: the statuses of its documented errors.
        list_member: the member that holds the entries, if its successful responses are lists.
        body: the model of its request's body.
        equalities: the members of its successful responses that must equal an argument.
    """

    id: str
    method: str
    path: str
    idempotent: bool
    result_false_is_error: bool
    model: type[T]
    success: frozenset[int]
    errors: frozenset[int]
    list_member: str | None = None
    body: type[RequestModel] | None = None
    equalities: tuple[Equality, ...] = ()

    @property
    def label(self) -> str:
        """Method and path template: safe to log."""
        return f"{self.method} {self.path}"

    def has_member(self, name: str) -> bool:
        """Whether its successful responses have a member of this name, by the contract."""
        return any(member.name == name for member in self.model.MEMBERS)

    @property
    def has_side_effects(self) -> bool:
        """Whether a request may change something."""
        return self.method not in {"GET", "HEAD"}


@dataclass(frozen=True)
class Contract:
    """One contract, as a generated package hands it over.

    Attributes:
        operations: the operations, by the names of the client's methods.
        schemas: validates the bodies of requests against the contract's schemas.
        errors: the class of each documented error status.
        gone_errors: the same, for a DELETE of which an earlier attempt may have acted.
        error_model: the model of an error's body, named like its schema.
        base_path: the path at which base URLs end.
        user_agent: the `User-Agent` of the client's requests.
    """

    operations: Mapping[str, Operation[Any]]
    schemas: SchemaValidator
    errors: Mapping[int, type[ApiError]]
    gone_errors: Mapping[int, type[ApiError]]
    error_model: type[Model]
    base_path: str
    user_agent: str
