"""Agreements and contracts."""

from datetime import date

from pydantic import Field

from puntuale.agreements.models import Contract, Publication
from puntuale.api.values import Instant, Told
from puntuale.guarantee.agreement import Reason


class Named(Told):
    """A key of the agreement, and what it is called."""

    key: str
    name: str


class Cell(Told):
    """What a plan gives a priority: a target, or the reason why there is none."""

    target: str | None
    seconds: int | None = None
    hours: str | None = None
    due_if_sent_now: Instant | None = None
    no_guarantee: Reason | None = None


class PriorityPromised(Told):
    """A priority, what it means, and what each plan gives it."""

    key: str
    name: str
    meaning: str
    environments: list[str] | None = Field(description="Where it may be chosen; null for everywhere.")
    first_response: dict[str, Cell] = Field(description="By plan.")


class DayOff(Told):
    """A closed day."""

    date: date
    name: str


class Hours(Told):
    """A table of opening hours."""

    key: str
    name: str
    always_open: bool
    zone: str
    weekly: list[list[str]] = Field(description="The shifts of Monday to Sunday.")
    days_off: list[DayOff]


class Exclusion(Told):
    """A stage of products for which nothing is guaranteed."""

    product_stage: str
    name: str
    explanation: str


class AgreementTold(Told):
    """What is promised."""

    version: int
    effective_from: Instant
    at: Instant
    language: str
    title: str
    open_now: bool
    opens_at: Instant | None
    closes_at: Instant | None
    plans: list[Named]
    priorities: list[PriorityPromised]
    hours: list[Hours]
    exclusions: list[Exclusion]
    notes: list[str]


class VersionTold(Told):
    """A version of the agreement."""

    version: int
    effective_from: Instant
    published_at: Instant

    @classmethod
    def of(cls, publication: Publication) -> "VersionTold":
        """Return it as it is told."""
        return cls(
            version=publication.version,
            effective_from=publication.effective_from,
            published_at=publication.published_at,
        )


class ContractTold(Told):
    """A contract: the plan that an organisation has, from when to when."""

    id: int
    organisation: int
    plan: str
    starts_at: Instant
    ends_at: Instant | None = Field(description="The first instant without it.")
    signed_at: Instant
    answered_for: bool = Field(
        description="Whether a manager answers for promises that nobody may have been there to keep."
    )

    @classmethod
    def of(cls, contract: Contract) -> "ContractTold":
        """Return it as it is told."""
        return cls(
            id=contract.pk,
            organisation=contract.organisation_id,
            plan=contract.plan,
            starts_at=contract.starts_at,
            ends_at=contract.ends_at,
            signed_at=contract.signed_at,
            answered_for=contract.answered_for_by_id is not None,
        )
