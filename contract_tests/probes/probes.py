"""Calls that show what a server makes of the contract, by what is visible through the API itself.

Every call follows from the contract: a new operation, parameter or link needs no line here.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cerbo_portal_mock.conformance.report import ANY_OPERATION, Element, Report
from cerbo_portal_mock.conformance.response_checker import NO_RESPONSE, ObservedResponse, ResponseChecker

from contract_tests.probes.requests import Call, Operation, Parameter, User, known_operations
from contract_tests.spec_lint.navigation import METHODS, pointed, resolve

Json = Any
Send = Callable[[Call], ObservedResponse]

# A server that leaves as many calls in a row without an answer is not there any more.
GONE_AFTER = 10

# An answer that may pass of itself says nothing of the contract.
PASSING = {429, 502, 503, 504}
# How a server refuses what it takes for malformed.
MALFORMED = {400, 405, 415, 501}


class CannotRun(Exception):
    """The run cannot begin, or cannot go on; the text names what was expected and holds no value."""


class CredentialsRefused(Exception):
    """The server does not know the API user: no other call makes sense."""


class NothingThere(Exception):
    """The server answers 404 to each call that names a resource: what it answers to others would show nothing."""


class Prober:
    """Makes the calls, and reports what they show.

    Args:
        document: the contract.
        report: where to report.
        send: makes a call; what it raises ends the run. Without a response the status is `NO_RESPONSE`.
        ids: for path parameters by name, what the server knows in place of the contract's examples.
    """

    def __init__(
        self, document: Json, report: Report, send: Send, ids: Mapping[str, Sequence[int]] | None = None
    ) -> None:
        self._document, self.report, self.send = document, report, send
        self._checker = ResponseChecker(document, report)
        self._ids = ids or {}
        self.operations = known_operations(document)
        self._works: dict[str, Call] = {}
        self._unanswered = 0

    def samples(self, wanted: Callable[[Operation], bool] = lambda _: True) -> None:
        """The contract's own examples, reads first.

        Args:
            wanted: selects the operations to call.

        Raises:
            CredentialsRefused: the first call was answered so.
            NothingThere: each call with an id in its path was answered 404.
        """
        found = set()
        chosen = filter(wanted, self.operations.values())
        for operation in sorted(chosen, key=lambda operation: operation.method != "GET"):
            for call in operation.samples(self._ids):
                observed = self._make(call)
                if operation.values:
                    found.add(observed.status != 404)
                if observed.status == 401 and not self._works:
                    raise CredentialsRefused
                if self.expect_taken(call, observed):
                    self._works.setdefault(call.operation_id, call)
        if found == {False}:
            raise NothingThere

    def arguments(self) -> None:
        """Other values of each parameter of what works, one at a time: those it permits, and those it does not.

        The highest id that a path permits is one that nothing has.
        """
        for operation, call in self._working():
            for parameter in operation.parameters:
                for value in parameter.permitted():
                    observed = self._try(call, parameter.of(call, value), parameter)
                    if parameter.location == "path" and observed.is_success:
                        unknown = Element("response", f"{operation.id} 404")
                        self._expect_status(404, unknown, observed, "an id that nothing has")
                for value in parameter.forbidden():
                    self.expect_refused([parameter.element], self._make(parameter.of(call, value)))

    def bodies(self) -> None:
        """Bodies that lack something, that have something of a wrong type, or that are of another media type."""
        for operation, call in self._working():
            if operation.request_body is None:
                continue
            for about, content in operation.request_body.wrong(call.body):
                self.expect_refused([about], self._make(replace(call, body=content)))
            observed = self._make(replace(call, media_type="text/plain"))
            self._expect_status(415, Element("response", f"{ANY_OPERATION} 415"), observed, "a body of another type")

    def credentials(self) -> None:
        """Nothing works without the right credentials."""
        for operation in self.operations.values():
            call = operation.samples(self._ids)[0]
            for user in (user for user in User if user is not User.GIVEN):
                observed = self._make(replace(call, user=user))
                for scheme in operation.schemes:
                    self._expect_status(401, Element("credentials", scheme), observed, f"a call {user.value}")

    def methods(self) -> None:
        """A method that a path does not have."""
        paths = {operation.path: operation for operation in self.operations.values()}
        for path, operation in paths.items():
            known = METHODS & self._document["paths"][path].keys()
            strange = next(method for method in ("put", "patch", "delete", "post") if method not in known)
            call = replace(operation.samples(self._ids)[0], method=strange.upper(), body=None, known_method=False)
            about = Element("response", f"{ANY_OPERATION} 405")
            self._expect_status(405, about, self._make(call), "a method that the path does not have")

    def links(self) -> None:
        """Deletes what a list links to: it must be gone from the list, and not be found a second time."""
        for operation, listing in self._working():
            for response in operation.node["responses"].values():
                for link in resolve(self._document, response).get("links", {}).values():
                    target = self.operations[link["operationId"]]
                    if operation.method == "GET" and target.method == "DELETE":
                        self._delete_through(link["parameters"], listing, target)

    def _delete_through(self, parameters: Mapping[str, str], listing: Call, target: Operation) -> None:
        listed = self._make(listing)
        values = {name: next(iter(_read(text, listing, listed)), None) for name, text in parameters.items()}
        deletion = Call(target.id, target.method, target.path, values)
        # An id that no request may have shows nothing of the delete.
        if target.violated(deletion) or not self.expect_taken(deletion, self._make(deletion)):
            return
        for name, text in parameters.items():
            # Wherever in the list it stands.
            anywhere = re.sub(r"/\d+(?=/|$)", "/*", text)
            again = self._make(listing)
            if text.startswith("$response") and values[name] in _read(anywhere, listing, again):
                self.report.contradict(target.element, "what was deleted is still listed", again.where)
        about = Element("response", f"{target.id} 404")
        self._expect_status(404, about, self._make(deletion), "a second delete")

    def _working(self) -> list[tuple[Operation, Call]]:
        return [(self.operations[operation_id], call) for operation_id, call in self._works.items()]

    def _make(self, call: Call) -> ObservedResponse:
        observed = self.send(call)
        if observed.status == NO_RESPONSE:
            self._unanswered += 1
            if not self.report.calls or self._unanswered == GONE_AFTER:
                why = observed.failure and f": {observed.failure}"
                raise CannotRun(f"{call.operation_id}: expected an answer, the server gave none{why}")
            self.report.note(self.operations[call.operation_id].element, "was left without an answer")
            return observed
        self._unanswered = 0
        self.see(observed)
        return observed

    def see(self, observed: ObservedResponse) -> None:
        """Report what an answer shows, whatever the call was."""
        self.report.calls += 1
        self._checker.check(observed)

    def _try(self, call: Call, changed: Call, parameter: Parameter) -> ObservedResponse:
        """Try a call that differs from one that works by one permitted value of a parameter."""
        before = self._make(call) if parameter.coming_soon else None
        observed = self._make(changed)
        if self.expect_taken(changed, observed, parameter.element) and before is not None:
            after = self._make(call)
            # A queue that moves of itself shows nothing.
            if before.content == after.content != observed.content:
                self.report.contradict(parameter.element, "has an effect, though it is coming soon", observed.where)
        return observed

    def expect_taken(self, call: Call, observed: ObservedResponse, about: Element | None = None) -> bool:
        """Report what the answer says of a call that the contract permits, and return whether it was a success.

        Args:
            call: the call.
            observed: its answer.
            about: the element that the call is to try, by default the operation as a whole.
        """
        operation = self.operations[call.operation_id]
        if observed.status in MALFORMED:
            self.report.contradict(about or operation.element, "what the contract permits is refused", observed.where)
        if not observed.is_success:
            return False
        self.report.confirm(operation.element)
        for parameter in operation.parameters:
            if parameter.name in {**call.values, **call.query}:
                self.report.confirm(parameter.element)
        if operation.request_body and call.body is not None:
            self.report.confirm(operation.request_body.element)
            operation.request_body.schema.check(call.body, self.report, operation.request_body.element, observed.where)
        return True

    def expect_refused(self, about: Sequence[Element], observed: ObservedResponse) -> None:
        """Report what the answer says of a call that the contract does not permit.

        Args:
            about: the elements that the call goes against.
            observed: its answer.
        """
        for each in about:
            if 400 <= observed.status < 500:
                self.report.confirm(each)
            elif observed.status not in PASSING:
                what = (
                    "taken" if observed.is_success else "answered by a failure" if observed.status else "not answered"
                )
                self.report.contradict(each, f"what the contract does not permit is {what}", observed.where)

    def _expect_status(self, status: int, about: Element, observed: ObservedResponse, what: str) -> None:
        if about not in self.report.provenance or observed.status in {*PASSING, NO_RESPONSE}:
            return
        if observed.status == status:
            self.report.confirm(about)
        else:
            text = f"{what} is answered {observed.status} where {status} is expected"
            self.report.contradict(about, text, observed.where)


def _read(expression: str, call: Call, observed: ObservedResponse) -> list[Any]:
    """The values that a link's expression leads to; `*` in it stands for any index."""
    if expression.startswith("$request.path."):
        return [call.values[expression.removeprefix("$request.path.")]]
    try:
        found = pointed(observed.body, expression.partition("#/")[2])
    except ValueError:
        return []
    return [value for value in found if isinstance(value, str | int)]
