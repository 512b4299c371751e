"""How long a search takes among a million documents of one business: `python -m benchmarks.searching FOLDER`.

Builds the data set `search` in the folder, or takes the one that is there. `benchmarks.asking` asks and prints.
"""

import subprocess
import sys
from pathlib import Path

from benchmarks.__main__ import filled
from benchmarks.databases import DATABASES, server
from benchmarks.datasets import DATA_SETS


def main() -> None:
    """Build and measure, on each database."""
    folder = Path(sys.argv[1])
    for database in sys.argv[2:] or DATABASES:
        (folder / database).mkdir(parents=True, exist_ok=True)
        with server(database, folder / database) as address:
            env = filled(DATA_SETS["search"], database, address, folder / database)
            subprocess.run([sys.executable, "-m", "benchmarks.asking", database], env=env, check=True)


if __name__ == "__main__":
    main()
