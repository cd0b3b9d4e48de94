"""The command `cerbo-portal-mock`: reads its options and serves until a signal."""

import argparse
import gc
import logging
import os
import secrets
import signal
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

from cerbo_portal_runtime.loopback import is_loopback
from flask import Flask

from cerbo_portal_mock.cli.log_handler import BackgroundHandler
from cerbo_portal_mock.cli.ready_file import ReadyFile, ReadyFileError
from cerbo_portal_mock.clinic.grease import KINDS, Grease
from cerbo_portal_mock.clinic.scenario import Scenario, ScenarioError
from cerbo_portal_mock.factory import create_app
from cerbo_portal_mock.http.app import ContractMismatch
from cerbo_portal_mock.http.cors import check_origin
from cerbo_portal_mock.http.instance_routing import check_public_url
from cerbo_portal_mock.http.server import Server
from cerbo_portal_mock.spec.contract import Contract, installed
from cerbo_portal_mock.spec.yaml_document import DocumentError

if TYPE_CHECKING:
    from cerbo_portal_mock.clinic.smtp import MailServer

T = TypeVar("T")
TOKEN_VARIABLE = "CERBO_MOCK_ADMIN_TOKEN"  # noqa: S105 (a name)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong, in one line for each problem, and exit with 2."""
        self.exit(2, "".join(f"{self.prog}: {line}\n" for line in message.splitlines()))


def _port(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError("expected a port from 0 to 65535")


def _host(text: str) -> str:
    if text and text.isascii() and text.isprintable():
        return text
    raise argparse.ArgumentTypeError("expected an address, such as 127.0.0.1")


def _checked(check: Callable[[str], T]) -> Callable[[str], T]:
    """The type of an option that a function checks whose errors begin with a name and a colon."""

    def read(text: str) -> T:
        try:
            return check(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error).partition(": ")[2]) from None

    return read


def _mail_server(text: str) -> "MailServer":
    from cerbo_portal_mock.clinic.smtp import MailServer  # noqa: PLC0415 (needed for delivery only)

    host, _, port = text.rpartition(":")
    if not host:
        raise argparse.ArgumentTypeError("expected HOST:PORT, such as 127.0.0.1:1025")
    return MailServer(_host(host.strip("[]")), _port(port))


def _arguments(arguments: Sequence[str] | None) -> tuple[_Parser, argparse.Namespace]:
    parser = _Parser(
        prog="cerbo-portal-mock",
        description="A mock of Cerbo's patient-portal API for offline use. Everything it holds is invented.",
        epilog=f"{TOKEN_VARIABLE} opens the control API to callers off loopback; without it, a token is generated"
        " and printed if the address is not a loopback address.",
        allow_abbrev=False,
    )
    parser.add_argument("--host", type=_host, default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=8080, help="port; 0 picks a free one (default: %(default)s)")
    parser.add_argument(
        "--validate",
        choices=["off", "report", "strict"],
        default="off",
        help="check responses against the contract: report logs violations, strict responds 500 (default: %(default)s)",
    )
    parser.add_argument(
        "--preview",
        choices=["coming-soon"],
        help="put the filters into force that the vendor has announced; by default they have no effect, as there",
    )
    parser.add_argument(
        "--smtp", type=_mail_server, metavar="HOST:PORT", help="deliver the mails, besides keeping them in the outbox"
    )
    parser.add_argument(
        "--public-url",
        type=_checked(check_public_url),
        metavar="URL",
        help="what links begin with, for a mock behind a proxy, such as https://mock.example",
    )
    parser.add_argument(
        "--no-stubs",
        dest="stubs",
        action="store_false",
        help="do not start if an operation has no handler; by default, such operations are answered with examples",
    )
    parser.add_argument(
        "--cors",
        type=_checked(check_origin),
        action="extend",
        nargs="+",
        default=[],
        metavar="ORIGIN",
        help="let web pages of these origins call the API, such as http://localhost:5173; by default none may",
    )
    parser.add_argument(
        "--grease",
        type=_checked(Grease.read),
        nargs="?",
        const=Grease.read(""),
        metavar="SEED,KIND,...",
        help="vary in responses what the contract leaves open, so that no program relies on a guess: a seed, kinds"
        f" ({', '.join(KINDS)}), or both; without a seed, one is drawn and printed",
    )
    parser.add_argument(
        "--ready-file",
        type=Path,
        metavar="FILE",
        help="write url, port and pid as JSON to this file once requests are accepted; removed at the end",
    )
    parser.add_argument("--quiet", action="store_true", help="no access log")
    parser.add_argument("--log-phi", action="store_true", help="paths with patients' ids in the access log, not routes")
    parser.add_argument("--scenario", type=Path, metavar="FILE", help="YAML file of users, patients and their queues")
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('cerbo-portal')}")
    return parser, parser.parse_args(arguments)


