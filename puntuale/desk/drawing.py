"""A ticket as a row of a list, drawn in one piece: a page shows fifty, and templates within templates are slow.

Whatever comes from people or documents goes through `escape`; the rest is ours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from puntuale.desk.phases import phase_since
from puntuale.desk.rows import Row
from puntuale.desk.trail import Trail
from puntuale.guarantee.facts import Phase
from puntuale.looks import chips, times
from puntuale.looks.icons import icon
from puntuale.looks.requests import Admitted, language

PICK = (
    '<td role="cell" class="pick"><label><input type="checkbox" name="tickets" value="{number}"'
    ' aria-labelledby="pick ticket-{number}"></label></td>'
)
ROW = """<tr role="row" data-ticket="{number}">
{pick}<td role="cell" class="due-cell">{due}</td>
<td role="cell" class="p" title="{priority_name}">P{priority}</td>
<td role="cell" class="ticket-cell"><a class="subject" id="ticket-{number}" href="{address}">{subject}</a>
<div class="muted small">#{number} · {organisation} · {plan}</div>{asks}</td>
<td role="cell" class="hide agent-cell">{agent}</td>
</tr>
"""


@dataclass(frozen=True)
class Drawing:
    """What all rows of a list have in common."""

    request: Admitted
    asked: str
    desk: str
    checkable: bool

    @classmethod
    def of(cls, request: Admitted, trail: Trail, *, checkable: bool) -> "Drawing":
        """Return it for one list; `checkable` tells whether its tickets can be selected."""
        return cls(request, trail.asked, reverse("queue"), checkable)

    def row(self, row: Row) -> SafeString:
        """Return one row."""
        ticket, promise = row.ticket, row.promise
        number = str(ticket.number)
        drawn = ROW.format(
            number=number,
            pick=PICK.format(number=number) if self.checkable else "",
            due=chips.chip(promise) + "".join(self._beside_chip(row)),
            priority_name=escape(promise.priority_name),
            priority=escape(promise.priority),
            address=escape(f"{self.desk}{number}/{self.asked}"),
            subject=escape(ticket.subject),
            organisation=escape(ticket.organisation.name),
            plan=escape(promise.plan_name),
            asks="".join(_asks(row)),
            agent=escape(ticket.assignee.name) if ticket.assignee else "\N{EN DASH}",
        )
        return SafeString(drawn)

    def _beside_chip(self, row: Row) -> Iterator[str]:
        if row.goal:
            yield f'\n<span class="muted small">{escape(row.goal)}</span>'
        yield f'\n<span class="muted small">{self._state(row)}</span>' if row.tells_state else chips.due(row.promise)

    def _state(self, row: Row) -> str:
        ticket = row.ticket
        if ticket.phase == Phase.MERGED:
            return escape(_("merged into #%(number)s") % {"number": ticket.merged_into_id})
        since = times.near(ticket.phase_since, language(), self.request.zone, now=self.request.at)
        return f"{escape(phase_since(ticket.phase))} {since}"


def _asks(row: Row) -> Iterator[str]:
    """Yield what is to be decided about a ticket, who mentioned its reader there, and who has it open."""
    for sentence in row.undecided.sentences:
        yield f'<div class="small asks">{icon("scale")} {escape(sentence)}</div>'
    if row.mentioned_by:
        said = _("%(name)s mentioned you") % {"name": row.mentioned_by}
        yield f'<div class="small asks">{icon("at-sign")} {escape(said)}</div>'
    if row.watched:
        said = _("%(names)s has it open") % {"names": ", ".join(row.watched)}
        yield f'<div class="small watched">{icon("eye")} {escape(said)}</div>'
