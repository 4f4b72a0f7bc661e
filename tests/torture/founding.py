"""Founding the company of a run in the database of a home: `python -m tests.torture.founding HOOK`, beside a desk that runs."""

import os
import sys
import time
from importlib import import_module

from puntuale.conf.clock import now
from puntuale.conf.home import Home, open_desk


def main():
    """Found it, and wait until its agreement is in force."""
    os.environ.pop("DATABASE_URL", None)
    with open_desk(Home.of_desk()):
        begins = import_module("tests.torture.company").found(now(), sys.argv[1])
        time.sleep(max(0.0, (begins - now()).total_seconds()) + 0.1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
