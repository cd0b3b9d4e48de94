"""The options of `./scripts/test` for servers that are not ours: `--target URL` and `--sandbox`."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from _venv import ROOT

_SPEC = ROOT / "openapi" / "cerbo-portal.yaml"
_USERNAME, _PASSWORD = "TARGET_USERNAME", "TARGET_PASSWORD"


def main(arguments: Sequence[str]) -> int:
    """Run against another server, and return the exit code: 1 when it contradicts the contract, 2 for no whole run."""
    from cerbo_portal_client import InvalidSettings
    from cerbo_portal_mock.spec.yaml_document import YamlDocument

    from contract_tests.probes.probes import CannotRun
    from contract_tests.probes.runner import patient_ids, run_sandbox, run_target
    from contract_tests.probes.target_allowlist import NotPermitted

    options = _options(arguments)
    document = YamlDocument(_SPEC).content
    try:
        if options.sandbox:
            report = run_sandbox(document, os.environ)
        else:
            credentials = _sever(options.username, options.password)
            report = run_target(
                document,
                options.target,
                credentials,
                allowed=options.allow_writes_to,
                ids={"pt_id": patient_ids(options.pt_ids, "--pt-ids")} if options.pt_ids else None,
                examples=options.examples,
            )
    except (CannotRun, NotPermitted, InvalidSettings, OSError) as error:
        print(f"test: {error}", file=sys.stderr)
        return 2
    print(report.table())
    if options.report:
        options.report.write_text(report.json(), encoding="utf-8")
    if report.contradicted:
        return 1
    return 2 if report.incomplete else 0


def _sever(username: str | None, password: str | None) -> tuple[str, str]:
    """The credentials of the target; after this nothing can take them, or any other setting, from `CERBO_*`."""
    for name in [name for name in os.environ if name.startswith("CERBO_")]:
        del os.environ[name]
    # What is generated would go by a proxy that is set for other purposes; the rest never does.
    os.environ["NO_PROXY"] = "*"
    # The users of the vendor's samples, whom this project's mock and its like know.
    return (
        username or os.environ.get(_USERNAME) or "un",
        password or os.environ.get(_PASSWORD) or "pwd",
    )


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.sandbox and (options.username or options.password or options.allow_writes_to or options.pt_ids):
        parser.error("--sandbox: expected no --username, --password, --allow-writes-to or --pt-ids, see CERBO_*")
    if options.examples < 0:
        parser.error("--examples: expected a number of calls, 0 or more")
    if options.report and not options.report.parent.is_dir():
        parser.error("--report: expected a file in a folder that there is")
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="test",
        description="Run the suite against another server, and report what it confirms of the contract.",
        allow_abbrev=False,
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--target", metavar="URL", help="the base URL of a server to which the suite may write")
    where.add_argument("--sandbox", action="store_true", help="the real service, only read; see the variables CERBO_*")
    parser.add_argument("--username", help=f"the API user at the target (or {_USERNAME}; default: un)")
    parser.add_argument("--password", help=f"the user's password (or {_PASSWORD}; default: pwd)")
    parser.add_argument("--allow-writes-to", metavar="HOST", help="permit a target that is not loopback: this host")
    parser.add_argument("--pt-ids", metavar="IDS", help="patients whom the target knows, such as 1,221")
    parser.add_argument(
        "--examples", type=int, default=20, metavar="N", help="random calls per operation (default: 20)"
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the report as JSON, too")
    return parser
