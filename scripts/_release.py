"""The contract against its last release: `openapi/released/` holds a copy of each released document."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from _openapi_diff import Change, compare

from contract_tests.spec_lint.yaml_lines import YamlDocument

SPEC = Path("openapi/cerbo-portal.yaml")
RELEASED = Path("openapi/released")
CHANGELOG = Path("CHANGELOG.md")

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?")

Json = Any


class ReleaseError(Exception):
    """There is nothing to compare with; the text says what was expected."""


class ReleaseDiff(NamedTuple):
    """Two documents, and the changes from the first to the second."""

    old: Json
    new: Json
    changes: list[Change]


def since_release(root: Path, old: Path | None = None, new: Path | None = None) -> ReleaseDiff:
    """The contract held against the one that was released last.

    Args:
        root: the checkout.
        old: another document in place of the last release.
        new: another document in place of the contract.

    Raises:
        ReleaseError: there is no release, one is not named by its version, or a document is not OpenAPI.
        DocumentError: a document cannot be read.
    """
    released = old or _newest(root)
    before, after = YamlDocument(released).content, YamlDocument(new or root / SPEC).content
    try:
        if old is None and before["info"]["version"] != released.stem:
            raise ReleaseError(f"{RELEASED / released.name}: expected info.version: {released.stem}")
        return ReleaseDiff(before, after, compare(before, after))
    except (LookupError, TypeError, AttributeError) as error:  # whatever it is, the tests say what is wrong with it
        raise ReleaseError(f"expected OpenAPI documents: {type(error).__name__}: {error}") from None


def problems(old: Json, new: Json, changes: Sequence[Change], changelog: str) -> list[str]:
    """What keeps the new document from following the released one.

    A released version stays what it is, so any change needs a higher one. A breaking change needs a higher major
    version (below 1.0.0, where Semantic Versioning promises nothing, a higher minor) and an entry in the changelog.

    Args:
        old: the released document.
        new: the document that is to follow it.
        changes: the changes from one to the other.
        changelog: the text of the changelog, where an entry names the version as "contract 1.0.0".

    Raises:
        ReleaseError: a document's version is none.
    """
    released, version = old["info"]["version"], new["info"]["version"]
    before, after = _version(released), _version(version)
    found = []
    if before > after or (changes and before == after):
        found.append(f"info.version: expected one higher than {released}, which is released; it is {version}")
    if not any(change.kind == "breaking" for change in changes):
        return found
    leading = 1 if before[0] else 2
    if before[:leading] >= after[:leading]:
        least = f"{before[0] + 1}.0.0" if before[0] else f"0.{before[1] + 1}.0"
        found.append(f"info.version: expected at least {least} for a breaking change; it is {version}")
    entry = f"contract {version.partition('-')[0]}"
    if not re.search(rf"\b{re.escape(entry)}(?!\.?\d)", changelog, re.IGNORECASE):
        found.append(f'{CHANGELOG}: expected an entry that says what breaks and names "{entry}"')
    return found


def _newest(root: Path) -> Path:
    released = sorted((root / RELEASED).glob("*.yaml"), key=lambda path: _version(path.stem))
    if not released:
        raise ReleaseError(f"{RELEASED}: expected released documents, each named by its version")
    return released[-1]


def _version(text: str) -> tuple[int, int, int, bool]:
    """A version by which to sort; one with a suffix comes before the one without."""
    match = _VERSION.fullmatch(text)
    if not match:
        raise ReleaseError(f"expected a version of three numbers and perhaps a suffix, as 0.2.0-dev, not {text}")
    major, minor, patch, suffix = match.groups()
    return int(major), int(minor), int(patch), suffix is None
