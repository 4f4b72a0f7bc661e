"""`puntuale work`: a worker. Any number can run against one database."""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from time import sleep
from typing import TYPE_CHECKING

import click

from puntuale.cli.asking import Call

if TYPE_CHECKING:
    from puntuale.watch.rounds import Rounds

WATCH = "watch"
QUEUES = (WATCH, "letters", "promises", "default")
"""The watch, with what is sent and fetched; letters about accounts; promises that come forward; the nightly work."""
LOOKED_AFTER_EVERY = 5.0
BACK_AFTER = 1.0
PATIENCE = 3.0
GONE_AFTER = 10.0
STUCK = 70

log = logging.getLogger("puntuale.work")


@click.command("work")
@click.option("--concurrency", default=4, show_default=True, type=click.IntRange(1, 64), help="Jobs at a time.")
@click.option(
    "--queues",
    default=",".join(QUEUES),
    show_default=True,
    callback=lambda _, __, written: _chosen(written),
    help="What this worker does, with commas between. Every queue needs a worker.",
)
@click.pass_obj
def command(call: Call, *, concurrency: int, queues: tuple[str, ...]) -> None:
    """Keep watch over the promises and do what is to be done in the background, until stopped."""
    with call.open_desk():
        from puntuale.cli.pooling import refuse_shared_sessions  # noqa: PLC0415 -- it needs the settings

        refuse_shared_sessions()
        with _keeping_watch() if WATCH in queues else nullcontext():
            asyncio.run(_until_told(lambda: _do_jobs_while_possible(concurrency, queues)))


@contextmanager
def _keeping_watch() -> Iterator[None]:
    """Go rounds, send, fetch and page in threads of their own, until the block ends."""
    from puntuale.conf.post import Post  # noqa: PLC0415
    from puntuale.conf.worker import look_after_pages, retry_stalled_jobs  # noqa: PLC0415
    from puntuale.oncall import paging  # noqa: PLC0415
    from puntuale.watch import outside  # noqa: PLC0415
    from puntuale.watch.heartbeat import database_now  # noqa: PLC0415
    from puntuale.watch.rounds import Rounds  # noqa: PLC0415
    from puntuale.webhooks import delivering  # noqa: PLC0415

    post = Post()
    serving = [delivering.quick_round, delivering.quick_round, delivering.patient_round, delivering.patient_round]
    beside = [paging.go_round, post.go_round, *(lambda _, serve=serve: serve(database_now) for serve in serving)]
    rounds = Rounds(beside=beside, chores=[retry_stalled_jobs, look_after_pages, outside.tell])
    rounds.start()
    post.start()
    threading.Thread(target=_look_after, args=(rounds,), name="watchdog", daemon=True).start()
    try:
        yield
    finally:
        post.stop()
        rounds.stop()


def _chosen(written: str) -> tuple[str, ...]:
    """Return the queues that somebody named. Raises BadParameter for one that there is not."""
    names = tuple(dict.fromkeys(name.strip() for name in written.split(",") if name.strip()))
    unknown = [name for name in names if name not in QUEUES]
    if unknown or not names:
        raise click.BadParameter(f"{', '.join(unknown) or 'nothing'} is no queue; there are {', '.join(QUEUES)}.")
    return names


async def _until_told(do_jobs: Callable[[], Coroutine[object, object, None]]) -> None:
    """Do what is to be done in the background until told to stop, however often the database goes away meanwhile."""
    told = asyncio.Event()

    def end() -> None:
        told.set()
        threading.Thread(target=_be_gone, name="ending", daemon=True).start()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, end)
    stop = asyncio.create_task(told.wait())
    while not told.is_set():
        work = asyncio.create_task(do_jobs())
        await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
        work.cancel()
        ended = asyncio.gather(work, return_exceptions=True)
        # It takes leave of the database, which may be away. Whatever is left of it then ends with the loop.
        await asyncio.wait({ended}, timeout=PATIENCE if told.is_set() else None)
        if not told.is_set():
            (problem,) = ended.result()
            log.warning("jobs have to wait: %s", str(problem or "the database went away").strip())
            await asyncio.wait({stop}, timeout=BACK_AFTER)


async def _do_jobs_while_possible(concurrency: int, queues: Sequence[str]) -> None:
    """Do the jobs of some queues. Whoever only keeps watch has none, and waits."""
    from procrastinate import PsycopgConnector  # noqa: PLC0415
    from procrastinate.contrib.django import app, utils  # noqa: PLC0415

    jobs = [name for name in queues if name != WATCH]
    if not jobs:
        await asyncio.Event().wait()
    # One connection will do when there is nothing to be done: each is some megabytes of the database's memory.
    worker = app.with_connector(PsycopgConnector(kwargs=utils.connector_params(), min_size=1))
    async with worker.open_async():
        await worker.run_worker_async(
            queues=jobs, concurrency=concurrency, delete_jobs="successful", install_signal_handlers=False
        )


def _be_gone() -> None:
    """End the process, whatever it still waits for, once it has had time to end by itself.

    A database that neither answers nor hangs up can hold it for minutes. What it leaves in hand is under a lease, and
    comes to another worker as if this one had been killed.
    """
    sleep(GONE_AFTER)
    log.warning("something is still in hand %d s after the end was asked for; another worker will do it", GONE_AFTER)
    os._exit(0)


def _look_after(rounds: "Rounds") -> None:
    """End the process when its rounds stand still, so that whoever keeps it running starts it anew."""
    while not rounds.stopping.wait(LOOKED_AFTER_EVERY):
        if rounds.is_stuck:
            log.critical("the watch has stood still for too long; this worker ends, to be started anew")
            os._exit(STUCK)
