"""Telling ahead: who takes over soon, and that nobody will be there."""

from datetime import datetime, timedelta

from django.db import transaction

from puntuale.oncall import coverage, reading
from puntuale.oncall.models import GapNotice, HandOver
from puntuale.people.models import MANAGING_ROLES, Person
from puntuale.sending.intents import LEAST_URGENT, intend, to_person

HAND_OVER, GAP = "hand_over", "gap"
TOLD_AHEAD = timedelta(hours=12)
GAPS_AHEAD = timedelta(days=7)


def tell_ahead(at: datetime) -> int:
    """Tell whoever takes over within twelve hours, and the managers of gaps within a week; return how many of both.

    Each turn and each gap is told once.
    """
    return _hand_overs(at) + _gaps(at)


def _hand_overs(at: datetime) -> int:
    people = {person.pk: person for person in Person.objects.filter(left_at=None).exclude(organisation__isnull=False)}
    count = 0
    for rota in reading.rotas():
        before = reading.as_rota(rota, at=at).on_call(at)
        for turn in reading.joined(reading.turns_of(rota, since=at, until=at + timedelta(days=31), at=at)):
            if turn.start > at + TOLD_AHEAD:
                break
            if turn.who is None or turn.who not in people or (turn.start <= at and turn.who == before):
                continue
            with transaction.atomic():
                notice, is_new = HandOver.objects.get_or_create(
                    rota=rota,
                    person=people[turn.who],
                    start_at=turn.start,
                    defaults={"end_at": turn.end, "told_at": at},
                )
                if is_new:
                    intend(to_person(notice.person, kind=HAND_OVER, about=notice.pk, rank=LEAST_URGENT, at=at))
                    count += 1
    return count


def _gaps(at: datetime) -> int:
    managers, count = list(Person.objects.filter(role__in=MANAGING_ROLES, left_at=None)), 0
    for chain in reading.chains():
        for gap in coverage.gaps_of(chain, since=at, until=at + GAPS_AHEAD, at=at):
            # Where what is looked at ends, a gap may go on: it is told once its end is known, or once it has begun.
            if gap.end == at + GAPS_AHEAD and gap.start > at:
                continue
            with transaction.atomic():
                notice, is_new = GapNotice.objects.get_or_create(
                    chain=chain, end_at=gap.end, defaults={"start_at": gap.start, "told_at": at}
                )
                if is_new and not _told_lately(notice):
                    for person in managers:
                        intend(to_person(person, kind=GAP, about=notice.pk, rank=LEAST_URGENT, at=at))
                    count += 1
    return count


def _told_lately(notice: GapNotice) -> bool:
    """Tell whether a gap without an end in sight was told within a day: its end moves on with the clock."""
    others = GapNotice.objects.filter(chain=notice.chain, told_at__gt=notice.told_at - timedelta(days=1))
    return others.exclude(pk=notice.pk).filter(start_at__lte=notice.start_at, end_at__gt=notice.start_at).exists()
