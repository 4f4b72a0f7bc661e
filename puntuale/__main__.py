"""`python -m puntuale` and the `puntuale` command."""

import sys

from puntuale.conf.main import main as run


def main() -> None:
    """Run the command line and leave with its exit status."""
    sys.exit(run())


if __name__ == "__main__":
    main()
