"""The tables of this room."""

from puntuale.tickets.models.event import Event, Kind
from puntuale.tickets.models.message import Audience, Message
from puntuale.tickets.models.promise import PromiseEnding, PromiseMade
from puntuale.tickets.models.ticket import Ticket

__all__ = ["Audience", "Event", "Kind", "Message", "PromiseEnding", "PromiseMade", "Ticket"]
