"""`puntuale work`: a worker. Any number can run against one database."""

import logging
import os
import threading
from typing import TYPE_CHECKING

import click

from puntuale.cli.asking import Call

if TYPE_CHECKING:
    from puntuale.watch.rounds import Rounds

LOOKED_AFTER_EVERY = 5.0
STUCK = 70

log = logging.getLogger("puntuale.work")


@click.command("work")
@click.option("--concurrency", default=4, show_default=True, type=click.IntRange(1, 64), help="Jobs at a time.")
@click.pass_obj
def command(call: Call, *, concurrency: int) -> None:
    """Keep watch over the promises and do what is to be done in the background, until stopped."""
    with call.open_desk():
        from procrastinate.contrib.django import app  # noqa: PLC0415

        from puntuale.conf.worker import retry_stalled_jobs  # noqa: PLC0415
        from puntuale.watch.rounds import Rounds  # noqa: PLC0415

        rounds = Rounds(chores=[retry_stalled_jobs])
        rounds.start()
        threading.Thread(target=_look_after, args=(rounds,), name="watchdog", daemon=True).start()
        try:
            worker = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
            worker.run_worker(concurrency=concurrency, delete_jobs="successful")
        finally:
            rounds.stop()


def _look_after(rounds: "Rounds") -> None:
    """End the process when its rounds stand still, so that whoever keeps it running starts it anew."""
    while not rounds.stopping.wait(LOOKED_AFTER_EVERY):
        if rounds.is_stuck:
            log.critical("the watch has stood still for too long; this worker ends, to be started anew")
            os._exit(STUCK)
