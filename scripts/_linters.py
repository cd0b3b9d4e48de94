"""Redocly and Spectral over the contract, where there is Node: neither is needed for anything else. A warning fails."""

import os
import shutil
import subprocess
import sys

from _venv import ROOT

_SPEC = "openapi/cerbo-portal.yaml"
_COMMANDS = (
    ("@redocly/cli@2", "lint", "--extends", "recommended-strict", _SPEC),
    ("@stoplight/spectral-cli@6", "lint", "--ruleset", "openapi/.spectral.yaml", "--fail-severity=warn", _SPEC),
)


def main() -> int:
    """Run both, by npx, which keeps what it installs, and return the exit code: 0 also where there is no Node."""
    npx = shutil.which("npx")
    if npx is None:
        print("Redocly and Spectral were not run: there is no Node here (CI runs them)")
        return 0
    environment = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    runs = [
        subprocess.run([npx, "--yes", "--prefer-offline", *command], check=False, cwd=ROOT, env=environment)
        for command in _COMMANDS
    ]
    return int(any(run.returncode for run in runs))


if __name__ == "__main__":
    sys.exit(main())
