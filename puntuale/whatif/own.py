"""Our own history, from the database."""

from django.db import connection

from puntuale.whatif.histories import NEVER, Gathering, Question

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
