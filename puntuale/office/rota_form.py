"""The form of a rota: layers as people fill them in, read into a drawing, and what is wrong in words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_lazy as _

from puntuale.guarantee.visible import one_line
from puntuale.oncall.drawing import MOST_LAYERS, DrawnLayer
from puntuale.tickets.keys import is_key

MOST_PLACES = 12
SPARE_PLACES, SPARE_LAYERS = 2, 1
LONGEST_TEXT = 200
WEEK = 7

PROBLEMS = {
    "rota.layers": _("A rota has one layer at least, and ten at most."),
    "rota.name_taken": _("There is a rota of that name."),
    "layer.people": _("Somebody has to be in it."),
    "layer.person_twice": _("Somebody is in it twice."),
    "layer.stranger": _("Somebody in it does not work here any more."),
    "layer.zone": _("That is not a time zone."),
    "layer.since": _("The first hand-over needs a date."),
    "layer.handover_in_day": _("The hand-over needs a time of day such as 09:00."),
    "layer.days": _("A turn lasts one day at least, and a year at most."),
    "layer.holidays": _("There is no such list of holidays."),
    "hours.never_open": _("It is never on duty."),
    "hours.overlap": _("Two of its shifts overlap."),
    "text.empty": _("It needs a name."),
    "text.too_long": _("The name is too long."),
    "text.unstorable": _("The name contains a character that can't be saved. Remove it."),
}
SHIFT_PROBLEM = _("A shift is written as 20:00-08:00.")


def problem(rule: str) -> str:
    """Return a rule that was broken, in words."""
    return str(PROBLEMS.get(rule, SHIFT_PROBLEM))


@dataclass(slots=True)
class LayerFields:
    """What stands in the fields of one layer, as texts."""

    name: str = ""
    people: list[str] = field(default_factory=list)
    zone_name: str = ""
    since: str = ""
    handover: str = "09:00"
    days: str = "7"
    always: bool = True
    shifts: list[str] = field(default_factory=lambda: [""] * WEEK)
    holidays: str = ""
    problem: str = ""

    @classmethod
    def of(cls, drawn: DrawnLayer) -> "LayerFields":
        """Return the fields of a layer that there is."""
        return cls(
            drawn.name,
            [str(key) for key in drawn.people],
            drawn.zone_name,
            drawn.since.isoformat(),
            f"{drawn.handover // 60:02}:{drawn.handover % 60:02}",
            str(drawn.days),
            drawn.weekly is None,
            [", ".join(day) for day in drawn.weekly or ((),) * WEEK],
            drawn.holidays,
        )

    @property
    def is_blank(self) -> bool:
        """Tell whether nobody is in it, so that it is no layer."""
        return not any(self.people)

    @property
    def places(self) -> list[str]:
        """Return who stands in which place, with some empty ones after them."""
        taken = [key for key in self.people if key]
        return taken + [""] * min(SPARE_PLACES if taken else SPARE_PLACES + 1, MOST_PLACES - len(taken))

    def drawn(self, fallback: str) -> DrawnLayer:
        """Return the layer that was filled in. Raises FieldRefused."""
        return DrawnLayer(
            one_line(self.name) or fallback,
            tuple(int(key) for key in self.people if is_key(key)),
            self.zone_name,
            _date(self.since),
            _minute(self.handover),
            int(self.days) if self.days.isascii() and self.days.isdecimal() and len(self.days) < 5 else 0,
            None if self.always else tuple(tuple(re.findall(r"[^,;\s]+", day)) for day in self.shifts),
            self.holidays,
        )


class FieldRefused(ValueError):
    """What stands in a field cannot be read, with the rule."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def read(said: Mapping[str, str], people: Sequence[Sequence[str]]) -> list[LayerFields]:
    """Return the fields of every layer that was sent; `people` are those of each, in order."""
    return [
        LayerFields(
            _said(said, n, "name"),
            [key[:LONGEST_TEXT] for key in people[n]][:MOST_PLACES],
            _said(said, n, "zone"),
            _said(said, n, "since"),
            _said(said, n, "handover"),
            _said(said, n, "days"),
            _said(said, n, "duty") != "shifts",
            [_said(said, n, f"shifts-{day}") for day in range(WEEK)],
            _said(said, n, "holidays"),
        )
        for n in range(min(len(people), MOST_LAYERS))
    ]


def _said(said: Mapping[str, str], n: int, name: str) -> str:
    return str(said.get(f"{name}-{n}", "")).strip()[:LONGEST_TEXT]


def _date(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as problem:
        raise FieldRefused("layer.since") from problem


def _minute(written: str) -> int:
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", written, re.ASCII)
    if not found:
        raise FieldRefused("layer.handover_in_day")
    return int(found[1]) * 60 + int(found[2])
