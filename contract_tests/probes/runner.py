"""The suite against a server that is not ours: what needs no hidden state, and a report of what was seen.

`target` may write, so it goes to a loopback server or one that was named for it. `sandbox` goes to the real service: it
reads, a few times, by the credentials of the environment, and can do nothing else.
"""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import httpx
from cerbo_portal_client import CerboError, Client
from cerbo_portal_mock.conformance.report import Report
from cerbo_portal_mock.conformance.response_checker import NO_RESPONSE, ObservedResponse
from cerbo_portal_runtime import failures
from cerbo_portal_runtime.tls import trusted

from contract_tests.probes.probes import CannotRun, CredentialsRefused, NothingThere, Prober, Send
from contract_tests.probes.requests import Call, User, method_name
from contract_tests.probes.target_allowlist import permitted
from contract_tests.probes.transports import GetOnlyTransport, one_origin

Json = Any
TIMEOUT = 30.0
DEFAULT_RATE = 1.0
HIGHEST_RATE = 20.0


def run_target(
    document: Json,
    url: str,
    credentials: tuple[str, str],
    *,
    allowed: str | None = None,
    ids: Mapping[str, Sequence[int]] | None = None,
    examples: int = 20,
    transport: httpx.BaseTransport | None = None,
) -> Report:
    """What a server makes of the contract, reads and writes.

    Args:
        document: the contract.
        url: the base URL of the server.
        credentials: the API user's name and password.
        allowed: the host to which writes are permitted though it is not loopback.
        ids: for path parameters by name, what the server knows in place of the contract's examples.
        examples: how many random calls to make of each operation; 0 leaves the generated ones out.
        transport: what carries the requests that are not generated.

    Raises:
        NotPermitted: nothing may be written there.
        CannotRun: the server does not answer, or does not know the user.
    """
    origin = permitted(url, allowed)
    if ":" in credentials[0]:
        raise CannotRun("--username: expected no colon")
    report = Report(document)
    carrier = transport or httpx.HTTPTransport(verify=trusted(origin))
    with httpx.Client(transport=carrier, timeout=TIMEOUT, event_hooks={"request": [one_origin(origin)]}) as http:
        prober = Prober(document, report, _raw(http, str(origin), credentials), ids)
        try:
            prober.samples()
        except CredentialsRefused:
            raise CannotRun("--username, --password: expected an API user of the server, it refused them") from None
        except NothingThere:
            raise CannotRun(
                "--target, --pt-ids: expected the base URL of the API, such as http://127.0.0.1:8080/api/v1, and "
                "patients that it knows; the server answers 404 to each call about a patient"
            ) from None
        for stage in (prober.links, prober.arguments, prober.bodies, prober.credentials, prober.methods):
            stage()
        if examples:
            from contract_tests.probes.fuzz import fuzz  # noqa: PLC0415 (the sandbox does without generators)

            fuzz(document, str(origin), credentials, prober, examples=examples, ids=ids or {})
    return report


def run_sandbox(document: Json, environment: Mapping[str, str], transport: httpx.BaseTransport | None = None) -> Report:
    """What the service of the environment makes of the contract, as far as a few reads show it.

    Args:
        document: the contract.
        environment: holds `CERBO_PT_IDS` and perhaps `CERBO_RATE`; the client reads the others itself.
        transport: what carries the requests.

    Raises:
        InvalidSettings: the client cannot be made from the environment.
        CannotRun: a variable is missing or malformed, or the service does not answer or does not know the user.
    """
    ids = {"pt_id": patient_ids(environment.get("CERBO_PT_IDS", ""), "CERBO_PT_IDS")}
    rate = _rate(environment.get("CERBO_RATE", ""))
    report = Report(document)
    recording = GetOnlyTransport(transport or httpx.HTTPTransport(), rate)
    with Client.from_env(read_only=True, transport=recording) as client:
        prober = Prober(document, report, _by_client(client, recording), ids)
        try:
            prober.samples(lambda operation: operation.method == "GET" and operation.values.keys() <= ids.keys())
        except NothingThere:
            raise CannotRun(
                "CERBO_BASE_URL, CERBO_PT_IDS: expected the base URL of the API, with its path, and patients that it "
                "knows; the service answers 404 to each call about a patient"
            ) from None
        prober.arguments()
    return report


def patient_ids(text: str, name: str) -> list[int]:
    """The ids in a list such as `1,221`.

    Args:
        text: the list.
        name: what an error calls it.

    Raises:
        CannotRun: it is not such a list.
    """
    if not re.fullmatch(r"\s*[0-9]{1,19}\s*(,\s*[0-9]{1,19}\s*)*", text, re.ASCII):
        raise CannotRun(f"{name}: expected ids of patients, such as 1,221")
    return [int(part) for part in text.split(",")]


def _rate(text: str) -> float:
    try:
        rate = float(text or DEFAULT_RATE)
    except ValueError:
        rate = 0.0
    if not 0 < rate <= HIGHEST_RATE:
        raise CannotRun(f"CERBO_RATE: expected requests per second, above 0 and up to {HIGHEST_RATE:g}")
    return rate


def _by_client(client: Client, recording: GetOnlyTransport) -> Send:
    """Makes calls as a user of the generated client does, until the service refuses the credentials."""

    def send(call: Call) -> ObservedResponse:
        recording.last = None
        with suppress(CerboError):  # the report says how a response deviates
            getattr(client, method_name(call.operation_id))(**call.arguments)
        observed = _observed(call, recording.last)
        if observed.status == 401:
            # Whoever insists on credentials that were refused may be locked out.
            raise CannotRun(
                "CERBO_USERNAME, CERBO_PASSWORD: expected an API user, the service refused them; no other call was made"
            )
        return observed

    return send


def _raw(http: httpx.Client, base_url: str, credentials: tuple[str, str]) -> Send:
    """Makes calls that the generated client refuses to make, too."""
    username, password = credentials
    users: dict[User, httpx.Auth | None] = {
        User.GIVEN: httpx.BasicAuth(username, password),
        User.WRONG_PASSWORD: httpx.BasicAuth(username, f"not-{password}"),
        User.UNKNOWN: httpx.BasicAuth(f"not-{username}", password),
    }

    def send(call: Call) -> ObservedResponse:
        values = {name: quote(str(value), safe="") for name, value in call.values.items()}
        headers = {"Accept": "application/json"}
        if call.body is not None:
            headers["Content-Type"] = call.media_type
        if call.user is User.MALFORMED:
            headers["Authorization"] = "Basic %%%"
        try:
            response = http.request(
                call.method,
                base_url + call.path.format_map(values),
                params=call.query or None,
                content=None if call.body is None else json.dumps(call.body),
                headers=headers,
                auth=users.get(call.user),
            )
        except httpx.RequestError as error:
            return _observed(call, error)
        return _observed(call, response)

    return send


def _observed(call: Call, outcome: httpx.Response | httpx.RequestError | None) -> ObservedResponse:
    if isinstance(outcome, httpx.Response):
        headers = {name.lower(): value for name, value in outcome.headers.items()}
        return ObservedResponse(call.operation_id, outcome.status_code, headers, outcome.content, call.known_method)
    timed_out = isinstance(outcome, httpx.TimeoutException)
    failure = failures.describe(outcome) if outcome else ""
    failure = failure or ("no response within the timeout" if timed_out else "")
    return ObservedResponse(call.operation_id, NO_RESPONSE, {}, b"", call.known_method, failure)
