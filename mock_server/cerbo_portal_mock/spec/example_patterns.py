"""Texts that fit a regular expression, as far as it is simple: literals, classes, groups, alternatives, repeats."""

import re
from random import Random

# Characters that classes such as `[^0]` and `.` are drawn from; the others only where none of these fits.
_USUAL = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OTHERS = "".join(map(chr, range(0x20, 0x7F)))
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
_CODE = re.compile(r"u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})")
_REPEAT = re.compile(r"\{([0-9]{1,4})(,([0-9]{1,4})?)?\}")
_NO_LIMIT = 10_000


class UnknownPattern(ValueError):
    """The pattern has constructs for which no text can be made."""


class PatternText:
    """Makes a text that should fit a pattern; the caller checks that it does.

    Args:
        pattern: an ECMAScript regular expression.
        random: decides between characters and alternatives.
        extra: how often a part is repeated beyond its least number, where the pattern permits.
    """

    def __init__(self, pattern: str, random: Random, extra: int) -> None:
        self._pattern, self._random, self._extra = pattern, random, extra
        self._at = 0

    def make(self) -> str:
        """The text.

        Raises:
            UnknownPattern: the pattern is not simple.
        """
        text = self._alternatives()
        if self._at < len(self._pattern):
            raise UnknownPattern
        return text

    def _alternatives(self) -> str:
        options = [self._sequence()]
        while self._next("|"):
            options.append(self._sequence())
        return self._random.choice(options)

    def _sequence(self) -> str:
        text = ""
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            atom = self._atom()
            least, most = self._repeats()
            text += atom * min(least + self._extra, most)
        return text

    def _repeats(self) -> tuple[int, int]:
        match = _REPEAT.match(self._pattern, self._at)
        symbol = match[0] if match else self._pattern[self._at : self._at + 1]
        least, most = {"*": (0, _NO_LIMIT), "+": (1, _NO_LIMIT), "?": (0, 1)}.get(symbol, (1, 1))
        if match:
            least = int(match[1])
            most = int(match[3]) if match[3] else _NO_LIMIT if match[2] else least
        if match or symbol in {"*", "+", "?"}:
            self._at += len(symbol)
            self._next("?")
        return least, most

    def _atom(self) -> str:
        match self._take():
            case "^" | "$":
                return ""
            case ".":
                return self._drawn(".")
            case "(":
                if self._next("?") and not self._next(":"):
                    raise UnknownPattern
                text = self._alternatives()
                self._take()
                return text
            case "[":
                return self._class()
            case "\\":
                return self._escape()
            case "*" | "+" | "?" | "{":
                raise UnknownPattern
            case character:
                return character

    def _class(self) -> str:
        start = self._at - 1
        while (character := self._take()) != "]":
            if character == "\\":
                self._take()
        return self._drawn(self._pattern[start : self._at])

    def _escape(self) -> str:
        code = _CODE.match(self._pattern, self._at)
        if code:
            self._at = code.end()
            return chr(int(code[1] or code[2], 16))
        character = self._take()
        if character in "dDwWsS":
            return self._drawn(f"\\{character}")
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character.isalnum():  # back references, word boundaries, properties of Unicode
            raise UnknownPattern
        return character

    def _drawn(self, source: str) -> str:
        """A character of a class."""
        try:
            fits = re.compile(source).fullmatch
        except re.error:
            raise UnknownPattern from None
        named = "".join(chr(int(code[0] or code[1], 16)) for code in _CODE.findall(source))
        for characters in (_USUAL, _OTHERS + source + named):
            fitting = [character for character in characters if fits(character)]
            if fitting:
                return self._random.choice(fitting)
        raise UnknownPattern

    def _take(self) -> str:
        if self._at >= len(self._pattern):
            raise UnknownPattern
        self._at += 1
        return self._pattern[self._at - 1]

    def _next(self, symbol: str) -> bool:
        found = self._pattern.startswith(symbol, self._at)
        self._at += len(symbol) if found else 0
        return found
