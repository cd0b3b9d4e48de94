"""The server ends once, however often and whenever it is told to."""

from threading import Thread

from cerbo_portal_mock import create_app
from cerbo_portal_mock.server import Server


def test_a_server_that_has_ended_may_be_stopped_again() -> None:
    server = Server(create_app())
    thread = Thread(target=server.run)
    thread.start()
    server.stop()
    thread.join()
    server.stop()


def test_a_server_that_is_stopped_before_it_runs_returns_at_once() -> None:
    server = Server(create_app())
    server.stop()
    server.run()
    server.stop()
