"""Who takes turns."""

from django.db import models

from puntuale.people.models import Person


class Rota(models.Model):
    """A list of people of whom one is on call at any time. `retired_at` is set when it is used no more."""

    name = models.CharField(max_length=80, unique=True)
    made_at = models.DateTimeField()
    shaped_at = models.DateTimeField()
    shaped_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Layer(models.Model):
    """One layer of a rota: the lowest position that has somebody decides.

    `since` is the local date of the first hand-over, `handover` its minute of the day, `days` how long a turn lasts.
    `weekly` holds the shifts of Monday to Sunday during which the layer is on duty, as texts; none at all means day and
    night. `holidays` names a list of the agreement on whose days it is not.
    """

    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="layers")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    zone_name = models.CharField(max_length=64)
    since = models.DateField()
    handover = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField()
    weekly = models.JSONField(null=True)
    holidays = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["rota", "position"], name="one_layer_a_position")]

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """A person's place in the order of a layer."""

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="places")
    position = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["layer", "position"], name="one_person_a_place"),
            models.UniqueConstraint(fields=["layer", "person"], name="one_place_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.layer}"