def _ready_line(server: Server, contract: Contract, scenario: Scenario, *, builtin: bool) -> str:
    """One line: the URL, the API users and a command to try it; without the passwords of a scenario file."""
    user = scenario.users[0]
    credentials = f"{user.username}:{user.password}" if builtin else user.username
    pt_id = scenario.entries[0].pt_id if builtin else "PATIENT"
    users = ", ".join(user.username for user in scenario.users)
    list_url = f"{server.url}{contract.base_path}/patients/{pt_id}/portal/enqueued"
    return f"cerbo-portal-mock is ready on {server.url} for {users}; try: curl -u {credentials} {list_url}"


def _app(scenario: Scenario, contract: Contract, options: argparse.Namespace, token: str | None) -> Flask:
    if not options.quiet:
        logging.getLogger("cerbo_portal_mock.access").setLevel(logging.INFO)
    return create_app(
        scenario,
        contract=contract,
        validate=options.validate,
        preview_coming_soon=options.preview == "coming-soon",
        mail_server=options.smtp,
        admin_token=token,
        log_phi=options.log_phi,
        public_url=options.public_url,
        stubs=options.stubs,
        cors=options.cors,
        grease=options.grease,
    )


def _log_to_standard_error() -> None:
    logging.basicConfig(format="%(name)s: %(message)s", level=logging.WARNING, handlers=[BackgroundHandler()])
    # No line shows them, so do not determine them: caller, thread and process.
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    # Requests that wait for a thread are normal here.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the mock until SIGINT or SIGTERM, on Windows until Ctrl+C or Ctrl+Break.

    Args:
        arguments: the command line without the program's name; by default the process's own.

    Returns:
        The exit code: 0 after a signal, 2 when the command line, a file or the address is not usable.
    """
    parser, options = _arguments(arguments)
    _log_to_standard_error()
    try:
        contract = installed()
        scenario = Scenario.load(contract, options.scenario) if options.scenario else Scenario.built_in()
        # Needed by the control API off loopback.
        given = os.environ.get(TOKEN_VARIABLE) or None
        token = given or (None if is_loopback(options.host) else secrets.token_urlsafe(24))
        app = _app(scenario, contract, options, token)
        server = Server(app, options.host, options.port, app.extensions["cerbo_portal"].end_delays)
        ready_file = ReadyFile(options.ready_file, server.url) if options.ready_file else nullcontext()
    except (ScenarioError, DocumentError, ContractMismatch, ReadyFileError) as error:
        parser.error(str(error))
    except (OSError, UnicodeError) as error:
        # The text that `socket.create_server` appends only repeats the address.
        reason = (getattr(error, "strerror", None) or "not an address").partition(" (while")[0]
        parser.error(f"cannot listen on {options.host} port {options.port}: {reason}")
    # Windows has no SIGTERM from another process; its Ctrl+Break can be sent.
    for number in {signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGBREAK", signal.SIGTERM)}:
        signal.signal(number, lambda *_: server.stop())
    ready = [_ready_line(server, contract, scenario, builtin=options.scenario is None)]
    if token and not given:
        ready.append(f"The token of the control API is {token}")
    if options.grease:
        kinds = ", ".join(kind for kind in KINDS if kind in options.grease.kinds)
        ready.append(f"Responses vary ({kinds}); to repeat: --grease={options.grease}")
    with ready_file:
        # In one write: a reader that closes the pipe after the first line does not end the mock.
        print("\n".join(ready), flush=True)  # noqa: T201
        # Objects of the start live as long as the process: exclude them from garbage collection.
        gc.freeze()
        server.run()
    return 0
