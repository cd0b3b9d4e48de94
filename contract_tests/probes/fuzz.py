"""Reports what generated calls of schemathesis, and chains of them, show of a server, in elements of the contract."""

import tomllib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

import schemathesis
from cerbo_portal_mock.conformance.response_checker import ObservedResponse
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.core import NotSet
from schemathesis.engine import events, from_schema
from schemathesis.generation.meta import REQUEST_SHAPE_PROBES, CoveragePhaseData

from contract_tests.probes.probes import Prober
from contract_tests.probes.requests import Call
from contract_tests.support.checkout import SCHEMATHESIS_CONFIG

Json = Any


def fuzz(
    document: Json,
    base_url: str,
    credentials: tuple[str, str],
    prober: Prober,
    *,
    examples: int,
    ids: Mapping[str, Sequence[int]],
) -> None:
    """Try every operation with generated calls: examples, edge cases, random ones, and those that links lead to.

    Args:
        document: the contract.
        base_url: where the server is.
        credentials: the API user's name and password.
        prober: reports what the calls show.
        examples: how many random calls to make of each operation and kind.
        ids: for path parameters by name, what the server knows.
    """
    # A copy: what schemathesis infers, it writes into the document that it reads.
    copy = deepcopy({**document, "servers": [{"url": base_url}]})
    schema = schemathesis.openapi.from_dict(copy, config=_config(base_url, credentials, examples, ids))
    errors = set()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            for case_id, interaction in event.recorder.interactions.items():
                if interaction.response is not None:
                    _report(event.recorder.cases[case_id].value, interaction.response, prober)
        elif isinstance(event, events.NonFatalError):
            errors.add(type(event.value).__name__)
        elif isinstance(event, events.FatalError):
            errors.add(type(event.exception).__name__)
    if errors:
        prober.report.incomplete.append(f"generated calls ended early: {', '.join(sorted(errors))}")


def _report(case: schemathesis.Case[Any], response: Any, prober: Prober) -> None:
    operation_id = case.operation.definition.raw["operationId"]
    operation = prober.operations[operation_id]
    known_method = case.method.upper() == operation.method
    headers = {name.lower(): ", ".join(values) for name, values in response.headers.items()}
    observed = ObservedResponse(operation_id, response.status_code, headers, response.content, known_method)
    prober.see(observed)
    if not known_method or case.meta is None or _is_out_of_shape(case):
        return
    body = None if isinstance(case.body, NotSet) else case.body
    call = Call(operation_id, operation.method, operation.path, case.path_parameters or {}, case.query or {}, body)
    if case.meta.generation.mode == GenerationMode.POSITIVE and not operation.contradictions(call):
        prober.expect_taken(call, observed)
    else:
        prober.expect_refused(operation.violated(call), observed)


def _is_out_of_shape(case: schemathesis.Case[Any]) -> bool:
    """Whether the request is malformed in a way that a call in terms of the contract cannot be."""
    data = case.meta.phase.data if case.meta else None
    return isinstance(data, CoveragePhaseData) and data.scenario in REQUEST_SHAPE_PROBES


def _config(
    base_url: str, credentials: tuple[str, str], examples: int, ids: Mapping[str, Sequence[int]]
) -> SchemathesisConfig:
    settings = tomllib.loads(SCHEMATHESIS_CONFIG.read_text(encoding="utf-8"))
    settings["base-url"] = base_url
    settings["max-redirects"] = 0
    settings["generation"]["max-examples"] = examples
    for name, known in ids.items():
        dictionary = settings["parameters"][f"path.{name}"]["dictionary"]
        settings["dictionaries"][dictionary]["values"] = list(known)
    # It would read a variable of the environment where a text seems to name one.
    username, password = (text.replace("${", "$${") for text in credentials)
    for scheme in settings["auth"]["openapi"].values():
        scheme.update(username=username, password=password)
    return SchemathesisConfig.from_dict(settings)
