"""The mock in process: the application, what it holds, and clients of it, without a socket."""

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask

from cerbo_portal_mock.clinic.chart import Chart
from cerbo_portal_mock.clinic.clock import Clock
from cerbo_portal_mock.clinic.faults import Faults
from cerbo_portal_mock.clinic.grease import Grease
from cerbo_portal_mock.clinic.instance import Instance, Instances, Validate
from cerbo_portal_mock.clinic.journal import Journal
from cerbo_portal_mock.clinic.mail import Mail, Outbox
from cerbo_portal_mock.clinic.scenario import Scenario
from cerbo_portal_mock.clinic.state import State
from cerbo_portal_mock.factory import create_app
from cerbo_portal_mock.http.server import Server
from cerbo_portal_mock.spec.contract import installed
from cerbo_portal_mock.testing.base_portal import BasePortal
from cerbo_portal_mock.testing.decorator import with_portal
from cerbo_portal_mock.testing.page import Page
from cerbo_portal_mock.testing.registry import REGISTRY
from cerbo_portal_mock.testing.transport import PortalTransport

if TYPE_CHECKING:
    import httpx
    from cerbo_portal_client import AsyncClient, Client

    from cerbo_portal_mock.clinic.smtp import MailServer

_log = logging.getLogger(__name__)

ORIGIN = "http://127.0.0.1:8080"
#: A scenario, the path of its file, or plain data with the structure of one.
AnyScenario = Scenario | str | os.PathLike[str] | Mapping[str, Any]
R = TypeVar("R")
T = TypeVar("T")


