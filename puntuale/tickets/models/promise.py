"""What was promised, and how it ended. Only ever added to: the database refuses to change or delete either."""

from django.db import models

from puntuale.agreements.models import Publication
from puntuale.guarantee.promise import Basis, Verdict
from puntuale.tickets.models.event import Event
from puntuale.tickets.models.ticket import Ticket


class PromiseMade(models.Model):
    """One target applied to one ticket, under one version of the agreement; or no guarantee, and why.

    `number` counts the promises of a ticket for one metric; the last one is the one that counts. `made_by` is the event
    that led to it, `basis` what it rests on. `pauses` are the spans around which a goal counts, as texts.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="promises")
    metric = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, to_field="version")
    plan = models.CharField(max_length=40, null=True)  # noqa: DJ001 -- as on the ticket
    priority = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    start_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    target = models.CharField(max_length=60, blank=True)
    target_seconds = models.PositiveIntegerField(null=True)
    hours = models.CharField(max_length=40, blank=True)
    no_guarantee = models.CharField(max_length=30, blank=True)
    basis = models.CharField(max_length=12, default=Basis.SUBMITTED.value)
    pauses = models.JSONField(default=list)
    made_by = models.ForeignKey(Event, on_delete=models.PROTECT)

    class Meta:
        # For reports: the tickets that were promised more than once.
        indexes = [
            models.Index(
                fields=["ticket"], condition=models.Q(metric="first_response", number=2), name="promise_second"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "metric", "number"], name="promise_number_in_ticket"),
            models.CheckConstraint(
                name="a_due_time_or_a_reason",
                condition=models.Q(due_at__isnull=False, target_seconds__isnull=False, no_guarantee="")
                & ~models.Q(hours="")
                | models.Q(due_at=None, target_seconds=None, hours="") & ~models.Q(no_guarantee=""),
            ),
        ]

    def __str__(self) -> str:
        return f"promise {self.number} of ticket {self.ticket_id}"


class PromiseEnding(models.Model):
    """How and when a promise ended. `ended_by` is the event that ended it."""

    promise = models.OneToOneField(PromiseMade, on_delete=models.PROTECT, related_name="ending")
    verdict = models.CharField(max_length=20, choices=[(verdict.value, verdict.value) for verdict in Verdict])
    at = models.DateTimeField()
    ended_by = models.ForeignKey(Event, on_delete=models.PROTECT)

    def __str__(self) -> str:
        return f"{self.verdict}: {self.promise_id}"
