"""Renders the reference of the mock's control API, in Markdown, from its route table and the forms of its bodies."""

import inspect
import json
import shlex
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from cerbo_portal_mock.admin import serializers
from cerbo_portal_mock.admin.api import PREFIX
from cerbo_portal_mock.admin.routes import DEFAULT_LIMIT, MAX_BODY, MAX_STATE, ROUTES, Route
from cerbo_portal_mock.admin.serializers import MAX_LISTED
from cerbo_portal_mock.clinic.faults import APPLIED_BY_DEFAULT, MAX_RULES
from cerbo_portal_mock.clinic.instance import MAX_INSTANCES
from cerbo_portal_mock.clinic.journal import (
    ALL_JOURNALS_BYTES,
    JOURNAL_BYTES,
    JOURNAL_SIZE,
    KEPT_BODY,
    KEPT_HEADER,
    KEPT_HEADERS,
    KEPT_URL,
    Exchange,
)
from cerbo_portal_mock.clinic.mail import OUTBOX_BYTES, OUTBOX_SIZE
from cerbo_portal_mock.spec import schema_set

Form = Mapping[str, Any]

_ORIGIN = "http://127.0.0.1:8080"
_FORMATS = {"date-time": "instant, RFC 3339", "email": "e-mail address"}
_SAMPLES = {"<int:fault_id>": "1", "<name>": "gw0"}
_HEAD = f"""\
# Reference of the control API

<!-- Made from mock_server/cerbo_portal_mock/admin/routes.py by ./scripts/docs --write; edits are lost. -->

Everything under `{PREFIX}` controls the mock itself. It takes and gives JSON; a POST needs
`Content-Type: application/json`, and its body may be left out where none is shown.

## Who may call it

- Callers on a loopback address, under a loopback name (`127.0.0.1`, `[::1]`, `localhost`, `NAME.localhost`). The name
  keeps out web pages whose own name resolves to this machine. A request with a header of a proxy (`Forwarded`, `Via`,
  `X-Real-IP`, `X-Forwarded-*`) needs the token: its caller can be anywhere.
- Everyone else with `Authorization: Bearer TOKEN`. The token is `CERBO_MOCK_ADMIN_TOKEN`; without it, one is made up
  and printed at the start when the mock listens on more than loopback.
- `GET {PREFIX}/health` answers everyone, of the mock as a whole.
- No web page of another origin, with or without the token. The whole mock refuses what a browser sends for one, and
  prefetches, with 403: it reads `Sec-Fetch-Site` and `Sec-Purpose`, or `Origin` where a browser sends no more. Only the
  page of an invitation's link opens from anywhere. If a proxy changes the name of the mock, set `--public-url`.

## Whom it acts upon

A request acts upon one instance, a clinic of its own: the one that the prefix `/__instance/NAME` before the path, the
header `X-Cerbo-Instance: NAME` or the host `NAME.localhost` names; without any, `default`. An instance that is new
comes to be; there are at most {MAX_INSTANCES}.

## Errors

The body is `{{"result": false, "message": "..."}}`, and the message names the member that is wrong. A request that is
refused has changed nothing.

| status | when |
| --- | --- |
| 400 | the body is not JSON or does not fit the form, or an instance of this name cannot be |
| 403 | the caller may not call it, see above |
| 404 | there is no such path, patient, hidden request, fault, instance or mail |
| 405 | the path knows other methods |
| 409 | an id or user name to be added is taken |
| 413 | the body is larger than {MAX_BODY:,} bytes, in `POST {PREFIX}/state` than {MAX_STATE:,} |
| 415 | a POST without `Content-Type: application/json` |
"""
_JOURNAL = f"""\
## The journal

It holds the last {JOURNAL_SIZE:,} requests to the instance: the calls of the contract, and whatever changed the mock.
Requests that only read the mock's own data are not in it. One journal has at most {JOURNAL_BYTES:,} bytes, and all
journals of a process together {ALL_JOURNALS_BYTES:,}; beyond that, the oldest requests are dropped. The outbox holds
the last {OUTBOX_SIZE:,} mails, and has at most {OUTBOX_BYTES:,} bytes.

`GET {PREFIX}/requests` gives the newest {DEFAULT_LIMIT} requests unless `limit` says otherwise, oldest first.
`meta.total` counts all requests, `meta.omitted` those of the journal that the response leaves out. No list of
requests or mails has more than {MAX_LISTED:,} bytes. One request looks like this:

```json
{{exchange}}
```

`loggedDateString` is the instance's time, `totalTime` is in milliseconds. `operation` is null for what is no call of
the contract, `user` is the API user once authenticated. `fault` is the kind of the fault that hit the call; a
connection that was closed on demand has the status 0. `violation` says how the answer broke the contract, where that is
checked. Of a body in chunks, `Content-Length` is what they held together.

Passwords and tokens in headers, queries, forms and JSON bodies are `REDACTED`, by the names of their parameters. Of the
pages for patients, neither query nor bodies are kept. `truncated` names the parts that were too long: a URL's path and
query are cut after {KEPT_URL:,} characters each, bodies after {KEPT_BODY:,} bytes, a header after {KEPT_HEADER:,} and
all headers after {KEPT_HEADERS:,} characters.
"""
_FAULTS = f"""\
## The kinds of faults

{{kinds}}

Faults are tried in the order in which they were added: each that matches a call adds its delay, and the first one of
another kind decides the response. There are at most {MAX_RULES}. Random choices come from a seed: the same seed and
calls give the same faults. A single call asks for an error with the header `Prefer: code=503`.

A delay ends early when the fault is removed, the instance is reset or dropped, or the server stops.

## Limits of the server

| limit | value | beyond it |
| --- | --- | --- |
| header of a request | 64 KB, 100 fields | 431 |
| body | 32 MB, less for most operations | 413 |
| bodies under way, in all | 128 MB | 503 for the one that has been silent for longest |
| answers that are not read, in all | 32 MB | the connection that has been silent for longest is closed |
| calls that wait, for a delay or a mail server | 256 | further calls wait for their turn |
| connections | 1,000, or as many as files may be open | the longest idle one, or the newest waiting call, is ended |

A call that is ended in this way gets a 503 with `Retry-After: 1`, and was not carried out. The control API and
`/__admin/health` have threads that no other request uses.
"""


