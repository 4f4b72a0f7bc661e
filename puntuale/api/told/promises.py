"""Promises, with the worked sum of their due times."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from puntuale.api.values import Instant, Told
from puntuale.guarantee.agreement import Agreement, Metric, Reason
from puntuale.guarantee.promise import Basis, Promise, State, Verdict
from puntuale.guarantee.reckoning import Reckoning, reckon
from puntuale.tickets.models import PromiseMade
from puntuale.tickets.reading import Standing

Target = Annotated[str | None, Field(examples=["3h business"])]
Why = Annotated[Reason | None, Field(examples=[None])]


class CountedTime(Told):
    """A span that counted. `special` names the day when its hours were others than usual."""

    since: Instant = Field(alias="from")
    to: Instant
    seconds: int
    special: str | None = None


class ClosedDay(Told):
    """A holiday that was skipped."""

    date: date
    holiday: str


class PausedTime(Told):
    """A span during which a goal stood still, waiting for the customer."""

    since: Instant = Field(alias="from")
    to: Instant
    paused: bool


SumLine = CountedTime | PausedTime | ClosedDay


def sum_of(reckoning: Reckoning | None, language: str) -> list[Any]:
    """Return a worked sum, line by line; nothing without a guarantee."""
    kinds: dict[str, type[Told]] = {"paused": PausedTime, "seconds": CountedTime, "holiday": ClosedDay}
    lines = reckoning.as_facts(language) if reckoning else []
    return [next(kind for key, kind in kinds.items() if key in line).model_validate(line) for line in lines]


class Quote(Told):
    """What a ticket would be promised. The same as `puntuale quote` tells."""

    plan: str | None
    priority: str
    environment: str
    submitted_at: Instant
    due_at: Instant | None
    target: Target = Field(description="The time promised, such as 3h business.")
    no_guarantee: Why = Field(description="Why there is no guarantee; null when there is one.")
    agreement: int = Field(description="The version of the agreement.")
    sum: list[SumLine]

    @classmethod
    def of(cls, promise: Promise, agreement: Agreement, environment: str, language: str) -> "Quote":
        """Return it as it is told."""
        reckoning = None
        if promise.due_at is not None and promise.target is not None:
            calendar = agreement.calendar(promise.target.hours)
            reckoning = reckon(calendar, start=promise.start_at, due=promise.due_at, target=promise.target)
        return cls(
            plan=promise.plan,
            priority=promise.priority,
            environment=environment,
            submitted_at=promise.made_at,
            due_at=promise.due_at,
            target=str(promise.target) if promise.target else None,
            no_guarantee=promise.reason,
            agreement=promise.version,
            sum=sum_of(reckoning, language),
        )


class PromiseShort(Told):
    """How a promise stands."""

    metric: Metric
    state: State
    due_at: Instant | None
    target: Target
    no_guarantee: Why

    @classmethod
    def of(cls, standing: Standing) -> "PromiseShort":
        """Return it as it is told."""
        return cls(**_short(standing))


class PromiseVersion(Told):
    """One promise of those that were made, each in the place of the one before, and how it ended."""

    plan: str | None
    priority: str
    made_at: Instant
    start_at: Instant
    due_at: Instant | None
    target: Target
    no_guarantee: Why
    basis: Basis = Field(description="What it rests on.")
    ended: Verdict | None
    ended_at: Instant | None

    @classmethod
    def of(cls, row: PromiseMade) -> "PromiseVersion":
        """Return it as it is told."""
        ending = getattr(row, "ending", None)
        return cls(
            plan=row.plan,
            priority=row.priority,
            made_at=row.made_at,
            start_at=row.start_at,
            due_at=row.due_at,
            target=row.target or None,
            no_guarantee=Reason(row.no_guarantee) if row.no_guarantee else None,
            basis=Basis(row.basis),
            ended=Verdict(ending.verdict) if ending else None,
            ended_at=ending.at if ending else None,
        )


class PromiseTold(PromiseShort):
    """How a promise stands, how its due time was reckoned, and every promise made before."""

    start_at: Instant
    agreement: int = Field(description="The version of the agreement it was made under.")
    sum: list[SumLine]
    history: list[PromiseVersion]

    @classmethod
    def told(cls, standing: Standing, language: str) -> "PromiseTold":
        """Return it as it is told."""
        return cls(
            **_short(standing),
            start_at=standing.promise.start_at,
            agreement=standing.promise.publication_id,
            sum=sum_of(standing.reckoning, language),
            history=[PromiseVersion.of(row) for row in standing.rows],
        )


def _short(standing: Standing) -> dict[str, Any]:
    promise = standing.promise
    return {
        "metric": standing.metric,
        "state": standing.state,
        "due_at": promise.due_at,
        "target": promise.target or None,
        "no_guarantee": standing.reason,
    }
