"""Who is paged, in what order."""

from django.db import models

from puntuale.oncall.models.rota import Rota
from puntuale.people.models import Person


class Chain(models.Model):
    """Steps that are taken one after another until somebody acknowledges, as many times over as `rounds` says.

    `plans` are the keys of the plans it is for; the chain without any is for all the others. `answer_within` is how
    many seconds an acknowledgement holds before the chain begins anew.
    """

    name = models.CharField(max_length=80, unique=True)
    plans = models.JSONField(default=list)
    rounds = models.PositiveSmallIntegerField()
    answer_within = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    shaped_at = models.DateTimeField()
    shaped_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Step(models.Model):
    """Whom to page at once, and how many seconds to wait before the next step."""

    chain = models.ForeignKey(Chain, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    wait = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "position"], name="one_step_a_position"),
            models.CheckConstraint(name="a_step_waits_a_minute", condition=models.Q(wait__gte=60)),
        ]

    def __str__(self) -> str:
        return f"step {self.position + 1} of {self.chain}"


class Target(models.Model):
    """Whoever is on call by a rota, or a person by name."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="targets")
    rota = models.ForeignKey(Rota, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_rota_or_a_person",
                condition=models.Q(rota=None, person__isnull=False) | models.Q(rota__isnull=False, person=None),
            )
        ]

    def __str__(self) -> str:
        return str(self.rota or self.person)
