"""Telephone numbers, and whose they are."""

import re
from datetime import datetime

from django.db import IntegrityError, transaction

from puntuale.people import audit
from puntuale.people.models import Person
from puntuale.webhooks.models import PhoneNumber

_WRITTEN = re.compile(r"\+[1-9][0-9]{4,14}")
_BETWEEN = re.compile(r"[\s()./\-\u00a0\u2010-\u2015]+")


class NumberRefused(ValueError):
    """A number that cannot be taken, with the rule it breaks."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def normalised(written: str) -> str:
    """Return a number as it is kept: `+390612345678`. One without its country, or with letters, is none: nothing."""
    number = _BETWEEN.sub("", written.strip())
    number = f"+{number[2:]}" if number.startswith("00") else number
    return number if _WRITTEN.fullmatch(number) else ""


def add(person: Person, *, number: str, by: Person, at: datetime, address: str = "") -> PhoneNumber:
    """Return that a number is a customer's from now on. Raises NumberRefused."""
    written = normalised(number)
    if not written:
        raise NumberRefused("number.international")
    if person.organisation is None or not person.is_active:
        raise NumberRefused("person.customer")
    try:
        with transaction.atomic():
            found = PhoneNumber.objects.create(number=written, person=person, added_by=by, added_at=at)
            audit.record("number_added", by=by, at=at, about=audit.about(person), address=address)
    except IntegrityError as problem:
        raise NumberRefused("number.taken") from problem
    return found


def remove(number: PhoneNumber, *, by: Person, at: datetime, address: str = "") -> None:
    """Forget whose a number is."""
    with transaction.atomic():
        number.delete()
        audit.record("number_removed", by=by, at=at, about=audit.about(number.person), address=address)


def caller(written: str) -> Person | None:
    """Return the customer whose number calls, or None when we know nobody with it."""
    found = PhoneNumber.objects.select_related("person__organisation")
    row = found.filter(number=normalised(written), person__left_at=None).first()
    return row.person if row else None
