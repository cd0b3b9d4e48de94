"""Defects of the client."""

from contract_tests.mutants import Mutant

_INVITE = 'path="/patients/{pt_id}/portal/invite",\n    idempotent='

REQUESTS = (
    Mutant(
        "an argument that is not given is sent",
        "_calls.py",
        "for name, value in query.items() if not isinstance(value, Unset)}",
        "for name, value in query.items()}",
        "client-wire",
    ),
    Mutant(
        "an argument loses its capitals",
        "_calls.py",
        "{name: value for name, value in query.items()",
        "{name: value.lower() if isinstance(value, str) else value for name, value in query.items()",
        "client-wire",
        alone=True,
    ),
    Mutant(
        "the ids of a path change places",
        "_calls.py",
        "for name, value in path.items()}",
        "for name, value in zip(path, reversed(path.values()), strict=True)}",
        "client-wire",
    ),
    Mutant("a delete is another method", "_operations.py", 'method="DELETE"', 'method="POST"', "client-wire"),
    Mutant("an invitation goes elsewhere", "_operations.py", 'portal/invite"', 'portal/invites"', "client-wire"),
    Mutant(
        "a body has the name of another member",
        "models/portal_credentials.py",
        'members["username"] = self.username',
        'members["user"] = self.username',
        "client-wire",
    ),
    Mutant("no body is sent", "_calls.py", "            json=body,\n", "", "client-wire"),
    Mutant(
        "a password ends at its first colon",
        "_settings.py",
        "httpx.BasicAuth(username, password)",
        'httpx.BasicAuth(username, password.partition(":")[0])',
        "client",
    ),
    Mutant(
        "a read-only client deletes",
        "_calls.py",
        '_SAFE_METHODS: Final = frozenset({"GET", "HEAD"})',
        '_SAFE_METHODS: Final = frozenset({"GET", "DELETE"})',
        "settings",
    ),
    Mutant(
        "credentials go over plain HTTP to anyone",
        "_settings.py",
        "or _is_loopback(url.host))",
        "or url.host)",
        "settings",
    ),
    Mutant("a user name may hold a colon", "_settings.py", 'and ":" in value:', "and not value:", "settings"),
)

ANSWERS = (
    Mutant(
        "what was not done is returned as done",
        "_calls.py",
        'content.get("result") is False',
        'content.get("result") is None',
        "client",
    ),
    Mutant(
        "a list that was cut short is returned as whole",
        "_calls.py",
        'if content.get("has_more") is True:',
        'if content.get("has_more") is None:',
        "client-parse",
    ),
    Mutant(
        "answers are not checked",
        "_calls.py",
        "    if wrong:\n        raise errors.MalformedResponse",
        "    if not isinstance(content, dict):\n        raise errors.MalformedResponse",
        "client-parse",
    ),
    Mutant(
        "formats are not checked", "_validation.py", "validate_formats=True", "validate_formats=False", "client-parse"
    ),
    Mutant(
        "any content type is taken",
        "_calls.py",
        'if media_type != "application/json":',
        "if not media_type:",
        "client-parse",
    ),
    Mutant(
        "unknown members are dropped",
        "models/portal_request.py",
        "            additional_properties=members,",
        "            additional_properties={},",
        "client-parse",
    ),
    Mutant(
        "a member is read by another name",
        "models/patient_details.py",
        'members.pop("email_address", UNSET)',
        'members.pop("email", UNSET)',
        "client-parse",
        alone=True,
    ),
    Mutant(
        "a whole number with a point stays one",
        "_values.py",
        "return int(value) if isinstance(value, float) else value",
        "return value",
        "client-parse",
    ),
    Mutant(
        "details of an unknown type are lost",
        "models/request_details.py",
        "            additional_properties=members,",
        "            additional_properties={},",
        "client-details",
    ),
    Mutant(
        "odd details lose the list",
        "_validation.py",
        "if form is None or not _fits(form.__name__, content) else",
        "if form is None else",
        "client-details",
    ),
    Mutant(
        "details that no validator can read are an error",
        "_validation.py",
        "        return False\n",
        "        raise\n",
        "client-details",
    ),
    Mutant(
        "all details have one form",
        "models/portal_request.py",
        '_DETAILS.get(src_dict.get("request_type", ""))',
        '_DETAILS["document"]',
        "client-details",
    ),
    Mutant("fractions of a second are cut short", "_values.py", "[:6].ljust(6", "[:3].ljust(6", "values"),
    Mutant(
        "a date without an offset is not UTC",
        "_values.py",
        'zone = "+00:00" if offset in {None,',
        'zone = "-05:00" if offset is None else "+00:00" if offset in {',
        "values",
    ),
    Mutant(
        "an error's text holds the body",
        "_errors.py",
        '(status {response.status_code})"',
        '(status {response.status_code}): {response.text}"',
        "privacy",
    ),
    Mutant("logs name patients", "_privacy.py", "        if operation is not None:", "        if False:", "privacy"),
)

