"""The form of a contract, and why one could not be signed or ended."""

from dataclasses import dataclass, field
from datetime import datetime

from django.http import QueryDict
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puntuale.agreements import contracts
from puntuale.agreements.contracts import ContractOverlaps, EndRefused, NotCovered
from puntuale.agreements.models import Contract
from puntuale.guarantee.agreement import UnknownTerm
from puntuale.looks.local_time import UnreadableTime
from puntuale.office import clock
from puntuale.people.models import Organisation, Person

ENDS: dict[str, Lazy] = {
    "contract.ended": gettext_lazy("This contract has ended already. What was in force stays as it was."),
    "end.past": gettext_lazy("A contract cannot end in the past: promises were made under it."),
    "end.before_start": gettext_lazy("A contract ends after it starts."),
}


@dataclass(slots=True)
class ContractFields:
    """What is filled in, and what is wrong with it. No start is now, no end is open."""

    plan: str = ""
    starts: str = ""
    ends: str = ""
    answers: bool = False
    problems: list[str] = field(default_factory=list)
    asks_for_answer: bool = False

    @classmethod
    def read(cls, sent: QueryDict) -> "ContractFields":
        """Return what was sent."""
        plan, starts, ends = (sent.get(name, "")[:40] for name in ("plan", "starts", "ends"))
        return cls(plan, starts, ends, answers=bool(sent.get("answers")))

    def sign(self, organisation: Organisation, *, by: Person, at: datetime, address: str) -> Contract | None:
        """Return the contract that was signed, or None with `problems` that tell why none was."""
        try:
            starts_at, ends_at = clock.read(self.starts, at=at) or at, clock.read(self.ends, at=at)
            if ends_at is not None and ends_at <= starts_at:
                raise EndRefused("end.before_start")
            return contracts.change_plan(
                organisation,
                plan=self.plan,
                starts_at=starts_at,
                ends_at=ends_at,
                answers=self.answers,
                by=by,
                at=at,
                address=address,
            )
        except NotCovered as problem:
            self.asks_for_answer = True
            self.problems.append(told(problem))
        except REFUSALS as problem:
            self.problems.append(told(problem))
        return None


REFUSALS = (UnreadableTime, EndRefused, ContractOverlaps, NotCovered, UnknownTerm)
"""Why a contract cannot be signed or ended."""


def told(problem: Exception) -> str:
    """Return in words why a contract cannot be signed or ended."""
    if isinstance(problem, EndRefused):
        return str(ENDS[problem.rule])
    if isinstance(problem, NotCovered):
        return _("This plan promises answers day and night, and at times nobody is on call.")
    if isinstance(problem, ContractOverlaps):
        return _("Another contract is in force at that time. End it first, or choose another time.")
    if isinstance(problem, UnknownTerm):
        return _("A version of the agreement that is in force at that time does not have this plan.")
    return _("This is no date and time.")
