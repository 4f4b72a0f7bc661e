"""The tables of this room."""

from puntuale.tickets.models.anchor import Anchor
from puntuale.tickets.models.attachment import Attachment
from puntuale.tickets.models.cancellation import Cancellation
from puntuale.tickets.models.classification import Disagreement, Grounds, ImpactReport, Lowering, Reclassification
from puntuale.tickets.models.company import Follower, Link, Mention, Presence, Rating
from puntuale.tickets.models.event import Event, Kind
from puntuale.tickets.models.message import Audience, Message
from puntuale.tickets.models.promise import PromiseEnding, PromiseMade
from puntuale.tickets.models.ticket import Ticket
from puntuale.tickets.models.words import TicketWords
from puntuale.tickets.models.workshop import Draft, SavedFilter, SavedReply, SuggestedText

__all__ = [
    "Anchor",
    "Attachment",
    "Audience",
    "Cancellation",
    "Disagreement",
    "Draft",
    "Event",
    "Follower",
    "Grounds",
    "ImpactReport",
    "Kind",
    "Link",
    "Lowering",
    "Mention",
    "Message",
    "Presence",
    "PromiseEnding",
    "PromiseMade",
    "Rating",
    "Reclassification",
    "SavedFilter",
    "SavedReply",
    "SuggestedText",
    "Ticket",
    "TicketWords",
]
