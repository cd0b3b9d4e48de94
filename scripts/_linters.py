"""Redocly and Spectral over the contract, where Node is: neither is needed for anything else. A warning fails."""

import os
import shutil
import subprocess
import sys

from _venv import ROOT

_SPEC = "openapi/cerbo-portal.yaml"
_PACKAGES = ("@redocly/cli@2", "@stoplight/spectral-cli@6")
_FOLDER = ROOT / ".linters"
_STAMP = _FOLDER / "made-from"
_COMMANDS = (
    ("redocly", "lint", "--extends", "recommended-strict", _SPEC),
    ("spectral", "lint", "--ruleset", "openapi/.spectral.yaml", "--fail-severity=warn", _SPEC),
)


def main() -> int:
    """Run both, installed first where they are not, and return the exit code: 0 also where there is no Node."""
    npm = shutil.which("npm")
    if npm is None:
        print("Redocly and Spectral were not run: there is no Node here (CI runs them)")
        return 0
    if not (_STAMP.exists() and _STAMP.read_text() == " ".join(_PACKAGES)):
        print(f"Installing Redocly and Spectral into {_FOLDER.name} (once) ...", file=sys.stderr, flush=True)
        shutil.rmtree(_FOLDER, ignore_errors=True)
        _FOLDER.mkdir()
        install = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(_FOLDER), *_PACKAGES]
        if subprocess.run(install, check=False).returncode:
            print("could not install Redocly and Spectral: expected npm to reach its registry", file=sys.stderr)
            return 1
        _STAMP.write_text(" ".join(_PACKAGES))
    environment = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    failed = 0
    for name, *arguments in _COMMANDS:
        executable = shutil.which(name, path=str(_FOLDER / "node_modules" / ".bin"))
        command = [executable or name, *arguments]
        failed |= subprocess.run(command, check=False, cwd=ROOT, env=environment).returncode
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
