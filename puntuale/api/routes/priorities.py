"""Changing the priority of a ticket: fairly, with a reason, and open to objection."""

from typing import TypeVar

from django.db.models import Model
from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from puntuale.api import etags, finding
from puntuale.api.calls import Call
from puntuale.api.door import does, reads
from puntuale.api.problems import of_field
from puntuale.api.told.priorities import ChangeTaken, Claims, PreviewTold
from puntuale.api.told.tickets import TicketTold
from puntuale.api.values import (
    Asked,
    EnvironmentKey,
    Explanation,
    Flag,
    GivenNumber,
    MaybeExplanation,
    Number,
    PriorityKey,
)
from puntuale.tickets import classification
from puntuale.tickets.models import Disagreement, Grounds, ImpactReport, Lowering, Reclassification

router = Router(tags=["Priority"])
Claim = TypeVar("Claim", bound=Model)


class PreviewAsked(Asked):
    """The change that is thought about."""

    priority: PriorityKey
    environment: EnvironmentKey | None = Field(
        None, description="Where the problem shows, if not where the ticket says."
    )


class NewChange(Asked):
    """A change of priority, with its reason and what the customer is told."""

    priority: PriorityKey
    was: PriorityKey | None = Field(
        None,
        description="The priority that the ticket has as far as you know: needed, unless If-Match says what you read. "
        "When it has another one by now, nothing is done (409).",
    )
    because: Grounds
    text: Explanation = Field(description="What the customer is told.")
    environment: EnvironmentKey | None = Field(
        None, description="Where the problem shows, if not where the ticket says."
    )


class NewReport(Asked):
    """A customer's report that the impact grew."""

    priority: PriorityKey = Field(description="A more urgent one.")
    text: Explanation


class NewDisagreement(Asked):
    """A customer's disagreement with a change of ours."""

    change: GivenNumber = Field(description="The change, by the `id` that its event has.")
    text: MaybeExplanation = ""


class Confirmation(Asked):
    """What is decided about a lowering that was proposed."""

    confirm: Flag


class Judgement(Asked):
    """What is decided about what a customer claims, and what she is told."""

    agree: Flag
    text: Explanation


@reads(router, "/tickets/{number}/reclassification", gives=PreviewTold)
def preview_reclassification(request: Call, number: Number, asked: Query[PreviewAsked]) -> PreviewTold:
    """Tell what a change of priority would do, without making it."""
    found = finding.ticket(request, number)
    preview = classification.preview(found, to=asked.priority, environment=asked.environment, at=request.at)
    return PreviewTold.of(preview)


@does(router, "/tickets/{number}/reclassification", gives=ChangeTaken)
def reclassify(request: Call, number: Number, change: NewChange) -> ChangeTaken:
    """Change the priority of a ticket, with a reason, and tell the customer why.

    Say what priority you believe it has (`was`), or send If-Match: of two changes at once, the second is refused. The
    reason has to fit the direction, and where the problem shows. A lowering with little time left, or after a miss,
    waits until a manager confirms it.
    """
    found = finding.ticket_to_change(request, number)
    if change.was is None and not etags.expected(request):
        raise of_field("body.was", "missing", _("This field is needed."))
    made = classification.reclassify(
        found,
        to=change.priority,
        was=change.was,
        because=change.because,
        telling=change.text,
        environment=change.environment,
        by=request.person,
        at=request.at,
    )
    return ChangeTaken(waits=isinstance(made, Lowering), ticket=finding.told_anew(request, number))


@does(router, "/tickets/{number}/impact", gives=ChangeTaken)
def report_impact(request: Call, number: Number, report: NewReport) -> ChangeTaken:
    """Report that the impact grew. It takes effect at once, unless we had lowered the ticket before."""
    found = finding.ticket_to_change(request, number)
    made = classification.report_impact(found, to=report.priority, text=report.text, by=request.person, at=request.at)
    return ChangeTaken(waits=made.decided_at is None, ticket=finding.told_anew(request, number))


@does(router, "/tickets/{number}/disagreements", gives=TicketTold)
def disagree(request: Call, number: Number, disagreement: NewDisagreement) -> TicketTold:
    """Disagree with a change of priority. A manager looks at it. Once for each change."""
    found = finding.ticket_to_change(request, number)
    change = Reclassification.objects.filter(ticket=found, pk=disagreement.change).first()
    if change is None:
        raise finding.missing("body.change")
    classification.disagree(change, text=disagreement.text, by=request.person, at=request.at)
    return finding.told_anew(request, number)


@reads(router, "/tickets/{number}/claims", gives=Claims)
def list_claims(request: Call, number: Number) -> Claims:
    """List what waits to be decided about a ticket: lowerings, disagreements, reports of impact."""
    return Claims.of(finding.ticket(request, number))


@does(router, "/tickets/{number}/lowerings/{key}/decision", gives=TicketTold)
def decide_lowering(request: Call, number: Number, key: Number, decision: Confirmation) -> TicketTold:
    """Confirm a lowering that a colleague proposed, or leave the priority as it is."""
    lowering = _claim(request, number, Lowering, key)
    decide = classification.confirm if decision.confirm else classification.decline
    decide(lowering, by=request.person, at=request.at)
    return finding.told_anew(request, number)


@does(router, "/tickets/{number}/disagreements/{key}/decision", gives=TicketTold)
def decide_disagreement(request: Call, number: Number, key: Number, decision: Judgement) -> TicketTold:
    """Decide for a customer who disagrees, so that the priority she had comes back, or against her."""
    disagreement = _claim(request, number, Disagreement, key)
    decide = classification.uphold if decision.agree else classification.overrule
    decide(disagreement, telling=decision.text, by=request.person, at=request.at)
    return finding.told_anew(request, number)


@does(router, "/tickets/{number}/reports/{key}/decision", gives=TicketTold)
def decide_report(request: Call, number: Number, key: Number, decision: Judgement) -> TicketTold:
    """Follow a customer who reports that the impact grew, or leave the priority as it is."""
    report = _claim(request, number, ImpactReport, key)
    decide = classification.accept if decision.agree else classification.turn_down
    decide(report, telling=decision.text, by=request.person, at=request.at)
    return finding.told_anew(request, number)


def _claim(call: Call, number: int, table: type[Claim], key: int) -> Claim:
    """Return what is to be decided on a ticket. Raises Http404."""
    found = finding.ticket_to_change(call, number)
    claim = table._default_manager.filter(pk=key, ticket=found).first()
    if claim is None:
        raise Http404
    return claim
