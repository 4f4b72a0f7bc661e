"""Tickets: sent, listed, read, found."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from puntuale.agreements.reading import agreement_in_force
from puntuale.api import finding, idempotency, pages
from puntuale.api.calls import Call
from puntuale.api.door import does, reads
from puntuale.api.pages import Page, PageAsked
from puntuale.api.problems import of_field, together
from puntuale.api.told.tickets import TicketLine, TicketTold
from puntuale.api.values import Asked, EnvironmentKey, GivenNumber, Instant, Number, PlanKey, PriorityKey, says
from puntuale.guarantee.facts import Phase
from puntuale.people.models import Person
from puntuale.tickets import queues, searching, submission, texts
from puntuale.tickets.attachments import MOST_A_MESSAGE
from puntuale.tickets.models import Event, Ticket
from puntuale.tickets.queues import View
from puntuale.tickets.reading import standings, visible_to
from puntuale.tickets.timeline import CHANGES_FOR_CUSTOMERS

router = Router(tags=["Tickets"])

FileKeys = Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=MOST_A_MESSAGE)]


class NewTicket(Asked):
    """A ticket that is to be sent. Plan, due time and organisation follow from who sends it."""

    subject: Annotated[str, says(texts.subject)] = Field(max_length=texts.LONGEST_SUBJECT, examples=["Calls drop"])
    body: Annotated[str, says(texts.body)] = Field(max_length=texts.LONGEST_BODY, examples=["Since this morning."])
    priority: PriorityKey | None = Field(
        None, description="How urgent it is; the default one of the agreement without it."
    )
    environment: EnvironmentKey | None = Field(
        None, description="Where it shows; the first one of the agreement without it."
    )
    product: GivenNumber | None = Field(None, description="What it is about.")
    requester: GivenNumber | None = Field(
        None,
        description="The customer for whom it is sent: needed by those who work for the vendor, and by nobody else.",
    )
    files: FileKeys = Field(default=[], description="The keys of files that were uploaded.")


class TicketsAsked(PageAsked):
    """Which tickets are asked for. Nothing else can be."""

    queue: View = Field(View.ALL, description="Which queue, in its order. Customers have `all` only.")
    phase: Phase | None = None
    priority: PriorityKey | None = None
    plan: PlanKey | None = None
    environment: EnvironmentKey | None = None
    organisation: Number | None = None
    requester: Number | None = None
    product: Number | None = None
    assignee: Number | None = Field(None, description="Whoever takes care of them. Customers cannot ask for it.")
    due_before: Instant | None = Field(None, description="Those that fall due before then.")
    submitted_since: Instant | None = Field(None, description="Those sent then or later.")
    updated_since: Instant | None = Field(
        None, description="Those to which something happened then or later, in the order in which it did."
    )


class WordsAsked(Asked):
    """What is looked for."""

    q: str = Field(max_length=searching.LONGEST_QUESTION, description="Words, or a number.")


EQUAL = ("phase", "priority", "plan", "environment", "organisation", "requester", "product", "assignee")
RANGES = {"due_before": "due_at__lt", "submitted_since": "submitted_at__gte"}


@reads(router, "/tickets", gives=Page[TicketLine])
def list_tickets(request: Call, asked: Query[TicketsAsked]) -> Page[TicketLine]:
    """List the tickets you may see, the latest first, or in the order of a queue, or of what changed.

    Ask for `updated_since` to keep a copy: what changes while you read on comes later in the list, so nothing is left
    out. A ticket comes twice only when it has changed twice.
    """
    _refuse_what_agents_ask(request, asked)
    narrowed = {column: getattr(asked, name) for name, column in ({name: name for name in EQUAL} | RANGES).items()}
    found = visible_to(request.person).filter(**{name: said for name, said in narrowed.items() if said is not None})
    found, after = found.select_related("requester"), pages.place(request, asked.cursor)
    if asked.updated_since is not None:
        found = queues.in_view(found, asked.queue, by=request.person, at=request.at)
        rows, following = _changed(found, asked, after, request.person)
        return Page(items=_lines(request, rows), next=pages.cursor(request, following))
    page = queues.page(found, asked.queue, by=request.person, at=request.at, after=after, size=asked.limit)
    return Page(items=_lines(request, page.tickets), next=pages.cursor(request, page.following))


@does(router, "/tickets", gives=TicketTold, status=201)
def submit_ticket(request: Call, ticket: NewTicket) -> TicketTold:
    """Send a ticket, and get a promise.

    With the answer the ticket is durably accepted, and its promise counts from then. Send an Idempotency-Key: a request
    that is sent again with the same key makes no second ticket.
    """
    together(*_checks(request, ticket))
    what: dict[str, Any] = {
        "subject": ticket.subject,
        "body": ticket.body,
        "environment": ticket.environment or agreement_in_force(request.at).environments[0].key,
        "product": finding.product(ticket.product),
        "priority": ticket.priority,
        "key": idempotency.key_for_rows(request),
        "at": request.at,
    }
    if request.person.works_for_vendor:
        made = submission.open_for(_requester(ticket), by=request.person, **what)
    else:
        made = submission.submit(requester=request.person, files=ticket.files, **what)
    return finding.told(request, made)


@reads(router, "/tickets/{number}", gives=TicketTold)
def read_ticket(request: Call, number: Number) -> TicketTold:
    """Read a ticket with its promises: state, due time, the worked sum of it, and every promise made before."""
    return finding.told(request, finding.ticket(request, number))


@reads(router, "/search", gives=Page[TicketLine])
def search_tickets(request: Call, asked: Query[WordsAsked]) -> Page[TicketLine]:
    """Find tickets by what is written on them, the most fitting first; at most fifty."""
    found = searching.find(visible_to(request.person), asked.q, by=request.person)
    return Page(items=_lines(request, found), next=None)


def _lines(call: Call, tickets: list[Ticket]) -> list[TicketLine]:
    return [TicketLine.of(standing, call.person) for standing in standings(tickets, at=call.at)]


def _refuse_what_agents_ask(call: Call, asked: TicketsAsked) -> None:
    """Raise Refused for what would tell a customer what happens among agents."""
    if call.person.works_for_vendor:
        return
    asked_for = {"queue": asked.queue is not View.ALL, "assignee": asked.assignee is not None}
    detail = _("Only people who work for the vendor do that.")
    together(
        *(
            partial(_refuse, f"query.{name}", f"{name}.agents_only", detail)
            for name, is_so in asked_for.items()
            if is_so
        )
    )


def _changed(found: QuerySet[Ticket], asked: TicketsAsked, after: str, reader: Person) -> tuple[list[Ticket], str]:
    """Return tickets in the order in which something happened that the reader is told, and where the page ended."""
    if reader.works_for_vendor:
        changed: F | Subquery = F("last_event_at")
    else:
        happened = Event.objects.filter(ticket=OuterRef("pk"), kind__in=CHANGES_FOR_CUSTOMERS)
        changed = Subquery(happened.order_by("-number").values("at")[:1])
    found = found.annotate(changed_at=changed).filter(changed_at__gte=asked.updated_since)
    if after:
        ended, _tilde, number = after.partition("~")
        last = datetime.fromisoformat(ended)
        beyond = Q(changed_at__gt=last) | Q(changed_at=last, pk__gt=int(number))
        found = found.filter(beyond, changed_at__gte=last)
    rows: list[Any] = list(
        found.select_related("organisation", "assignee").order_by("changed_at", "pk")[: asked.limit + 1]
    )
    page = rows[: asked.limit]
    return page, f"{page[-1].changed_at.isoformat()}~{page[-1].pk}" if len(rows) > asked.limit else ""


def _checks(call: Call, ticket: NewTicket) -> Iterator[Callable[[], object]]:
    """Yield what has to be so for a ticket to be sent, apart from its texts and its terms."""
    yield lambda: finding.product(ticket.product)
    if call.person.works_for_vendor:
        yield lambda: _requester(ticket)
    elif ticket.requester not in {None, call.person.pk}:
        yield partial(_refuse, "body.requester", "requester.herself", _("Customers send their own tickets only."))


def _refuse(field: str, rule: str, detail: str) -> None:
    raise of_field(field, rule, detail)


def _requester(ticket: NewTicket) -> Person:
    if ticket.requester is None:
        raise of_field("body.requester", "missing", _("This field is needed."))
    if ticket.files:
        raise of_field("body.files", "files.with_message", _("Files come with a message."))
    return finding.person(ticket.requester, "body.requester")
