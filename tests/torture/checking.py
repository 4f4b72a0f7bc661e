"""Holding the database of a home against what was seen: `python -m tests.torture.checking HOME` prints what it finds."""

import json
import os
import sys
from importlib import import_module
from pathlib import Path

from puntuale.conf.home import Home, open_desk
from tests.torture.seen import Seen


def main():
    """Check, and print violations and figures as JSON."""
    home = Path(sys.argv[1])
    os.environ.pop("DATABASE_URL", None)
    os.environ["PUNTUALE_HOME"] = str(home)
    with open_desk(Home.of_desk()):
        sys.stdout.write(json.dumps(report(Seen.of(home))))
    return 0


def report(seen):
    """What every check found, by its name, and the figures."""
    checks = import_module("tests.torture.checks").CHECKS
    found = {name: check(seen) for name, check in checks.items()}
    return {"violations": found, "figures": import_module("tests.torture.figures").figures(seen)}


if __name__ == "__main__":
    sys.exit(main())
