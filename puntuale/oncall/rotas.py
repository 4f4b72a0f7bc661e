"""Making rotas, covering for somebody, swapping turns, and having time off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import IntegrityError, transaction

from puntuale.agreements.reading import NothingInForce, agreement_in_force
from puntuale.guarantee.agreement import HolidayList
from puntuale.guarantee.rota import Turn
from puntuale.oncall.drawing import DrawingRefused, DrawnLayer, refuse_bad_layers
from puntuale.oncall.models import Cover, Layer, Place, Rota, Target, TimeOff
from puntuale.people.models import VENDOR_ROLES, Person
from puntuale.tickets import texts
from puntuale.tickets.rights import agents_only, managers_only

LONGEST_NAME = 60
FARTHEST = timedelta(days=2 * 366)


class SpanRefused(ValueError):
    """A cover or time off that makes no sense, with the rule it breaks."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


class RotaInUse(ValueError):
    """A chain still asks this rota, so that it cannot be retired; `chain` says which."""

    def __init__(self, chain: str) -> None:
        super().__init__(chain)
        self.chain = chain


def shape(rota: Rota | None, *, name: str, layers: Sequence[DrawnLayer], by: Person, at: datetime) -> Rota:
    """Return a rota with a name and layers, a new one for None.

    Raises NotAManager, TextRefused for its name, DrawingRefused with everything wrong with its layers.
    """
    managers_only(by)
    said = texts.name(name, limit=LONGEST_NAME)
    drawn = tuple(layers)
    refuse_bad_layers(drawn, holiday_lists(at))
    _refuse_strangers(drawn)
    try:
        with transaction.atomic():
            rota = rota or Rota(made_at=at)
            rota.name, rota.shaped_at, rota.shaped_by = said, at, by
            rota.save()
            rota.layers.all().delete()
            for position, layer in enumerate(drawn):
                _write(rota, position, layer)
            return rota
    except IntegrityError as problem:
        raise DrawingRefused({"name": "rota.name_taken"}) from problem


def retire(rota: Rota, *, by: Person, at: datetime) -> Rota:
    """Return a rota that is used no more. Raises NotAManager, RotaInUse while a chain asks it."""
    managers_only(by)
    with transaction.atomic():
        used = Target.objects.filter(rota=rota, step__chain__retired_at=None).select_related("step__chain").first()
        if used:
            raise RotaInUse(used.step.chain.name)
        Rota.objects.filter(pk=rota.pk, retired_at=None).update(retired_at=at)
        rota.refresh_from_db()
        return rota


def cover(rota: Rota, *, person: Person, start_at: datetime, end_at: datetime, by: Person, at: datetime) -> Cover:
    """Return a cover: a person is on call for a span, whatever the layers say. Anybody at the desk may arrange one.

    Raises NotAnAgent, SpanRefused.
    """
    agents_only(by)
    agents_only(person)
    _refuse_bad_span(start_at, end_at, at)
    return Cover.objects.create(rota=rota, person=person, start_at=start_at, end_at=end_at, made_at=at, made_by=by)


@dataclass(frozen=True, slots=True)
class Swapped:
    """The two covers of a swap."""

    first: Cover
    second: Cover


def swap(rota: Rota, one: Turn, other: Turn, *, by: Person, at: datetime) -> Swapped:
    """Return two turns of a rota exchanged: whoever has the one gets the other. Raises NotAnAgent, SpanRefused.

    What has passed of a turn already is left as it is.
    """
    agents_only(by)
    if one.who is None or other.who is None or one.who == other.who:
        raise SpanRefused("swap.two_people")
    if max(one.start, other.start) < min(one.end, other.end):
        raise SpanRefused("swap.apart")
    people = Person.objects.in_bulk([one.who, other.who])
    with transaction.atomic():
        mark = uuid4()
        covers = [
            cover(rota, person=people[who], start_at=max(turn.start, at), end_at=turn.end, by=by, at=at)
            for turn, who in ((one, other.who), (other, one.who))
        ]
        Cover.objects.filter(pk__in=[found.pk for found in covers]).update(swap=mark)
        for found in covers:
            found.swap = mark
        return Swapped(*covers)


def withdraw(found: Cover, *, by: Person, at: datetime) -> None:
    """Withdraw a cover; one of a swap takes the other along. Raises NotAnAgent."""
    agents_only(by)
    covers = Cover.objects.filter(swap=found.swap) if found.swap else Cover.objects.filter(pk=found.pk)
    covers.filter(withdrawn_at=None).update(withdrawn_at=at, withdrawn_by=by)


def take_time_off(person: Person, *, start_at: datetime, end_at: datetime, by: Person, at: datetime) -> TimeOff:
    """Return time off: the person is not on call by any rota. Her own, or for managers anybody's.

    Raises NotAnAgent, NotAManager, SpanRefused.
    """
    _hers_or_managed(person, by)
    _refuse_bad_span(start_at, end_at, at)
    return TimeOff.objects.create(person=person, start_at=start_at, end_at=end_at, made_at=at, made_by=by)


def come_back(off: TimeOff, *, by: Person, at: datetime) -> None:
    """Withdraw time off. Raises NotAnAgent, NotAManager."""
    _hers_or_managed(off.person, by)
    TimeOff.objects.filter(pk=off.pk, withdrawn_at=None).update(withdrawn_at=at, withdrawn_by=by)


def holiday_lists(at: datetime) -> dict[str, HolidayList]:
    """Return the holidays of the agreement in force, by their keys; none before there is one."""
    try:
        return dict(agreement_in_force(at).holiday_lists)
    except NothingInForce:
        return {}


def _write(rota: Rota, position: int, layer: DrawnLayer) -> None:
    row = Layer.objects.create(
        rota=rota,
        position=position,
        name=layer.name[:LONGEST_NAME],
        zone_name=layer.zone_name,
        since=layer.since,
        handover=layer.handover,
        days=layer.days,
        weekly=layer.weekly,
        holidays=layer.holidays,
    )
    Place.objects.bulk_create(Place(layer=row, position=n, person_id=key) for n, key in enumerate(layer.people))


def _refuse_strangers(layers: Sequence[DrawnLayer]) -> None:
    """Refuse whoever does not work for the vendor, or no longer does."""
    asked = {key for layer in layers for key in layer.people}
    known = set(Person.objects.filter(pk__in=asked, role__in=VENDOR_ROLES, left_at=None).values_list("pk", flat=True))
    strange = {str(n): "layer.stranger" for n, layer in enumerate(layers) if set(layer.people) - known}
    if strange:
        raise DrawingRefused(strange)


def _refuse_bad_span(start_at: datetime, end_at: datetime, at: datetime) -> None:
    if end_at <= start_at:
        raise SpanRefused("span.ends_after_start")
    if end_at <= at:
        raise SpanRefused("span.over")
    if end_at - at > FARTHEST:
        raise SpanRefused("span.too_far")


def _hers_or_managed(person: Person, by: Person) -> None:
    agents_only(person)
    agents_only(by)
    if person.pk != by.pk:
        managers_only(by)
