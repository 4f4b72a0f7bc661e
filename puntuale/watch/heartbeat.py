"""Whether the watch is alive. Everything here goes by the database's clock, which all workers share."""

import os
import socket
from datetime import datetime, timedelta

from django.db import connection

from puntuale.watch.models import Heartbeat

SILENT_AFTER = timedelta(seconds=15)
FORGOTTEN_AFTER = timedelta(days=1)


def database_now() -> datetime:
    """Return the present instant by the database's clock: the one that decides what is due."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        at: datetime = cursor.fetchone()[0]
        return at


def this_worker() -> str:
    """Return what this process is called among the workers."""
    return f"{socket.gethostname()[:80]}:{os.getpid()}"


def beat(worker: str, *, at: datetime) -> None:
    """Say that a worker goes its rounds."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(worker=worker, since=at, beat_at=at)],
        update_conflicts=True,
        unique_fields=["worker"],
        update_fields=["beat_at"],
    )


def forget_silent(*, at: datetime) -> None:
    """Forget the workers that have not been heard of for a day."""
    Heartbeat.objects.filter(beat_at__lt=at - FORGOTTEN_AFTER).delete()


def silent_since(*, at: datetime) -> datetime | None:
    """Return since when no worker has been heard of, once that is too long, else None.

    A desk whose watch has never run is silent since the beginning: the answer is then `at` less the patience.
    """
    latest = Heartbeat.objects.order_by("-beat_at").values_list("beat_at", flat=True).first()
    if latest is None:
        return at - SILENT_AFTER
    return latest if at - latest > SILENT_AFTER else None
