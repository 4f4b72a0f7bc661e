"""A promise: one target applied to one ticket, and how it ended. Folded from facts, so that replaying them proves it.

>>> from datetime import datetime
>>> from importlib.resources import files
>>> from puntuale.guarantee import document
>>> standard = document.read(files("puntuale.agreements").joinpath("standard.toml").read_bytes()).sound()
>>> sent = datetime.fromisoformat("2026-11-20T16:00:00+01:00")
>>> quoted = quote(standard, plan="professional", priority="1", environment="production", stage="released", at=sent)
>>> quoted.due_at.isoformat()
'2026-11-23T10:00:00+00:00'
>>> state(quoted.due_at, None, at=sent).value
'running'
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from puntuale.guarantee.agreement import Agreement, Metric, NoGuarantee, Reason
from puntuale.guarantee.facts import Answered, Fact, Submitted
from puntuale.guarantee.targets import Target


class State(StrEnum):
    """How a promise stands. What is outside opening hours still runs; it just does not count."""

    RUNNING = "running"
    MISSED = "missed"
    MET = "met"
    MET_LATE = "met_late"
    NO_GUARANTEE = "no_guarantee"


class Verdict(StrEnum):
    """How a promise ended."""

    MET = "met"
    MET_LATE = "met_late"
    ANSWERED = "answered"
    """Answered where no time was guaranteed."""


class ReplayFailed(ValueError):
    """Facts that cannot have happened in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One target applied to one ticket. Either `target` and `due_at` are given, or the `reason` why there is none."""

    metric: Metric
    made_at: datetime
    start_at: datetime
    due_at: datetime | None
    target: Target | None
    reason: Reason | None
    version: int
    plan: str | None
    priority: str

    def __post_init__(self) -> None:
        if (self.due_at is None) != (self.target is None) or (self.target is None) != (self.reason is not None):
            raise ValueError("a promise has a target and a due time, or a reason why not")


@dataclass(frozen=True, slots=True)
class Ending:
    """How and when a promise ended."""

    verdict: Verdict
    at: datetime


@dataclass(frozen=True, slots=True)
class Course:
    """All that was promised for one ticket, in the order it was made, and how the last of it ended, if it did."""

    promises: tuple[Promise, ...]
    ending: Ending | None = None

    @property
    def current(self) -> Promise:
        """Return the promise that counts now: the last one made."""
        return self.promises[-1]


def quote(
    agreement: Agreement, *, plan: str | None, priority: str | None, environment: str, stage: str, at: datetime
) -> Promise:
    """Return what would be promised to a ticket submitted at an instant.

    No priority is the default one. Raises PriorityBarred where the environment does not allow it, UnknownTerm for a
    word the agreement does not know, NaiveInstant for an instant without a zone, BeyondHorizon for one out of range.
    """
    chosen = agreement.choose(priority=priority, environment=environment)
    submitted = Submitted(
        at=at, version=agreement.version, plan=plan, priority=chosen.key, environment=environment, stage=stage
    )
    return _first_promise(submitted, agreement)


def fold(facts: Iterable[Fact], agreement_of: Callable[[int], Agreement]) -> Course:
    """Return the course that a ticket's facts, in their order, lead to. `agreement_of` gives a published version.

    Raises ReplayFailed when the first fact is not the submission, or a second submission follows.
    """
    course: Course | None = None
    for fact in facts:
        if isinstance(fact, Submitted):
            if course is not None:
                raise ReplayFailed("a ticket is submitted once")
            course = Course((_first_promise(fact, agreement_of(fact.version)),))
        elif course is None:
            raise ReplayFailed(f"{type(fact).__name__} came before the submission")
        else:
            course = _answered(course, fact)
    if course is None:
        raise ReplayFailed("no fact at all")
    return course


def state(due_at: datetime | None, verdict: Verdict | None, *, at: datetime) -> State:
    """Return how a promise with this due instant and verdict stands. It is missed only after it was due (rule 3)."""
    if due_at is None:
        return State.NO_GUARANTEE
    if verdict is not None:
        return State(verdict.value)
    return State.RUNNING if at <= due_at else State.MISSED


def _first_promise(submitted: Submitted, agreement: Agreement) -> Promise:
    owed = agreement.owed(plan=submitted.plan, priority=submitted.priority, stage=submitted.stage)
    target = owed if isinstance(owed, Target) else None
    return Promise(
        metric=Metric.FIRST_RESPONSE,
        made_at=submitted.at.astimezone(UTC),
        start_at=submitted.at.astimezone(UTC).replace(microsecond=0),
        due_at=agreement.calendar(target.hours).deadline(submitted.at, target.seconds) if target else None,
        target=target,
        reason=owed.reason if isinstance(owed, NoGuarantee) else None,
        version=submitted.version,
        plan=submitted.plan,
        priority=submitted.priority,
    )


def _answered(course: Course, answered: Answered) -> Course:
    """The first public answer of a human ends the first response for good; later ones change nothing."""
    if course.ending is not None:
        return course
    return Course(course.promises, Ending(_verdict(course.current.due_at, answered.at), answered.at))


def _verdict(due_at: datetime | None, answered_at: datetime) -> Verdict:
    if due_at is None:
        return Verdict.ANSWERED
    return Verdict.MET if answered_at <= due_at else Verdict.MET_LATE
