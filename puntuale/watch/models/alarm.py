"""A level of a promise that was reached while it was owed."""

from django.db import models

from puntuale.tickets.models import PromiseMade, Ticket


class Alarm(models.Model):
    """A level that rang, once. `ring_at` is when it was reached, `rung_at` when it rang: later after a standstill."""

    promise = models.ForeignKey(PromiseMade, on_delete=models.PROTECT, related_name="alarms")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="alarms")
    level = models.CharField(max_length=20)
    rank = models.PositiveSmallIntegerField()
    ring_at = models.DateTimeField()
    rung_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["promise", "level"], name="each_level_rings_once")]
        indexes = [models.Index(fields=["-rung_at"], name="alarms_latest_first")]

    def __str__(self) -> str:
        return f"{self.level} of promise {self.promise_id}"
