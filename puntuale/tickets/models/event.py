"""What happened to a ticket. Only ever added to: the database refuses to change or delete an event."""

from django.db import models

from puntuale.people.models import Person
from puntuale.tickets.models.ticket import Ticket


class Kind(models.TextChoices):
    """What can happen to a ticket."""

    SUBMITTED = "submitted"
    ANSWERED = "answered"
    CUSTOMER_WROTE = "customer_wrote"
    NOTED = "noted"
    ASSIGNED = "assigned"
    RECLASSIFIED = "reclassified"
    LOWERING_PROPOSED = "lowering_proposed"
    LOWERING_DECLINED = "lowering_declined"
    IMPACT_REPORTED = "impact_reported"
    IMPACT_DECLINED = "impact_declined"
    DISAGREED = "disagreed"
    DISAGREEMENT_DECIDED = "disagreement_decided"
    COVERED = "covered"
    RENEWED = "renewed"
    WAITED = "waited"
    RESUMED = "resumed"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CANCELLED = "cancelled"
    RESTORED = "restored"
    MERGED = "merged"
    UNMERGED = "unmerged"
    TOOK_OVER = "took_over"
    GAVE_BACK = "gave_back"
    SPLIT_OFF = "split_off"
    FOLLOWED = "followed"
    UNFOLLOWED = "unfollowed"
    RATED = "rated"


class Event(models.Model):
    """One thing that happened: its number within the ticket, when, by whom, and the facts of it.

    Facts are keys and instants, never what people wrote. `digest` covers the event and all events of the ticket before
    it (`guarantee/chain.py`).
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=30, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True)
    facts = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "number"], name="event_number_in_ticket")]

    def __str__(self) -> str:
        return f"{self.kind}, event {self.number} of ticket {self.ticket_id}"
