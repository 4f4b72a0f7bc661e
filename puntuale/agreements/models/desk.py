"""What a desk calls itself, and how it greets whoever it does not know yet."""

from django.db import models


class DeskSettings(models.Model):
    """One row at most. `set_up_at` is when the first steps were done, or left aside.

    `attainment_published_at` is since when everybody can read how promises were kept, beside the guarantee.
    """

    name = models.CharField(max_length=60)
    language = models.CharField(max_length=10, default="en")
    zone_name = models.CharField(max_length=64, default="Europe/Brussels")
    set_up_at = models.DateTimeField(null=True)
    attainment_published_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "desk settings"
        constraints = [models.CheckConstraint(name="one_desk", condition=models.Q(pk=1))]

    def __str__(self) -> str:
        return self.name
