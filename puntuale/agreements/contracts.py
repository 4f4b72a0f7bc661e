"""Signing contracts."""

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from puntuale.agreements.models import Contract
from puntuale.agreements.reading import agreement_published_as, turns
from puntuale.guarantee.agreement import Agreement
from puntuale.people.models import Organisation

followers: list[Callable[[Contract], None]] = []
"""What is told of every contract, in the transaction that signs it. Wired where everything is put together."""


class ContractOverlaps(ValueError):
    """The organisation has a plan for part of that time already."""


def sign(
    organisation: Organisation, *, plan: str, starts_at: datetime, at: datetime, ends_at: datetime | None = None
) -> Contract:
    """Return a new contract on a plan of the agreement. `ends_at` is the first instant without it.

    Raises UnknownTerm for a plan the agreement does not have, ContractOverlaps where another one is in force.
    """
    refuse_unknown_plan(plan, starts_at=starts_at, ends_at=ends_at, at=at)
    try:
        with transaction.atomic():
            contract = Contract.objects.create(
                organisation=organisation, plan=plan, starts_at=starts_at, ends_at=ends_at, signed_at=at
            )
            for follower in followers:
                follower(contract)
            return contract
    except IntegrityError as problem:
        if "one_plan_at_a_time" not in str(problem):
            raise
        raise ContractOverlaps(f"{organisation} has a plan for part of that time already") from problem


def refuse_unknown_plan(plan: str, *, starts_at: datetime, ends_at: datetime | None, at: datetime) -> None:
    """Raise UnknownTerm unless each version in force during what is left of a contract has its plan."""
    for turn in turns(max(starts_at, at), ends_at):
        agreement_published_as(turn.publication).plan(plan)


def contracts_outside(agreement: Agreement, *, since: datetime, until: datetime | None = None) -> QuerySet[Contract]:
    """Return the contracts in force at some instant of [since, until) on a plan that an agreement does not have."""
    found = Contract.objects.filter(Q(ends_at=None) | Q(ends_at__gt=since)).exclude(
        plan__in=[plan.key for plan in agreement.plans]
    )
    return found if until is None else found.filter(starts_at__lt=until)
