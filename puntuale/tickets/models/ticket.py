"""A ticket as it stands now. How it came to stand so is told by its events."""

from django.db import models

from puntuale.agreements.models import Product
from puntuale.people.models import Organisation, Person


class Ticket(models.Model):
    """What a customer asked. Its number is its key.

    `due_at` is the instant by which the promise still owed must be kept; it is empty without a guarantee and once
    answered. It and `answered_at` follow from the events: `replay` proves it.
    """

    submission_key = models.UUIDField(unique=True)
    subject = models.CharField(max_length=255)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="tickets")
    requester = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tickets_sent")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, related_name="tickets")
    environment = models.CharField(max_length=40)
    priority = models.CharField(max_length=40)
    plan = models.CharField(max_length=40, null=True)  # noqa: DJ001 -- no plan is not the plan with an empty name
    submitted_at = models.DateTimeField()
    assignee = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="tickets_assigned")
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    last_event = models.PositiveIntegerField(default=0)
    last_event_at = models.DateTimeField()

    class Meta:
        indexes = [
            # For the queue: what is still owed, in the order in which it falls due, then what has no guarantee.
            models.Index(fields=["due_at", "id"], condition=models.Q(answered_at=None), name="ticket_queue"),
            # For the tickets that have been answered, latest first.
            models.Index(
                fields=["-answered_at", "-id"], condition=models.Q(answered_at__isnull=False), name="ticket_answered"
            ),
            # For a customer's own list, latest first.
            models.Index(fields=["requester", "-id"], name="ticket_of_requester"),
            # For an organisation's list, latest first.
            models.Index(fields=["organisation", "-id"], name="ticket_of_organisation"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.subject}"

    @property
    def number(self) -> int:
        """Return the number people call it by."""
        return int(self.pk)
