"""What happened to a ticket, as far as a promise is concerned. Facts are never changed, only added to."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A ticket was durably accepted. Agreement version and plan are those in force then, and stay (rule 6)."""

    at: datetime
    version: int
    plan: str | None
    priority: str
    environment: str
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A human agent wrote in public (rule 7)."""

    at: datetime


Fact = Submitted | Answered
