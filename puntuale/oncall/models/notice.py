"""What people are told ahead: that they are on call soon, and that nobody will be."""

from django.db import models

from puntuale.oncall.models.chain import Chain
from puntuale.oncall.models.rota import Rota
from puntuale.people.models import Person


class HandOver(models.Model):
    """That somebody was told that she is on call from an instant on."""

    rota = models.ForeignKey(Rota, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rota", "person", "start_at"], name="told_once_a_turn")]

    def __str__(self) -> str:
        return f"{self.person} takes over {self.rota}"


class GapNotice(models.Model):
    """That the managers were told of a span during which a chain reaches nobody but its last resort."""

    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="+")
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "end_at"], name="told_once_a_gap")]

    def __str__(self) -> str:
        return f"a gap in {self.chain}"


class Feed(models.Model):
    """A person's calendar feed. A new `number` makes the old address worthless."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="feed")
    number = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"the calendar of {self.person}"
