"""The secret address of a person's calendar: whoever has it reads it, until it is replaced."""

from django.core.signing import BadSignature, Signer
from django.db.models import F
from django.utils.crypto import constant_time_compare

from puntuale.people.models import Person

# As it was when the first addresses were given out, so that they stay good.
_signer = Signer(salt="puntuale.portal.promises")
FIRST = 1


class NoSuchFeed(LookupError):
    """The address belongs to nobody, or to nobody any more."""


def token_of(person: Person) -> str:
    """Return the secret part of an address: good until it is replaced, or the password or role changes."""
    return _signer.sign(f"{person.pk}.{_bound_to(person)}")


def person_of(token: str) -> Person:
    """Return the person whose calendar an address shows. Raises NoSuchFeed."""
    try:
        key, _dot, bound = _signer.unsign(token).partition(".")
        person = Person.objects.filter(pk=int(key), left_at=None).select_related("organisation").first()
    except (BadSignature, ValueError) as problem:
        raise NoSuchFeed(token) from problem
    if person is None or not constant_time_compare(_bound_to(person), bound):
        raise NoSuchFeed(token)
    return person


def renew(person: Person) -> None:
    """Give the calendar of a person a new address. The old one leads nowhere from now on."""
    Person.objects.filter(pk=person.pk).update(calendar_number=F("calendar_number") + 1)
    person.refresh_from_db(fields=["calendar_number"])


def _bound_to(person: Person) -> str:
    bound = person.get_session_auth_hash()[:16]
    return bound if person.calendar_number == FIRST else f"{person.calendar_number}.{bound}"
