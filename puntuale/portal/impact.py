"""What a customer may report when the impact grew: more urgent priorities, each with the time it would give."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from puntuale.guarantee.facts import Phase
from puntuale.tickets import classification
from puntuale.tickets.classification import Preview
from puntuale.tickets.models import ImpactReport, Ticket
from puntuale.tickets.priorities import agreement_for
from puntuale.wording import moments


@dataclass(frozen=True, slots=True)
class Raise:
    """A priority that is more urgent than a ticket's, what it means, and the time it would give, in words."""

    key: str
    name: str
    meaning: str
    gives: str


def waiting_report(ticket: Ticket) -> ImpactReport | None:
    """Return the report on a ticket that waits for an agent, or None."""
    return ticket.impact_reports.filter(decided_at=None).first()


def raises(ticket: Ticket, *, language: str, zone: ZoneInfo, at: datetime) -> list[Raise]:
    """Return what may be reported on an open ticket, the most urgent first; nothing on one that is not open."""
    if ticket.phase not in {Phase.OPEN, Phase.WAITING}:
        return []
    agreement, found = agreement_for(ticket), []
    for priority in agreement.priorities:
        if priority.key == ticket.priority:
            break
        if agreement.allows(priority, ticket.environment):
            preview = classification.preview(ticket, to=priority.key, at=at)
            name, meaning = priority.name.in_language(language), priority.meaning.in_language(language)
            found.append(Raise(priority.key, name, meaning, _gives(preview, language, zone, at)))
    return found


def _gives(preview: Preview, language: str, zone: ZoneInfo, at: datetime) -> str:
    if not preview.still_owed:
        return _("answered already")
    if preview.due_after is None:
        return _("no guarantee")
    due = preview.due_after
    return moments.near(due, language, zone, now=at)
