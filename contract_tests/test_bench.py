"""`scripts/bench --quick`: each sub-command runs and writes what it measured. No time is asserted."""

import os
import shutil
from pathlib import Path

import pytest
from benches import client, load, report, server, servers
from benches.report import Result, Row, in_turns

needs_wrk = pytest.mark.skipif(not shutil.which("wrk") and os.environ.get("CI") != "true", reason="no wrk on the PATH")


def _figures(result: Result) -> dict[str, float]:
    return {row.what: row.value for row in result.rows}


@needs_wrk
def test_the_server_bench_measures_each_operation_of_each_server() -> None:
    result = server.run(quick=True, with_peers=False)
    columns, *lines = result.table
    assert [line[0] for line in lines] == ["the mock", "bare Flask on waitress"]
    assert {len(line) for line in lines} == {len(columns)}
    assert all(float(figure) > 0 for line in lines for figure in line[1:])
    assert len([row for row in result.rows if row.what.startswith("requests/s")]) == 3


@pytest.mark.parametrize(
    ("bench", "bounds"),
    [(client.run, 4), (client.run_in_process, 2)],
    ids=["client", "in-process"],
)
def test_a_bench_has_a_positive_figure_for_each_of_its_bounds(bench, bounds) -> None:  # type: ignore[no-untyped-def]
    figures = _figures(bench(quick=True))
    assert len(figures) == bounds
    assert all(figure > 0 for figure in figures.values())


@needs_wrk
def test_a_load_with_failed_requests_is_no_measurement() -> None:
    with (
        pytest.raises(load.Failed, match=r"^GET /api/v1/nowhere: Non-2xx or 3xx responses: \d+$"),
        servers.running(servers.MOCK) as mock,
    ):
        load.put(mock.port, load.Target("GET", "/api/v1/nowhere"), 0.05)


def test_things_take_turns() -> None:
    calls: list[str] = []
    in_turns({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, rounds=2, repeat=2)
    assert "".join(calls) == "ab" + "aabb" * 2


def test_results_go_into_the_documents_between_their_marks(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    block = "<!-- bench: {} -->\nSTALE\n<!-- end of bench -->\n"
    names = ("machine", "server", "client")
    (tmp_path / report.DOCUMENT).write_text("Before.\n" + "".join(map(block.format, names)) + "After.\n")
    (tmp_path / "README.md").write_text("# Name\n" + block.format("short"))
    table: list[report.Line] = [
        ["server", "GET", "start-up", "idle", "a", "b", "c"],
        ["the mock", 2500, 300, 44.9, 1, 2, 3],
    ]
    rows = [Row("ours / Prism", 2.0, 3.0, at_least=True, basis="2,500 / 1,250 per s")]
    report.write(tmp_path, {"server": Result(rows, table)})
    document = (tmp_path / report.DOCUMENT).read_text(encoding="utf-8")
    assert document.startswith("Before.\n")
    assert document.endswith("After.\n")
    assert "| ours / Prism | 2.00 | ≥ 3.00 | **no** | 2,500 / 1,250 per s |" in document
    assert "| the mock | 2,500 | 300 | 44.9 | 1 | 2 | 3 |" in document
    assert document.count("STALE") == 1, "what was not measured stays"
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "| the mock | 2,500 | 300 | 44.9 | 1 | 2 |\n" in readme
