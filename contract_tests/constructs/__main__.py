"""Write the client of all supported constructs, for other type checkers: `python -m contract_tests.constructs DIR`."""

import sys
from pathlib import Path

from contract_tests.constructs import write

if __name__ == "__main__":
    write(Path(sys.argv[1]))
