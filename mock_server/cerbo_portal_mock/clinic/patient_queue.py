"""The queue of one patient."""

from datetime import datetime

from cerbo_portal_mock.clinic.records import Entry


class PatientQueue:
    """One patient's entries by id: those in the queue, oldest first, and those hidden from the API."""

    __slots__ = ("_holes", "hidden", "open")

    def __init__(self) -> None:
        self.open: dict[int, Entry] = {}
        self.hidden: dict[int, Entry] = {}
        self._holes = 0

    def add(self, entry: Entry) -> None:
        """Put an entry into the queue."""
        last = next(reversed(self.open.values()), entry)
        self.open[entry.id] = entry
        if age(entry) < age(last):
            self.open = {entry.id: entry for entry in sorted(self.open.values(), key=age)}

    def remove(self, entry_id: int) -> Entry:
        """Take an entry out of the queue.

        Raises:
            KeyError: it is not in the queue.
        """
        entry = self.open.pop(entry_id)
        # A dictionary keeps the slots of removed keys, and iteration walks over them.
        self._holes += 1
        if self._holes > len(self.open) + 8:
            self.open = dict(self.open)
            self._holes = 0
        return entry


def age(entry: Entry) -> tuple[datetime, int]:
    """The key by which entries are sorted, oldest first."""
    return entry.created, entry.id
