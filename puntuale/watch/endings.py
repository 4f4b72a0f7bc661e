"""Telling the managers in time that a contract ends and none follows it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from puntuale.agreements import contracts
from puntuale.agreements.models import EndingNotice
from puntuale.guarantee import zones
from puntuale.people.models import MANAGING_ROLES, Person
from puntuale.sending.intents import LEAST_URGENT, intend, to_person
from puntuale.sending.kinds import Kind
from puntuale.sending.kinds import register as register_kind
from puntuale.sending.letters import Letter
from puntuale.sending.models import Intent
from puntuale.wording import moments
from puntuale.wording.languages import words

CONTRACT_ENDS = "contract_ends"


def register() -> None:
    """Let the ends of contracts be told."""
    register_kind(Kind(CONTRACT_ENDS, unwanted=no_longer_ending, write=write, for_managers=True))


def tell_ahead(at: datetime) -> int:
    """Tell every manager of contracts that end within thirty days, once for each end; return how many contracts."""
    count = 0
    for contract in contracts.ending_soon(at):
        ends_at = contract.ends_at
        assert ends_at is not None
        with transaction.atomic():
            notice, is_new = EndingNotice.objects.get_or_create(
                contract=contract, ends_at=ends_at, defaults={"told_at": at}
            )
            if is_new:
                for person in Person.objects.filter(role__in=MANAGING_ROLES, left_at=None):
                    intend(to_person(person, kind=CONTRACT_ENDS, about=notice.pk, rank=LEAST_URGENT, at=at))
                count += 1
    return count


def no_longer_ending(intents: Sequence[Intent]) -> Mapping[int, str]:
    """Return why some notices need not be sent any more: the contract ends at another time by now."""
    notices = EndingNotice.objects.filter(pk__in={intent.about for intent in intents}).select_related("contract")
    moved = {notice.pk for notice in notices if notice.contract.ends_at != notice.ends_at}
    return {intent.pk: "ends_at_another_time" for intent in intents if intent.about in moved}


def write(intents: Sequence[Intent], at: datetime) -> Letter:
    """Return one letter for all contracts that end soon, in the reader's language and zone."""
    person = intents[0].person
    assert person is not None
    said, zone = words(person.language), zones.zone(person.zone_name)
    found = EndingNotice.objects.filter(pk__in=[intent.about for intent in intents])
    lines = []
    for notice in found.select_related("contract__organisation").order_by("ends_at", "pk"):
        when = moments.moment(notice.ends_at, person.language, zone, now=at)
        told = {"organisation": notice.contract.organisation.name, "when": when}
        lines.append(said.gettext("The contract of %(organisation)s ends %(when)s, and none follows it.") % told)
    link = f"{settings.BASE_URL}/{person.language}/office/organisations/?ending=on"
    return Letter(lines[0], "\n".join([*lines, "", link]) + "\n", link)
