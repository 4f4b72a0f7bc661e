"""Changes of priority, and what is claimed about them."""

from pydantic import Field

from puntuale.api.told.people import PersonNamed
from puntuale.api.told.tickets import TicketTold
from puntuale.api.values import Instant, Told
from puntuale.guarantee.agreement import Reason
from puntuale.guarantee.promise import Promise
from puntuale.tickets.classification import Preview
from puntuale.tickets.models import Disagreement, Grounds, ImpactReport, Lowering, Ticket


class PromiseThought(Told):
    """A promise that is, or would be."""

    priority: str
    target: str | None
    no_guarantee: Reason | None
    due_at: Instant | None


class PreviewTold(Told):
    """What a change of priority would do."""

    before: PromiseThought
    after: PromiseThought
    raises: bool = Field(description="Whether the ticket would become more urgent.")
    needs_manager: bool = Field(description="Whether a manager would have to confirm it.")
    still_owed: bool = Field(description="Whether the first response is still owed.")

    @classmethod
    def of(cls, preview: Preview) -> "PreviewTold":
        """Return it as it is told."""
        return cls(
            before=_thought(preview.before, preview.due_before),
            after=_thought(preview.after, preview.due_after),
            raises=preview.raises,
            needs_manager=preview.needs_manager,
            still_owed=preview.still_owed,
        )


class ChangeTaken(Told):
    """What became of a change that was asked for."""

    waits: bool = Field(description="Whether somebody has to decide it first; until then everything stays.")
    ticket: TicketTold


class LoweringTold(Told):
    """A lowering that waits for a manager."""

    id: int
    to: str
    because: Grounds
    text: str
    by: PersonNamed
    at: Instant


class DisagreementTold(Told):
    """A customer's disagreement with a change."""

    id: int
    change: int
    text: str
    by: PersonNamed
    at: Instant


class ReportTold(Told):
    """A customer's report that the impact grew."""

    id: int
    to: str
    text: str
    by: PersonNamed
    at: Instant


class Claims(Told):
    """What waits to be decided about a ticket."""

    lowerings: list[LoweringTold]
    disagreements: list[DisagreementTold]
    reports: list[ReportTold]

    @classmethod
    def of(cls, ticket: Ticket) -> "Claims":
        """Return what waits."""
        return cls(
            lowerings=[_lowering(one) for one in ticket.lowerings.filter(decided_at=None).select_related("by")],
            disagreements=[
                _disagreement(one) for one in ticket.disagreements.filter(decided_at=None).select_related("by")
            ],
            reports=[_report(one) for one in ticket.impact_reports.filter(decided_at=None).select_related("by")],
        )


def _thought(promise: Promise, due_at: Instant | None) -> PromiseThought:
    target = str(promise.target) if promise.target else None
    return PromiseThought(priority=promise.priority, target=target, no_guarantee=promise.reason, due_at=due_at)


def _lowering(one: Lowering) -> LoweringTold:
    because, by = Grounds(one.grounds), PersonNamed.of(one.by)
    return LoweringTold(id=one.pk, to=one.to, because=because, text=one.text, by=by, at=one.at)


def _disagreement(one: Disagreement) -> DisagreementTold:
    by = PersonNamed.of(one.by)
    return DisagreementTold(id=one.pk, change=one.reclassification_id, text=one.text, by=by, at=one.at)


def _report(one: ImpactReport) -> ReportTold:
    return ReportTold(id=one.pk, to=one.to, text=one.text, by=PersonNamed.of(one.by), at=one.at)