ATTEMPTS = (
    Mutant(
        "a prescription is added again",
        "_operations.py",
        'path="/patients/{pt_id}/rxs",\n    idempotent=False',
        'path="/patients/{pt_id}/rxs",\n    idempotent=True',
        "client-outcome",
    ),
    Mutant("an invitation is repeated", "_operations.py", f"{_INVITE}False", f"{_INVITE}True", "client-outcome"),
    Mutant(
        "everything is repeated after a failure",
        "_transport.py",
        "if self.repeatable or never_left else None",
        "if error else None",
        "client-outcome",
    ),
    Mutant(
        "a failure is certain not to have acted",
        "_transport.py",
        "self.acted |= self.acts and not never_left",
        "self.acted |= self.acts and never_left",
        "client-outcome",
    ),
    Mutant(
        "a repeated refusal is certain not to have acted",
        "_transport.py",
        "self.acted |= self.acts and pause is not None and",
        "self.acted |= self.acts and pause is None and",
        "client-outcome",
    ),
    Mutant(
        "a delete that is gone after a repeat was never there",
        "_calls.py",
        "(errors.GONE if call.acted else errors.BY_STATUS)",
        "errors.BY_STATUS",
        "client-outcome",
    ),
    Mutant(
        "an outcome that is unknown is a failed connection",
        "_calls.py",
        "errors.OutcomeUnknown(operation.id) if call.acted else kind(operation.id, why)",
        "kind(operation.id, why)",
        "client-outcome",
    ),
    Mutant(
        "too many requests count as acted",
        "_transport.py",
        " and response.status_code != httpx.codes.TOO_MANY_REQUESTS",
        "",
        "model",
    ),
    Mutant(
        "there is one attempt too many", "_transport.py", "if self.retries <= 0 or", "if self.retries < 0 or", "model"
    ),
    Mutant(
        "a server that asks for time is not heeded",
        "_transport.py",
        "self._pause(retry_after(response))",
        "self._pause(0.0)",
        "transport",
    ),
    Mutant("a pause goes past the budget", "_transport.py", " or pause >= self.remaining()", "", "transport"),
    Mutant("pauses do not grow", "_transport.py", "self.pauses += 1", "self.pauses += 0", "transport"),
)

COMMAND = (
    Mutant(
        "an interrupted call is certain not to have acted",
        "_command/run.py",
        "outcome = Outcome(target, UNKNOWN, failure",
        "outcome = Outcome(target, REFUSED, failure",
        "command-outcomes",
    ),
    Mutant(
        "wrong credentials are tried for each id",
        "_command/run.py",
        "stopped = isinstance(error, errors.Unauthorized) or unanswered",
        "stopped = unanswered",
        "command-outcomes",
    ),
    Mutant(
        "a server that failed is certain not to have acted",
        "_command/run.py",
        " and not (acts and failed_there) else",
        " else",
        "command-outcomes",
    ),
    Mutant(
        "the exit code is that of the last call",
        "_command/run.py",
        "max(outcome.code for outcome in outcomes if outcome.code != NOT_SENT)",
        "[outcome.code for outcome in outcomes if outcome.code != NOT_SENT][-1]",
        "command-outcomes",
    ),
    Mutant(
        "what a terminal would obey is printed",
        "_command/output.py",
        'character if character.isprintable() or character == "\\n" else',
        "character if character else",
        "command-parts",
    ),
    Mutant(
        "the oldest request is the first of the list",
        "_command/documents.py",
        "oldest = min(entries, key=lambda row: _values.instant(row[time]), default=None)",
        "oldest = next(iter(entries), None)",
        "command-parts",
    ),
    Mutant(
        "a password on the command line is taken",
        "_command/connection.py",
        "if in_url and ctx.get_parameter_source",
        "if not url and ctx.get_parameter_source",
        "command-usage",
    ),
    Mutant(
        "a deletion does not ask",
        "_command/line.py",
        "ask = _asks(subcommand) and not",
        "ask = not _asks(subcommand) and not",
        "command-usage",
    ),
    Mutant(
        "a line of the errors names patients",
        "_command/line.py",
        'yield f"{place} of {len(outcomes)}: {failure.text}" if len(outcomes) > 1 else failure.text',
        'yield f"{failure.text} {failure.message}"',
        "command-outcomes",
    ),
)

MUTANTS = REQUESTS + ANSWERS + ATTEMPTS + COMMAND
