"""Our own history, from the database."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import chain, groupby
from operator import itemgetter

import numpy as np
from django.db import connection

from puntuale.guarantee import vectors
from puntuale.guarantee.agreement import Agreement
from puntuale.whatif.further import Further, of_lags
from puntuale.whatif.histories import NEVER, Gathering, Question, Seconds

AT_A_TIME = 20_000
# What an agent opened with its answer, after a call, was never waiting for a second.
# As it was claimed: the plan and the priority when a ticket was sent. Cancelled and merged ones are out.
_SENT = """
    SELECT event.facts ->> 'plan', event.facts ->> 'priority', event.facts ->> 'environment', event.facts ->> 'stage',
        floor(extract(epoch FROM ticket.submitted_at))::bigint,
        CASE WHEN ticket.answered_at <= ticket.submitted_at THEN floor(extract(epoch FROM ticket.submitted_at))
            ELSE ceil(extract(epoch FROM ticket.answered_at)) END::bigint
    FROM tickets_ticket ticket
    JOIN tickets_event event ON event.ticket_id = ticket.id AND event.number = 1
    WHERE ticket.phase NOT IN ('cancelled', 'merged') AND NOT event.facts ? 'adopted'
"""
# An answer takes its author from her last answer, or from when the ticket came if that was later, until it is there.
_WRITTEN = """
    SELECT floor(extract(epoch FROM greatest(
            lag(event.at) OVER (PARTITION BY event.by_id ORDER BY event.at, event.id), ticket.submitted_at
        )))::bigint,
        floor(extract(epoch FROM event.at))::bigint
    FROM tickets_event event
    JOIN tickets_ticket ticket ON ticket.id = event.ticket_id
    JOIN tickets_event sent ON sent.ticket_id = ticket.id AND sent.number = 1
    WHERE event.kind = 'answered' AND event.by_id IS NOT NULL AND NOT sent.facts ? 'adopted'
"""
# Of what is done: who wrote, and how many seconds after the ticket came.
_SPOKEN = """
    SELECT event.ticket_id, event.kind = 'answered', floor(extract(epoch FROM event.at - ticket.submitted_at))::bigint
    FROM tickets_event event
    JOIN tickets_ticket ticket ON ticket.id = event.ticket_id
    JOIN tickets_event sent ON sent.ticket_id = ticket.id AND sent.number = 1
    WHERE event.kind IN ('answered', 'customer_wrote') AND ticket.phase = 'resolved' AND ticket.submitted_at > %s
        AND NOT sent.facts ? 'adopted'
    ORDER BY event.ticket_id, event.number
"""
LONGEST_ANSWER = 3_600
A_YEAR = timedelta(weeks=52)


def history() -> Gathering:
    """Return all tickets that were sent here, by their kinds."""
    gathering = Gathering()
    kinds: dict[tuple[str, str, str, str], Question] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SENT)
        while rows := cursor.fetchmany(AT_A_TIME):
            for plan, priority, environment, stage, sent, answered in rows:
                key = (plan or "", priority, environment, stage)
                question = kinds.setdefault(key, Question(*key))
                gathering.add(question, sent, NEVER if answered is None else answered)
    return gathering


def handling(agreement: Agreement) -> Seconds:
    """Return how many open seconds each answer took here, as far as can be told.

    What took more than an hour was not worked on all the time, and what took none came with a telephone call: both are
    left out. Times on which nobody is at the desk do not count.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        told = np.array(cursor.fetchall(), dtype=np.int64).reshape(-1, 2)
    desk = agreement.desk_hours
    since, until = told[:, 0], told[:, 1]
    took = vectors.elapsed(agreement.calendar(desk.key), since, until) if desk else until - since
    found: Seconds = np.sort(took[(took > 0) & (took <= LONGEST_ANSWER)])
    return found


def further(*, at: datetime) -> Further:
    """Return the further answers that the tickets of the last year took here, as far as they are done.

    Each was wanted when the customer first wrote after the answer before it; where she did not, at that answer.
    """
    found: list[list[int]] = []
    with connection.cursor() as cursor:
        cursor.execute(_SPOKEN, [at - A_YEAR])
        told = chain.from_iterable(iter(lambda: cursor.fetchmany(AT_A_TIME), []))
        for _ticket, spoken in groupby(told, key=itemgetter(0)):
            if (lags := _lags(spoken)) is not None:
                found.append(lags)
    return of_lags(found)


def _lags(spoken: Iterable[tuple[int, bool, int]]) -> list[int] | None:
    """Return when each further answer to a ticket was wanted, or None when it was never answered."""
    lags: list[int] | None = None
    wanted: int | None = None
    before = 0
    for _ticket, is_answer, at in spoken:
        if not is_answer:
            wanted = at if wanted is None else wanted
            continue
        lags = [] if lags is None else [*lags, before if wanted is None else wanted]
        before, wanted = at, None
    return lags