class MockPortal(BasePortal):
    """The mock as Python objects: changes to them affect its callers, and calls change them.

    As a context manager, it checks at its end that the faults with `must_happen` happened. As a decorator of a
    function, synchronous or asynchronous, it gives each call a new portal as the argument `portal`.

    A reset replaces `state`, `chart`, `outbox`, `journal`, `faults` and `clock`: read them again afterwards.

    Args:
        scenario: users, patients and queues, or the path of their file, or plain data; by default those of the vendor's
            samples.
        validate: what happens to a response that violates the contract: a 500 in its place (`strict`),
            a warning in the log (`report`), or nothing (`off`).
        preview_coming_soon: whether the filters that the vendor has announced are already in force.
        mail_server: where mails are delivered, besides the outbox.
        stubs: whether operations of the contract without a handler are answered with examples, and named in a warning
            of the log; otherwise they are an error.
        grease: what varies in the responses, as far as the contract leaves it open: a seed, kinds, or both, such as
            `7` or `"7,dates,ids"`; True draws a seed and logs it. By default nothing varies.

    Raises:
        ContractMismatch: a handler has no operation, or an operation neither a handler nor an example.
        ScenarioError: the file cannot be read or does not hold a scenario.
        InvalidArgument: the data are not a scenario, or a seed or a kind of grease is not valid.
        DocumentError: a file of this installation is damaged.
    """

    def __init__(  # noqa: PLR0913 (the options of the command)
        self,
        scenario: AnyScenario | None = None,
        *,
        validate: Validate = "strict",
        preview_coming_soon: bool = False,
        mail_server: "MailServer | None" = None,
        stubs: bool = True,
        grease: str | int | bool = False,
    ) -> None:
        self._contract = installed()
        varied = Grease.read(grease)
        if varied and str(varied.seed) not in str(grease).split(","):
            _log.warning('responses vary; to repeat: MockPortal(grease="%s")', varied)
        scenario = self._scenario(scenario)
        self._again = partial(
            type(self),
            scenario,
            validate=validate,
            preview_coming_soon=preview_coming_soon,
            mail_server=mail_server,
            stubs=stubs,
            grease=grease,
        )
        self.app: Flask = create_app(
            scenario,
            contract=self._contract,
            validate=validate,
            preview_coming_soon=preview_coming_soon,
            mail_server=mail_server,
            stubs=stubs,
            grease=varied,
        )
        self.instances: Instances = self.app.extensions["cerbo_portal"]
        REGISTRY.add(self)

    def __call__(self, function: Callable[..., R]) -> Callable[..., R]:
        """Decorate a function: each call has a new portal with the settings of this one.

        Raises:
            TypeError: it is a class, or a generator.
        """
        return with_portal(function, self._again)

    def __repr__(self) -> str:
        return f"<MockPortal: {self.journal.total} requests>"

    @property
    def instance(self) -> Instance:
        """The default instance, for callers that name no instance."""
        return self.instances.default

    @property
    def state(self) -> State:
        """Patients and queue entries, hidden ones included."""
        return self.instance.state

    @property
    def chart(self) -> Chart:
        """The items added to the patients' charts without passing through the queue."""
        return self.instance.chart

    @property
    def outbox(self) -> Outbox:
        """The mails."""
        return self.instance.outbox

    @property
    def journal(self) -> Journal:
        """The last requests and their responses."""
        return self.instance.journal

    @property
    def faults(self) -> Faults:
        """The injected faults."""
        return self.instance.faults

    @property
    def clock(self) -> Clock:
        """The time of audits and links."""
        return self.instance.clock

    def _all_faults(self) -> list[Faults]:
        return [instance.faults for instance in self.instances]

    def open(self, mail: Mail) -> Page:
        """Follow the link of a mail, in process: the page that the patient sees.

        Args:
            mail: a mail of this portal, of any instance.
        """
        return Page.open(self.app, mail.link)

    def reset(self) -> None:
        """Return to the scenario."""
        self.instances.reset(self.instance.name)

    def client(
        self,
        username: str | None = None,
        password: str | None = None,
        *,
        transport: "httpx.BaseTransport | None" = None,
        wrap: "Callable[[PortalTransport], httpx.BaseTransport] | None" = None,
        strict: bool = True,
        **settings: Any,
    ) -> "Client":
        """A generated client of this portal; close it, or use it in a `with` statement.

        It is strict: a response that deviates from the contract is an error.

        Args:
            username: an API user's name; by default the scenario's first.
            password: by default the user's own.
            transport: carries the requests; by default a `PortalTransport`.
            wrap: makes the client's transport of the `PortalTransport`, to record or change requests.
            strict: whether every deviation of a response from the contract is `MalformedResponse`.
            settings: other arguments of `Client`: `timeout`, `retries`, `read_only`, `observer`.

        Raises:
            LookupError: the scenario has no user of this name, and no password is given.
            TypeError: both a transport and `wrap` are given.
        """
        from cerbo_portal_client import Client  # noqa: PLC0415 (the mock itself does not need it)

        transport = self._transport(transport, wrap)
        username, password = self.credentials(username, password)
        return Client(
            self._base_url, username=username, password=password, transport=transport, strict=strict, **settings
        )

    def async_client(
        self,
        username: str | None = None,
        password: str | None = None,
        *,
        transport: "httpx.AsyncBaseTransport | None" = None,
        wrap: "Callable[[PortalTransport], httpx.AsyncBaseTransport] | None" = None,
        strict: bool = True,
        **settings: Any,
    ) -> "AsyncClient":
        """A generated asynchronous client of this portal; see `client`."""
        from cerbo_portal_client import AsyncClient  # noqa: PLC0415 (the mock itself does not need it)

        transport = self._transport(transport, wrap)
        username, password = self.credentials(username, password)
        return AsyncClient(
            self._base_url, username=username, password=password, transport=transport, strict=strict, **settings
        )

    @contextmanager
    def server(self, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
        """Serve on a socket, from a thread, as long as the context lasts.

        Args:
            host: the address to listen on.
            port: the TCP port; 0 picks a free one.

        Yields:
            The base URL of the API, such as `http://127.0.0.1:49152/api/v1`.

        Raises:
            OSError: the address cannot be listened on.
        """
        server = Server(self.app, host, port, self.instances.end_delays)
        thread = Thread(target=server.run, name="cerbo-portal-mock", daemon=True)
        thread.start()
        try:
            yield f"{server.url}{self._contract.base_path}"
        finally:
            server.stop()
            thread.join()

    def credentials(self, username: str | None = None, password: str | None = None) -> tuple[str, str]:
        """Name and password of an API user.

        Args:
            username: by default the scenario's first.
            password: by default the user's own.

        Raises:
            LookupError: the scenario has no user of this name, and no password is given.
        """
        users = {user.username: user for user in self.instance.api_users}
        name = username if username is not None else next(iter(users))
        if password is None and name not in users:
            raise LookupError(f"no API user of this name; expected one of {', '.join(users)}")
        return name, users[name].password if password is None else password

    @property
    def _base_url(self) -> str:
        return f"{ORIGIN}{self._contract.base_path}"

    def _scenario(self, scenario: AnyScenario | None) -> Scenario:
        match scenario:
            case None:
                return Scenario.built_in()
            case Scenario():
                return scenario
            case str() | os.PathLike():
                return Scenario.load(self._contract, Path(scenario))
        return Scenario.of(scenario, self._contract)

    def _transport(self, transport: T | None, wrap: Callable[[PortalTransport], T] | None) -> T | PortalTransport:
        if wrap is None:
            return PortalTransport(self.app) if transport is None else transport
        if transport is not None:
            raise TypeError("expected a transport or wrap, not both")
        return wrap(PortalTransport(self.app))
