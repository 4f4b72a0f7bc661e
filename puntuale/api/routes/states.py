"""How tickets go on and end, and in whose hands they are."""

from django.http import Http404
from ninja import Router
from pydantic import Field

from puntuale.api import finding
from puntuale.api.calls import Call
from puntuale.api.door import does
from puntuale.api.told.tickets import TicketTold
from puntuale.api.values import Asked, Flag, GivenNumber, MaybeExplanation, Number
from puntuale.people.models import Person
from puntuale.tickets import assignment, following, merging, rating, resolution, splitting, texts, waiting
from puntuale.tickets.models import Cancellation, Ticket

router = Router(tags=["State"])


class Hands(Asked):
    """In whose hands a ticket is put."""

    to: GivenNumber | None = Field(description="Somebody who works for the vendor; null for nobody.")


class NewCancellation(Asked):
    """Why a ticket is cancelled."""

    because: Cancellation.Because
    text: MaybeExplanation = Field("", description="What the customer is told. Only spam needs no words.")
    of: GivenNumber | None = Field(None, description="The ticket that a duplicate repeats.")


class Opinion(Asked):
    """What a customer thinks of the answer."""

    good: Flag
    comment: MaybeExplanation = ""


class Merge(Asked):
    """Which ticket another one becomes part of."""

    into: GivenNumber


class Subject(Asked):
    """What a ticket is about."""

    subject: str = Field(max_length=texts.LONGEST_SUBJECT)


class Reader(Asked):
    """Somebody who reads along."""

    person: GivenNumber


@does(router, "/tickets/{number}/assignment", gives=TicketTold)
def assign_ticket(request: Call, number: Number, hands: Hands) -> TicketTold:
    """Put a ticket into the hands of a colleague, or of nobody. It keeps no promise."""
    found = finding.ticket_to_change(request, number)
    to = None if hands.to is None else finding.person(hands.to, "body.to")
    if to is not None and not to.works_for_vendor:
        raise finding.missing("body.to")
    assignment.assign(found, to=to, by=request.person, at=request.at)
    return finding.told_anew(request, number)


@does(router, "/tickets/{number}/waiting", gives=TicketTold)
def wait_for_customer(request: Call, number: Number) -> TicketTold:
    """Wait for the customer. Goals stand still meanwhile; the first response never does."""
    waiting.wait(finding.ticket_to_change(request, number), by=request.person, at=request.at)
    return finding.told_anew(request, number)


@does(router, "/tickets/{number}/continuation", gives=TicketTold)
def go_on(request: Call, number: Number) -> TicketTold:
    """Go on with a ticket without waiting any longer."""
    waiting.go_on(finding.ticket_to_change(request, number), by=request.person, at=request.at)
    return finding.told_anew(request, number)


@does(router, "/tickets/{number}/resolution", gives=TicketTold)
def resolve_ticket(request: Call, number: Number) -> TicketTold:
    """Resolve a ticket. One that nobody has answered cannot be: that would let its promise go."""
    resolution.resolve(finding.ticket_to_change(request, number), by=request.person, at=request.at)
    return finding.told_anew(request, number)


@does(router, "/tickets/{number}/closure", gives=TicketTold)
def close_ticket(request: Call, number: Number) -> TicketTold:
    """Close a ticket as its customer: it is resolved once it was answered, else withdrawn."""
    resolution.close(finding.ticket_to_change(request, number), by=request.person, at=request.at)
    return finding.told_anew(request, number)


@does(router, "/tickets/{number}/reopening", gives=TicketTold)
def reopen_ticket(request: Call, number: Number) -> TicketTold:
    """Open a resolved ticket again. The first response stays as it ended."""
    resolution.reopen(finding.ticket_to_change(request, number), by=request.person, at=request.at)
    return finding.told_anew(request, number)


