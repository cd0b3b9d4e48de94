"""Renders the reference of the mock's control API, in Markdown, from its route table."""

import inspect
import json
import shlex
from collections.abc import Iterator

from cerbo_portal_mock.admin import PREFIX, ROUTES, Route

_ORIGIN = "http://127.0.0.1:8080"
_HEAD = f"""\
# Reference of the control API

<!-- Made from the route table of mock_server/cerbo_portal_mock/admin.py by ./scripts/generate; edits are lost. -->

Everything under `{PREFIX}` controls the mock itself. It takes and gives JSON; a POST needs
`Content-Type: application/json`, a body may be left out where none is shown. What is wrong with a body is said by the
name of the member, with 400.

A request acts upon one instance: the one that the header `X-Cerbo-Instance` or a subdomain of `localhost` names, or the
prefix `/__instance/NAME` before the path; without any, the default one.

It answers on loopback addresses, under loopback names, and to others only with `Authorization: Bearer TOKEN`, where the
token is `CERBO_MOCK_ADMIN_TOKEN` or the one that is printed at the start.
"""


def render() -> str:
    """The reference, as Markdown."""
    return "\n".join([_HEAD, *(line for route in ROUTES for line in _entry(route))])


def _entry(route: Route) -> Iterator[str]:
    path = route.path.replace("<int:fault_id>", "1").replace("<name>", "gw0")
    yield f"## {route.method} {PREFIX}{path}\n"
    yield f"{inspect.getdoc(route.answer)}\n"
    command = ["curl"] if route.method == "GET" else ["curl", "-X", route.method]
    if route.method == "POST":
        command += ["-H", "Content-Type: application/json"]
    if route.example is not None:
        command += ["-d", json.dumps(route.example)]
    yield f"```sh\n{shlex.join([*command, f'{_ORIGIN}{PREFIX}{path}'])}\n```\n"
