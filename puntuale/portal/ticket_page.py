"""A customer's page of one ticket, put together; and its parts, which the page asks for again while it is open."""

from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from puntuale.guarantee.facts import Phase
from puntuale.looks.promises import ShownPromise
from puntuale.looks.requests import Admitted, language
from puntuale.mail.incoming import told as mail
from puntuale.portal import colleagues, impact
from puntuale.portal.phases import phase
from puntuale.portal.refusals import Box
from puntuale.tickets import attachments, drafts, timeline
from puntuale.tickets.models import Link, Rating, Ticket
from puntuale.tickets.reading import Standing, standings, visible_to
from puntuale.tickets.resolution import reopens_until
from puntuale.tickets.timeline import Story


def hers(request: Admitted, number: int) -> Ticket:
    """Return the ticket with this number if the person may see it; else it is not found."""
    related = ("organisation", "product", "requester")
    return get_object_or_404(visible_to(request.person).select_related(*related), pk=number)


def hers_at_a_glance(request: Admitted, number: int) -> Ticket:
    """Return the same without anything of it: enough to tell whether its parts have changed."""
    return get_object_or_404(visible_to(request.person).only("pk"), pk=number)


def ticket_page(
    request: Admitted, found: Ticket, *, status: int = 200, problem: str = "", **boxes: Box
) -> HttpResponse:
    """Return the page. `boxes` are those whose text could not be taken, by name; `problem` concerns the whole page.

    The names are reply, rating, impact, followers, and disagreement, whose choice is the change it is about.
    """
    standing = standings([found], at=request.at)[0]
    story = _told(request, standing)
    context = _parts(request, standing, story) | _beside(request, found, story)
    context |= {"problem": problem, "reply": _reply(request, found), "etag": etag(request, found)} | boxes
    return render(request, "portal/ticket.html", context, status=status)


def parts(request: Admitted, found: Ticket) -> HttpResponse:
    """Return the parts of the page that may have changed since it was loaded."""
    standing = standings([found], at=request.at)[0]
    story = _told(request, standing)
    return render(request, "portal/ticket/parts.html", _parts(request, standing, story))


def etag(request: Admitted, found: Ticket) -> str:
    """Return what names the parts as they are now: other after whatever the customer is told, and every minute."""
    minute = int(request.at.timestamp()) // 60
    reader = f"{request.person.pk} {request.person.zone_name} {get_language()}"
    said = f"{found.pk} {timeline.last_told(found)} {minute} {reader}"
    return f'"{salted_hmac("puntuale.portal.parts", said).hexdigest()[:24]}"'


def _told(request: Admitted, standing: Standing) -> Story:
    story = timeline.tell(standing.ticket, to=request.person, promised=standing.rows)
    return mail.folded(story, mail.mailed(story))


def _parts(request: Admitted, standing: Standing, story: Story) -> dict[str, object]:
    found, promise = standing.ticket, ShownPromise(standing, language(), request.zone)
    until = reopens_until(found, at=request.at) if found.phase == Phase.RESOLVED else None
    waiting = impact.waiting_report(found)
    raises = [] if waiting else impact.raises(found, language=language(), zone=request.zone, at=request.at)
    return {
        "door": "portal",
        "ticket": found,
        "promise": promise,
        "story": story,
        "phase": phase(found.phase),
        "reopens_until": until,
        "reopens": until is not None and request.at <= until,
        "is_over": found.phase in {Phase.CANCELLED, Phase.MERGED},
        "waiting_report": waiting,
        "raises": raises,
        "rating_given": Rating.objects.filter(ticket=found, by=request.person).first(),
    }


def _beside(request: Admitted, found: Ticket, story: Story) -> dict[str, object]:
    readers = found.followers.filter(person__organisation=found.organisation_id).exclude(person=found.requester_id)
    readers = readers.select_related("person").order_by("person__name")
    suggested = colleagues.colleagues(request.person).exclude(pk=found.requester_id)
    followed = [one.person_id for one in readers]
    return {
        "links": _seen(request, found, [*story.origins, *story.offspring]),
        "readers": readers,
        "suggested": suggested.exclude(pk__in=followed)[: colleagues.MOST_SUGGESTED],
    }


def _seen(request: Admitted, found: Ticket, links: list[Link]) -> list[tuple[Link, Ticket]]:
    """Return links with the ticket at their other end, as far as the customer may see it."""
    if not links:
        return []
    others = [(link, link.origin if link.ticket_id == found.pk else link.ticket) for link in links]
    seen = set(visible_to(request.person).filter(pk__in=[other.pk for _, other in others]).values_list("pk", flat=True))
    return [(link, other) for link, other in others if other.pk in seen]


def _reply(request: Admitted, found: Ticket) -> Box:
    draft = drafts.kept(request.person, place=drafts.Place.MESSAGE, ticket=found)
    if draft is None:
        return Box()
    files = attachments.of_draft(draft)
    return Box(text=draft.body, files=files, key=draft.key or uuid4(), version=draft.version)