def render() -> str:
    """The reference, as Markdown."""
    journal = _JOURNAL.replace("{exchange}", json.dumps(serializers.exchange(_EXCHANGE), indent=2))
    faults = _FAULTS.replace("{kinds}", "\n".join(_kinds()))
    routes = "\n".join(line for route in ROUTES for line in _entry(route))
    return "\n".join([_HEAD, "## Routes\n", routes, journal, faults.rstrip() + "\n"])


def _entry(route: Route) -> Iterator[str]:
    path = route.path
    for variable, sample in _SAMPLES.items():
        path = path.replace(variable, sample)
    yield f"### {route.method} {PREFIX}{path}\n"
    yield f"{inspect.getdoc(route.handler)}\n"
    command = ["curl"] if route.method == "GET" else ["curl", "-X", route.method]
    if route.method == "POST":
        command += ["-H", "Content-Type: application/json"]
    if route.example is not None:
        command += ["-d", json.dumps(route.example)]
    yield f"```sh\n{shlex.join([*command, f'{_ORIGIN}{PREFIX}{path}'])}\n```\n"
    rows = [
        f"| `{name}` | {_expected(form)} | {note} |" for name, form, note in _members(schema_set.schema(route.schema))
    ]
    if rows:
        yield "\n".join(["| member | expected | |", "| --- | --- | --- |", *rows]) + "\n"


def _members(form: Form, prefix: str = "") -> Iterator[tuple[str, Form, str]]:
    """The members of a form, those of its objects and arrays included: name, form and what it says of itself."""
    whole = schema_set.resolved(form)
    for name, member in whole.get("properties", {}).items():
        if member is False:
            continue
        inner = schema_set.resolved(member)
        note = inner.get("description", "")
        if name in whole.get("required", ()):
            note = f"Required. {note}".strip()
        if member.get("$ref", "").endswith("/scenario"):
            yield f"{prefix}{name}", inner, note
            continue
        yield f"{prefix}{name}", inner, note
        yield from _members(inner, f"{prefix}{name}.")
        yield from _members(inner.get("items", {}), f"{prefix}{name}[].")


def _expected(form: Form) -> str:
    match form:
        case {"enum": [*choices]}:
            return ", ".join(f"`{choice}`" for choice in choices)
        case {"type": "array", "items": items}:
            return f"array of {_expected(schema_set.resolved(items))}"
        case {"type": "integer" | "number" as kind, "maximum": high}:
            low = form["minimum"] if "minimum" in form else f"above {form['exclusiveMinimum']}"
            return f"{kind}, {low} to {high}"
        case {"type": [*kinds]}:
            return " or ".join(kinds)
    return _FORMATS.get(form.get("format", ""), str(form["type"]))


def _kinds() -> Iterator[str]:
    yield "| kind | what the caller sees | carried out, unless `applied` says otherwise |"
    yield "| --- | --- | --- |"
    for kind, meaning in schema_set.schema("fault")["properties"]["kind"]["x-meanings"].items():
        yield f"| `{kind}` | {meaning} | {'yes' if APPLIED_BY_DEFAULT[kind] else 'no'} |"


_EXCHANGE = Exchange(
    at=datetime(2026, 11, 24, 12, tzinfo=UTC),
    instance="default",
    client="127.0.0.1",
    method="DELETE",
    path="/api/v1/patients/1/portal/enqueued/404",
    query="",
    headers={"HTTP_HOST": "127.0.0.1:8080", "HTTP_USER_AGENT": "curl/8.5.0", "HTTP_AUTHORIZATION": "REDACTED"},
    body=b"",
    status=404,
    response_headers={"Content-Type": "application/json", "Content-Length": "80"},
    response_body=b'{"result": false, "message": "No such request in the patient\'s portal queue"}\n',
    duration=0.0012,
    operation="deletePortalRequest",
    patient=1,
    user="un",
    id=12,
)
