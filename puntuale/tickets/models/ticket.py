"""A ticket as it stands now. How it came to stand so is told by its events."""

from django.db import models

from puntuale.agreements.models import Product
from puntuale.guarantee.facts import Phase
from puntuale.people.models import Organisation, Person


class Ticket(models.Model):
    """What a customer asked. Its number is its key.

    `due_at` is the instant by which the promise that falls due first must be kept, and `due_metric` what it measures;
    both are empty when nothing is owed by a time. They, `answered_at` (the first response), `phase` and `phase_since`
    follow from the events: `replay` proves it. `last_digest` is the end of the chain that the events form.
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
    due_metric = models.CharField(max_length=20, blank=True)
    phase = models.CharField(
        max_length=10, choices=[(phase.value, phase.value) for phase in Phase], default=Phase.OPEN.value
    )
    phase_since = models.DateTimeField()
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    answered_at = models.DateTimeField(null=True)
    last_event = models.PositiveIntegerField(default=0)
    last_event_at = models.DateTimeField()
    last_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            # For the queue: what is open, in the order in which it falls due, then what has no due time.
            models.Index(fields=["due_at", "id"], condition=models.Q(phase="open"), name="ticket_queue"),
            # For an agent's own tickets, and with no agent those that nobody has taken, in the same order.
            models.Index(fields=["assignee", "due_at", "id"], condition=models.Q(phase="open"), name="ticket_in_hands"),
            # For the tickets that wait for the customer, longest first.
            models.Index(fields=["phase_since", "id"], condition=models.Q(phase="waiting"), name="ticket_waiting"),
            # For what is open without a guarantee, oldest first.
            models.Index(fields=["id"], condition=models.Q(phase="open", due_at=None), name="ticket_no_due_time"),
            # For the tickets that are resolved, latest first.
            models.Index(fields=["-phase_since", "-id"], condition=models.Q(phase="resolved"), name="ticket_resolved"),
            # For a customer's own list, latest first.
            models.Index(fields=["requester", "-id"], name="ticket_of_requester"),
            # For an organisation's list, latest first.
            models.Index(fields=["organisation", "-id"], name="ticket_of_organisation"),
            # For reports: what was submitted in a period.
            models.Index(fields=["submitted_at"], name="ticket_submitted"),
            # For programs that ask what has changed since, in the order in which it did.
            models.Index(fields=["last_event_at", "id"], name="ticket_changed"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.subject}"

    @property
    def number(self) -> int:
        """Return the number people call it by."""
        return int(self.pk)
