"""What several tests of tickets do and ask."""

from puntuale.agreements.publication import publish
from puntuale.tickets.models import Ticket
from puntuale.tickets.reading import standings
from puntuale.tickets.replay import differences
from tests.guarantee.documents import STANDARD
from tests.guarantee.tables import at

FRIDAY = at("2026-11-20T16:00:00+01:00")
MONDAY = at("2026-11-23T10:00:00+01:00")

GOALS = """
[next_response.advanced]
1 = "1h always"
2 = "3h business"

[periodic_update.advanced]
1 = "4h always"

[resolution.advanced]
1 = "8h always"
2 = "2d business"
"""


def fresh(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def standing(ticket, when):
    return standings([fresh(ticket)], at=when)[0]


def state(ticket, when):
    return standing(ticket, when).state.value


def due(ticket):
    return fresh(ticket).due_at


def endings(ticket, metric="first_response"):
    rows = ticket.promises.filter(metric=metric).order_by("number").select_related("ending")
    return [row.ending.verdict if hasattr(row, "ending") else None for row in rows]


def kinds(ticket):
    return list(ticket.events.order_by("number").values_list("kind", flat=True))


def all_is_consistent():
    assert list(differences(Ticket.objects.all())) == []
    return True


def publish_goals(effective):
    source = STANDARD.replace("version = 1\n", "version = 2\n").replace(
        "[hours.business]", GOALS + "\n[hours.business]"
    )
    return publish(source, effective_from=effective, at=effective, allowing_warnings=True)
