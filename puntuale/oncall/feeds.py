"""A person's turns as a calendar that her own calendar program reads."""

from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from icalendar import Calendar, Event

from puntuale.oncall import reading
from puntuale.oncall.models import Feed
from puntuale.people.models import Person
from puntuale.wording.languages import words

AHEAD, BACK = timedelta(days=180), timedelta(days=30)
FIRST = 1
_signer = Signer(salt="puntuale.oncall.feed")


class NoSuchFeed(LookupError):
    """The address belongs to nobody, or to nobody any more."""


def token_of(person: Person) -> str:
    """Return the secret part of the address of a person's feed. The first one needs no row: looking changes nothing."""
    return _signer.sign(f"{person.pk}.{_bound_to(person)}")


def renew(person: Person) -> str:
    """Return a new secret part; the old address leads nowhere from now on."""
    feed, _ = Feed.objects.get_or_create(person=person)
    feed.number += 1
    feed.save(update_fields=["number"])
    return token_of(person)


def person_of(token: str) -> Person:
    """Return whose feed an address is. Raises NoSuchFeed."""
    try:
        key, _dot, bound = _signer.unsign(token).partition(".")
        person = Person.objects.filter(pk=int(key), left_at=None).first()
    except (BadSignature, ValueError) as problem:
        raise NoSuchFeed(token) from problem
    if person is None or not person.works_for_vendor or _bound_to(person) != bound:
        raise NoSuchFeed(token)
    return person


def _bound_to(person: Person) -> str:
    number = Feed.objects.filter(person=person).values_list("number", flat=True).first() or FIRST
    return f"{number}{person.credentials_version}"


def calendar_of(person: Person, *, at: datetime) -> bytes:
    """Return the turns of a person, from a month ago to half a year ahead, as an iCalendar file (RFC 5545)."""
    said = words(person.language)
    calendar = Calendar()
    calendar.add("prodid", "-//Puntuale//On call//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", said.gettext("On call"))
    for turn in reading.turns_of_person(person, since=at - BACK, until=at + AHEAD, at=at):
        event = Event()
        event.add("uid", f"{turn.rota.pk}-{int(turn.start.timestamp())}-{person.pk}@puntuale")
        event.add("summary", said.gettext("On call: %(rota)s") % {"rota": turn.rota.name})
        event.add("dtstart", turn.start)
        event.add("dtend", turn.end)
        event.add("dtstamp", at.replace(microsecond=0))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
