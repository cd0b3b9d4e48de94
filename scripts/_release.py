"""The contract against its last release: `openapi/released/` holds a copy of each released document."""

import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from _openapi_diff import Change, compare

from contract_tests.spec_lint.yaml_lines import YamlDocument

SPEC = Path("openapi/cerbo-portal.yaml")
RELEASED = Path("openapi/released")
CHANGELOG = Path("CHANGELOG.md")

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?")
_NAME = re.compile(
    r"/(?:schemas|properties|parameters|headers|responses|requestBodies)/([^/]*[^/\dX][^/]*)"
)  # no index, no status
_ENTRY = re.compile(r"\n\s*(?=\n|[-*] )")

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
    See `unnamed` for the entry.

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
    return [*found, *unnamed(version, changes, changelog)]


def unnamed(version: str, changes: Sequence[Change], changelog: str) -> list[str]:
    """The breaking changes that no entry of the changelog names.

    An entry names the version of the contract and what breaks: the innermost member, parameter, header or component
    that the change concerns, or the operation where it concerns none of these.

    Args:
        version: the version of the contract.
        changes: the changes.
        changelog: the text of the changelog, or a part of it.
    """
    contract = f"contract {version.partition('-')[0]}"
    entries = [entry for entry in _ENTRY.split(changelog) if _says(contract, entry, re.IGNORECASE)]
    names = {_broken(change) for change in changes if change.kind == "breaking"}
    if not (missing := sorted(name for name in names if not any(_says(name, entry) for entry in entries))):
        return []
    return [f'{CHANGELOG}: expected an entry that names "{contract}" and what breaks: {", ".join(missing)}']


def against(root: Path, target: str) -> tuple[ReleaseDiff, list[str]]:
    """What changed since a revision or another document, and what keeps it from being accepted.

    A breaking change needs an entry of the changelog, see `unnamed`; since a revision, a new or edited one.

    Args:
        root: the checkout.
        target: an OpenAPI document, or a revision of the checkout.

    Raises:
        ReleaseError: there is no such document or revision.
        DocumentError: a document cannot be read.
    """
    changelog = (root / CHANGELOG).read_text(encoding="utf-8")
    if (file := Path(target)).is_file():
        diff = since_release(root, file)
    else:
        with tempfile.TemporaryDirectory() as directory:
            (old := Path(directory, SPEC.name)).write_text(_at_revision(root, target, SPEC), encoding="utf-8")
            diff = since_release(root, old)
        known = {*_ENTRY.split(_at_revision(root, target, CHANGELOG))}
        changelog = "\n\n".join(entry for entry in _ENTRY.split(changelog) if entry not in known)
    return diff, unnamed(diff.new["info"]["version"], diff.changes, changelog)


def _at_revision(root: Path, revision: str, path: Path) -> str:
    """The text that a file of the checkout has at a revision."""
    command = ["git", "-C", str(root), "show", "--end-of-options", f"{revision}:./{path.as_posix()}"]
    try:
        return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    except (OSError, subprocess.CalledProcessError, ValueError):
        raise ReleaseError(f"--against: expected a document, or a revision that has {path}") from None


def _says(name: str, text: str, flags: int = 0) -> bool:
    return re.search(rf"(?<![\w./]){re.escape(name)}(?!\.?\w)", text, flags) is not None


def _broken(change: Change) -> str:
    if change.operation == "servers":
        return change.pointer
    names: list[str] = _NAME.findall(change.pointer)
    return names[-1] if names else change.operation


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
