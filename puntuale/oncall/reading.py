"""Who is on call, when, and by what: the stored rotas as the clock understands them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from puntuale.guarantee import rota as pure
from puntuale.oncall.drawing import DrawnLayer
from puntuale.oncall.models import Chain, Cover, Layer, Rota, TimeOff
from puntuale.oncall.rotas import holiday_lists
from puntuale.people.models import Person

LOOKED_BACK = timedelta(days=400)


def rotas() -> QuerySet[Rota]:
    """Return the rotas in use."""
    return Rota.objects.filter(retired_at=None)


def chains() -> QuerySet[Chain]:
    """Return the chains in use."""
    return Chain.objects.filter(retired_at=None)


def drawn(layer: Layer) -> DrawnLayer:
    """Return a stored layer as it was drawn. Whoever has left is not in line any more."""
    people = tuple(place.person_id for place in layer.places.all() if place.person.is_active)
    weekly = None if layer.weekly is None else tuple(tuple(day) for day in layer.weekly)
    return DrawnLayer(
        layer.name, people, layer.zone_name, layer.since, layer.handover, layer.days, weekly, layer.holidays
    )


def as_rota(rota: Rota, *, at: datetime, since: datetime | None = None) -> pure.Rota:
    """Return a rota as the clock understands it, with the covers and the time off that end after `since`.

    `since` is `at` unless it is given; `at` decides which agreement's holidays count.
    """
    lists, after = holiday_lists(at), since or at
    layers = rota.layers.prefetch_related("places__person")
    covers = rota.covers.filter(withdrawn_at=None, end_at__gt=after, person__left_at=None)
    return pure.Rota(
        tuple(drawn(layer).as_layer(layer.pk, lists) for layer in layers),
        tuple(_span(cover) for cover in covers),
        away(after),
    )


def away(after: datetime) -> tuple[pure.Span, ...]:
    """Return the time off that ends after an instant."""
    return tuple(_span(off) for off in TimeOff.objects.filter(withdrawn_at=None, end_at__gt=after))


def _span(row: Cover | TimeOff) -> pure.Span:
    return pure.Span(row.pk, row.person_id, row.start_at, row.end_at)


def on_call(rota: Rota, *, at: datetime) -> Person | None:
    """Return who is on call by a rota at an instant, or nobody."""
    who = as_rota(rota, at=at).on_call(at)
    return None if who is None else Person.objects.get(pk=who)


@dataclass(frozen=True, slots=True)
class OnCallNow:
    """Who is on call by a rota now, until when, and who is next. Nobody is a gap."""

    rota: Rota
    person: Person | None
    until: datetime
    following: Person | None


def now_on_call(*, at: datetime) -> list[OnCallNow]:
    """Return who is on call by each rota in use."""
    found, seen = list[tuple[Rota, Sequence[pure.Turn]]](), set[int]()
    for rota in rotas():
        turns = joined(as_rota(rota, at=at).turns(at, at + timedelta(days=31)))
        seen |= {turn.who for turn in turns[:2] if turn.who is not None}
        found.append((rota, turns))
    people = Person.objects.in_bulk(seen)
    return [
        OnCallNow(
            rota,
            people.get(turns[0].who or 0),
            turns[0].end,
            people.get(turns[1].who or 0) if len(turns) > 1 else None,
        )
        for rota, turns in found
    ]


def turns_of(rota: Rota, *, since: datetime, until: datetime, at: datetime) -> list[pure.Turn]:
    """Return the turns of a rota in a span."""
    return as_rota(rota, at=at, since=since).turns(since, until)


@dataclass(frozen=True, slots=True)
class HerTurn:
    """A span during which a person is on call by a rota."""

    rota: Rota
    start: datetime
    end: datetime


def turns_of_person(person: Person, *, since: datetime, until: datetime, at: datetime) -> list[HerTurn]:
    """Return when a person is on call, by any rota, in order."""
    found = [
        HerTurn(rota, turn.start, turn.end)
        for rota in rotas()
        for turn in joined(turns_of(rota, since=since, until=until, at=at))
        if turn.who == person.pk
    ]
    return sorted(found, key=lambda turn: (turn.start, turn.rota.pk))


def joined(turns: Sequence[pure.Turn]) -> list[pure.Turn]:
    """Return turns with those of one person after another as one, by whatever she has them."""
    found: list[pure.Turn] = []
    for turn in turns:
        if found and found[-1].who == turn.who:
            found[-1] = pure.Turn(found[-1].start, turn.end, turn.who)
        else:
            found.append(pure.Turn(turn.start, turn.end, turn.who))
    return found


def chain_for(plan: str) -> Chain | None:
    """Return the chain for a plan: the one that names it, or the one for all the others, or none."""
    found = list(chains().order_by("pk"))
    named = (chain for chain in found if plan in chain.plans)
    return next(named, None) or next((chain for chain in found if not chain.plans), None)
