"""What happens to a ticket, in a letter to one person: in her language and zone, as text and as HTML."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from puntuale.guarantee.facts import Phase
from puntuale.mail import contents, drawing
from puntuale.mail.due_event import due_event
from puntuale.mail.incoming.origins import bare_subject
from puntuale.mail.models import MailedMessage, Proof
from puntuale.mail.telling import TICKET
from puntuale.mail.threads import Thread, reply_address
from puntuale.people.models import Person
from puntuale.sending.kinds import Kind as KindOfLetter
from puntuale.sending.kinds import register as register_kind
from puntuale.sending.letters import Letter
from puntuale.sending.models import Intent
from puntuale.tickets.models import Event, Kind, Ticket
from puntuale.tickets.reading import visible_to

MOST_LISTED = 50


def register() -> None:
    """Let letters about tickets be told."""
    register_kind(KindOfLetter(TICKET, unwanted=unwanted, write=write))


def unwanted(intents: Sequence[Intent]) -> Mapping[int, str]:
    """Return why some letters need not be sent any more.

    She no longer may see the ticket; the arrival of one that was answered meanwhile, or called off, is no news. And
    what came by a mail that may not be hers is not sent to her, or anybody could have us write to anybody. A mail that
    looks like a program's is not confirmed, or two programs might answer each other.
    """
    events = _events(intents)
    mailed = _mailed(events.values())
    why = {}
    for intent in intents:
        event, person = events[intent.about], intent.person
        if person is None or not visible_to(person).filter(pk=event.ticket_id).exists():
            why[intent.pk] = "may_not_see"
        elif mail := _unsent(event, mailed):
            why[intent.pk] = mail
        elif event.kind == Kind.SUBMITTED and event.ticket.answered_at is not None:
            why[intent.pk] = "answered"
        elif event.kind == Kind.SUBMITTED and event.ticket.phase == Phase.CANCELLED:
            why[intent.pk] = "cancelled"
    return why


def write(intents: Sequence[Intent], at: datetime) -> Letter:
    """Return the letter about one event, or one that lists many."""
    person = intents[0].person
    assert person is not None
    events = _events(intents)
    told = sorted((events[intent.about] for intent in intents), key=lambda event: (event.at, event.pk))
    with translation.override(person.language):
        return _one(told[0], person, at) if len(told) == 1 else _many(told, person)


def _one(event: Event, person: Person, at: datetime) -> Letter:
    ticket, link = event.ticket, page_of(event.ticket, person)
    content = contents.content(event, to=person, at=at)
    answers_to = reply_address(Thread(ticket.pk, person.pk))
    own_mails = _own_mails(ticket, person)
    return Letter(
        subject_of(ticket, is_reply=bool(own_mails)),
        drawing.as_text(content, link=link, takes_answers=bool(answers_to)),
        link=link,
        html=drawing.as_html(content, link=link, takes_answers=bool(answers_to)),
        answers_to=answers_to,
        thread=f"ticket.{ticket.pk}",
        enclosures=due_event(ticket, content.promise, link=link, at=at) if content.is_about_the_promise else (),
        refers_to=own_mails,
        is_by_person=content.is_by_person,
        is_reply=event.kind == Kind.SUBMITTED and bool(own_mails),
    )


def _many(events: Sequence[Event], person: Person) -> Letter:
    tickets = {event.ticket_id: event.ticket for event in events}
    subject = ngettext("News on %(count)d ticket", "News on %(count)d tickets", len(tickets)) % {"count": len(tickets)}
    lines = [f"{subject_of(ticket)}\n{page_of(ticket, person)}" for ticket in list(tickets.values())[:MOST_LISTED]]
    if left := len(tickets) - len(lines):
        lines.append(ngettext("and %(count)d more", "and %(count)d more", left) % {"count": left})
    return Letter(subject, "\n\n".join([subject, *lines]) + "\n")


def subject_of(ticket: Ticket, *, is_reply: bool = False) -> str:
    """Return the subject of all letters about a ticket, so that they stand together: `[#4711] Calls drop`.

    Whoever wrote by mail reads `Re: [#4711] Calls drop`: mail programs take away `Re:` and what stands in brackets
    before they compare subjects (RFC 5256), and show one conversation.
    """
    return (
        f"Re: [#{ticket.number}] {bare_subject(ticket.subject)}" if is_reply else f"[#{ticket.number}] {ticket.subject}"
    )


def _own_mails(ticket: Ticket, person: Person) -> tuple[str, ...]:
    """Return the Message-IDs of the first and the last mail that a person wrote on a ticket."""
    theirs = MailedMessage.objects.filter(message__ticket=ticket, incoming__person=person).exclude(reference="")
    found = list(theirs.order_by("message").values_list("reference", flat=True))
    return tuple(dict.fromkeys([*found[:1], *found[-1:]]))


def page_of(ticket: Ticket, person: Person) -> str:
    """Return the address of a ticket's page behind the door of a person, in the language that is being spoken."""
    name = "desk_ticket" if person.works_for_vendor else "ticket"
    return settings.BASE_URL + reverse(name, args=[ticket.number])


def _mailed(events: Iterable[Event]) -> dict[object, MailedMessage]:
    """Return what is known of the messages of events that came by mail, by their keys."""
    keys = {event.facts["message"] for event in events if "message" in event.facts}
    found = MailedMessage.objects.filter(message__in=keys).select_related("incoming")
    return {one.message_id: one for one in found.defer("incoming__text", "incoming__problem")}


def _unsent(event: Event, mailed: Mapping[object, MailedMessage]) -> str:
    """Return why a letter about a message that came by mail is not sent, or nothing."""
    mail = mailed.get(event.facts.get("message"))
    if mail is None:
        return ""
    if mail.proof == Proof.NONE:
        return "sender_not_proven"
    return "looks_automatic" if event.kind == Kind.SUBMITTED and mail.unconfirmed_because else ""


def _events(intents: Sequence[Intent]) -> dict[int, Event]:
    related = ("ticket__requester", "ticket__organisation", "ticket__product", "ticket__assignee", "by")
    return Event.objects.select_related(*related).in_bulk({intent.about for intent in intents})
