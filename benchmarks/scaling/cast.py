"""The people of a load, signed in: sessions are written straight into the database, as signing in would have left them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.middleware.csrf import CSRF_SECRET_LENGTH

from puntuale.people.joining import add_person
from puntuale.people.models import Person, Role
from puntuale.tickets.models import Ticket

SECRET = "s" * CSRF_SECRET_LENGTH
"""What forms carry so that no other site can send them; everybody of a load has the same."""
MOST_OPEN = 20_000


@dataclass(slots=True)
class Actor:
    """Somebody signed in, and the tickets she asks for."""

    cookie: str
    tickets: Sequence[int] = field(default_factory=list)
    etags: dict[str, str] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        """Return what her browser sends along."""
        return {"Cookie": self.cookie}


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody."""

    agents: Sequence[Actor]
    customers: Sequence[Actor]


def cast(*, agents: int, customers: int, at: datetime) -> Cast:
    """Return so many agents and customers of a filled desk; agents are added where there are too few."""
    known = Person.objects.filter(role=Role.AGENT).count()
    for number in range(known, agents):
        add_person(name=f"Agent {number}", email=f"agent{number}@desk.example", password=None, role=Role.AGENT, at=at)
    open_ones = list(
        Ticket.objects.filter(phase="open").order_by("due_at", "pk").values_list("pk", flat=True)[:MOST_OPEN]
    )
    staff = Person.objects.filter(role=Role.AGENT).order_by("pk")[:agents]
    senders = _own(Person.objects.filter(role=Role.CUSTOMER).order_by("pk")[: 2 * customers])
    return Cast(
        [Actor(_cookie(person), open_ones[place::agents]) for place, person in enumerate(staff)],
        [Actor(_cookie(person), own) for person, own in list(senders.items())[:customers]],
    )


def _own(people: Iterable[Person]) -> dict[Person, list[int]]:
    """Return some of the tickets of each who has any, the latest first."""
    own = {person: list(person.tickets_sent.order_by("-pk").values_list("pk", flat=True)[:20]) for person in people}
    return {person: tickets for person, tickets in own.items() if tickets}


def _cookie(person: Person) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.set_expiry(timedelta(days=1))
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={SECRET}"
