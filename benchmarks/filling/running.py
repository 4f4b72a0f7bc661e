"""A desk of its own for a benchmark that needs a full one: filled, measured, and removed."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from puntuale.conf import clock
from puntuale.conf.home import Home, open_desk


def run(measuring: str) -> int:
    """Run a desk, and let a module of this folder fill and measure it; how many tickets, and where, may be said."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with desk(Path(sys.argv[2]) if len(sys.argv) > 2 else None):
        # What measures needs Django, and Django needs the database's address first.
        import_module(f"benchmarks.filling.{measuring}").measure(wanted, now=clock.now())
    return 0


@contextmanager
def desk(kept: Path | None) -> Iterator[Path]:
    """Run a desk in a folder, which is gone afterwards unless it was named, and give the folder."""
    folder = kept or Path(tempfile.mkdtemp(prefix="puntuale-bench-", dir="/tmp"))
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    os.environ |= {"PUNTUALE_HOME": str(folder), "PUNTUALE_TICKETS_AN_HOUR": "off"}
    os.environ["PUNTUALE_URGENT_TICKETS_AN_HOUR"] = "off"
    os.environ.pop("DATABASE_URL", None)
    try:
        with open_desk(Home.of_desk()):
            yield folder
    finally:
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)
