"""Signing contracts."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from puntuale.agreements.models import Contract
from puntuale.agreements.reading import (
    NothingInForce,
    agreement_in_force,
    agreement_published_as,
    contract_in_force,
    turns,
)
from puntuale.guarantee.agreement import Agreement, UnknownTerm
from puntuale.people import audit
from puntuale.people.models import Organisation, Person

SOON = timedelta(days=30)
"""How long before its end a contract is told of."""

log = logging.getLogger("puntuale.agreements")

followers: list[Callable[[Contract], None]] = []
"""What is told of every contract, in the transaction that signs it. Wired where everything is put together."""


conditions: list[Callable[[str, Agreement, datetime], bool]] = []
"""What tells whether nobody may be there to keep a plan from an instant on. Wired where everything is put together."""


class NotCovered(ValueError):
    """The plan promises answers day and night, nobody is on call at times, and no manager answers for that."""

    def __init__(self, plan: str) -> None:
        super().__init__(plan)
        self.plan = plan


class EndRefused(ValueError):
    """A contract cannot end then, with the rule that says why."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


class ContractOverlaps(ValueError):
    """The organisation has a plan for part of that time already."""


def sign(
    organisation: Organisation,
    *,
    plan: str,
    starts_at: datetime,
    at: datetime,
    ends_at: datetime | None = None,
    answering: Person | None = None,
    by: Person | None = None,
    address: str = "",
) -> Contract:
    """Return a new contract on a plan of the agreement. `ends_at` is the first instant without it.

    `answering` is a manager who answers for promises that nobody may be there to keep: without one, a plan that
    promises answers day and night is not to be had while nobody is on call at times. Raises UnknownTerm for a plan
    the agreement does not have, NotCovered, ContractOverlaps where another contract is in force.
    """
    refuse_unknown_plan(plan, starts_at=starts_at, ends_at=ends_at, at=at)
    needed = is_uncovered(plan, since=max(starts_at, at), until=ends_at)
    if needed and not may_answer(answering):
        raise NotCovered(plan)
    try:
        with transaction.atomic():
            contract = Contract.objects.create(
                organisation=organisation,
                plan=plan,
                starts_at=starts_at,
                ends_at=ends_at,
                signed_at=at,
                answered_for_by=answering if needed else None,
            )
            told = {"plan": plan, "from": starts_at, "until": ends_at, "answered_for": needed}
            audit.record("contract_signed", by=by or answering, at=at, about=_about(contract), address=address, **told)
            signed(contract)
            return contract
    except IntegrityError as problem:
        if "one_plan_at_a_time" not in str(problem):
            raise
        raise ContractOverlaps(f"{organisation} has a plan for part of that time already") from problem


def end(contract: Contract, *, ends_at: datetime, by: Person, at: datetime, address: str = "") -> Contract:
    """Return a contract that ends at another instant, its first without the plan. What was in force stays as it was.

    Open promises are not touched (rule 10). Raises EndRefused for an end that is past or before its start, and for a
    contract that has ended; ContractOverlaps where a later one would be in force already.
    """
    try:
        with transaction.atomic():
            row = Contract.objects.select_for_update(of=("self",), no_key=True).get(pk=contract.pk)
            _refuse_end(row, ends_at, at)
            was, row.ends_at = row.ends_at, ends_at
            row.save(update_fields=["ends_at"])
            told = {"plan": row.plan, "was": was, "until": ends_at}
            audit.record("contract_ended", by=by, at=at, about=_about(row), address=address, **told)
            return row
    except IntegrityError as problem:
        if "one_plan_at_a_time" not in str(problem):
            raise
        raise ContractOverlaps(f"{contract.organisation} has a plan for part of that time already") from problem


def change_plan(
    organisation: Organisation,
    *,
    plan: str,
    starts_at: datetime,
    at: datetime,
    by: Person,
    ends_at: datetime | None = None,
    answers: bool = False,
    address: str = "",
) -> Contract:
    """Return a new contract that takes the place of whatever is in force when it starts: an upgrade, or a lesser plan.

    `answers` tells that whoever signs it answers for promises nobody may be there to keep. Raises what `sign` and `end`
    raise, and then changes nothing.
    """
    with transaction.atomic():
        former = contract_in_force(organisation, starts_at)
        if former is not None and former.starts_at < starts_at:
            end(former, ends_at=starts_at, by=by, at=at, address=address)
        return sign(
            organisation,
            plan=plan,
            starts_at=starts_at,
            ends_at=ends_at,
            at=at,
            answering=by if answers else None,
            by=by,
            address=address,
        )


def ending_soon(at: datetime, *, within: timedelta = SOON) -> QuerySet[Contract]:
    """Return the contracts that end within a while and that none follows, the soonest first."""
    following = Contract.objects.filter(organisation=OuterRef("organisation"), starts_at=OuterRef("ends_at"))
    soon = Contract.objects.filter(ends_at__gt=at, ends_at__lte=at + within).exclude(Exists(following))
    return soon.select_related("organisation").order_by("ends_at", "organisation__name")


def begin_lowest(organisation: Organisation, at: datetime) -> Contract | None:
    """Return the contract of an organisation that signed itself up, on the lowest plan of the agreement.

    None, and no plan at all, where there is no agreement, or where that plan promises what nobody may be there to keep:
    then a manager has to sign one.
    """
    try:
        lowest = agreement_in_force(at).plans[0]
        return sign(organisation, plan=lowest.key, starts_at=at, at=at)
    except (NothingInForce, NotCovered, UnknownTerm):
        log.warning("organisation %d signed up, and has no plan", organisation.pk)
        return None


def signed(contract: Contract) -> None:
    """Let everybody know of a contract that was signed or repaired."""
    for follower in followers:
        follower(contract)


def is_uncovered(plan: str, *, since: datetime, until: datetime | None = None) -> bool:
    """Tell whether a version in force in [since, until) has promises of a plan that nobody may be there to keep."""
    return any(
        lacks_people(plan, agreement_published_as(turn.publication), since=turn.since) for turn in turns(since, until)
    )


def lacks_people(plan: str, agreement: Agreement, *, since: datetime) -> bool:
    """Tell whether an agreement has promises of a plan that nobody may be there to keep from an instant on."""
    return any(condition(plan, agreement, since) for condition in conditions)


def may_answer(person: Person | None) -> bool:
    """Tell whether somebody can answer for promises that nobody may be there to keep: managers can."""
    return person is not None and person.is_active and person.manages


def refuse_unknown_plan(plan: str, *, starts_at: datetime, ends_at: datetime | None, at: datetime) -> None:
    """Raise UnknownTerm unless each version in force during what is left of a contract has its plan."""
    for turn in turns(max(starts_at, at), ends_at):
        agreement_published_as(turn.publication).plan(plan)


def _about(contract: Contract) -> str:
    return f"organisation {contract.organisation_id}"


def _refuse_end(contract: Contract, ends_at: datetime, at: datetime) -> None:
    if contract.ends_at is not None and contract.ends_at <= at:
        raise EndRefused("contract.ended")
    if ends_at < at:
        raise EndRefused("end.past")
    if ends_at <= contract.starts_at:
        raise EndRefused("end.before_start")


def contracts_outside(agreement: Agreement, *, since: datetime, until: datetime | None = None) -> QuerySet[Contract]:
    """Return the contracts in force at some instant of [since, until) on a plan that an agreement does not have."""
    found = Contract.objects.filter(Q(ends_at=None) | Q(ends_at__gt=since)).exclude(
        plan__in=[plan.key for plan in agreement.plans]
    )
    return found if until is None else found.filter(starts_at__lt=until)
