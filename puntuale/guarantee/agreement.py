"""The agreement as values: plans by priorities to a target, or to no guarantee and the reason for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from puntuale.guarantee.calendars import Calendar
from puntuale.guarantee.hours import HoursTable
from puntuale.guarantee.targets import Target
from puntuale.guarantee.texts import Text
from puntuale.guarantee.zones import zone

REOPEN_WITHIN = 14 * 86_400
"""For how many seconds after it was resolved a ticket reopens, where the document does not say: fourteen days."""


class Metric(StrEnum):
    """What a target measures. The first response is the guarantee; the others are goals an agreement may add."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    PERIODIC_UPDATE = "periodic_update"
    RESOLUTION = "resolution"


class Reason(StrEnum):
    """Why there is no guarantee."""

    PLAN = "plan"
    """The plan does not cover this priority."""
    PRODUCT_STAGE = "product_stage"
    """The product is at a stage, such as a preview, that the agreement excludes."""
    NO_CONTRACT = "no_contract"
    """No contract was in force."""


@dataclass(frozen=True, slots=True)
class NoGuarantee:
    """No promise, and why."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Priority:
    """A level of urgency, most urgent first in the agreement. `environments` is None when all may choose it."""

    key: str
    name: Text
    summary: Text
    meaning: Text
    environments: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an organisation can buy, least first in the agreement."""

    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class Environment:
    """Where a problem shows: production, staging, development ..."""

    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a product has come. Products at a stage that is not guaranteed get no promise."""

    key: str
    name: Text
    guaranteed: bool
    explanation: Text


@dataclass(frozen=True, slots=True)
class AlarmLevel:
    """When somebody must be told, and who: `share` percent of the counted time, or seconds before or after due."""

    kind: str
    amount: int
    tell: tuple[str, ...]

    def __str__(self) -> str:
        if self.kind == "due":
            return "due"
        return f"{self.amount}%" if self.kind == "share" else f"{'-' if self.kind == 'before' else '+'}{self.amount}s"

    def left(self, target: int) -> int:
        """Return how many seconds of a target are left at this level: 0 at due, fewer than none after it."""
        if self.kind == "share":
            return target - target * self.amount // 100
        return {"before": min(self.amount, target), "due": 0, "after": -self.amount}[self.kind]


@dataclass(frozen=True, slots=True)
class HolidayList:
    """Closed days with their names, complete for the years from `first_year` to `last_year`, both included."""

    key: str
    name: Text
    first_year: int
    last_year: int
    days: Mapping[date, Text]
    source: str


class PriorityBarred(ValueError):
    """A priority that may not be chosen for an environment, with the priorities that may as `offers`."""

    def __init__(self, priority: Priority, environment: Environment, offers: tuple[Priority, ...]) -> None:
        super().__init__(f"priority {priority.key} is not available for {environment.key}")
        self.priority = priority
        self.environment = environment
        self.offers = offers


class UnknownTerm(LookupError):
    """A plan, priority, environment or stage that the agreement does not know, with those it knows as `known`."""

    def __init__(self, kind: str, value: str, known: tuple[str, ...]) -> None:
        super().__init__(f"{kind} {value!r} is not one of {', '.join(known)}")
        self.kind = kind
        self.value = value
        self.known = known


Cell = Target | NoGuarantee
Term = TypeVar("Term", Priority, Plan, Environment, Stage)


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version of what is promised to whom. Immutable, and equal to any other that says the same."""

    version: int
    languages: tuple[str, ...]
    title: Text
    introduction: Text
    priorities: tuple[Priority, ...]
    default_priority: str
    plans: tuple[Plan, ...]
    environments: tuple[Environment, ...]
    stages: tuple[Stage, ...]
    hours: Mapping[str, HoursTable]
    holiday_lists: Mapping[str, HolidayList]
    cells: Mapping[tuple[Metric, str, str], Cell]
    alarms: tuple[AlarmLevel, ...]
    notes: tuple[Text, ...]
    reopen_within: int = REOPEN_WITHIN
    _calendars: dict[str, Calendar] = field(default_factory=dict, compare=False, repr=False)

    def owed(self, *, plan: str | None, priority: str, stage: str, metric: Metric = Metric.FIRST_RESPONSE) -> Cell:
        """Return the target for a plan and a priority, or why there is none.

        `plan` is None when no contract was in force. A cell that a goal does not mention is no guarantee by plan.
        """
        if not self.stage(stage).guaranteed:
            return NoGuarantee(Reason.PRODUCT_STAGE)
        if plan is None:
            return NoGuarantee(Reason.NO_CONTRACT)
        return self.cells.get((metric, self.plan(plan).key, self.priority(priority).key), NoGuarantee(Reason.PLAN))

    def choose(self, *, priority: str | None, environment: str | None) -> Priority:
        """Return the priority a customer gets for her choice: her own, or the default when she made none.

        Raises PriorityBarred where the environment does not allow it, UnknownTerm for a word that is none.
        """
        chosen = self.priority(priority or self.default_priority)
        if environment is None:
            return chosen
        place = self.environment(environment)
        if not self.allows(chosen, place.key):
            raise PriorityBarred(chosen, place, tuple(p for p in self.priorities if self.allows(p, place.key)))
        return chosen

    def knows(self, *, plan: str | None, priority: str, stage: str) -> bool:
        """Tell whether all terms of a ticket are in the agreement; no plan at all needs none."""
        return (
            (plan is None or plan in {one.key for one in self.plans})
            and priority in {one.key for one in self.priorities}
            and stage in {one.key for one in self.stages}
        )

    def allows(self, priority: Priority, environment: str) -> bool:
        """Tell whether a priority may be chosen for an environment."""
        return priority.environments is None or environment in priority.environments

    def is_production(self, environment: str) -> bool:
        """Tell whether an environment is one for which every priority may be chosen.

        Where that is so for all of them it is the first.
        """
        full = {place.key for place in self.environments if all(self.allows(one, place.key) for one in self.priorities)}
        if len(full) == len(self.environments):
            return environment == self.environments[0].key
        return environment in full

    def calendar(self, hours: str) -> Calendar:
        """Return the clock of an hours table, compiled once for the life of this value."""
        if hours not in self._calendars:
            self._calendars[hours] = Calendar(self.hours[hours])
        return self._calendars[hours]

    def plan(self, key: str) -> Plan:
        """Return the plan with this key. Raises UnknownTerm."""
        return _found("plan", key, self.plans)

    def priority(self, key: str) -> Priority:
        """Return the priority with this key. Raises UnknownTerm."""
        return _found("priority", key, self.priorities)

    def environment(self, key: str) -> Environment:
        """Return the environment with this key. Raises UnknownTerm."""
        return _found("environment", key, self.environments)

    def stage(self, key: str) -> Stage:
        """Return the product stage with this key. Raises UnknownTerm."""
        return _found("product stage", key, self.stages)

    @property
    def desk_hours(self) -> HoursTable | None:
        """Return the hours in which people are at the desk: the first table that is not always open, or None."""
        return next((table for table in self.hours.values() if not table.is_always_open), None)

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone the vendor lives in: that of the desk's hours, or UTC when it is always open."""
        return self.desk_hours.zone if self.desk_hours else zone("UTC")

    @property
    def usual_stage(self) -> str:
        """Return the key of the stage assumed when none is told: the first that is guaranteed."""
        return next(stage.key for stage in self.stages if stage.guaranteed)


def _found(kind: str, key: str, terms: tuple[Term, ...]) -> Term:
    for term in terms:
        if term.key == key:
            return term
    raise UnknownTerm(kind, key, tuple(term.key for term in terms))
