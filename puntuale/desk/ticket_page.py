"""The page of a ticket: its promise and story, the boxes to write in, and what is known about the customer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from puntuale.desk import alarms
from puntuale.desk.agents import offered
from puntuale.desk.boxes import Again, boxes
from puntuale.desk.decisions import waiting_on
from puntuale.desk.fresh import tag_of
from puntuale.desk.trail import Trail
from puntuale.guarantee.facts import Phase
from puntuale.guarantee.zones import UnknownZone, zone
from puntuale.looks.promises import ShownPromise
from puntuale.looks.requests import Admitted, language
from puntuale.mail.incoming import told as mail
from puntuale.mail.incoming.told import Beside
from puntuale.mail.models import MailedMessage
from puntuale.oncall import standing
from puntuale.people.models import Person
from puntuale.tickets import customer, drafts, following, mentioning, presence, reading, saved_replies, timeline
from puntuale.tickets.models import Cancellation, Ticket
from puntuale.tickets.presence import Colleague
from puntuale.tickets.queues import AT_A_GLANCE
from puntuale.tickets.searching import NUMBER
from puntuale.tickets.timeline import Story
from puntuale.watch import reading as watch
from puntuale.wording import moments
from puntuale.wording.languages import LANGUAGES, spoken

NUMBERS = re.compile(r"#(\d{1,18})\b", re.ASCII)
RELATED = ("organisation", "product", "requester", "assignee")


def found(request: Admitted, number: int) -> Ticket:
    """Return a ticket the agent may see. Raises Http404."""
    return get_object_or_404(reading.visible_to(request.person).select_related(*RELATED), pk=number)


def at_a_glance(request: Admitted, number: int) -> Ticket:
    """Return a ticket with what tells whether its page has changed, and nothing else. Raises Http404."""
    return get_object_or_404(reading.visible_to(request.person).only(*AT_A_GLANCE), pk=number)


def named(request: Admitted, written: str) -> Ticket | None:
    """Return the ticket whose number somebody typed, with or without `#`, or None."""
    number = NUMBER.fullmatch(written.strip())
    return reading.visible_to(request.person).filter(pk=int(number[1])).first() if number else None


def page(request: Admitted, ticket: Ticket, *, status: int = 200, again: Again | None = None) -> HttpResponse:
    """Return the page of a ticket; `again` is a form of it that is shown once more, and why."""
    live, at_hand = Live.of(request, ticket), drafts.at_hand(request.person, ticket)
    told = (
        live.told()
        | _beside(request, live)
        | {
            "trail": Trail.of(request.GET),
            "again": again,
            "left_behind": at_hand.left_behind,
            "boxes": boxes(request, ticket, live.story.last_message, again, at_hand.kept),
        }
    )
    return render(request, "desk/ticket.html", told, status=status)


@dataclass(frozen=True)
class Live:
    """What changes on the page while somebody looks at it."""

    ticket: Ticket
    promise: ShownPromise
    story: Story
    others: Sequence[Colleague] = field(default_factory=list)
    tag: str = ""
    mailed: Mapping[int, MailedMessage] = field(default_factory=dict)
    beside: Mapping[int, Sequence[Beside]] = field(default_factory=dict)

    @classmethod
    def of(cls, request: Admitted, ticket: Ticket, others: Sequence[Colleague] | None = None) -> "Live":
        """Return it for one reader."""
        others = look_around(request, ticket) if others is None else others
        standing = reading.standings([ticket], at=request.at)[0]
        story = timeline.tell(ticket, to=request.person, promised=standing.rows)
        mailed = mail.mailed(story)
        return cls(
            ticket,
            ShownPromise(standing, language(), request.zone),
            mail.folded(story, mailed),
            others,
            tag(request, ticket, others),
            mailed,
            mail.beside(ticket, story),
        )

    def told(self) -> dict[str, object]:
        """Return what the templates of it need."""
        return {
            "ticket": self.ticket,
            "promise": self.promise,
            "story": self.story,
            "others": self.others,
            "tag": self.tag,
            "mailed": self.mailed,
            "beside": self.beside,
            "door": "desk",
        }


def look_around(request: Admitted, ticket: Ticket) -> list[Colleague]:
    """Return who else has the ticket open."""
    return presence.others(ticket, than=request.person, at=request.at)


def tag(request: Admitted, ticket: Ticket, others: Sequence[Colleague]) -> str:
    """Return the tag of what changes on the page, without looking anything up."""
    facts = (ticket.pk, ticket.last_event, ticket.due_at, ticket.phase, ticket.assignee_id)
    minute = request.at.replace(second=0, microsecond=0)
    return tag_of(facts, list(others), minute, language(), str(request.zone))


def doing(request: Admitted, live: Live) -> dict[str, object]:
    """Return what the forms of the page need with which something is done to the ticket."""
    return {
        "undecided": waiting_on(live.ticket, live.story),
        "requester": Requester.of(live.ticket.requester, request),
        "agents": offered(),
        "is_mine": live.ticket.assignee_id == request.person.pk,
        "reasons": Cancellation.Because,
    }


def _beside(request: Admitted, live: Live) -> dict[str, object]:
    """Return what stands beside the conversation."""
    ticket = live.ticket
    followers = [one.person for one in ticket.followers.select_related("person").order_by("person__name")]
    return doing(request, live) | {
        "mentioned": _mentioned(ticket),
        "customer": customer.about(ticket, at=request.at),
        "followers": followers,
        "follows": request.person in followers,
        "colleagues": following.colleagues(ticket, besides=followers),
        "replies": saved_replies.on_offer(),
        "alarms": alarms.of_ticket(live.promise.standing, request),
        "rings_next": watch.rings_next(ticket),
        "pagings": standing.of_ticket(ticket),
        "is_mentioned": mentioning.unseen_by(request.person).filter(ticket=ticket).exists(),
    }


def _mentioned(ticket: Ticket) -> Ticket | None:
    """Return another ticket of the same requester whose number the subject names: this may be meant for that one.

    Only an agent says so. A number proves nothing, and a promise of its own is what whoever writes can rely on.
    """
    numbers = [int(number) for number in NUMBERS.findall(ticket.subject) if int(number) != ticket.pk]
    if not numbers or ticket.phase in {Phase.MERGED, Phase.CANCELLED}:
        return None
    theirs = Ticket.objects.filter(pk__in=numbers, requester=ticket.requester_id)
    return theirs.exclude(phase__in=(Phase.MERGED, Phase.CANCELLED)).order_by("pk").first()


@dataclass(frozen=True)
class Requester:
    """Who sent the ticket: the language she reads, and what time it is where she is."""

    person: Person
    language: str
    local_time: str

    @classmethod
    def of(cls, person: Person, request: Admitted) -> "Requester":
        """Return it as of now; without a time where her zone is no more."""
        try:
            there = zone(person.zone_name)
        except UnknownZone:
            return cls(person, LANGUAGES[spoken(person.language)], "")
        local = f"{moments.time_of_day(request.at, there)} {moments.zone_letters(request.at, there)}"
        return cls(person, LANGUAGES[spoken(person.language)], local)
