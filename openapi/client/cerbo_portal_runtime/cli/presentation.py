"""How operations show themselves to people: all that is written by hand for one of them, and each can do without."""

from collections.abc import Mapping
from typing import Final

from attrs import frozen


@frozen
class Face:
    """The presentation of one operation.

    Attributes:
        name: its sub-command; by default its own name.
        columns: the members that its table shows, in this order; by default all.
        summary: the members that `--summary` counts by and tells an entry's age by; by default there is no such option.
        asks: whether to ask before it is carried out, where it is no GET.
    """

    name: str | None = None
    columns: tuple[str, ...] = ()
    summary: tuple[str, str] | None = None
    asks: bool = True


FACES: Final[Mapping[str, Face]] = {
    "showPortalRequests": Face(
        name="enqueued",
        columns=("pt_id", "id", "request_type", "created", "subject"),
        summary=("request_type", "created"),
    ),
    "deletePortalRequest": Face(name="delete", columns=("pt_id", "queue_request_id", "message")),
    "inviteToPortal": Face(name="invite", columns=("pt_id", "message")),
    "validatePortalCredentials": Face(asks=False),
}
