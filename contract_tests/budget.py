"""How many examples an operation gets in a test that runs once for each: a new operation must not cost time.

The nightly run is not bound to a time, and gives each operation all.
"""

import os

from cerbo_portal_mock.yamlfile import Document
from hypothesis import settings
from schemathesis.config import SchemathesisConfig

from contract_tests import spec_rules
from contract_tests.conftest import CONFIG, SPEC

# As many operations can have all the examples of a profile within the bound on the time of all tests.
_AFFORDED = 3
_OPERATIONS = sum(1 for _ in spec_rules.operations(Document(SPEC).content))


def share(examples: int) -> int:
    """The share of each operation in so many examples for each of a few."""
    if os.environ.get("HYPOTHESIS_PROFILE") == "nightly":
        return examples
    return max(1, examples * _AFFORDED // max(_AFFORDED, _OPERATIONS))


#: Of the profile's examples.
EXAMPLES = share(settings.default.max_examples)  # type: ignore[union-attr]


def config() -> SchemathesisConfig:
    """The configuration of schemathesis, with each operation's share of its examples."""
    config = SchemathesisConfig.from_path(CONFIG)
    generation = config.projects.default.generation
    generation.update(max_examples=share(generation.max_examples or EXAMPLES))
    return config
