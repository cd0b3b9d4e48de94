"""The scheduler of `scripts/test`: each file of tests runs on one worker, and the longest files start first."""

from typing import Any

import pytest

# Each of these files would start another browser on another worker.
_BROWSER = ("/test_console.py", "/test_console_appearance.py")
_LONGEST = (
    "browser",
    "mock_server/tests/testing/test_pytest_plugin.py",
    *(f"contract_tests/test_{name}.py" for name in ("conformance_run", "mock", "bench", "model", "drift", "docs")),
)


class Files:
    """The pytest plugin."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """The scheduler of this run."""
        # Pytest must be the first to import its plugins.
        from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

        class Scheduler(LoadFileScheduling):  # type: ignore[misc]
            def _split_scope(self, nodeid: str) -> str:
                file = super()._split_scope(nodeid)
                return "browser" if file.endswith(_BROWSER) else file

            def _assign_work_unit(self, node: Any) -> None:
                first = next((file for file in _LONGEST if file in self.workqueue), None)
                if first:
                    self.workqueue.move_to_end(first, last=False)
                super()._assign_work_unit(node)

        return Scheduler(config, log)
