"""Everything that the runtime receives from a generated package."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from .composites import Entity
from .errors import ApiError
from .kinds import ANY, BOOLEAN, Kind
from .models import Model, RequestModel
from .validation import SchemaValidator

T_co = TypeVar("T_co", covariant=True)


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


class Result(NamedTuple):
    """What a successful response holds.

    Attributes:
        media: json, text, bytes or nothing.
        kind: how JSON is read.
        media_type: the content type of JSON.
    """

    media: str
    kind: Kind = ANY
    media_type: str = "application/json"

    @property
    def model(self) -> type[Model] | None:
        """The model of the whole body, if it has one."""
        model = self.kind.model if isinstance(self.kind, Entity) else Model
        return model if issubclass(model, Model) and model is not Model else None


class Paging(NamedTuple):
    """The arguments by which an operation returns a list in pages."""

    limit: str
    offset: str


@dataclass(frozen=True)
class Operation(Generic[T_co]):
    """An operation of a contract.

    Attributes:
        id: its operation id.
        method: its HTTP method.
        path: its path, a template.
        idempotent: whether a repeated request is safe.
        result_false_is_error: whether `result: false` means that it failed; otherwise that is a normal result.
        result: what its successful responses hold.
        success: the statuses of its documented successes.
        errors: the statuses of its documented errors.
        results: what they hold where it is something else, by status.
        error_ranges: the first digits of documented ranges of errors, such as 4 of 4XX.
        list_member: the name in JSON of the member that holds the entries, if its successful responses are lists.
        paging: how its lists are paged, if they are.
        styles: how an argument that is an array or an object is written, and whether it is exploded, by its name.
        body: the model of its request's body.
        body_required: whether a request must have a body.
        sends: json, form, multipart, text or bytes.
        media_type: the content type of its request's body.
        anonymous: whether a request carries no credentials.
        equalities: the members of its successful responses that must equal an argument.
    """

    id: str
    method: str
    path: str
    idempotent: bool
    result_false_is_error: bool
    result: Result
    success: frozenset[int]
    errors: frozenset[int]
    results: Mapping[int, Result] = field(default_factory=dict)
    error_ranges: frozenset[int] = frozenset()
    list_member: str | None = None
    paging: Paging | None = None
    styles: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    body: type[Model | RequestModel] | None = None
    body_required: bool = True
    sends: str = "json"
    media_type: str = "application/json"
    anonymous: bool = False
    equalities: tuple[Equality, ...] = ()

    @property
    def label(self) -> str:
        """Method and path template: safe to log."""
        return f"{self.method} {self.path}"

    def has_member(self, name: str) -> bool:
        """Whether its successful responses have a member of this name, by the contract."""
        return any(member.name == name for member in (self.result.model or Model).MEMBERS)

    def entries(self, model: Model) -> list[Any]:
        """The entries of a successful response; it has a `list_member`."""
        return next(getattr(model, each.attribute) for each in model.MEMBERS if each.name == self.list_member) or []

    @property
    def has_result_flag(self) -> bool:
        """Whether `result`, where a successful response has it, says if the operation succeeded."""
        members = (self.result.model or Model).MEMBERS
        return all(member.kind is BOOLEAN for member in members if member.name == "result")

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
        error_model: the model of an error's body, if all have one.
        base_path: the path at which base URLs end.
        user_agent: the `User-Agent` of the client's requests.
    """

    operations: Mapping[str, Operation[Any]]
    schemas: SchemaValidator
    errors: Mapping[int, type[ApiError]]
    gone_errors: Mapping[int, type[ApiError]]
    error_model: type[Model] | None
    base_path: str
    user_agent: str
