"""The attainment report over a million promises.

`./run bench reports [TICKETS] [FOLDER]` prints the figures that stand in docs/performance.md. It fills an embedded
database of its own, in a folder that is gone afterwards; one that is named stays, and the next run measures what is in it.
"""

import sys

from benchmarks.filling.running import run

if __name__ == "__main__":
    sys.exit(run("reporting"))
