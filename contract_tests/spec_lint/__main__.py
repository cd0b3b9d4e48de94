"""Hold the contract to its own rules: `python -m contract_tests.spec_lint` prints each violation on a line."""

import sys

from cerbo_portal_mock.spec.contract import default_path
from cerbo_portal_mock.spec.yaml_document import DocumentError, YamlDocument

from contract_tests.spec_lint.semantics import RULES


def main() -> int:
    """Run the rules, and return the exit code: 1 when the contract is against one."""
    try:
        document = YamlDocument(default_path()).content
        problems = [f"{default_path().name}: {problem}" for rule in RULES for problem in rule(document)]
    except DocumentError as error:
        problems = [str(error)]
    sys.stderr.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
