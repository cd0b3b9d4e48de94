"""Hooks for every response: it is checked against the contract, kept in the journal, and logged."""

import logging
import time

from flask import Flask, Response

from cerbo_portal_mock.http import access_log, errors, response_validation
from cerbo_portal_mock.http.exchange_record import exchange_of
from cerbo_portal_mock.http.grease import Variation
from cerbo_portal_mock.http.request_context import current_context
from cerbo_portal_mock.http.stubs import STUB_HEADER
from cerbo_portal_mock.spec.contract import Contract

VIOLATION_HEADER = "X-Cerbo-Mock-Violation"

_log = logging.getLogger(__name__)
_access_log = logging.getLogger("cerbo_portal_mock.access")


def install(app: Flask, contract: Contract, *, log_phi: bool) -> None:
    """Check, journal and log every response of the application.

    Args:
        app: the application.
        contract: what responses are checked against.
        log_phi: whether the access log may contain patients' ids: by default it has routes, not paths.
    """

    variation = Variation(contract)

    @app.after_request
    def finish(response: Response) -> Response:
        context = current_context()
        settings = context.instance.settings
        request, validate = context.request, settings.validate
        in_contract = contract.serves(request.path)
        is_varied = in_contract and not (context.preflight or context.deliberate or response.is_streamed)
        if settings.grease is not None and is_varied:
            context.grease = variation.vary(context, response, settings.grease)
        violation = None
        if validate != "off" and in_contract and not (context.preflight or context.deliberate):
            violation = response_validation.violation(contract, context, response)
            if violation:
                _log.warning(
                    "%s %s: %s", request.endpoint or access_log.method(request), response.status_code, violation
                )
                if validate == "strict":
                    failed = errors.response(500, f"The mock's response violates the contract: {violation}")
                    # The headers stay: a web page needs those of CORS to read it.
                    response.status_code, response.content_type = 500, failed.content_type
                    response.set_data(failed.get_data())
                response.headers[VIOLATION_HEADER] = violation
        if context.stub:
            response.headers[STUB_HEADER] = "true"
        duration = time.perf_counter() - context.started
        # Looking at the mock itself leaves no trace in it; the console does so every second.
        only_looks = context.preflight or (not in_contract and request.method in {"GET", "HEAD"})
        if not only_looks:
            exchange = exchange_of(app, context, response)
            exchange.duration, exchange.violation = duration, violation
            context.instance.journal.record(exchange)
        if _access_log.isEnabledFor(logging.INFO) and not (only_looks and response.status_code < 400):
            _access_log.info(access_log.line(context, response.status_code, duration, log_phi=log_phi))
        return response
