"""Lets the clock of a process be wrong: by as many seconds as the file says that WRONG_CLOCK names, whenever it changes.

Python finds this on PYTHONPATH before anything else runs. Only what this process itself reads is moved; the database's
clock, which the watch goes by, is not.
"""

import os
import threading
import time
from datetime import timedelta
from pathlib import Path

FILE = os.environ.get("WRONG_CLOCK")


def _follow(file):
    import time_machine  # noqa: PLC0415 -- only where the clock is to be wrong

    clock = time_machine.travel(time.time(), tick=True).start()  # noqa: TID251
    wrong = 0.0
    while True:
        wanted = float(file.read_text() or 0) if file.exists() else 0.0
        clock.shift(timedelta(seconds=wanted - wrong))
        wrong = wanted
        yield


def _keep_following(following):
    for _ in following:
        time.sleep(0.2)


if FILE:
    following = _follow(Path(FILE))
    next(following)
    threading.Thread(target=_keep_following, args=(following,), name="wrong clock", daemon=True).start()
