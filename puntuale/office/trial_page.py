"""What came of a trial, as the page shows it: figures before and after, charts of the week, and what they mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puntuale.agreements.reading import agreement_of
from puntuale.guarantee.agreement import Agreement
from puntuale.people.models import Person
from puntuale.reports import drawing, naming
from puntuale.watch import letters
from puntuale.watch.models import Alarm
from puntuale.whatif.calling import AT_ONCE
from puntuale.whatif.comparing import Lacks
from puntuale.whatif.models import Trial
from puntuale.wording import moments

HOURS = 24
DASH = "\N{EN DASH}"
THOUSANDTH = Decimal("0.001")
SIDES = ("before", "after")
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Week:
    """The hours of a week, drawn, and the same in a table: each day with what is said of each hour.

    `most` is how much the darkest hour has.
    """

    chart: SafeString
    most: int
    days: Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept of a promise, before and after: the rates, and the figures they are made of."""

    name: str
    rates: Sequence[str]
    figures: Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Row:
    """A name with a figure before and one after."""

    name: str
    before: int
    after: int


class Shown:
    """A trial that is done, for its page."""

    def __init__(self, trial: Trial, result: Facts, language: str) -> None:
        self.facts = result
        self.language = language
        self._names = Names(agreement_of(trial.against), language)

    @property
    def kept(self) -> list[Kept]:
        """Return each plan and priority with what was and would have been kept, and everything together."""
        sides = [{(one["plan"], one["priority"]): one for one in self.facts[side]["promises"]} for side in SIDES]
        rows = [
            self._kept(plan, priority, [side.get((plan, priority), {}) for side in sides])
            for plan, priority in sorted(sides[0].keys() | sides[1].keys())
        ]
        every = self._kept("", "", [self.facts[side] for side in SIDES])
        return [*rows, replace(every, name=_("All promises"))]

    @property
    def left_out(self) -> list[str]:
        """Return how many tickets stand on neither side, and which agreement has no words for them."""
        counts = self.facts.get("left_out") or {"": self.facts["unknown"]}
        return [self._left_out(lacks, count) for lacks, count in counts.items() if count]

    @property
    def moves(self) -> list[tuple[str, int]]:
        """Return how due times would move."""
        moved = self.facts["moved"]
        return [
            (_("due earlier"), moved["earlier"]),
            (_("due later"), moved["later"]),
            (_("due at the same time"), moved["same"]),
            (_("with a guarantee only now"), moved["gained"]),
            (_("without a guarantee now"), moved["lost"]),
            (_("due while the desk is closed, before"), self.facts["before"]["closed"]),
            (_("due while the desk is closed, after"), self.facts["after"]["closed"]),
        ]

    @property
    def nights(self) -> list[Row]:
        """Return how often what called whoever is on call at night, and all of it together."""
        before, after = (self.facts[side]["calls"] for side in SIDES)
        rows = [
            Row(self._alarm(name), before.get(name, {}).get("night", 0), after.get(name, {}).get("night", 0))
            for name in dict.fromkeys([*before, *after])
        ]
        return [*rows, Row(_("altogether"), sum(one.before for one in rows), sum(one.after for one in rows))]

    @property
    def people(self) -> list[Row]:
        """Return whom the nights would have called, where there is a rota."""
        sides = [{one["who"]: one["night"] for one in self.facts[side]["people"]} for side in SIDES]
        keys = {key for side in sides for key in side}
        names = dict(Person.objects.filter(pk__in=[key for key in keys if key is not None]).values_list("pk", "name"))
        rows = [
            Row(_("nobody") if key is None else names.get(key, DASH), sides[0].get(key, 0), sides[1].get(key, 0))
            for key in keys
        ]
        return sorted(rows, key=lambda row: row.name)

    @property
    def gaps(self) -> list[tuple[datetime, datetime]]:
        """Return the first stretches during which nobody would have been on call."""
        return [
            (datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in self.facts["after"]["gaps"]
        ]

    @property
    def gaps_said(self) -> str:
        """Return how many stretches there are, and how long they are together."""
        count, hours = self.facts["after"]["gap_count"], self.facts["after"]["gap_hours"]
        said = ngettext(
            "%(count)d stretch, %(hours)d hours in all", "%(count)d stretches, %(hours)d hours in all", count
        )
        return said % {"count": count, "hours": hours}

    @property
    def dues(self) -> Week:
        """Return when answers would fall due."""
        return week(
            self.facts["after"]["by_hour"], self.language, key="dues", title=_("Answers due by hour of the week")
        )

    @property
    def calls(self) -> Week:
        """Return when the nights would have called."""
        title = _("Calls at night by hour of the week")
        return week(self.facts["after"]["calls_at_night_by_hour"], self.language, key="calls", title=title)

    def _kept(self, plan: str, priority: str, sides: Sequence[Facts]) -> Kept:
        figures = [[side.get(name, 0) for name in ("kept", "missed", "no_guarantee", "waiting")] for side in sides]
        rates = [
            percent(kept / (kept + missed), self.language) if kept + missed else DASH
            for kept, missed, *_rest in figures
        ]
        return Kept(self._names.promise(plan, priority), rates, figures)

    def _left_out(self, lacks: str, count: int) -> str:
        if lacks == Lacks.BEFORE:
            said = ngettext(
                "%(count)d ticket stands on neither side: the agreement before has no words for it.",
                "%(count)d tickets stand on neither side: the agreement before has no words for them.",
                count,
            )
        elif lacks == Lacks.AFTER:
            said = ngettext(
                "%(count)d ticket stands on neither side: the agreement that is tried has no words for it.",
                "%(count)d tickets stand on neither side: the agreement that is tried has no words for them.",
                count,
            )
        elif lacks == Lacks.BOTH:
            said = ngettext(
                "%(count)d ticket stands on neither side: both agreements have no words for it.",
                "%(count)d tickets stand on neither side: both agreements have no words for them.",
                count,
            )
        else:
            said = ngettext(
                "%(count)s ticket is left out: one of the two agreements has no words for it.",
                "%(count)s tickets are left out: one of the two agreements has no words for them.",
                count,
            )
        return said % {"count": count}

    def _alarm(self, name: str) -> str:
        return _("the page at once") if name == AT_ONCE else letters.level(Alarm(level=name), self.language)


@dataclass(frozen=True, slots=True)
class Names:
    """What plans and priorities are called, in a language: as the version in force calls them, else by their keys."""

    agreement: Agreement
    language: str

    def plan(self, key: str) -> str:
        """Return what a plan is called."""
        known = {plan.key: plan.name for plan in self.agreement.plans}
        return (known[key].in_language(self.language) if key in known else key) or _("no plan")

    def promise(self, plan: str, priority: str) -> str:
        """Return what a promise is called: what a plan has for a priority."""
        return f"{self.plan(plan)} \N{MIDDLE DOT} {self.priority(priority)}"

    def priority(self, key: str) -> str:
        """Return what a priority is called."""
        known = {priority.key: priority.name for priority in self.agreement.priorities}
        return known[key].in_language(self.language) if key in known else key


def week(counts: Sequence[int], language: str, *, key: str, title: str, said: Sequence[str] | None = None) -> Week:
    """Return something of each hour of the week, drawn, and what is said of it as a table."""
    names = [moments.weekday(day, language) for day in range(7)]
    rows = [list(counts[HOURS * day : HOURS * day + HOURS]) for day in range(7)]
    told = ", ".join(f"{name} {sum(row)}" for name, row in zip(names, rows, strict=True))
    texts = said or [str(count) for count in counts]
    days = [(name, texts[HOURS * day : HOURS * day + HOURS]) for day, name in enumerate(names)]
    return Week(drawing.week(rows, names, key=key, title=title, description=told), max(counts), days)


def percent(share: float | Decimal, language: str) -> str:
    """Return a share as people write it, rounded down, so that nothing but everything is told as everything."""
    return naming.percent(Decimal(f"{share:.9f}").quantize(THOUSANDTH, ROUND_FLOOR), language)
