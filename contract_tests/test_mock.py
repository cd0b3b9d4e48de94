"""Every response of the mock fits the contract, every documented one is reached, and every example is true of it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Thread
from typing import Any

import httpx
import pytest
import schemathesis
from cerbo_portal_mock import create_app
from cerbo_portal_mock.clinic.instance import Instance
from cerbo_portal_mock.clinic.invitations import Invitation
from cerbo_portal_mock.clinic.records import Patient
from cerbo_portal_mock.http.server import Server
from cerbo_portal_mock.spec.contract import Contract

from contract_tests import example_budget
from contract_tests.probes.requests import sample
from contract_tests.spec_lint import navigation
from contract_tests.support.checkout import SCHEMATHESIS_CONFIG
from contract_tests.support.http_client import LIST_PATH, ORIGIN, USER, http_client

Json = Any

# They need a fault that someone orders.
ONLY_INJECTED = {429, 500, 503}

CONTRACT = Contract()
schema = schemathesis.openapi.from_wsgi("/openapi.json", create_app(), config=example_budget.config())


def _reset() -> None:
    """Every case starts from the scenario: what it generates must not depend on the cases before it."""
    schema.app.extensions["cerbo_portal"].reset("default")


@schema.parametrize()
def test_schemathesis_finds_nothing(case: schemathesis.Case[Any]) -> None:
    _reset()
    case.call_and_validate()


def test_schemathesis_finds_nothing_over_a_socket() -> None:
    server = Server(create_app())
    thread = Thread(target=server.run)
    thread.start()
    try:
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(SCHEMATHESIS_CONFIG)]
        run = subprocess.run(
            [
                *command,
                "run",
                "--max-examples",
                str(example_budget.share(20)),
                "--no-color",
                f"{server.url}/openapi.json",
            ],
            check=False,
            capture_output=True,
            text=True,
            timeout=80,
        )
    finally:
        server.stop()
        thread.join()
    assert run.returncode == 0, run.stdout + run.stderr


@dataclass(frozen=True)
class Recipe:
    """A call that makes the mock answer with one documented status."""

    operation_id: str
    status: int
    user: tuple[str, str] | None = USER
    path: tuple[tuple[str, str], ...] = ()
    #: The name of an example of the contract; by default the first, None for no body at all.
    body: str | None = ""
    prefer: str | None = None
    query: tuple[tuple[str, str], ...] = ()
    #: So many characters take the place of a member of the body, by its name.
    swell: tuple[tuple[str, int], ...] = ()
    prepare: Callable[[Instance], object] = lambda _: None
    #: Whether the mock answers so only after what was prepared, and not as it starts.
    only: bool = False


def _add_patient_4(**members: Any) -> Callable[[Instance], object]:
    patient = Patient(4, "Lou", "Sample", "lou.sample@example.com", **members)
    return lambda instance: instance.state.extend([patient], [], [])


# What leads to a status, whatever the operation; `first` and `last` stand for its path parameters.
USERS: dict[int, tuple[str, str] | None] = {401: None, 403: ("labs", "labs-only")}
PATHS = {400: "0", 404: "404404404"}
# What only one operation has.
SPECIAL = (
    Recipe("showPortalRequests", 200, path=(("pt_id", "3"),)),
    Recipe("listSecureMessages", 200, path=(("pt_id", "3"),)),
    Recipe("inviteToPortal", 422, path=(("pt_id", "3"),)),
    Recipe("inviteToPortal", 422, path=(("pt_id", "4"),), prepare=_add_patient_4(portal_access=False)),
    Recipe("inviteToPortal", 422, path=(("pt_id", "4"),), prepare=_add_patient_4(zip=None)),
    Recipe(
        "validatePortalCredentials",
        200,
        prepare=lambda instance: instance.patient_logins.join(
            Invitation("any", 1), None, "correct horse battery staple"
        ),
    ),
    Recipe("createPatientDocument", 413, swell=(("base64_content", 24 * 2**20),)),
    Recipe("createPatientDocument", 413, swell=(("base64_content", 16 * 2**20 // 3 * 4 + 4),)),
)


def _documented(document: Json) -> Iterator[tuple[str, int, Json]]:
    """The responses with an exact status: the mock sends no success but 200."""
    for operation_id, operation in navigation.operations(document):
        for status, response in operation["responses"].items():
            if status.isdecimal():
                yield operation_id, int(status), navigation.resolve(document, response)


def _recipes(document: Json) -> Iterator[Recipe]:
    yield from SPECIAL
    special = {(recipe.operation_id, recipe.status) for recipe in SPECIAL}
    only = {(recipe.operation_id, recipe.status) for recipe in SPECIAL if recipe.only}
    for operation_id, status, _ in _documented(document):
        call = sample(document, operation_id)
        names = list(call.values)
        if status in PATHS and names:
            for name in names if status == 404 else names[:1]:
                yield Recipe(operation_id, status, path=((name, PATHS[status]),))
        if status == 400 and call.body:
            yield Recipe(operation_id, status, body=None)
        if status in ONLY_INJECTED:
            yield Recipe(operation_id, status, prefer=f"code={status}")
        elif status in USERS:
            yield Recipe(operation_id, status, user=USERS[status])
        elif status == 200 and (operation_id, status) not in only:
            for name, body in (call.bodies or {"": {}}).items():
                query = tuple((key, str(value).lower()) for key, value in call.query(body).items())
                yield Recipe(operation_id, status, body=name, query=query)
            yield from (Recipe(operation_id, status, query=((name, value),)) for name, value in call.queries)
        elif status not in PATHS and (operation_id, status) not in special:
            pytest.fail(f"expected a recipe for {operation_id} {status}")


def _cook(document: Json, recipe: Recipe) -> httpx.Response:
    """The answer of a fresh mock, validated against the contract."""
    call = sample(document, recipe.operation_id)
    # The examples show the routes of a real instance.
    app = create_app(contract=CONTRACT, public_url="https://sandbox.md-hq.com")
    recipe.prepare(app.extensions["cerbo_portal"].default)
    body = None if recipe.body is None else call.bodies.get(recipe.body, call.body)
    values = call.values | dict(recipe.path)
    if body:
        body |= {name: int(values[path]) for name, path in call.repeated.items()}
    swollen = {name: "A" * size for name, size in recipe.swell}
    with http_client(app, "/api/v1") as client:
        response = client.request(
            call.method,
            call.path.format_map(values),
            auth=recipe.user,
            params=recipe.query,
            json=body and body | swollen,
            headers={"Prefer": recipe.prefer} if recipe.prefer else {},
        )
    schema.find_operation_by_id(recipe.operation_id).validate_response(response)
    return response


@pytest.fixture(scope="module")
def answers(document: Json) -> dict[Recipe, httpx.Response]:
    """The answer to every recipe."""
    return {recipe: _cook(document, recipe) for recipe in _recipes(document)}


def test_every_recipe_leads_to_its_status(answers: dict[Recipe, httpx.Response]) -> None:
    missed = {recipe: answer.status_code for recipe, answer in answers.items() if answer.status_code != recipe.status}
    assert missed == {}


def test_a_recipe_may_be_the_only_one(document: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = Recipe("inviteToPortal", 200, only=True)
    monkeypatch.setitem(globals(), "SPECIAL", (*SPECIAL, alone))
    recipes = [recipe for recipe in _recipes(document) if recipe.status == 200 and "invite" in recipe.operation_id]
    assert recipes == [alone]


def test_no_documented_answer_is_never_seen(document: Json, answers: dict[Recipe, httpx.Response]) -> None:
    seen = {(recipe.operation_id, answer.status_code) for recipe, answer in answers.items()}
    documented = {(operation_id, status) for operation_id, status, _ in _documented(document)}
    assert documented - seen == set()


def test_every_example_is_a_true_answer_of_the_mock(document: Json, answers: dict[Recipe, httpx.Response]) -> None:
    given = [(recipe.operation_id, answer.status_code, answer.json()) for recipe, answer in answers.items()]
    untrue = [
        (operation_id, status, name)
        for operation_id, status, response in _documented(document)
        for name, example in response["content"]["application/json"]["examples"].items()
        if (operation_id, status, example["value"]) not in given
    ]
    assert untrue == [], "expected a recipe in SPECIAL that leads to each of these"


def test_coming_soon_filters_are_accepted_without_effect_and_named(http: httpx.Client) -> None:
    path = LIST_PATH
    plain = http.get(path, auth=USER)
    filtered = http.get(path, auth=USER, params={"request_type": "document", "status": "rejected"})
    assert filtered.json() == plain.json()
    assert filtered.headers["X-Cerbo-Mock-Ignored"] == "request_type, status"
    assert "X-Cerbo-Mock-Ignored" not in plain.headers


def test_the_served_contract_names_no_server_but_the_mock(http: httpx.Client, document: Json) -> None:
    served = http.get("/openapi.json").json()
    assert [server["url"] for server in served.pop("servers")] == [f"{ORIGIN}/api/v1"]
    assert served == {name: value for name, value in document.items() if name != "servers"}
