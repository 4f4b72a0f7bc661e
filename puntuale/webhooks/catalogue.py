"""What can be told: one type for each kind of event on a ticket, two for promises, and one to try an endpoint."""

from puntuale.tickets.models import Kind

PING = "ping"
ALARM, MISSED = "promise.alarm", "promise.missed"
ON_TICKETS = tuple(f"ticket.{kind.value}" for kind in Kind)
TYPES = (*ON_TICKETS, ALARM, MISSED)
"""Every type somebody can ask for. New ones may be added; receivers pass over what they do not know."""
DUE = "due"


def type_of(kind: str) -> str:
    """Return the type of an event by its kind."""
    return f"ticket.{kind}"


def type_of_alarm(level: str) -> str:
    """Return the type of an alarm: at the due time the promise is missed."""
    return MISSED if level == DUE else ALARM
