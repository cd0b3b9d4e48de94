"""`./scripts/test --nightly`: everything for longer, from a random seed that it prints, and the mutants."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Sequence

from _venv import ROOT

EXAMPLES, STRESS_SECONDS = 1_000, 30
_HIGHEST_SEED = 2**32


def main(arguments: Sequence[str]) -> int:
    """Run the tests and the mutants, and return the exit code.

    Args:
        arguments: `--seed N` repeats a run; the others go to pytest, and then the mutants are left out.
    """
    others = [argument for argument in arguments if argument != "--nightly"]
    try:
        seed = _take_seed(others)
    except ValueError:
        print(f"test: --seed: expected a number from 0 to {_HIGHEST_SEED - 1}", file=sys.stderr)
        return 2
    replay = f"./scripts/test --nightly --seed {seed}"
    print(f"nightly: seed {seed}, {EXAMPLES} examples, {STRESS_SECONDS} s of stress; again: {replay}", flush=True)
    failed = not _step("tests", [sys.executable, "scripts/test", f"--hypothesis-seed={seed}", *others], seed)
    if failed:
        print(f"nightly: to replay a failure: {replay} -k NAME_OF_THE_TEST", file=sys.stderr)
        print("nightly: what hypothesis found is in .hypothesis/ and comes first in the next run", file=sys.stderr)
    mutants = ROOT / "scripts" / "mutants"
    if mutants.exists() and not others:
        failed |= not _step("mutants", [sys.executable, str(mutants)], seed)
    return int(failed)


def _take_seed(arguments: list[str]) -> int:
    for index, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--seed":
            taken = arguments[index : index + (1 if value else 2)]
            del arguments[index : index + len(taken)]
            seed = int(value or taken[-1])
            if not 0 <= seed < _HIGHEST_SEED:
                raise ValueError("out of range")
            return seed
    return secrets.randbelow(_HIGHEST_SEED)


def _step(name: str, command: list[str], seed: int) -> bool:
    environment = {
        "HYPOTHESIS_PROFILE": "nightly",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(ROOT / ".hypothesis"),
        "NIGHTLY_SEED": str(seed),
        "CERBO_STRESS_SECONDS": str(STRESS_SECONDS),
    }
    begin = time.monotonic()
    done = subprocess.run(command, check=False, cwd=ROOT, env={**os.environ, **environment})
    verdict = "failed" if done.returncode else "passed"
    print(f"nightly: {name} {verdict} after {time.monotonic() - begin:.0f} s", flush=True)
    return not done.returncode
