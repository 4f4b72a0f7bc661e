"""The words of a ticket, as the search looks for them."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from puntuale.tickets.models.ticket import Ticket


class TicketWords(models.Model):
    """The stems of what was written: `public` for everybody who may see the ticket, `whole` with the notes, for agents.

    `characters` counts what went in, so that an endless ticket does not outgrow what a row can hold.
    """

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, primary_key=True, related_name="words")
    public = SearchVectorField()
    whole = SearchVectorField()
    characters = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            # For the portal's search, and the desk's.
            GinIndex(fields=["public"], name="ticket_public_words"),
            GinIndex(fields=["whole"], name="ticket_whole_words"),
        ]

    def __str__(self) -> str:
        return f"words of ticket {self.ticket_id}"
