"""Where the files of the checkout are."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "openapi" / "cerbo-portal.yaml"
SCHEMATHESIS_CONFIG = ROOT / "contract_tests" / "schemathesis.toml"
