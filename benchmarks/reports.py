"""The attainment report over a million promises.

`./run bench reports [TICKETS] [FOLDER]` prints the figures that stand in docs/performance.md. It fills an embedded
database of its own, in a folder that is gone afterwards; one that is named stays, and the next run measures what is in it.
"""

import os
import shutil
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from puntuale.conf import clock
from puntuale.conf.home import Home, open_desk


def main() -> int:
    """Run a desk of its own, fill it, and measure."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    kept = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    folder = kept or Path(tempfile.mkdtemp(prefix="puntuale-bench-", dir="/tmp"))
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    os.environ["PUNTUALE_HOME"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    try:
        with open_desk(Home.of_desk()):
            # What measures needs Django, and Django needs the database's address first.
            import_module("benchmarks.filling.reporting").measure(wanted, now=clock.now())
    finally:
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
