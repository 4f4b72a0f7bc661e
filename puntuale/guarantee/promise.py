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

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import zip_longest

from puntuale.guarantee.agreement import Agreement, Cell, Metric, NoGuarantee, Reason
from puntuale.guarantee.pauses import Pauses, joined
from puntuale.guarantee.spans import Span
from puntuale.guarantee.targets import Target


class State(StrEnum):
    """How a promise stands. What is outside opening hours still runs; it just does not count."""

    RUNNING = "running"
    PAUSED = "paused"
    """A goal that stands still while the customer is waited for. The first response never pauses (rule 8)."""
    MISSED = "missed"
    MET = "met"
    MET_LATE = "met_late"
    NO_GUARANTEE = "no_guarantee"
    CANCELLED = "cancelled"
    MERGED = "merged"


class Verdict(StrEnum):
    """How a promise ended."""

    MET = "met"
    MET_LATE = "met_late"
    ANSWERED = "answered"
    """Answered where no time was guaranteed."""
    REPLACED = "replaced"
    """Another promise took its place before it was due, or the merge that had brought it was taken back."""
    MISSED = "missed"
    """It was due and not kept when another took its place, or when the ticket was cancelled or merged."""
    PAUSED = "paused"
    """A goal stood still from then on."""
    CANCELLED = "cancelled"
    MERGED = "merged"


ANSWERED = frozenset({Verdict.MET, Verdict.MET_LATE, Verdict.ANSWERED})
"""The verdicts of promises that were answered."""


