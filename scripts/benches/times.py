"""How long the project's own habits take: the client anew, and the tests."""

import statistics
import subprocess
import sys
import time

from _venv import ROOT

from benches.measure import Outcome, Row

_ONE_TEST = "openapi/client/tests/test_values.py"


def generate(*, quick: bool = False) -> Outcome:
    """Seconds of `scripts/generate --check`, which generates all and compares.

    Args:
        quick: whether to do it once only.
    """
    times = [_seconds("generate", "--check") for _ in range(1 if quick else 5)]
    return Outcome([Row("`scripts/generate --check`", statistics.median(times), 2.0, unit="s")])


def suite(*, quick: bool = False) -> Outcome:
    """Seconds of `scripts/test`, once.

    Args:
        quick: whether to run one file of tests only.
    """
    return Outcome([Row("`scripts/test`", _seconds("test", "-q", *([_ONE_TEST] if quick else [])), 90.0, unit="s")])


def _seconds(script: str, *arguments: str) -> float:
    started = time.perf_counter()
    done = subprocess.run([sys.executable, str(ROOT / "scripts" / script), *arguments],
                          check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # fmt: skip
    if done.returncode:
        sys.exit(f"{done.stdout[-2000:]}\nbench: scripts/{script} failed")
    return time.perf_counter() - started
