"""Ways to reach a person: added, proved by a code that was sent there, and used for pages from then on."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from puntuale.oncall.models import Contact
from puntuale.people.email import normalised
from puntuale.people.models import Person
from puntuale.sending.intents import intend
from puntuale.sending.models import Intent
from puntuale.sending.transports import AddressRefused, available, check_address
from puntuale.tickets.rights import agents_only

CODE = "contact_code"
CODE_LASTS = timedelta(minutes=15)
DIGITS = 6
MOST_WRONG = 5
MOST_CONTACTS = 10
MOST_AN_HOUR = 15
"""How many can be added within an hour, those included that were removed again: each gets a code, which may cost."""
LONGEST_ADDRESS = 500
AGAIN_AFTER = timedelta(seconds=30)


class ContactRefused(ValueError):
    """An address that cannot be used, or a code that is not the one, with the rule."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Way:
    """A way by which a page goes: a channel and an address."""

    channel: str
    address: str


def add(person: Person, *, channel: str, address: str, at: datetime) -> Contact:
    """Return a new way to reach somebody, after sending her the code that proves it.

    Raises NotAnAgent, ContactRefused.
    """
    agents_only(person)
    if channel not in Contact.Channel.values:
        raise ContactRefused("contact.channel")
    where = _checked(channel, address.strip())
    if contacts_of(person).count() >= MOST_CONTACTS:
        raise ContactRefused("contact.too_many")
    if Contact.objects.filter(person=person, added_at__gt=at - timedelta(hours=1)).count() >= MOST_AN_HOUR:
        raise ContactRefused("contact.too_often")
    try:
        with transaction.atomic():
            contact = Contact.objects.create(person=person, channel=channel, address=where, added_at=at)
            _send_code(contact, at)
            return contact
    except IntegrityError as problem:
        raise ContactRefused("contact.there_already") from problem


def send_again(contact: Contact, *, by: Person, at: datetime) -> None:
    """Send another code; the old one holds no more. Raises ContactRefused."""
    with transaction.atomic():
        row = _own(contact, by)
        if row.verified_at is not None:
            raise ContactRefused("contact.proved_already")
        if row.code_until and row.code_until - CODE_LASTS > at - AGAIN_AFTER:
            raise ContactRefused("contact.wait")
        _send_code(row, at)


def verify(contact: Contact, *, code: str, by: Person, at: datetime) -> Contact:
    """Return a way that has been proved.

    Raises ContactRefused for a code that is wrong, old, or guessed at too often.
    """
    with transaction.atomic():
        row = _own(contact, by)
        if row.verified_at is not None:
            return row
        if row.wrong >= MOST_WRONG or not row.code or row.code_until is None or row.code_until < at:
            refused = "contact.code_old"
        elif not secrets.compare_digest(row.code.encode(), "".join(code.split()).encode()):
            row.wrong += 1
            refused = "contact.code_wrong"
        else:
            row.verified_at, row.code, refused = at, "", ""
        row.save(update_fields=["wrong", "verified_at", "code"])
    if refused:
        raise ContactRefused(refused)
    return row


def remove(contact: Contact, *, by: Person, at: datetime) -> None:
    """Use a way no more, and send nothing there that is still waiting. Raises ContactRefused for somebody else's."""
    with transaction.atomic():
        row = _own(contact, by)
        Contact.objects.filter(pk=row.pk, removed_at=None).update(removed_at=at)
        waiting = Intent.objects.filter(channel=row.channel, address=row.address, person=by, try_at__isnull=False)
        if row.address != by.email:
            waiting.update(try_at=None, cancelled_at=at, cancelled_because="contact_removed")


def contacts_of(person: Person) -> QuerySet[Contact]:
    """Return the ways somebody has added, proved or not."""
    return Contact.objects.filter(person=person, removed_at=None)


def ways_to(people: Iterable[Person]) -> dict[int, list[Way]]:
    """Return by which ways each person can be paged: those she has proved, and the address she logs in with.

    Only channels that are set up here count.
    """
    persons, there = list(people), available()
    found: dict[int, list[Way]] = {person.pk: [] for person in persons}
    if "email" in there:
        for person in persons:
            found[person.pk].append(Way("email", person.email))
    for contact in Contact.objects.filter(person__in=persons, removed_at=None, verified_at__isnull=False):
        way = Way(contact.channel, contact.address)
        if contact.channel in there and way not in found[contact.person_id]:
            found[contact.person_id].append(way)
    return found


def _checked(channel: str, address: str) -> str:
    """Return an address as it is stored. Raises ContactRefused."""
    if len(address) > LONGEST_ADDRESS:
        raise ContactRefused("contact.too_long")
    try:
        check_address(channel, address)
    except AddressRefused as problem:
        raise ContactRefused(problem.rule) from problem
    return normalised(address) if channel == Contact.Channel.EMAIL else address


def _own(contact: Contact, by: Person) -> Contact:
    row = Contact.objects.select_for_update().filter(pk=contact.pk, person=by, removed_at=None).first()
    if row is None:
        raise ContactRefused("contact.not_there")
    return row


def _send_code(contact: Contact, at: datetime) -> None:
    contact.code, contact.code_until, contact.wrong = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}", at + CODE_LASTS, 0
    contact.save(update_fields=["code", "code_until", "wrong"])
    # One intent for each code: the earlier ones are over, and their rows make room.
    Intent.objects.filter(kind=CODE, about=contact.pk).delete()
    intend(
        [
            Intent(
                kind=CODE,
                about=contact.pk,
                channel=contact.channel,
                address=contact.address,
                person=contact.person,
                rank=0,
                made_at=at,
                try_at=at,
            )
        ]
    )
