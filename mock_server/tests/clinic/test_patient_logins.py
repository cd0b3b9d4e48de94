"""Password hashes take much memory: only a few are computed at a time."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, get_ident
from typing import Any

import pytest
from cerbo_portal_mock import MockPortal
from cerbo_portal_mock.clinic.patient_logins import MAX_PARALLEL

CALLERS = 10


def test_parallel_password_hashes_use_few_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    # The memory of a hash stays with its thread.
    together = Barrier(MAX_PARALLEL)
    threads: set[int] = set()

    def scrypt(*_: Any, **__: Any) -> bytes:
        together.wait(timeout=10)
        threads.add(get_ident())
        return bytes(64)

    monkeypatch.setattr(hashlib, "scrypt", scrypt)
    logins = MockPortal().instance.patient_logins
    with ThreadPoolExecutor(CALLERS) as pool:
        results = list(pool.map(lambda number: logins.validate(f"nobody{number}", "password"), range(CALLERS)))
    assert results == [None] * CALLERS
    assert len(threads) == MAX_PARALLEL
