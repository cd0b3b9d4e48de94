"""How schemathesis generates: always the same, or in the nightly profile more, and from the seed of the run."""

import os
import tomllib
from pathlib import Path

from hypothesis import settings
from schemathesis.config import SchemathesisConfig

CONFIG = Path(__file__).with_name("schemathesis.toml")
SEED = "NIGHTLY_SEED"


def config() -> SchemathesisConfig:
    """The settings of `schemathesis.toml`, or what the nightly profile makes of them."""
    if SEED not in os.environ:
        return SchemathesisConfig.from_path(CONFIG)
    values = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    values["seed"] = int(os.environ[SEED])
    values["generation"] |= {
        "deterministic": False,
        "max-examples": settings.get_profile("nightly").max_examples,
        "database": str(Path(os.environ["HYPOTHESIS_STORAGE_DIRECTORY"]) / "schemathesis"),
    }
    return SchemathesisConfig.from_dict(values)
