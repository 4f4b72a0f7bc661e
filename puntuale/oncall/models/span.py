"""Spans of time in which somebody is on call instead of whoever would be, or not at all."""

from django.db import models

from puntuale.oncall.models.rota import Rota
from puntuale.people.models import Person


class Arranged(models.Model):
    """A person's span of time that somebody arranged, and may have withdrawn since."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True


class Cover(Arranged):
    """Somebody is on call for a while, whatever the layers say; of several covers the latest decides.

    The two covers of a swap have the same `swap`.
    """

    rota = models.ForeignKey(Rota, on_delete=models.PROTECT, related_name="covers")
    swap = models.UUIDField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="a_cover_ends_later", condition=models.Q(end_at__gt=models.F("start_at")))
        ]

    def __str__(self) -> str:
        return f"{self.person} covers {self.rota}"


class TimeOff(Arranged):
    """Somebody is not on call for a while, by no rota."""

    class Meta:
        ordering = ["start_at", "pk"]
        constraints = [
            models.CheckConstraint(name="time_off_ends_later", condition=models.Q(end_at__gt=models.F("start_at")))
        ]

    def __str__(self) -> str:
        return f"{self.person} is away"
