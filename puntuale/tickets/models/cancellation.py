"""Why a ticket was cancelled."""

from django.db import models

from puntuale.people.models import Person
from puntuale.tickets.models.event import Event
from puntuale.tickets.models.ticket import Ticket


class Cancellation(models.Model):
    """A ticket that ended without an answer, the reason, and what the customer is told."""

    class Because(models.TextChoices):
        """Why."""

        SPAM = "spam"
        DUPLICATE = "duplicate"
        WITHDRAWN = "withdrawn"
        OTHER = "other"

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="cancellation")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="cancellations")
    because = models.CharField(max_length=20, choices=Because)
    text = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"ticket {self.ticket_id} cancelled: {self.because}"
