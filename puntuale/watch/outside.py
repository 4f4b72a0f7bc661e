"""A dead man's switch: an outside monitor hears every minute that the watch is alive, and raises alarm otherwise."""

import logging
from datetime import datetime, timedelta

from django.conf import settings

from puntuale.people import egress
from puntuale.watch import heartbeat
from puntuale.watch.models import OutsideBeat

EVERY = timedelta(seconds=60)
UNHEARD_AFTER = timedelta(minutes=5)
TIMEOUT = (5, 5)
SUCCESS = range(200, 300)

log = logging.getLogger("puntuale.watch")


def tell() -> bool:
    """Tell the outside monitor that the watch is alive, and return whether it heard. One worker a minute does.

    Nothing is told while the rounds stand still, whichever process this is.
    """
    at = heartbeat.database_now()
    if not settings.HEARTBEAT_URL or heartbeat.silent_since(at=at) is not None or not _is_ours(at):
        return False
    problem = _ask(settings.HEARTBEAT_URL)
    if problem:
        log.warning("the outside monitor did not hear us: %s", problem)
        OutsideBeat.objects.filter(pk=1).update(problem=problem[:300])
        return False
    OutsideBeat.objects.filter(pk=1).update(heard_at=at, problem="")
    return True


def last() -> OutsideBeat | None:
    """Return how it went last, or None when the monitor was never told."""
    return OutsideBeat.objects.filter(pk=1).first()


def _is_ours(at: datetime) -> bool:
    """Tell whether a minute has passed, for one worker only."""
    if OutsideBeat.objects.filter(pk=1, tried_at__lte=at - EVERY).update(tried_at=at):
        return True
    return OutsideBeat.objects.get_or_create(pk=1, defaults={"tried_at": at})[1]


def _ask(url: str) -> str:
    """Ask an address, and return what went wrong, or nothing.

    Whoever runs the desk has set it, so it may be private; where it sends us on to is not followed.
    """
    from requests import RequestException  # noqa: PLC0415 -- slow to load, and needed by few desks

    try:
        with egress.session(may_be_private=True) as session, session.get(url, timeout=TIMEOUT) as answer:
            pass
    except RequestException as problem:
        return egress.why(problem)
    return "" if answer.status_code in SUCCESS else f"{answer.status_code} {answer.reason}"
