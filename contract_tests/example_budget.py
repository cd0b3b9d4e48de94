"""How many examples an operation gets in a test that runs once for each: a new operation must not cost time.

The nightly run is not bound to a time, and gives each operation all.
"""

import os
import tomllib
from pathlib import Path

from hypothesis import settings
from schemathesis.config import SchemathesisConfig

from contract_tests.spec_lint import navigation
from contract_tests.spec_lint.yaml_lines import YamlDocument
from contract_tests.support.checkout import SCHEMATHESIS_CONFIG, SPEC

# As many operations can have all the examples of a profile within the bound on the time of all tests.
_AFFORDED = 3
# Holds the seed of the nightly run.
SEED = "NIGHTLY_SEED"
_OPERATIONS = sum(1 for _ in navigation.operations(YamlDocument(SPEC).content))


def share(examples: int) -> int:
    """The share of each operation in so many examples for each of a few."""
    if os.environ.get("HYPOTHESIS_PROFILE") == "nightly":
        return examples
    return max(1, examples * _AFFORDED // max(_AFFORDED, _OPERATIONS))


#: Of the profile's examples.
EXAMPLES = share(settings.default.max_examples)  # type: ignore[union-attr]


def config() -> SchemathesisConfig:
    """The configuration of schemathesis, with each operation's share of its examples; in the nightly run, with all."""
    values = tomllib.loads(SCHEMATHESIS_CONFIG.read_text(encoding="utf-8"))
    generation = values["generation"]
    if SEED in os.environ:
        values["seed"] = int(os.environ[SEED])
        generation["deterministic"] = False
        generation["max-examples"] = settings.get_profile("nightly").max_examples
        generation["database"] = str(Path(os.environ["HYPOTHESIS_STORAGE_DIRECTORY"]) / "schemathesis")
    else:
        generation["max-examples"] = share(generation["max-examples"])
    return SchemathesisConfig.from_dict(values)
