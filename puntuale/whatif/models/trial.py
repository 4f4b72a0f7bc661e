"""What a manager tried: another agreement, calendar or rota, and the people it takes; and what came of it."""

from django.db import models

from puntuale.people.models import Person


class Trial(models.Model):
    """One question, and its answer once the worker has found it.

    `source` is the document that was tried, empty for the version in force, which `against` names and with which
    all is compared; `calendar` other hours and holidays. `log_name` is what the log is called that is replayed,
    empty for our own tickets. `rota` and `rota_before` are keys of rotas. `target` is the share of promises to find
    people for, None to find none, with `growth` times as many tickets that take `handling` seconds each, as long as
    they took here when it is None. `progress` is in percent, `tries` how often a worker has begun with it. `result`
    are plain figures; people stand in it by their keys.
    """

    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="trials")
    against = models.PositiveIntegerField()
    source = models.TextField(blank=True)
    calendar = models.TextField(blank=True)
    log_name = models.CharField(max_length=200, blank=True)
    rota = models.PositiveBigIntegerField(null=True)
    rota_before = models.PositiveBigIntegerField(null=True)
    target = models.FloatField(null=True)
    growth = models.FloatField(default=1.0)
    handling = models.PositiveIntegerField(null=True)
    begun_at = models.DateTimeField(null=True)
    progress = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)
    result = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"trial {self.pk}"

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more will come of it."""
        return any(at is not None for at in (self.ended_at, self.cancelled_at, self.failed_at))


class Log(models.Model):
    """The log of another desk that a trial replays, as `logs.packed` keeps it. It goes with its trial."""

    trial = models.OneToOneField(Trial, on_delete=models.CASCADE, primary_key=True, related_name="log")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"log of trial {self.pk}"