class Basis(StrEnum):
    """What a promise rests on."""

    SUBMITTED = "submitted"
    STARTED = "started"
    """A goal whose clock started later: a further message of the customer, an answer."""
    RAISED = "raised"
    LOWERED = "lowered"
    RESTORED = "restored"
    """Our own lowering was undone, and the best earlier promise came back."""
    COVERED = "covered"
    """A plan was bought."""
    RENEWED = "renewed"
    """A newer version of the agreement brought it forward."""
    TAKEN_OVER = "taken_over"
    GIVEN_BACK = "given_back"
    RESUMED = "resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One target applied to one ticket. Either `target` and `due_at` are given, or the `reason` why there is none.

    Where a due time is given, the open seconds from `start_at` to it, less the pauses, are those of the target.
    """

    metric: Metric
    made_at: datetime
    start_at: datetime
    due_at: datetime | None
    target: Target | None
    reason: Reason | None
    version: int
    plan: str | None
    priority: str
    basis: Basis = Basis.SUBMITTED
    pauses: Pauses = ()

    def __post_init__(self) -> None:
        if (self.due_at is None) != (self.target is None) or (self.target is None) != (self.reason is not None):
            raise ValueError("a promise has a target and a due time, or a reason why not")

    def lapsed_by(self, at: datetime) -> bool:
        """Tell whether it was due before an instant. At the very instant it is not (rules 3 and 14)."""
        return self.due_at is not None and at > self.due_at


@dataclass(frozen=True, slots=True)
class Ending:
    """How and when a promise ended. A miss is dated when it was due, whoever noticed when (rule 13)."""

    verdict: Verdict
    at: datetime


@dataclass(frozen=True, slots=True)
class Course:
    """All that was promised for one ticket and one metric, in the order it was made, and how each of it ended.

    Every promise but the last has an ending; the last one has none while it is owed.
    """

    promises: tuple[Promise, ...]
    endings: tuple[Ending, ...] = ()

    @property
    def current(self) -> Promise:
        """Return the promise that counts now: the last one made."""
        return self.promises[-1]

    @property
    def ending(self) -> Ending | None:
        """Return how the last promise ended, or None while it is owed."""
        return self.endings[-1] if len(self.endings) == len(self.promises) else None

    @property
    def is_open(self) -> bool:
        """Tell whether an answer, or whatever the metric measures, is still owed."""
        return self.ending is None

    @property
    def is_paused(self) -> bool:
        """Tell whether it stands still."""
        return self.ending is not None and self.ending.verdict is Verdict.PAUSED

    @property
    def question(self) -> int:
        """Return the position of the first promise of the question that counts now: a goal may have had several.

        What a merge brings to a ticket that was answered is a question of its own.
        """
        first = max((n for n, made in enumerate(self.promises) if made.basis is Basis.STARTED), default=0)
        if self.current.basis is not Basis.TAKEN_OVER:
            return first
        before = enumerate(self.endings[: len(self.promises) - 1], start=1)
        return max([first, *(n for n, ending in before if ending.verdict in ANSWERED)])

    @property
    def own(self) -> "Course":
        """Return it without what merges brought: what was promised to the ticket itself."""
        pairs = zip_longest(self.promises, self.endings)
        own = [(made, ending) for made, ending in pairs if made.basis is not Basis.TAKEN_OVER]
        return Course(tuple(made for made, _ in own), tuple(ending for _, ending in own if ending is not None))

    @property
    def is_answered(self) -> bool:
        """Tell whether the ticket itself was answered, whatever a merge has brought since."""
        return any(ending.verdict in ANSWERED for ending in self.endings)

    @property
    def pauses(self) -> Pauses:
        """Return the spans of this question during which it stood still: each from an ending to where it went on."""
        first = self.question
        went_on = zip(self.endings[first:], self.promises[first + 1 :], strict=False)
        return joined(
            Span(ending.at, made.made_at)
            for ending, made in went_on
            if made.basis is Basis.RESUMED and made.made_at > ending.at
        )

    @property
    def lapsed_at(self) -> datetime | None:
        """Return when a promise of this question was missed and then ended, or None.

        A miss is permanent, and so is its date: of several the one that was recorded first.
        """
        place = self._lapse
        return None if place is None else self.endings[place].at

    @property
    def counts(self) -> int:
        """Return the position of the promise that people are told: the last one made, or the one missed before it."""
        place = self._lapse
        return len(self.promises) - 1 if place is None else place

    @property
    def _lapse(self) -> int | None:
        """Return the position of the first promise of this question that ended as missed.

        What a merge brought is by itself: it counts only where it was due before, and its miss goes back with it.
        """
        places = [n for n in range(self.question, len(self.endings)) if self.endings[n].verdict is Verdict.MISSED]
        if self.current.basis is Basis.TAKEN_OVER:
            return next((n for n in places if self.promises[n] is self.current), None)
        return next((n for n in places if self.promises[n].basis is not Basis.TAKEN_OVER), None)

    @property
    def owed_by(self) -> datetime | None:
        """Return the instant it is, or was, to be kept by, while it is owed: a missed one stays missed."""
        if not self.is_open:
            return None
        return self.lapsed_at or self.current.due_at

    @property
    def verdict(self) -> Verdict | None:
        """Return how it all ended, or None while it is owed. What was missed before cannot be met any more."""
        ending = self.ending
        if ending is None:
            return None
        if self.lapsed_at is None:
            return ending.verdict
        return Verdict.MET_LATE if ending.verdict in ANSWERED else Verdict.MISSED

    def state(self, *, at: datetime) -> State:
        """Return how it stands at an instant."""
        if self.is_open and self.lapsed_at is not None:
            return State.MISSED
        return state(self.current.due_at, self.verdict, at=at)


def quote(
    agreement: Agreement, *, plan: str | None, priority: str | None, environment: str, stage: str, at: datetime
) -> Promise:
    """Return what would be promised to a ticket submitted at an instant.

    No priority is the default one. Raises PriorityBarred where the environment does not allow it, UnknownTerm for a
    word the agreement does not know, NaiveInstant for an instant without a zone, BeyondHorizon for one out of range.
    """
    chosen = agreement.choose(priority=priority, environment=environment)
    owed = agreement.owed(plan=plan, priority=chosen.key, stage=stage)
    return promised(agreement, owed, plan=plan, priority=chosen.key, start=at, at=at)


def promised(
    agreement: Agreement,
    owed: Cell,
    *,
    plan: str | None,
    priority: str,
    start: datetime,
    at: datetime,
    metric: Metric = Metric.FIRST_RESPONSE,
    basis: Basis = Basis.SUBMITTED,
) -> Promise:
    """Return the promise of a target, or of none, that starts to count at `start` and is made at `at`."""
    target = owed if isinstance(owed, Target) else None
    return Promise(
        metric=metric,
        made_at=at.astimezone(UTC),
        start_at=start.astimezone(UTC).replace(microsecond=0),
        due_at=agreement.calendar(target.hours).deadline(start, target.seconds) if target else None,
        target=target,
        reason=owed.reason if isinstance(owed, NoGuarantee) else None,
        version=agreement.version,
        plan=plan,
        priority=priority,
        basis=basis,
    )


def state(due_at: datetime | None, verdict: Verdict | None, *, at: datetime) -> State:
    """Return how a promise with this due instant and verdict stands. It is missed only after it was due (rule 3)."""
    if verdict in {Verdict.CANCELLED, Verdict.MERGED, Verdict.PAUSED, Verdict.MISSED}:
        return State(verdict.value)
    if verdict is Verdict.MET_LATE:
        return State.MET_LATE
    if due_at is None:
        return State.NO_GUARANTEE
    if verdict is not None:
        return State(verdict.value)
    return State.RUNNING if at <= due_at else State.MISSED
