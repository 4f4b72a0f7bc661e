"""What the people of the demo keep for themselves: saved replies, filters, drafts."""

from puntuale.demo.stories import present, replies
from puntuale.demo.telling import Storyteller
from puntuale.tickets import drafts, saved_filters, saved_replies
from puntuale.tickets.models import Ticket
from puntuale.tickets.queues import Filter, View


def furnish(teller: Storyteller) -> None:
    """Save replies for all agents, two filters, and a draft that somebody has not sent."""
    company = teller.company
    for reply in replies.SAVED:
        saved_replies.save(
            title=reply.title,
            body=reply.body,
            language=reply.language,
            then=reply.then,
            takes=reply.takes,
            by=company.ada,
            at=company.ada.joined_at,
        )
    works = Filter(organisation=str(company.pietro.organisation_id))
    saved_filters.save(name="Officine Brenta", view=View.ALL, narrowed=works, by=company.ada, at=teller.ago(900))
    urgent = Filter(priority="1", environment="production")
    saved_filters.save(name="P1", view=View.DUE, narrowed=urgent, by=company.ada, at=teller.ago(880))
    porting = Ticket.objects.get(subject=present.PORTING.subject)
    place, body = drafts.Place.ANSWER, present.PORTING_DRAFT
    drafts.keep(company.ada, place=place, ticket=porting, body=body, at=teller.ago(15))
