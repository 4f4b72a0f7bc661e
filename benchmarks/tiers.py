"""How many processors a desk needs for a thousand, ten thousand, a hundred thousand, a million tickets a day.

`./run bench tiers [FILE]` prints the table that stands in docs/scaling.md. FILE holds what each kind of request costs, as
`./run bench scale --only costs` writes it; without one, what was measured for the documentation.
"""

import sys
from pathlib import Path

from benchmarks.scaling import costs
from benchmarks.scaling.tiers import lines


def main() -> int:
    """Print the table."""
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else costs.MEASURED
    print("\n".join(lines(costs.read(file))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
