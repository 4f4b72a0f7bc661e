"""Whether somebody will be there: the plans that promise an answer day and night, and who would be woken for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from puntuale.agreements.models import Contract
from puntuale.agreements.reading import NothingInForce, agreement_in_force
from puntuale.guarantee.agreement import Agreement, Metric
from puntuale.guarantee.rota import Turn
from puntuale.guarantee.targets import Target
from puntuale.oncall import contacts, reading
from puntuale.oncall.models import Chain, Step
from puntuale.oncall.paging import RESPONSES, longest
from puntuale.people.models import Person

LOOKED_AHEAD = timedelta(days=30)
ENOUGH_WAYS = 2


@dataclass(frozen=True, slots=True)
class Gap:
    """A span during which no rota of a chain has anybody: only its last resort would be woken."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class PlanCovered:
    """A plan with a promise that counts day and night, its shortest target in seconds, and what stands behind it."""

    plan: str
    target: int
    chain: Chain | None
    gaps: Sequence[Gap]
    is_sold: bool

    @property
    def takes(self) -> int:
        """Return how many seconds pass until the last step of its chain is taken."""
        return longest(self.chain) if self.chain else 0

    @property
    def is_too_slow(self) -> bool:
        """Tell whether the chain takes longer than half of the target."""
        return self.takes * 2 > self.target

    @property
    def is_covered(self) -> bool:
        """Tell whether somebody is on call for it at every instant that was looked at."""
        return self.chain is not None and not self.gaps


def around_the_clock(agreement: Agreement) -> dict[str, int]:
    """Return the plans of an agreement that promise a response day and night, with their shortest target in seconds."""
    found: dict[str, int] = {}
    for (metric, plan, _), cell in agreement.cells.items():
        if isinstance(cell, Target) and Metric(metric) in RESPONSES and agreement.hours[cell.hours].is_always_open:
            found[plan] = min(cell.seconds, found.get(plan, cell.seconds))
    return {plan.key: found[plan.key] for plan in agreement.plans if plan.key in found}


def is_uncovered(plan: str, agreement: Agreement, since: datetime) -> bool:
    """Tell whether a plan promises responses day and night, and nobody is on call at times in the thirty days ahead."""
    if plan not in around_the_clock(agreement):
        return False
    chain = reading.chain_for(plan)
    return chain is None or bool(gaps_of(chain, since=since, until=since + LOOKED_AHEAD, at=since))


def plans_covered(*, at: datetime, agreement: Agreement | None = None) -> list[PlanCovered]:
    """Return how each plan that promises a response day and night is covered for the next thirty days.

    Of the agreement in force, unless another one is given; none before there is one.
    """
    if agreement is None:
        try:
            agreement = agreement_in_force(at)
        except NothingInForce:
            return []
    sold = set(Contract.objects.exclude(ends_at__lte=at).values_list("plan", flat=True))
    gaps: dict[int, Sequence[Gap]] = {}
    found = []
    for plan, target in around_the_clock(agreement).items():
        chain = reading.chain_for(plan)
        if chain is not None and chain.pk not in gaps:
            gaps[chain.pk] = gaps_of(chain, since=at, until=at + LOOKED_AHEAD, at=at)
        found.append(PlanCovered(plan, target, chain, gaps[chain.pk] if chain else (), plan in sold))
    return found


def gaps_of(chain: Chain, *, since: datetime, until: datetime, at: datetime) -> list[Gap]:
    """Return when no rota of a chain has anybody. A chain of named people alone has none: they are never off duty."""
    rotas = {target.rota for step in _steps(chain) for target in step.targets.all() if target.rota is not None}
    if not rotas:
        return []
    left = [Gap(since, until)]
    for rota in rotas:
        turns = reading.turns_of(rota, since=since, until=until, at=at)
        left = list(_both(left, [turn for turn in turns if turn.is_gap]))
    return left


def gaps(*, since: datetime, until: datetime, at: datetime) -> list[Gap]:
    """Return when some chain in use has nobody on call, in order, each span once."""
    found = {gap for chain in reading.chains() for gap in gaps_of(chain, since=since, until=until, at=at)}
    return sorted(found, key=lambda gap: (gap.start, gap.end))


@dataclass(frozen=True, slots=True)
class Reach:
    """A person who may be woken in the next thirty days, and how many ways there are to reach her."""

    person: Person
    ways: int
    proved: int

    @property
    def is_enough(self) -> bool:
        """Tell whether there are two ways at least."""
        return self.ways >= ENOUGH_WAYS


def reaches(*, at: datetime) -> list[Reach]:
    """Return everybody whom the chains in use may wake in the next thirty days, and how she can be reached."""
    keys = set[int]()
    for chain in reading.chains():
        for step in _steps(chain):
            for target in step.targets.all():
                if target.person_id is not None:
                    keys.add(target.person_id)
                if target.rota is not None:
                    turns = reading.turns_of(target.rota, since=at, until=at + LOOKED_AHEAD, at=at)
                    keys |= {turn.who for turn in turns if turn.who is not None}
    people = list(Person.objects.filter(pk__in=keys, left_at=None))
    ways = contacts.ways_to(people)
    proved = {person.pk: contacts.contacts_of(person).exclude(verified_at=None).count() for person in people}
    return [Reach(person, len(ways[person.pk]), proved[person.pk]) for person in people]


def _steps(chain: Chain) -> list[Step]:
    return list(chain.steps.prefetch_related("targets__rota", "targets__person"))


def _both(some: Sequence[Gap], others: Sequence[Turn]) -> Iterator[Gap]:
    """Yield what two lists of spans have in common, in order."""
    for one in some:
        for other in others:
            start, end = max(one.start, other.start), min(one.end, other.end)
            if start < end:
                yield Gap(start, end)
