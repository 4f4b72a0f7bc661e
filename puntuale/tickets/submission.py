"""A customer sends a ticket, and gets a promise."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from puntuale.agreements.models import Product
from puntuale.agreements.reading import agreement_in_force, plan_in_force
from puntuale.guarantee.agreement import Agreement
from puntuale.guarantee.facts import Phase
from puntuale.guarantee.promise import Promise, quote
from puntuale.people.models import Person
from puntuale.tickets import attachments, limits, searching, texts
from puntuale.tickets.events import record
from puntuale.tickets.models import Audience, Kind, Message, Ticket
from puntuale.tickets.once import AGAIN_WITHIN, KeySpent
from puntuale.tickets.rights import agents_only


class NotACustomer(PermissionError):
    """Only people of an organisation send tickets."""


class SubmittedByAnother(PermissionError):
    """The submission key belongs to a ticket of somebody else."""


def submit(
    *,
    requester: Person,
    subject: str,
    body: str,
    environment: str,
    product: Product | None,
    priority: str | None,
    key: UUID,
    at: datetime,
    files: Sequence[str] = (),
    is_plain: bool = False,
) -> Ticket:
    """Return the new ticket, with the promise made to it in the same transaction (rule 6).

    `key` names this submission: sending it again, by a double click or a lost connection, gives the ticket it made the
    first time. No priority is the default one. `files` are keys of attachments that the requester uploaded;
    `is_plain` tells that the body is no Markdown. Raises TextRefused, PriorityBarred, UnknownTerm, NotACustomer,
    NothingInForce, FilesRefused, TooMany.
    """
    return take(
        requester=requester,
        subject=subject,
        body=body,
        environment=environment,
        product=product,
        priority=priority,
        key=key,
        at=at,
        by=requester,
        files=files,
        is_plain=is_plain,
    )


def open_for(
    requester: Person,
    *,
    subject: str,
    body: str,
    environment: str,
    product: Product | None,
    priority: str | None,
    key: UUID,
    by: Person,
    at: datetime,
    files: Sequence[str] = (),
) -> Ticket:
    """Return the ticket that an agent opens for a customer, after a phone call. It has a promise like any other.

    The agent's first public message keeps it, which may follow at once (rule 7). Raises NotAnAgent and what `submit`
    raises.
    """
    agents_only(by)
    return take(
        requester=requester,
        subject=subject,
        body=body,
        environment=environment,
        product=product,
        priority=priority,
        key=key,
        at=at,
        by=by,
        files=files,
    )


def take(
    *,
    requester: Person,
    subject: str,
    body: str,
    environment: str,
    product: Product | None,
    priority: str | None,
    key: UUID,
    at: datetime,
    by: Person,
    since: datetime | None = None,
    files: Sequence[str] = (),
    is_plain: bool = False,
    is_unproven: bool = False,
) -> Ticket:
    """Return the ticket of `requester` that `by` wrote down. `since` is an earlier start of its clock, for a split.

    `is_unproven` tells that nothing proves it is from them, as of most mail that is forged.
    """
    if requester.organisation is None:
        raise NotACustomer(requester.pk)
    said_subject, said_body = texts.subject(subject), texts.body(body, is_plain=is_plain)
    if found := _submitted_before(key, requester, said_subject, said_body):
        return found
    try:
        with transaction.atomic():
            terms = _terms(requester, environment=environment, product=product, priority=priority, at=at)
            if not by.works_for_vendor:
                _refuse_too_many(requester, terms["priority"], at, is_unproven=is_unproven)
            ticket = Ticket.objects.create(
                submission_key=key,
                subject=said_subject,
                organisation=requester.organisation,
                requester=requester,
                product=product,
                environment=environment,
                priority=terms["priority"],
                plan=terms["plan"],
                submitted_at=at,
                phase_since=at,
                last_event_at=at,
            )
            message = Message.objects.create(
                ticket=ticket,
                author=requester,
                audience=Audience.PUBLIC,
                body=said_body,
                is_plain=is_plain,
                written_at=at,
            )
            attachments.send_along(files, message, by=by)
            started: dict[str, object] = {} if since is None else {"since": since.isoformat()}
            if is_unproven:
                started[limits.UNPROVEN] = True
            record(ticket, Kind.SUBMITTED, at=at, by=by, facts=started | terms | {"message": message.pk})
            searching.begin(ticket, said_body)
            return ticket
    except IntegrityError:
        # The same submission arrived twice at once, and the other one was first.
        if found := _submitted_before(key, requester, said_subject, said_body):
            return found
        raise


def sent_just_now(requester: Person, *, subject: str, body: str, files: Sequence[str], at: datetime) -> Ticket | None:
    """Return the latest ticket of somebody, when they send just that once more while it is open; else None.

    Whoever goes back in their browser finds what they sent in the form, and it may come with the key of a newer page.
    """
    lately = Ticket.objects.filter(requester=requester, submitted_at__gt=at - AGAIN_WITHIN)
    latest = lately.order_by("-pk").first()
    if latest is None or latest.phase != Phase.OPEN or latest.subject != " ".join(subject.split()):
        return None
    first = latest.messages.order_by("pk").first()
    if first is None or first.body != texts.uniform(body):
        return None
    return latest if attachments.contents(files) == attachments.contents_of(first) else None


def quote_for(
    person: Person, *, environment: str, product: Product | None, priority: str | None, at: datetime
) -> Promise:
    """Return what a ticket of this person would be promised if she sent it now. Raises as `submit` does."""
    agreement = agreement_in_force(at)
    return quote(
        agreement,
        plan=plan_in_force(person.organisation, at, agreement),
        priority=priority,
        environment=environment,
        stage=stage_of(product, agreement),
        at=at,
    )


def stage_of(product: Product | None, agreement: Agreement) -> str:
    """Return the stage a ticket is judged by: that of its product, or the usual one when it is about none.

    A stage that the agreement does not know, because a later version dropped it, counts as the usual one.
    """
    known = {stage.key for stage in agreement.stages}
    return product.stage if product and product.stage in known else agreement.usual_stage


def _terms(
    requester: Person, *, environment: str, product: Product | None, priority: str | None, at: datetime
) -> dict[str, Any]:
    """Return what a ticket is promised by: read with it, so that no other contract comes in between."""
    agreement = agreement_in_force(at)
    return {
        "version": agreement.version,
        "plan": plan_in_force(requester.organisation, at, agreement),
        "priority": agreement.choose(priority=priority, environment=environment).key,
        "chosen": bool(priority),
        "environment": environment,
        "product": product.pk if product else None,
        "stage": stage_of(product, agreement),
    }


def _refuse_too_many(requester: Person, priority: str, at: datetime, *, is_unproven: bool) -> None:
    most_urgent = agreement_in_force(at).priorities[0].key
    is_urgent = priority == most_urgent
    limits.refuse_too_many_tickets(
        requester, is_urgent=is_urgent, most_urgent=most_urgent, at=at, is_unproven=is_unproven
    )


def _submitted_before(key: UUID, requester: Person, subject: str, body: str) -> Ticket | None:
    """Return the ticket that was made with this key, or None. Raises SubmittedByAnother, and KeySpent for another text.

    Going back to a form and writing something else in it must not lose what was written.
    """
    found = Ticket.objects.filter(submission_key=key).first()
    if found is None:
        return None
    if found.requester_id != requester.pk:
        raise SubmittedByAnother(key)
    if (found.subject, _first_text(found)) != (subject, body):
        raise KeySpent(key)
    return found


def _first_text(ticket: Ticket) -> str | None:
    return ticket.messages.order_by("pk").values_list("body", flat=True).first()
