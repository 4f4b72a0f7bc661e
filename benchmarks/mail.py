"""How fast mail is taken, and in how much memory: thousands of mails, with very large ones among them.

`./run bench mail [MAILS]` prints the figures that stand in docs/performance.md. It runs on an embedded database of its
own, which syncs every commit to disk as a desk's does, in a folder that is gone afterwards.
"""

import os
import shutil
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from puntuale.conf.home import Home, open_desk


def main() -> int:
    """Run a desk of its own, and let it take mail."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    folder = Path(tempfile.mkdtemp(prefix="puntuale-bench-", dir="/tmp"))
    folder.chmod(0o755)
    os.environ |= {
        "PUNTUALE_HOME": str(folder),
        "PUNTUALE_MAIL_TO": "support@vendor.example",
        "PUNTUALE_TICKETS_AN_HOUR": "off",
        "PUNTUALE_FILES_AN_HOUR": "off",
    }
    os.environ.pop("DATABASE_URL", None)
    try:
        with open_desk(Home.of_desk()):
            import_module("benchmarks.mailing.measuring").measure(wanted)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
