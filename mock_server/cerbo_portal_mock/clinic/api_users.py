"""API users: their credentials and permissions."""

import hmac
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

_UNKNOWN_USERS_DIGEST = sha256(secrets.token_bytes()).digest()


@dataclass(frozen=True, slots=True)
class ApiUser:
    """An API user of the instance.

    An API user can be read-only or restricted to some resources (inferred: vendor reference, "Best
    Practices"); a resource is a tag of the contract, and `resources=None` means all of them.
    """

    id: int
    username: str
    password: str = field(repr=False)
    read_only: bool = False
    resources: frozenset[str] | None = None

    def may(self, resource: str, *, write: bool) -> bool:
        """Whether the user may use an operation on this resource."""
        return not (write and self.read_only) and (self.resources is None or resource in self.resources)


class ApiUsers:
    """The API users of one instance."""

    def __init__(self, users: Iterable[ApiUser]) -> None:
        self._users = {user.username: user for user in users}
        # Digests have one length: the time of a comparison does not reveal the length of the password.
        self._digests = {user.username: sha256(user.password.encode()).digest() for user in self}

    def __iter__(self) -> Iterator[ApiUser]:
        return iter(self._users.values())

    def authenticate(self, username: str, password: str) -> ApiUser | None:
        """The user of these credentials, or None; takes as long for an unknown user as for a wrong password."""
        expected = self._digests.get(username, _UNKNOWN_USERS_DIGEST)
        matches = hmac.compare_digest(expected, sha256(password.encode()).digest())
        return self._users.get(username) if matches else None
