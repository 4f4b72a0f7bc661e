"""Why a priority changed, and what became of it: the words that go with the events."""

from django.db import models

from puntuale.people.models import Person
from puntuale.tickets.models.event import Event
from puntuale.tickets.models.ticket import Ticket


class Grounds(models.TextChoices):
    """Why a ticket is reclassified."""

    NOT_PRODUCTION = "not_production"
    HOW_TO = "how_to"
    WORKAROUND = "workaround"
    IMPACT_FELL = "impact_fell"
    IMPACT_GREW = "impact_grew"
    DUPLICATE = "duplicate"
    OUR_MISTAKE = "our_mistake"
    OTHER = "other"


class Reclassification(models.Model):
    """A change of priority with its reason and what the customer is told. `asked_by` is who proposed it, if another."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="reclassification")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="reclassifications")
    was = models.CharField(max_length=40)
    became = models.CharField(max_length=40)
    grounds = models.CharField(max_length=20, choices=Grounds)
    text = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.was} to {self.became} on ticket {self.ticket_id}"


class Lowering(models.Model):
    """A lowering that waits for a second person: it was proposed with little time left, or after a miss.

    `environment` is where the problem shows, if not where the ticket says.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="lowerings")
    to = models.CharField(max_length=40)
    environment = models.CharField(max_length=40, blank=True, default="", db_default="")
    grounds = models.CharField(max_length=20, choices=Grounds)
    text = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(decided_at=None), name="one_lowering_waits_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"lowering of ticket {self.ticket_id} to {self.to}"


class Disagreement(models.Model):
    """A customer's "I disagree" with a change, once for each, and what a manager decided."""

    reclassification = models.OneToOneField(Reclassification, on_delete=models.PROTECT, related_name="disagreement")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="disagreements")
    text = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    upheld = models.BooleanField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        # For the managers' review queue, oldest first.
        indexes = [models.Index(fields=["at"], condition=models.Q(decided_at=None), name="disagreement_undecided")]

    def __str__(self) -> str:
        return f"disagreement on ticket {self.ticket_id}"


class ImpactReport(models.Model):
    """A customer's report that the impact grew. It takes effect at once, unless we had lowered the ticket before."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="impact_reports")
    to = models.CharField(max_length=40)
    text = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    raised = models.BooleanField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        # For the reports that wait for somebody, oldest first; one at a time a ticket.
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(decided_at=None), name="one_report_waits_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"impact of ticket {self.ticket_id} grew to {self.to}"
