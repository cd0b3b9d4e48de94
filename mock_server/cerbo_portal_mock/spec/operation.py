"""An operation of the contract: how its requests are read, and which responses it documents."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cerbo_portal_mock.spec.equal_members import argument_name
from cerbo_portal_mock.spec.errors import InvalidArgument
from cerbo_portal_mock.spec.parameter import Parameter
from cerbo_portal_mock.spec.request_body import RequestBody
from cerbo_portal_mock.spec.response import DocumentedResponse

Json = Any


@dataclass(frozen=True)
class Operation:
    """One operation of the contract.

    Attributes:
        anonymous: whether its callers need no credentials.
        responses: the documented responses by status.
        other_responses: those of several statuses, by range, such as `4XX`, and `default`.
    """

    id: str
    method: str
    path: str
    tag: str
    anonymous: bool
    parameters: tuple[Parameter, ...]
    body: RequestBody | None
    responses: Mapping[int, DocumentedResponse]
    other_responses: Mapping[str, DocumentedResponse]

    @property
    def writes(self) -> bool:
        """Whether the operation may change something."""
        return self.method not in {"GET", "HEAD"}

    def response(self, status: int) -> DocumentedResponse | None:
        """What is documented of responses of a status: for it, as an alternative, for its range, or by default."""
        found = self.responses.get(status) or next(
            (response for response in self.responses.values() if status in response.alternatives), None
        )
        others = self.other_responses
        return found or others.get(f"{status // 100}XX") or others.get("default")

    def alternatives(self, status: int) -> tuple[int, ...]:
        """The statuses that the real service might return in the place of a documented one, with the same meaning.

        A success may have those of `2XX`: its `x-alternatives`, or else 201, and of a DELETE 204.
        """
        documented = self.responses.get(status)
        if documented is None:
            return ()
        others = self.other_responses.get("2XX") if 200 <= status < 300 else None
        if others is None:
            return documented.alternatives
        return others.alternatives or ((201, 204) if self.method == "DELETE" else (201,))

    @property
    def success(self) -> tuple[int, DocumentedResponse] | None:
        """The first documented success, with its status; None if none is documented."""
        for status, response in self.responses.items():
            if 200 <= status < 300:
                return status, response
        other = self.other_responses.get("2XX") or self.other_responses.get("default")
        return (200, other) if other else None

    def defaults(self, *, coming_soon: bool) -> dict[str, Json]:
        """The arguments that apply where a request leaves them out, by parameter name.

        Args:
            coming_soon: whether announced parameters are already in force.
        """
        return {
            parameter.name: parameter.default
            for parameter in self.parameters
            if parameter.default is not None and (coming_soon or not parameter.coming_soon)
        }

    def check_body(self, members: Mapping[str, Json], arguments: Mapping[str, Json]) -> None:
        """Check what the contract says of a body's members and the request's arguments together.

        Args:
            members: the members of the body.
            arguments: the arguments of path, query and headers, defaults included.

        Raises:
            InvalidArgument: a member differs from the argument that it must equal, or needs another one.
        """
        properties = self.body.properties if self.body else {}
        for name, value in members.items():
            member = properties.get(name, {})
            argument = argument_name(member.get("x-equals", ""))
            if argument in arguments and value != arguments[argument]:
                raise InvalidArgument(f"{name}: expected the {argument} of the path")
            for expression, needed in member.get("x-only-with", {}).items():
                argument = argument_name(expression)
                if arguments.get(argument) != needed:
                    raise InvalidArgument(f"{name}: expected only with {argument}={str(needed).lower()}")

    @cached_property
    def _query_names(self) -> frozenset[str]:
        return frozenset(parameter.name for parameter in self.parameters if parameter.location == "query")

    def arguments(
        self,
        path: Mapping[str, str],
        query: Mapping[str, Sequence[str]],
        header: Callable[[str], str | None] = lambda _: None,
    ) -> dict[str, Json]:
        """The checked arguments of a request, by parameter name.

        Args:
            path: the text of each path parameter.
            query: every text given for each query parameter.
            header: the text of a header by its name, whose case does not matter; None if it is not given.

        Raises:
            InvalidArgument: an argument is missing, repeated, malformed or out of range.
        """
        values: dict[str, Json] = {}
        for parameter in self.parameters:
            name = parameter.name
            texts: Sequence[str] = ()
            if parameter.location == "path":
                texts = (path[name],)
            elif parameter.location == "header":
                given = header(name)
                texts = () if given is None else (given,)
            elif parameter.is_spread and (spread := parameter.read_spread(query, self._query_names)) is not None:
                values[name] = spread
                continue
            else:
                texts = query.get(name, ())
            if texts:
                values[name] = parameter.read(texts)
            elif parameter.required:
                raise InvalidArgument(f"{name}: expected {parameter.expected}, nothing was given")
        return values
