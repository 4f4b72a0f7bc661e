"""`./run torture`: a run from the command line, and what it found."""

import argparse
import json
import signal
import sys

from tests.torture.plan import KINDS, Plan
from tests.torture.running import Run
from tests.torture.telling import table


def main():
    """Run as asked, tell what was found, and return 1 when something was not as it must be."""
    asked = _asked()
    # Whoever is told to end takes the desk along.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    plan = Plan(
        asked.kills,
        asked.seed,
        frozenset([asked.only] if asked.only else KINDS),
        asked.workers,
        folder=asked.folder,
        pace=asked.pace,
    )
    run = Run(plan, _tell)
    try:
        report = run.whole()
    except BaseException:
        _tell(f"seed {plan.seed}: what was seen is in {run.home}")
        raise
    sys.stdout.write((json.dumps(report | {"seed": plan.seed}) if asked.json else table(plan.seed, report)) + "\n")
    if any(report["violations"].values()):
        _tell(f"seed {plan.seed}: what was seen is in {run.home}")
        return 1
    if not asked.keep:
        run.remove()
    return 0


def _tell(line):
    sys.stderr.write(f"{line}\n")


def _asked():
    parser = argparse.ArgumentParser(prog="./run torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=50, help="of web, worker and database each (50)")
    parser.add_argument("--seed", type=int, default=7, help="repeats the choices of a run (7)")
    parser.add_argument("--only", choices=KINDS, help="one kind of fault alone")
    parser.add_argument(
        "--workers", type=int, choices=range(1, 8), default=3, help="beside the desk's own, at first (3)"
    )
    parser.add_argument("--folder", default="/tmp", help="where the home of the desk is made (/tmp)")
    parser.add_argument("--pace", type=float, default=2.0, help="how long to wait between kills; 1 is short (2)")
    parser.add_argument("--json", action="store_true", help="print the report for programs")
    parser.add_argument("--keep", action="store_true", help="leave the home of the run where it is")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
