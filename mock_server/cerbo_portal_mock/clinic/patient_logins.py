"""Portal logins of patients: user names and passwords, of which only hashes are kept."""

import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from cerbo_portal_mock.clinic.invitations import BadLink, Invitation
from cerbo_portal_mock.clinic.records import Patient
from cerbo_portal_mock.clinic.state import State

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

# scrypt with 16 MiB of memory, about 50 ms.
_COST = {"n": 2**14, "r": 8, "p": 1, "maxmem": 64 * 1024 * 1024}
MAX_PARALLEL = 2
_SALT_LENGTH = 16


class PatientLogins:
    """The portal logins of one instance's patients.

    Args:
        state: the patients and their user names.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._lock = Lock()
        self._hashes: dict[int, bytes] = {}
        self._used: set[str] = set()
        # Checked for patients without a password, so that they take as long.
        self._unknown_users_hash = secrets.token_bytes(_SALT_LENGTH + 64)

    def check_unused(self, invitation: Invitation) -> None:
        """Make sure that the invitation's link still works.

        Raises:
            BadLink: it has been used.
        """
        if invitation.id in self._used:
            raise BadLink("used")

    def join(self, invitation: Invitation, username: str | None, password: str) -> Patient:
        """Set the password of the invited patient, and the user name if the patient has none.

        Args:
            invitation: the content of its link, which does not work a second time.
            username: the user name; without effect for a patient who has one.
            password: the new password.

        Returns:
            The patient, with the user name that is valid now.

        Raises:
            BadLink: the link has been used.
            Conflict: another patient has the user name.
            UnknownPatient: the patient no longer exists.
        """
        salt = secrets.token_bytes(_SALT_LENGTH)
        hashed = salt + _hash(password, salt)
        with self._lock:
            self.check_unused(invitation)
            patient = self._state.patient(invitation.pt_id)
            if username is not None and patient.username is None:
                patient = self._state.set_username(invitation.pt_id, username)
            self._hashes[invitation.pt_id] = hashed
            self._used.add(invitation.id)
            return patient

    def validate(self, username: str, password: str) -> Patient | None:
        """The patient of these credentials, or None; takes as long for an unknown user as for a wrong password.

        Args:
            username: the user name.
            password: the password.
        """
        patient = self._state.find_by_username(username)
        stored = self._hashes.get(patient.id, self._unknown_users_hash) if patient else self._unknown_users_hash
        matches = hmac.compare_digest(_hash(password, stored[:_SALT_LENGTH]), stored[_SALT_LENGTH:])
        return patient if matches else None


def _hash(password: str, salt: bytes) -> bytes:
    encoded = password.encode("utf-8", "surrogatepass")
    return _threads(os.getpid()).submit(hashlib.scrypt, encoded, salt=salt, **_COST).result()


@lru_cache(maxsize=1)
def _threads(_process: int) -> "ThreadPoolExecutor":
    """The threads that hash: the C library keeps the memory for every thread that ever did. A fork has no threads."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 (idle memory: most mocks hash nothing)

    return ThreadPoolExecutor(MAX_PARALLEL, "cerbo-hash")