@does(router, "/tickets/{number}/cancellation", gives=TicketTold)
def cancel_ticket(request: Call, number: Number, cancellation: NewCancellation) -> TicketTold:
    """Cancel a ticket for a reason, and tell the customer. A promise that was missed stays missed."""
    found = finding.ticket_to_change(request, number)
    resolution.cancel(
        found,
        because=cancellation.because,
        telling=cancellation.text,
        of=None if cancellation.of is None else _named(request, cancellation.of, "body.of"),
        by=request.person,
        at=request.at,
    )
    return finding.told_anew(request, number)


@does(router, "/tickets/{number}/restoration", gives=TicketTold)
def restore_ticket(request: Call, number: Number) -> TicketTold:
    """Bring a cancelled ticket back, with the promise it had."""
    resolution.restore(finding.ticket_to_change(request, number), by=request.person, at=request.at)
    return finding.told_anew(request, number)


@does(router, "/tickets/{number}/rating", gives=TicketTold)
def rate_ticket(request: Call, number: Number, opinion: Opinion) -> TicketTold:
    """Say whether the answer was good. Saying it again takes the place of the first."""
    found = finding.ticket_to_change(request, number)
    rating.rate(found, good=opinion.good, comment=opinion.comment, by=request.person, at=request.at)
    return finding.told_anew(request, number)


@does(router, "/tickets/{number}/merge", gives=TicketTold)
def merge_ticket(request: Call, number: Number, merge: Merge) -> TicketTold:
    """Merge a ticket into another one, which takes over the earlier due time, and give that one."""
    into = _named(request, merge.into, "body.into")
    found = finding.ticket_to_change(request, number, into)
    merging.merge(found, into=into, by=request.person, at=request.at)
    return finding.told_anew(request, merge.into)


@does(router, "/tickets/{number}/separation", gives=TicketTold)
def separate_ticket(request: Call, number: Number) -> TicketTold:
    """Make a merged ticket one of its own again."""
    merging.unmerge(finding.ticket_to_change(request, number), by=request.person, at=request.at)
    return finding.told_anew(request, number)


@does(router, "/tickets/{number}/messages/{key}/split", gives=TicketTold, status=201)
def split_ticket(request: Call, number: Number, key: Number, subject: Subject) -> TicketTold:
    """Make a message of the customer a ticket of its own, and give that one."""
    message = finding.ticket_to_change(request, number).messages.filter(pk=key).first()
    if message is None:
        raise Http404
    new = splitting.split(message, subject=subject.subject, by=request.person, at=request.at)
    return finding.told_anew(request, new.number)


@does(router, "/tickets/{number}/followers", gives=TicketTold)
def follow_ticket(request: Call, number: Number, reader: Reader) -> TicketTold:
    """Let somebody read along: a colleague of the customer, or somebody who works for the vendor."""
    found = finding.ticket_to_change(request, number)
    person = _reader(request, found, reader.person)
    following.follow(found, person=person, by=request.person, at=request.at)
    return finding.told_anew(request, number)


@does(router, "/tickets/{number}/followers/{person}/removal", gives=TicketTold)
def unfollow_ticket(request: Call, number: Number, person: Number) -> TicketTold:
    """Let somebody read along no more."""
    found = finding.ticket_to_change(request, number)
    follower = found.followers.select_related("person").filter(person=person).first()
    if follower is None:
        raise Http404
    told = finding.told(request, found)
    following.unfollow(found, person=follower.person, by=request.person, at=request.at)
    # Whoever took herself off a ticket of a colleague does not see it any more; nothing that is told has changed.
    return told


def _named(call: Call, number: int, field: str) -> Ticket:
    """Return a ticket that is named in a body. Raises Refused."""
    try:
        return finding.ticket(call, number)
    except Http404 as problem:
        raise finding.missing(field) from problem


def _reader(call: Call, ticket: Ticket, number: int) -> Person:
    """Return somebody who may read along, as far as whoever asks may know of her. Raises Refused."""
    people = Person.objects.filter(pk=number, left_at=None)
    if not call.person.works_for_vendor:
        people = people.filter(organisation=ticket.organisation_id)
    person = people.first()
    if person is None or not (person.works_for_vendor or person.organisation_id == ticket.organisation_id):
        raise finding.missing("body.person")
    return person
