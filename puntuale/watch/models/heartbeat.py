"""That a worker's watch is alive."""

from django.db import models


class Heartbeat(models.Model):
    """One row for each worker that keeps watch, with when it last went its round, by the database's clock."""

    worker = models.CharField(max_length=100, primary_key=True)
    since = models.DateTimeField()
    beat_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-beat_at"], name="heartbeat_latest_first")]

    def __str__(self) -> str:
        return f"the watch of {self.worker}"
