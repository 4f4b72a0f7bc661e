"""How many people it takes, hour by hour of the week, to keep so much of what is promised; and how sure that is.

Weeks are drawn from history, answers take as long as they took, and people serve the queue as the desk sorts it. People
are added where promises lapse, taken away where that does no harm, and what is left is tried on weeks not seen before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime

import numpy as np
from numpy.random import Generator, SeedSequence, default_rng
from numpy.typing import NDArray

from puntuale.guarantee.agreement import Agreement
from puntuale.whatif import certainty
from puntuale.whatif.certainty import Share
from puntuale.whatif.further import NONE, Further
from puntuale.whatif.histories import LONGEST_ANSWER, History, Question, Seconds
from puntuale.whatif.searching import Sample, Staff, add, fewest
from puntuale.whatif.wall import HOUR
from puntuale.whatif.weeks import Past, draw, past

FEWEST_WEEKS = 4
SEARCHED, MOST_SEARCHED = 12_000, 52
PROVED, MOST_PROVED = 150_000, 400
OTHERS, PROOFS = 4, 10
FEWEST_ANSWERS = 30
"""How many answers must tell how long they took."""
MOST_GROWTH = 100.0
Tell = Callable[[float], None]


class StaffingRefused(ValueError):
    """A question that makes no sense, with the rule it breaks."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: which share of promises is to be kept, with how much growth, and how long answers take.

    `handling` are durations in seconds to draw from, `further` the answers that tickets take after the first. The same
    seed gives the same answer. Raises StaffingRefused.
    """

    target: float
    handling: Seconds
    growth: float = 1.0
    seed: int = 1
    further: Further = NONE

    def __post_init__(self) -> None:
        if not 0 < self.target <= 1:
            raise StaffingRefused("target")
        if not 0 < self.growth <= MOST_GROWTH:
            raise StaffingRefused("growth")
        if not self.handling.size or int(self.handling.min()) < 1 or int(self.handling.max()) > LONGEST_ANSWER:
            raise StaffingRefused("handling")
        if self.seed < 0:
            raise StaffingRefused("seed")


@dataclass(frozen=True, slots=True)
class Staffing:
    """The people it takes in each hour of the week, Monday at midnight first, and what they keep.

    `fewest` and `most` are what this and other searches found, on other draws of the past weeks: how sure each hour is;
    `totals` are their hours of people a week. `share` is None where nothing is promised. `ceiling` is what could be
    kept with any number of people, since some answers take longer than they may; `showable` the most that so little
    history could show. `work` are the seconds of answering a week, `handling` those of one answer, `further` how many
    of them a ticket takes after the first, as `told` tickets tell; `closed` the closed days among the past weeks.
    """

    target: float
    staff: Sequence[int]
    fewest: Sequence[int]
    most: Sequence[int]
    totals: Sequence[int]
    share: Share | None
    shares: Mapping[Question, Share]
    ceiling: float
    showable: float
    arrivals: Sequence[float]
    work: float
    handling: float
    further: float
    told: int
    closed: int
    weeks: int
    evidence: int
    simulated: int
    unknown: int

    @property
    def is_shown(self) -> bool:
        """Tell whether the target is kept as surely as can be told."""
        return self.share is None or self.share.low >= self.target

    @property
    def hours(self) -> int:
        """Return how many hours of people a week takes."""
        return sum(self.staff)

    @property
    def busy(self) -> float | None:
        """Return which part of their time people answer, or None when nobody is needed."""
        return self.work / (self.hours * HOUR) if self.hours else None


def staffing(
    histories: Mapping[Question, History],
    agreement: Agreement,
    asked: Asked,
    *,
    at: datetime,
    tell: Tell = lambda _: None,
) -> Staffing:
    """Return the people it takes. `tell` is called with the part that is done, and may raise to end it all.

    Raises TooLittleHistory without a whole week, BeyondHorizon.
    """
    known = past(histories, agreement, at=at)
    first, *others, proving = (default_rng(one) for one in SeedSequence(asked.seed).spawn(OTHERS + 2))
    staff = fewest(_searched(known, asked, first), tell=_part(tell, 0.0, 0.3))
    found = []
    for number, rng in enumerate(others):
        again = _searched(known, asked, rng, among=rng.integers(0, known.weeks, known.weeks))
        found.append(fewest(again, begun=staff, tell=_part(tell, 0.3 + 0.5 * number / OTHERS, 0.5 / OTHERS)))
    staff, sample, kept = _proved(known, asked, staff, proving, _part(tell, 0.8, 0.2))
    every = [staff, *found]
    return Staffing(
        target=asked.target,
        staff=staff,
        fewest=[min(hour) for hour in zip(*every, strict=True)],
        most=[max(hour) for hour in zip(*every, strict=True)],
        totals=sorted(sum(one) for one in every),
        share=_share(sample, kept, sample.drawn.owed, proving),
        shares=_shares(sample, kept, proving),
        ceiling=sample.share(sample.reachable),
        showable=_showable(known),
        arrivals=[asked.growth * one for one in known.arrivals],
        work=asked.growth * sum(known.arrivals) * (1 + asked.further.a_ticket) * float(asked.handling.mean()),
        handling=float(asked.handling.mean()),
        further=asked.further.a_ticket,
        told=asked.further.tickets,
        closed=known.closed,
        weeks=known.weeks,
        evidence=known.judged,
        simulated=int(np.count_nonzero(sample.drawn.owed)),
        unknown=known.unknown,
    )


def as_facts(found: Staffing) -> dict[str, object]:
    """Return what was found as plain values that JSON can hold."""
    facts: dict[str, object] = {one.name: getattr(found, one.name) for one in fields(found)}
    facts["share"] = None if found.share is None else asdict(found.share)
    facts["shares"] = [
        {"plan": question.plan, "priority": question.priority, **asdict(share)}
        for question, share in found.shares.items()
    ]
    return facts | {"is_shown": found.is_shown, "hours": found.hours, "busy": found.busy}


def _proved(
    known: Past, asked: Asked, staff: Staff, rng: Generator, tell: Tell
) -> tuple[Staff, Sample, NDArray[np.bool_]]:
    """Return people who keep the target as surely as can be told, the weeks on which that was seen, and what was kept.

    Each time on weeks not seen before; where it is not sure yet, people are added. Where it never will be, because
    history is too short or answers take too long, they are those who keep it as far as anybody can tell.
    """
    staff = list(staff)
    for number in range(PROOFS):
        sample = _sample(known, asked, rng, tickets=PROVED, most=MOST_PROVED)
        kept = sample.kept(staff)
        tell(number / PROOFS)
        share = _share(sample, kept, sample.drawn.owed, rng)
        if share is None or number == PROOFS - 1 or (share.low >= asked.target and sample.is_enough(kept)):
            break
        can_be_shown = _showable(known) >= asked.target <= sample.share(sample.reachable)
        if not add(sample, staff, kept, anyway=can_be_shown and sample.is_enough(kept)):
            break
    return staff, sample, kept


def _searched(known: Past, asked: Asked, rng: Generator, among: NDArray[np.int64] | None = None) -> Sample:
    """Return weeks to search on, drawn from all of the past, or from some of it."""
    return _sample(known, asked, rng, tickets=SEARCHED, most=MOST_SEARCHED, among=among)


def _sample(
    known: Past, asked: Asked, rng: Generator, *, tickets: int, most: int, among: NDArray[np.int64] | None = None
) -> Sample:
    a_week = max(1.0, asked.growth * sum(known.arrivals) * (1 + asked.further.a_ticket))
    weeks = min(most, max(FEWEST_WEEKS, int(tickets / a_week)))
    drawn = draw(
        known,
        rng,
        weeks=weeks,
        growth=asked.growth,
        handling=asked.handling,
        further=asked.further,
        among=among,
    )
    return Sample(known, drawn, asked.target)


def _showable(known: Past) -> float:
    """Return the most that history could show, when everything was kept."""
    return certainty.wilson(known.judged, known.judged)[0] if known.judged else 1.0


def _share(sample: Sample, kept: NDArray[np.bool_], which: NDArray[np.bool_], rng: Generator) -> Share | None:
    """Return the share of some tickets that were kept, as sure as the past weeks they come from make it."""
    drawn, known = sample.drawn, sample.known
    origin = drawn.origins[drawn.week[which]]
    judged = np.bincount(origin, minlength=known.weeks)
    held = np.bincount(origin[kept[which]], minlength=known.weeks)
    kinds = np.unique(drawn.kind[which])
    return certainty.of_weeks(held, judged, evidence=int(np.count_nonzero(np.isin(known.kind, kinds))), rng=rng)


def _shares(sample: Sample, kept: NDArray[np.bool_], rng: Generator) -> dict[Question, Share]:
    """Return the share of each promise: of what a plan has for a priority."""
    found = {}
    for number in np.unique(sample.promise[sample.drawn.owed]).tolist():
        theirs = sample.drawn.owed & (sample.promise == number)
        question = sample.known.questions[int(sample.drawn.kind[theirs][0])]
        share = _share(sample, kept, theirs, rng)
        if share is not None:
            found[Question(question.plan, question.priority)] = share
    return found


def _part(tell: Tell, begun: float, length: float) -> Tell:
    """Return how to tell of a part of the whole."""
    return lambda done: tell(begun + length * done)
