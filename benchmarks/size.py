"""Queue, ticket, portal and search at a million tickets of which a hundred thousand are open.

`./run bench size [TICKETS] [FOLDER]` prints the figures that stand in docs/performance.md. It fills an embedded database of
its own, in a folder that is gone afterwards; one that is named stays, and the next run measures what is in it. It asks for pages in this process, through all of the middleware: what is timed
is the server's own work, without the network.
"""

import sys

from benchmarks.filling.running import run

if __name__ == "__main__":
    sys.exit(run("measuring"))
