"""The demo's history: tickets in every state, at whatever hour it is started, by calling the verbs in the past."""

from datetime import datetime
from itertools import chain

from django.db import transaction

from puntuale.demo import disputes, duty, lives, past, present, workshop
from puntuale.demo.company import Company
from puntuale.demo.telling import Storyteller, tell_together
from puntuale.watch import ringing


def tell(company: Company, *, at: datetime) -> None:
    """Fill the desk: what waits now, in every state, and five weeks of what was answered. All of it, or nothing."""
    # People read worked sums more easily in whole minutes.
    teller = Storyteller(company, at.replace(second=0, microsecond=0))
    with transaction.atomic():
        tell_together(chain.from_iterable(room.tellings(teller) for room in (past, disputes, lives, present)))
        workshop.furnish(teller)
        _keep_watch(until=at)
        duty.arranged(company, at=at)


def _keep_watch(*, until: datetime) -> None:
    """Let ring what would have rung by now, each alarm at its time."""
    while (ring_at := ringing.next_ring_at()) is not None and ring_at <= until:
        ringing.go_round(at=ring_at)
