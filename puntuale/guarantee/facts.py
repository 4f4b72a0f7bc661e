"""What happened to a ticket, as far as its promises are concerned. Facts are never changed, only added to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Phase(StrEnum):
    """Where a ticket stands in its life, apart from how its promises stand."""

    OPEN = "open"
    WAITING = "waiting"
    """The customer was asked something, and has not written since."""
    RESOLVED = "resolved"
    CANCELLED = "cancelled"
    MERGED = "merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A ticket was durably accepted. Agreement version and plan are those in force then, and stay (rule 6).

    `since` is an earlier start: that of the question a ticket was split off with.
    """

    at: datetime
    version: int
    plan: str | None
    priority: str
    environment: str
    stage: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A human agent wrote in public (rule 7). `then` is the phase that the same act left the ticket in, if any."""

    at: datetime
    then: Phase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerWrote:
    """The customer wrote again. It ends waiting, and reopens a resolved ticket when `reopens` says so."""

    at: datetime
    reopens: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The version and the plan in force when a priority changed, and since when what they promise counts."""

    version: int
    plan: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclassified:
    """The priority changed (rule 9). `claimed_at` is when the customer reported that the impact grew, if they did.

    `in_force` is told where the organisation has another plan by now than the ticket is bound to (rule 10).
    """

    at: datetime
    priority: str
    claimed_at: datetime | None = None
    in_force: Terms | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """An answer that a merged ticket owed: `of` is the ticket it was promised to. Without a guarantee, why not."""

    of: int
    version: int
    start_at: datetime
    due_at: datetime | None = None
    target: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """The organisation bought a plan; the agreement version is the one in force then (rule 10).

    `owed` is what it makes of the promises of merged tickets that this one owes, by their own terms.
    """

    at: datetime
    version: int
    plan: str
    owed: tuple[Debt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """A manager asked that a newer version of the agreement bring open promises forward (rule 11). `owed` likewise."""

    at: datetime
    version: int
    owed: tuple[Debt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The ticket came into another phase: waiting, open again, resolved, cancelled, or merged into another."""

    at: datetime
    to: Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A merge or a cancellation was taken back.

    `answered_at` is when the ticket it had been merged into was answered for both meanwhile, if it was. `waits` tells
    that the customer is waited for again: as before, and nothing has been written since.
    """

    at: datetime
    answered_at: datetime | None = None
    waits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TookOver:
    """Another ticket was merged into this one, which owes from then on what that still owed (rule 12)."""

    at: datetime
    source: int
    owed: tuple[Debt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GaveBack:
    """A merge was taken back: what was promised to these tickets is owed here no longer."""

    at: datetime
    of: frozenset[int]


Fact = Submitted | Answered | CustomerWrote | Reclassified | Covered | Renewed | Moved | Restored | TookOver | GaveBack
