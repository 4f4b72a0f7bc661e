"""Rotas as managers draw them, before anything is written: their parts, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from puntuale.guarantee.agreement import HolidayList
from puntuale.guarantee.hours import HoursRefused, HoursTable, Shift
from puntuale.guarantee.rota import Layer, RotaRefused
from puntuale.guarantee.zones import UnknownZone

MOST_LAYERS, MOST_PEOPLE = 10, 50
Weekly = tuple[tuple[str, ...], ...]


class DrawingRefused(ValueError):
    """A rota or a chain that makes no sense, with every rule it breaks by the part that breaks it."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{part}: {rule}" for part, rule in problems.items()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class DrawnLayer:
    """A layer as it is drawn. `weekly` holds the shifts of Monday to Sunday as texts, or None for day and night."""

    name: str
    people: tuple[int, ...]
    zone_name: str
    since: date
    handover: int = 540
    days: int = 7
    weekly: Weekly | None = None
    holidays: str = ""

    def as_layer(self, key: int, lists: Mapping[str, HolidayList]) -> Layer:
        """Return it as the clock understands it. Raises RotaRefused, HoursRefused, UnknownZone.

        `lists` are the holidays of the agreement. A list that is no longer there removes no day.
        """
        hours = hours_of(self.zone_name, self.weekly, lists.get(self.holidays))
        return Layer(key, self.people, self.zone_name, self.since, self.handover, self.days, hours)


def hours_of(zone_name: str, weekly: Weekly | None, holidays: HolidayList | None) -> HoursTable | None:
    """Return when a layer is on duty, or None when it always is. Raises HoursRefused, UnknownZone."""
    if weekly is None and holidays is None:
        return None
    shifts = tuple(tuple(Shift.parse(text) for text in day) for day in weekly or (("00:00-24:00",),) * 7)
    return HoursTable("duty", zone_name, shifts, holidays=holidays.days if holidays else {})


def refuse_bad_layers(layers: tuple[DrawnLayer, ...], lists: Mapping[str, HolidayList]) -> None:
    """Raise DrawingRefused with what is wrong with some layers, by `0`, `1` ... and `layers` for all of them."""
    problems: dict[str, str] = {}
    if not 1 <= len(layers) <= MOST_LAYERS:
        problems["layers"] = "rota.layers"
    for n, layer in enumerate(layers):
        if rule := _broken(layer, lists):
            problems[str(n)] = rule
    if problems:
        raise DrawingRefused(problems)


def _broken(layer: DrawnLayer, lists: Mapping[str, HolidayList]) -> str:
    """Return the rule a layer breaks, or nothing."""
    if not 1 <= len(layer.people) <= MOST_PEOPLE:
        return "layer.people"
    if layer.holidays and layer.holidays not in lists:
        return "layer.holidays"
    try:
        layer.as_layer(0, lists)
    except (RotaRefused, HoursRefused) as problem:
        return problem.rule
    except UnknownZone:
        return "layer.zone"
    return ""
