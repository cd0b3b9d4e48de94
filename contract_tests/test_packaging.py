"""What is built: the same bytes wherever and whenever, nothing that is not needed, and a version from one place."""

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import pytest
from cerbo_portal_client import __version__
from cerbo_portal_mock import MockPortal
from packaging.metadata import Metadata

from contract_tests.support.checkout import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
VERSION = PROJECT["version"]
INFO = f"cerbo_portal-{VERSION}.dist-info"
PACKAGES = {
    "cerbo_portal_client": ROOT / "generated",
    "cerbo_portal_mock": ROOT / "mock_server",
    "cerbo_portal_runtime": ROOT / "openapi" / "client",
}
SPEC = "cerbo_portal_mock/spec/cerbo-portal.yaml"
DATA_FOLDERS = re.compile(r"cerbo_portal_mock/(admin/(static|templates)/|clinic/default-scenario|spec/schemas)")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The source distribution and the wheel, as `./scripts/build` makes them."""
    out = tmp_path_factory.mktemp("dist")
    run = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "build"), "--directory", str(out)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    (sdist,), (wheel,) = out.glob("*.tar.gz"), out.glob("*.whl")
    return sdist, wheel


@pytest.fixture
def names(built: tuple[Path, Path]) -> set[str]:
    """The files of the wheel."""
    with zipfile.ZipFile(built[1]) as wheel:
        return set(wheel.namelist())


def _unpack(sdist: Path, directory: Path) -> Path:
    with tarfile.open(sdist) as archive:
        archive.extractall(directory, filter="data")
    (unpacked,) = directory.iterdir()
    return unpacked


def _rebuild(source: Path, out: Path, **environment: str) -> tuple[bytes, bytes]:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--directory", str(out)],
        cwd=source,
        check=True,
        capture_output=True,
        timeout=60,
        env={**os.environ, **environment},
    )
    (sdist,), (wheel,) = out.glob("*.tar.gz"), out.glob("*.whl")
    return sdist.read_bytes(), wheel.read_bytes()


def test_the_checkout_and_what_was_unpacked_elsewhere_give_the_same_bytes(
    built: tuple[Path, Path], tmp_path: Path
) -> None:
    expected = tuple(path.read_bytes() for path in built)
    source = _unpack(built[0], tmp_path / "elsewhere").rename(tmp_path / "another name")
    for path in source.rglob("*"):
        os.utime(path, (1, 1))
        path.chmod(path.stat().st_mode & 0o700)
    for junk in (".env", "notes.txt", "mock_server/cerbo_portal_mock/state.pyc", ".venv/bin/python", ".git/config"):
        (source / junk).parent.mkdir(parents=True, exist_ok=True)
        (source / junk).write_text("junk")
    assert _rebuild(source, tmp_path / "1", TZ="Asia/Tokyo") == expected
    assert _rebuild(ROOT, tmp_path / "2") == expected


def test_the_time_of_an_archive_is_the_one_that_the_builder_names(built: tuple[Path, Path], tmp_path: Path) -> None:
    named = {"SOURCE_DATE_EPOCH": "1700000000"}
    builds = [_rebuild(_unpack(built[0], tmp_path / name), tmp_path / f"{name}-dist", **named) for name in "ab"]
    assert all(one == other for one, other in pairwise(builds))
    assert builds[0][1] != built[1].read_bytes()
    with zipfile.ZipFile(next((tmp_path / "a-dist").glob("*.whl"))) as wheel:
        assert {entry.date_time[:3] for entry in wheel.infolist()} == {(2023, 11, 14)}


def test_the_wheel_holds_the_packages_and_the_contract(names: set[str]) -> None:
    sources = {
        path.relative_to(root).as_posix()
        for package, root in PACKAGES.items()
        for path in (root / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    described = {f"{INFO}/{name}" for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE")}
    assert names == sources | {SPEC} | described


def test_of_data_the_wheel_holds_what_the_packages_read(built: tuple[Path, Path], names: set[str]) -> None:
    data = {name for name in names if not name.endswith(".py") and not name.startswith(INFO)}
    typed = {f"{package}/py.typed" for package in PACKAGES}
    assert typed <= data
    assert {name for name in data - typed - {SPEC} if not DATA_FOLDERS.match(name)} == set()
    assert not [name for name in names if re.search(r"(^|/)(test_|tests/|conftest)", name)]
    with zipfile.ZipFile(built[1]) as wheel:
        assert wheel.read(SPEC) == (ROOT / "openapi" / "cerbo-portal.yaml").read_bytes()


def test_the_source_distribution_holds_what_its_tests_need_and_no_junk(built: tuple[Path, Path]) -> None:
    with tarfile.open(built[0]) as archive:
        files = {name.partition("/")[2] for name in archive.getnames()}
    assert not [name for name in files if re.search(r"\.pyc$|(^|/)\.(git|venv|hypothesis)/|_cache/", name)]
    tested = ("contract_tests", "generated", "mock_server", "openapi", "scripts")
    sources = {path for folder in tested for path in (ROOT / folder).rglob("*") if path.is_file()}
    assert {path.relative_to(ROOT).as_posix() for path in sources if "__pycache__" not in path.parts} <= files


def test_the_metadata_is_valid_and_names_every_python_that_is_tested(built: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(built[1]) as wheel:
        metadata = Metadata.from_email(wheel.read(f"{INFO}/METADATA"), validate=True)
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    (matrix,) = re.findall(r"^ +python: \[(.*)\]$", workflow, re.MULTILINE)
    tested = re.findall(r"3\.\d+", matrix)
    classifiers = metadata.classifiers or []
    assert [name.rpartition(" ")[2] for name in classifiers if re.search(r":: 3\.\d+$", name)] == tested
    assert str(metadata.requires_python) == f">={tested[0]}"
    assert metadata.license_expression == "MIT"
    assert set(metadata.provides_extra or ()) == set(PROJECT["optional-dependencies"])


def test_there_is_one_version() -> None:
    served = MockPortal().app.test_client().get("/__admin/version").json
    assert served
    assert __version__ == served["version"] == version("cerbo-portal") == VERSION
