"""The links of the contract are followed, and what they lead to is there: a request that was just added can be removed.

The check of schemathesis that is for this, `ensure_resource_availability`, looks only at paths that begin with the
path of the creation, which those of the portal do not.
"""

from collections import Counter
from typing import Any

import pytest
import schemathesis
from cerbo_portal_mock import create_app
from cerbo_portal_mock.clinic.clock import utc_now
from cerbo_portal_mock.clinic.records import Entry
from cerbo_portal_mock.clinic.state import State
from hypothesis import Phase, settings
from schemathesis import GenerationMode
from schemathesis.generation.stateful.state_machine import StepInput, StepOutput

from contract_tests import example_budget
from contract_tests.spec_lint import navigation
from contract_tests.spec_lint.yaml_lines import YamlDocument
from contract_tests.support.checkout import SPEC

Json = Any

DOCUMENT = YamlDocument(SPEC).content
LINKS = [
    (operation_id, link["operationId"])
    for operation_id, operation in navigation.operations(DOCUMENT)
    for response in operation["responses"].values()
    for link in response.get("links", {}).values()
]
config = example_budget.config()
# Cases that are wrong on purpose lead nowhere, and are made elsewhere.
config.projects.default.generation.update(modes=[GenerationMode.POSITIVE])
schema = schemathesis.openapi.from_wsgi("/openapi.json", create_app(), config=config)


def _follow(source: str, target: str) -> Counter[int]:
    """How the calls were answered for which a link of the source had all parameters; each case is a fresh mock.

    Not counted is the second removal of a request, which finds nothing.
    """
    answers: Counter[int] = Counter()

    class Machine(schema.include(operation_id=[source, target]).as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            super().setup()
            schema.app.extensions["cerbo_portal"].reset("default")
            self.removed: set[tuple[Any, ...]] = set()

        def step(self, input: StepInput) -> StepOutput:  # noqa: A002 (the overridden method's name)
            output: StepOutput = super().step(input)
            case = output.case
            given = {name for _, name in input.applied_parameters}
            # Some cases are without credentials, or of another method, on purpose.
            if given == set(case.path_parameters) and case.method == "DELETE" and output.response.status_code != 401:
                key = tuple(sorted(case.path_parameters.items()))
                if key not in self.removed:
                    answers[output.response.status_code] += 1
                self.removed.add(key)
            return output

    Machine.run(
        settings=settings(stateful_step_count=6, max_examples=example_budget.share(18), phases=[Phase.generate])
    )
    return answers


def test_the_list_and_every_creation_lead_to_the_removal() -> None:
    creations = {
        operation_id
        for operation_id, operation in navigation.operations(DOCUMENT)
        for schema in [operation["responses"]["200"]["content"]["application/json"]["schema"]]
        if "portal_queue_id" in navigation.resolve(DOCUMENT, schema)["properties"]
    }
    assert len(creations) >= 5
    assert set(LINKS) == {(name, "deletePortalRequest") for name in {"showPortalRequests", *creations}}


@pytest.mark.parametrize(("source", "target"), LINKS)
def test_a_link_leads_to_what_is_there(source: str, target: str) -> None:
    answers = _follow(source, target)
    assert set(answers) == {200}
    assert answers[200]


def test_a_creation_that_keeps_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = Entry(34, 1, "secure_message", utc_now())
    monkeypatch.setattr(State, "append", lambda *_, **__: entry)
    assert _follow("createSecureMessage", "deletePortalRequest")[404]
