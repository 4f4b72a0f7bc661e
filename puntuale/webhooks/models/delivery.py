"""One thing that one endpoint is told, and what became of it."""

from uuid import uuid4

from django.db import models

from puntuale.tickets.models import Event, PromiseMade
from puntuale.webhooks.models.endpoint import Endpoint


class Delivery(models.Model):
    """What is told is an event on a ticket, an alarm on a promise at a level, or nothing but that we are here (ping).

    It is written in the transaction of what it tells. `key` is the `webhook-id`, the same in every try and replay.
    `times` counts replays. The body is made anew for each try, from rows that never change, so it is the same too.
    """

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    type = models.CharField(max_length=40)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="+")
    promise = models.ForeignKey(PromiseMade, on_delete=models.PROTECT, null=True, related_name="+")
    level = models.CharField(max_length=20, blank=True)
    key = models.UUIDField(unique=True, default=uuid4)
    made_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    took_ms = models.PositiveIntegerField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    problem = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "event"], condition=models.Q(event__isnull=False), name="event_told_once"
            ),
            models.UniqueConstraint(
                fields=["endpoint", "promise", "level"],
                condition=models.Q(promise__isnull=False),
                name="alarm_told_once",
            ),
        ]
        indexes = [
            # For what waits for an endpoint, in order.
            models.Index(
                fields=["endpoint", "id"],
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="delivery_waits",
            ),
            # For the log of an endpoint, latest first, and for what is forgotten.
            models.Index(fields=["endpoint", "-id"], name="delivery_log"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"

    @property
    def waits(self) -> bool:
        """Tell whether it is still to be sent."""
        return self.sent_at is None and self.given_up_at is None
