"""The client of the API, for programs of your own: `pip install "puntuale[client]"`.

>>> from puntuale.client import Client
>>> with Client("https://support.example.com", token="pun_...") as desk:  # doctest: +SKIP
...     ticket = desk.submit(subject="Calls drop", body="Since this morning.", priority="1")
...     print(ticket.promise.due_at)

It needs httpx and nothing else of Puntuale. What is sent is sent with an Idempotency-Key, so that a request that has to
be sent again is done once.
"""

from puntuale.client.desk import Client
from puntuale.client.problem import FieldProblem, Problem
from puntuale.client.told import (
    Contract,
    Duty,
    Event,
    File,
    Me,
    Message,
    Organisation,
    Person,
    Promise,
    Quote,
    Ticket,
    TicketLine,
)

__all__ = [
    "Client",
    "Contract",
    "Duty",
    "Event",
    "FieldProblem",
    "File",
    "Me",
    "Message",
    "Organisation",
    "Person",
    "Problem",
    "Promise",
    "Quote",
    "Ticket",
    "TicketLine",
]
