"""What a letter about an event says, sentence by sentence, in the language that is being spoken."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from puntuale.guarantee import zones
from puntuale.guarantee.facts import Phase
from puntuale.guarantee.promise import State
from puntuale.looks.happenings import happening
from puntuale.looks.promises import ShownPromise
from puntuale.mail.models import MailedMessage
from puntuale.people.models import Person
from puntuale.tickets import resolution, timeline
from puntuale.tickets.models import Event, Kind, Ticket
from puntuale.tickets.reading import standings
from puntuale.tickets.timeline import Entry
from puntuale.wording import moments, notices

LONGEST = 20_000
"""Of a longer message a letter holds so much; the whole stands on the ticket's page."""
ON_THE_PROMISE = frozenset(
    {Kind.SUBMITTED, Kind.RECLASSIFIED, Kind.ASSIGNED, Kind.MERGED, Kind.UNMERGED, Kind.TOOK_OVER}
)


class NothingToTell(LookupError):
    """The reader may not see what happened."""


@dataclass(frozen=True)
class Content:
    """What happened, what somebody wrote along with it, what follows from it, and the ticket's facts by their names.

    `said` is what was written, as Markdown or, if `is_plain`, as plain text; `is_cut` tells that a letter is too small
    for it, `leaves_out_quotes` that what it quotes is left out, which the reader has. `is_by_person` tells that the
    letter brings what a person wrote.
    """

    ticket: Ticket
    promise: ShownPromise
    lead: str
    said: str
    is_plain: bool
    is_cut: bool
    files: list[str]
    follows: list[str]
    facts: list[tuple[str, str]]
    is_about_the_promise: bool
    leaves_out_quotes: bool
    is_by_person: bool


def content(event: Event, *, to: Person, at: datetime) -> Content:
    """Return what a letter tells one reader of an event. Raises NothingToTell for what is not for her."""
    ticket, language, zone = event.ticket, get_language() or "en", zones.zone(to.zone_name)
    entry = next((one for one in timeline.tell(ticket, to=to).entries if one.event.pk == event.pk), None)
    if entry is None:
        raise NothingToTell(event.pk)
    found = standings([ticket, _answering(ticket)], at=at)
    promise, answering = (ShownPromise(standing, language, zone) for standing in found)
    kind = Kind(event.kind)
    mail = _mail(entry)
    said = _said(entry, mail)
    follows = [_what_follows[kind](entry, promise)] if kind in _what_follows else []
    if kind in ON_THE_PROMISE:
        follows.append(when_answered(answering))
    return Content(
        ticket,
        promise,
        _lead(entry, to),
        said[:LONGEST],
        entry.message is not None and entry.message.is_plain and bool(said),
        len(said) > LONGEST,
        [file.name for file in entry.files],
        [line for line in follows if line],
        _facts(promise, to),
        kind in ON_THE_PROMISE and promise.is_running,
        mail is not None and entry.message is not None and said.rstrip() != entry.message.body.rstrip(),
        bool(said.strip()) and not (mail and mail.unconfirmed_because),
    )


def _answering(ticket: Ticket) -> Ticket:
    """Return the ticket on which an answer comes: the one that a merged ticket went into, however often."""
    while ticket.merged_into is not None:
        ticket = ticket.merged_into
    return ticket


def when_answered(promise: ShownPromise) -> str:
    """Return by when a human will have answered, or that no time is guaranteed and why; nothing once it is over."""
    if promise.state is State.NO_GUARANTEE:
        return _("There is no guaranteed response time: %(reason)s.") % {"reason": promise.target}
    if promise.is_missed and promise.standing.is_owed:
        return _("We should have replied by %(due)s. We still owe you a reply.") % {"due": promise.due_dated}
    if promise.is_running and promise.due_at is not None:
        told = {"due": promise.due_dated, "target": promise.target}
        return _("A human will answer by %(due)s: %(target)s.") % told
    return ""


def _lead(entry: Entry, to: Person) -> str:
    who = {"by": entry.by.name if entry.by else ""}
    kind = Kind(entry.kind)
    if kind == Kind.SUBMITTED and entry.by is not None and entry.by.pk == to.pk:
        return _("We have your ticket.")
    if kind == Kind.SUBMITTED:
        return _("%(by)s opened this ticket for you.") % who
    if kind == Kind.RECLASSIFIED and entry.change is not None:
        told = {"was": entry.change.was, "became": entry.change.became}
        because = notices.grounds(entry.change.grounds, get_language() or "en")
        return _("Priority %(was)s became %(became)s: %(because)s") % {**told, "because": f"{because}."}
    sentence = _LEADS.get(kind)
    return sentence() % who if sentence else f"{happening(entry).text}."


_LEADS: dict[Kind, Callable[[], str]] = {
    Kind.ANSWERED: lambda: _("%(by)s answered:"),
    Kind.CUSTOMER_WROTE: lambda: _("%(by)s wrote:"),
    Kind.ASSIGNED: lambda: _("%(by)s gave you this ticket."),
}


def _mail(entry: Entry) -> MailedMessage | None:
    """Return how what a customer wrote came by mail, or None."""
    if entry.kind != Kind.CUSTOMER_WROTE or entry.message is None:
        return None
    return MailedMessage.objects.select_related("incoming").filter(message=entry.message).first()


def _said(entry: Entry, mail: MailedMessage | None) -> str:
    """Return what was written: not what the reader of a confirmation wrote, nor what a customer quotes of ours."""
    if entry.kind == Kind.SUBMITTED:
        return ""
    if entry.change is not None:
        return entry.change.text
    if entry.message is None:
        return entry.words
    own = "\n".join(entry.message.body.split("\n")[: mail.own_lines]).rstrip() if mail else ""
    return own if own.strip() else entry.message.body


def _after_an_answer(entry: Entry, promise: ShownPromise) -> str:
    then = entry.event.facts.get("then")
    if then == Phase.WAITING.value:
        return _("We asked you something and go on as soon as you write.")
    return _after_resolving(entry, promise) if then == Phase.RESOLVED.value else ""


def _after_resolving(entry: Entry, promise: ShownPromise) -> str:
    ticket = entry.event.ticket
    if ticket.phase != Phase.RESOLVED:
        return ""
    until = moments.moment(
        resolution.reopens_until(ticket, at=promise.standing.at), promise.language, promise.zone, now=entry.at
    )
    return _("We consider it resolved. If it is not, write to us until %(until)s, and it is open again.") % {
        "until": until
    }


def _after_a_change(entry: Entry, promise: ShownPromise) -> str:  # noqa: ARG001 -- all are asked alike
    ours = entry.by is not None and entry.by.works_for_vendor
    return _("If you disagree, say so on the page of the ticket: a manager will look at it.") if ours else ""


_what_follows: dict[Kind, Callable[[Entry, ShownPromise], str]] = {
    Kind.ANSWERED: _after_an_answer,
    Kind.RESOLVED: _after_resolving,
    Kind.RECLASSIFIED: _after_a_change,
}


def _facts(promise: ShownPromise, to: Person) -> list[tuple[str, str]]:
    ticket = promise.ticket
    told = [
        (_("Ticket"), f"#{ticket.number} {ticket.subject}"),
        (_("Priority"), f"{promise.priority} \N{MIDDLE DOT} {promise.priority_name}"),
        (_("Plan"), promise.plan_name),
    ]
    if to.works_for_vendor:
        told.insert(1, (_("Organisation"), ticket.organisation.name))
    if ticket.product is not None:
        told.append((_("Product"), ticket.product.name))
    return told
