"""Hold a contract to the rules: `python -m contract_tests.spec_lint [FILE]` prints each finding on a line."""

import sys
from pathlib import Path

from contract_tests.spec_lint.semantics import lint
from contract_tests.spec_lint.yaml_lines import DocumentError, YamlDocument

SPEC = Path(__file__).parents[2] / "openapi" / "cerbo-portal.yaml"


def main() -> int:
    """Run the rules, and return the exit code: 1 when the contract breaks one."""
    try:
        found = lint(YamlDocument(Path(sys.argv[1]) if sys.argv[1:] else SPEC))
    except DocumentError as error:
        found = [str(error)]
    sys.stderr.writelines(f"{finding}\n" for finding in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
