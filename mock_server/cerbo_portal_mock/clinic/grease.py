"""Which kinds of variation an instance applies to its responses (RFC 8701 calls it grease), and from which seed."""

import secrets
from dataclasses import dataclass

from cerbo_portal_mock.spec.errors import InvalidArgument

#: Each kind and its meaning.
KINDS = {
    "ids": "numbers are sent as numbers or as text",
    "dates": "dates are sent in each permitted format",
    "routes": "routes are absolute, or null",
    "members": "objects have unknown members, and their members any order",
    "text": "messages, JSON whitespace and escapes, and the case and order of headers vary",
    "errors": "errors have each of the three bodies, and unknown types",
    "status": "successes and assumed errors have each permitted status",
    "values": "lists have one more entry, whose kind and status are unknown",
    "absent": "members that are not required are absent or null",
}
_ONLY_NAMED = frozenset({"values", "absent"})
DEFAULT_KINDS = frozenset(KINDS) - _ONLY_NAMED
OFF = "off"
_DEFAULT = "default"
_HIGHEST_SEED = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Grease:
    """The kinds of variation, and the seed from which they are drawn; as a text what `read` accepts."""

    seed: int
    kinds: frozenset[str] = DEFAULT_KINDS

    def __str__(self) -> str:
        if self.kinds == DEFAULT_KINDS:
            return str(self.seed)
        names = [_DEFAULT] if self.kinds > DEFAULT_KINDS else []
        names += [kind for kind in KINDS if kind in self.kinds and not (names and kind in DEFAULT_KINDS)]
        return ",".join([str(self.seed), *names])

    @classmethod
    def read(cls, given: str | int | bool) -> "Grease | None":
        """What a caller asks for; None if nothing varies.

        Args:
            given: a seed, kinds, or both, separated by commas, such as `7,dates,ids`; `default` stands for all kinds
                but `values` and `absent`. Without kinds the default ones apply; without a seed, one is drawn, which
                `True` asks for, too. `off` and `False` vary nothing.

        Raises:
            InvalidArgument: a seed or a kind is not valid.
        """
        if isinstance(given, bool):
            given = "" if given else OFF
        items = [item for item in str(given).split(",") if item]
        if items == [OFF]:
            return None
        seeds = [item for item in items if item.isascii() and item.isdecimal()]
        names = [item for item in items if item not in seeds]
        unknown = [name for name in names if name not in KINDS and name != _DEFAULT]
        if unknown or len(seeds) > 1 or any(len(seed) > 10 or int(seed) > _HIGHEST_SEED for seed in seeds):
            raise InvalidArgument(
                f"grease: expected {OFF}, or a seed from 0 to {_HIGHEST_SEED} and kinds, separated by commas:"
                f" {_DEFAULT}, {', '.join(KINDS)}"
            )
        kinds = {kind for name in names for kind in (DEFAULT_KINDS if name == _DEFAULT else {name})}
        seed = int(seeds[0]) if seeds else secrets.randbelow(_HIGHEST_SEED + 1)
        return cls(seed, frozenset(kinds) or DEFAULT_KINDS)
