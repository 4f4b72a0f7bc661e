"""That an outside monitor hears of us."""

from django.db import models


class OutsideBeat(models.Model):
    """One row: when the outside monitor was last told that the watch is alive, and what went wrong since."""

    tried_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return "the heartbeat to the outside"
