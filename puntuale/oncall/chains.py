"""Making chains: who is paged, in what order, and who in the end whatever happens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from puntuale.oncall.drawing import DrawingRefused
from puntuale.oncall.models import Chain, Rota, Step, Target
from puntuale.oncall.rotas import LONGEST_NAME
from puntuale.people.models import VENDOR_ROLES, Person
from puntuale.tickets import texts
from puntuale.tickets.rights import managers_only

MOST_STEPS, MOST_TARGETS, MOST_ROUNDS = 10, 20, 10
SHORTEST_WAIT, LONGEST_WAIT = 60, 24 * 3600
ANSWER_WITHIN = 15 * 60


@dataclass(frozen=True, slots=True)
class DrawnStep:
    """Whom to page, by the keys of rotas and persons, and how many seconds to wait before the next step."""

    wait: int
    rotas: tuple[int, ...] = ()
    people: tuple[int, ...] = ()


def shape(
    chain: Chain | None,
    *,
    name: str,
    steps: Sequence[DrawnStep],
    by: Person,
    at: datetime,
    plans: Sequence[str] = (),
    rounds: int = 3,
    answer_within: int = ANSWER_WITHIN,
) -> Chain:
    """Return a chain with a name and steps, a new one for None. The last step names the person who is the last resort.

    Raises NotAManager, TextRefused for its name, DrawingRefused with everything wrong with its steps.
    """
    managers_only(by)
    said = texts.name(name, limit=LONGEST_NAME)
    problems = _broken(steps, rounds=rounds, answer_within=answer_within) | _others_plans(chain, plans)
    if problems:
        raise DrawingRefused(problems)
    try:
        with transaction.atomic():
            chain = chain or Chain(made_at=at)
            chain.name, chain.plans, chain.rounds, chain.answer_within = said, list(plans), rounds, answer_within
            chain.shaped_at, chain.shaped_by = at, by
            chain.save()
            chain.steps.all().delete()
            for position, step in enumerate(steps):
                _write(chain, position, step)
            return chain
    except IntegrityError as problem:
        raise DrawingRefused({"name": "chain.name_taken"}) from problem


def retire(chain: Chain, *, by: Person, at: datetime) -> None:
    """Use a chain no more; whoever is paged by it already goes on being paged. Raises NotAManager."""
    managers_only(by)
    Chain.objects.filter(pk=chain.pk, retired_at=None).update(retired_at=at)


def _broken(steps: Sequence[DrawnStep], *, rounds: int, answer_within: int) -> dict[str, str]:
    """Return the rules that steps break, by `0`, `1` ..., or by what is wrong with all of them."""
    problems: dict[str, str] = {}
    if not 1 <= len(steps) <= MOST_STEPS:
        problems["steps"] = "chain.steps"
    elif not steps[-1].people:
        problems["steps"] = "chain.last_resort"
    if not 1 <= rounds <= MOST_ROUNDS:
        problems["rounds"] = "chain.rounds"
    if not SHORTEST_WAIT <= answer_within <= LONGEST_WAIT:
        problems["answer_within"] = "chain.answer_within"
    rotas, people = _known(steps)
    for n, step in enumerate(steps):
        if not 1 <= len(step.rotas) + len(step.people) <= MOST_TARGETS:
            problems[str(n)] = "step.nobody"
        elif not SHORTEST_WAIT <= step.wait <= LONGEST_WAIT:
            problems[str(n)] = "step.wait"
        elif set(step.rotas) - rotas or set(step.people) - people:
            problems[str(n)] = "step.stranger"
    return problems


def _known(steps: Sequence[DrawnStep]) -> tuple[set[int], set[int]]:
    rotas = Rota.objects.filter(pk__in=[key for step in steps for key in step.rotas], retired_at=None)
    people = Person.objects.filter(
        pk__in=[key for step in steps for key in step.people], role__in=VENDOR_ROLES, left_at=None
    )
    return set(rotas.values_list("pk", flat=True)), set(people.values_list("pk", flat=True))


def _others_plans(chain: Chain | None, plans: Sequence[str]) -> dict[str, str]:
    """Return what is wrong with the plans of a chain: each plan has one chain, and so have all that no chain names."""
    others = Chain.objects.filter(retired_at=None)
    if chain is not None:
        others = others.exclude(pk=chain.pk)
    for other in others:
        if set(other.plans) & set(plans) or (not other.plans and not plans):
            return {"plans": "chain.plans_taken"}
    return {}


def _write(chain: Chain, position: int, step: DrawnStep) -> None:
    row = Step.objects.create(chain=chain, position=position, wait=step.wait)
    Target.objects.bulk_create(
        [Target(step=row, rota_id=key) for key in step.rotas] + [Target(step=row, person_id=key) for key in step.people]
    )
