"""The whole suite on several workers: each file runs on one of them, whole and in its own order."""

import os
from collections.abc import Sequence
from typing import Any

import pytest

# What a run of the whole suite may be told without becoming a narrower one, or one to look into.
_OF_THE_WHOLE = ("-q", "-v", "-vv", "--quiet", "--verbose", "--durations", "--hypothesis-seed", "--junit-xml")
_MOST = 4
# Each of these would start a browser of its own on another worker.
OF_THE_BROWSER = ("/test_console.py", "/test_console_looks.py")
# What takes longest starts first: no worker is left alone with it at the end.
_LONGEST = (
    "browser",
    "mock_server/tests/testing/test_pytest_plugin.py",
    "contract_tests/test_conformance_run.py",
    "contract_tests/test_mock.py",
    "contract_tests/test_bench.py",
    "contract_tests/test_model.py",
    "contract_tests/test_drift.py",
    "contract_tests/test_docs.py",
)


def options(arguments: Sequence[str]) -> list[str]:
    """The options that spread a run over the cores; none for anything but the whole suite.

    Args:
        arguments: what pytest is told besides.
    """
    whole = all(argument.partition("=")[0] in _OF_THE_WHOLE for argument in arguments)
    # Tests wait for browsers and processes: one worker more than cores uses that time.
    return ["-n", str(min(_cores() + 1, _MOST)), "--dist", "loadfile"] if whole else []


def _cores() -> int:
    """The cores that this process may use, which may be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Files:
    """Has xdist give whole files to the workers, and those that share the browser to one of them."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """The scheduler of this run."""
        # Pytest insists on being the first to import its plugins.
        from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

        class Scheduler(LoadFileScheduling):  # type: ignore[misc]
            def _split_scope(self, nodeid: str) -> str:
                file = super()._split_scope(nodeid)
                return "browser" if file.endswith(OF_THE_BROWSER) else file

            def _assign_work_unit(self, node: Any) -> None:
                first = next((file for file in _LONGEST if file in self.workqueue), None)
                if first:
                    self.workqueue.move_to_end(first, last=False)
                super()._assign_work_unit(node)

        return Scheduler(config, log)
