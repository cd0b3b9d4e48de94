"""Reads the project's Markdown pages: their blocks of code, in order; and renews their generated parts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(
    r"^(?:<!-- (?P<remark>[^\n]*?) -->\n)?(?P<indent> *)```(?P<language>\w*)\n(?P<code>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
_FILE = re.compile(r"# (?P<name>[\w./-]+\.(?:py|toml|yaml|yml))\n")


@dataclass(frozen=True)
class Block:
    """A block of code of a page.

    `remark` is the comment in the line before it: `not run: REASON` for what a test cannot run.
    """

    page: Path
    line: int
    language: str
    code: str
    remark: str

    @property
    def is_run(self) -> bool:
        """Whether a test runs it."""
        return not self.remark.startswith("not run: ")

    @property
    def file(self) -> str | None:
        """The name of the file that it shows, from its first line."""
        match = _FILE.match(self.code)
        return match["name"] if match else None

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page, in order.

    Args:
        page: a Markdown file.
    """
    text = page.read_text(encoding="utf-8")
    for match in _FENCE.finditer(text):
        indent = match["indent"]
        code = "".join(line.removeprefix(indent) for line in match["code"].splitlines(keepends=True))
        line = text.count("\n", 0, match.start()) + 1
        yield Block(page, line, match["language"], code, match["remark"] or "")


def renewed(text: str, parts: Mapping[str, str]) -> str:
    """A page with other text between the comments `<!-- NAME -->` and `<!-- end ... -->`.

    Args:
        text: the page.
        parts: the new texts by name; the other parts stay.
    """
    begin = "|".join(map(re.escape, parts))
    pattern = re.compile(rf"(<!-- ({begin}) -->\n).*?(<!-- end)", re.DOTALL)
    return pattern.sub(lambda match: f"{match[1]}{parts[match[2]]}{match[3]}", text)
