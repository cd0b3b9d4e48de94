"""The reference of the control API: each of its curl lines does what it says, against a mock on a socket."""

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.admin.routes import DEFAULT_LIMIT, MAX_BODY, MAX_STATE, ROUTES
from cerbo_portal_mock.admin.serializers import MAX_LISTED
from cerbo_portal_mock.clinic.fault_rule import KINDS
from cerbo_portal_mock.clinic.faults import MAX_RULES
from cerbo_portal_mock.clinic.instance import MAX_INSTANCES
from cerbo_portal_mock.clinic.journal import (
    ALL_JOURNALS_BYTES,
    JOURNAL_BYTES,
    JOURNAL_SIZE,
    KEPT_BODY,
    KEPT_HEADER,
    KEPT_HEADERS,
    KEPT_URL,
)
from cerbo_portal_mock.clinic.mail import OUTBOX_BYTES, OUTBOX_SIZE

REFERENCE = (Path(__file__).parents[3] / "docs" / "reference" / "admin.md").read_text(encoding="utf-8")
LINES = re.findall(r"^curl .*$", REFERENCE, re.MULTILINE)


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[MockPortal, str]]:
    """A mock on a socket, and its address."""
    portal = MockPortal()
    with portal.server() as url:
        yield portal, url.removesuffix("/api/v1")


def test_every_route_has_a_line() -> None:
    assert len(LINES) == len(ROUTES)


@pytest.mark.parametrize("line", LINES)
def test_the_line_is_answered(line: str, shared: tuple[MockPortal, str]) -> None:
    portal, address = shared
    portal.reset()
    # What the lines are about.
    portal.instances.get_or_create("gw0")
    with portal.client() as cerbo:
        cerbo.invite_to_portal(221)
    portal.faults.add("close")
    command = shlex.split(line.replace("http://127.0.0.1:8080", address))
    run = subprocess.run(
        [command[0], "--silent", "--fail-with-body", "--noproxy", "*", *command[1:]],
        check=False,
        capture_output=True,
        timeout=20,
    )
    assert run.returncode == 0, run.stdout
    assert isinstance(json.loads(run.stdout), dict)


def test_the_table_of_faults_has_every_kind() -> None:
    for kind in KINDS:
        assert f"| `{kind}` |" in REFERENCE


@pytest.mark.parametrize(
    "statement",
    [
        f"there are at most {MAX_INSTANCES}.",
        f"larger than {MAX_BODY:,} bytes, in `POST /__admin/state` than {MAX_STATE:,} |",
        f"the last {JOURNAL_SIZE:,} requests",
        f"One journal has at most {JOURNAL_BYTES:,} bytes",
        f"journals of a process together {ALL_JOURNALS_BYTES:,};",
        f"the last {OUTBOX_SIZE:,} mails, and has at most {OUTBOX_BYTES:,} bytes",
        f"the newest {DEFAULT_LIMIT} requests",
        f"has more than {MAX_LISTED:,} bytes",
        f"cut after {KEPT_URL:,} characters each, bodies after {KEPT_BODY:,} bytes, a header after {KEPT_HEADER:,} and",
        f"all headers after {KEPT_HEADERS:,} characters",
        f"There are at most {MAX_RULES}.",
    ],
)
def test_the_limits_on_the_page_are_those_of_the_mock(statement: str) -> None:
    assert statement in REFERENCE.replace("\n", " ")
