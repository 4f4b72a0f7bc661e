"""A million tickets, five million messages, a hundred thousand open promises: everything that size can spoil, measured.

`./run bench scale [--tickets N] [--folder FOLDER] [--only PART ...]` prints the figures that stand in docs/performance.md.
It fills an embedded database of its own, in a folder that is gone afterwards; one that is named stays, and the next run
measures what is in it. The parts:

  pages    queues, tickets, portal and search, each within one process
  preview  what a new version of the agreement would do to all open promises
  report   attainment over everything
  api      tickets sent by 8 programs at a time
  costs    what each kind of request takes of the processor, for `./run bench tiers`
  load     200 agents and 2,000 customers for `--minutes`, latencies counted from when each request was due
  soak     the same with a tenth of the people for `--soak` minutes, and whether memory stays flat; only when asked for
"""

import argparse
import sys
from pathlib import Path

from benchmarks.filling.running import desk

PARTS = ("pages", "preview", "report", "costs", "api", "load", "soak")


def asked(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return what is to be done."""
    parser = argparse.ArgumentParser(prog="./run bench scale", description="Everything that size can spoil, measured.")
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="where the database is; it stays")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS[:-1])
    parser.add_argument("--minutes", type=float, default=10, help="of load")
    parser.add_argument("--soak", type=float, default=60, help="minutes of soak")
    parser.add_argument("--agents", type=int, default=200)
    parser.add_argument("--customers", type=int, default=2_000)
    parser.add_argument("--webs", type=int, default=2, help="groups of web processes")
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args(arguments)


def main() -> int:
    """Measure, and return 1 when something was lost, doubled or refused."""
    wanted = asked()
    with desk(wanted.folder) as folder:
        # What measures needs Django, and Django needs the database's address first.
        from benchmarks.scaling.measuring import measure  # noqa: PLC0415

        return 1 if measure(wanted, folder=folder) else 0


if __name__ == "__main__":
    sys.exit(main())
