"""Signing contracts."""

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from puntuale.agreements.models import Contract
from puntuale.agreements.reading import agreement_in_force
from puntuale.people.models import Organisation

followers: list[Callable[[Contract], None]] = []
"""What is told of every contract, in the transaction that signs it. Wired where everything is put together."""


class ContractOverlaps(ValueError):
    """The organisation has a plan for part of that time already."""


def sign(
    organisation: Organisation, *, plan: str, starts_at: datetime, at: datetime, ends_at: datetime | None = None
) -> Contract:
    """Return a new contract on a plan of the agreement in force. `ends_at` is the first instant without it.

    Raises UnknownTerm for a plan the agreement does not have, ContractOverlaps where another one is in force.
    """
    agreement_in_force(at).plan(plan)
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
