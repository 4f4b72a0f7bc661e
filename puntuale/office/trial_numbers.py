"""The numbers in the form of a trial: in which bounds each lies, and what is said at the field where it does not."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puntuale.office.written_numbers import Ambiguous, Unreadable, number
from puntuale.whatif.staffing import MOST_GROWTH

MOST_PERCENT, FEWEST_MINUTES, MOST_MINUTES = 100.0, 0.01, 1_440.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """The numbers that a field takes, and the rule in words."""

    low: float
    high: float
    rule: Lazy

    def have(self, found: float) -> bool:
        """Tell whether a number lies in them; nothing is above nothing."""
        return found > 0 and self.low <= found <= self.high


BOUNDS: Mapping[str, Bounds] = {
    "target": Bounds(
        0, MOST_PERCENT, gettext_lazy('"%(value)s" should be a number above 0 and at most 100, in percent.')
    ),
    "growth": Bounds(
        0, MOST_GROWTH, gettext_lazy('"%(value)s" should be a number above 0 and at most 100; 2 is twice the tickets.')
    ),
    "handling": Bounds(
        FEWEST_MINUTES,
        MOST_MINUTES,
        gettext_lazy('"%(value)s" should be a number of minutes, from 0.01 to 1440, which is a day.'),
    ),
}


class NumberRefused(ValueError):
    """A number that its field does not take, with why in the language of the reader."""


def read(name: str, written: str) -> float:
    """Return the number in a field. Raises NumberRefused."""
    value = written.strip()
    try:
        found = number(value.removesuffix("%") if name == "target" else value)
    except Ambiguous as problem:
        said = _('"%(value)s" can be read in two ways: write %(whole)s or %(part)s.')
        told = {"value": value, "whole": problem.whole, "part": problem.part}
        raise NumberRefused(said % told) from problem
    except Unreadable as problem:
        raise NumberRefused(str(BOUNDS[name].rule) % {"value": value}) from problem
    if not BOUNDS[name].have(found):
        raise NumberRefused(str(BOUNDS[name].rule) % {"value": value})
    return found
