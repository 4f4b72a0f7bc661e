"""What people wrote on a ticket."""

from django.db import models

from puntuale.people.models import Person
from puntuale.tickets.models.ticket import Ticket


class Audience(models.TextChoices):
    """Who may read a message."""

    PUBLIC = "public"
    INTERNAL = "internal"


class Message(models.Model):
    """One message, as it was written. A public one by a person who works for the vendor is an answer.

    Its body is Markdown, or plain text as mail programs send it. `key` is that of the form it was sent with, so that
    the form makes one message however often it arrives.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(Person, on_delete=models.PROTECT)
    audience = models.CharField(max_length=10, choices=Audience)
    body = models.TextField()
    is_plain = models.BooleanField(default=False, db_default=False)
    written_at = models.DateTimeField()
    key = models.UUIDField(null=True, unique=True)

    class Meta:
        # For the conversation of a ticket, in order.
        indexes = [models.Index(fields=["ticket", "id"], name="message_of_ticket")]

    def __str__(self) -> str:
        return f"{self.audience} message {self.pk} on ticket {self.ticket_id}"
