"""Becoming a program that is told to stop when the process that started it dies, however it dies.

Run as a script, `tether.py PARENT PROGRAM ...`, by the standard library alone, so that it takes no time to speak of.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, program: list[str]) -> None:
    """Become a program, tethered to a parent process. Only Linux has such tethers; elsewhere it just becomes it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            # It died before it was told of us.
            return
    os.execvp(program[0], program)  # noqa: S606 -- without a shell is what is wanted


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
