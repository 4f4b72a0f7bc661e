"""What had been recorded by a day, in one digest. Only ever added to: the database refuses anything else."""

from django.db import models


class Anchor(models.Model):
    """A digest over the events since the anchor before it, up to one, that anchor, and the agreements by then.

    `root` is that of the tree over those events, `count` how many they are (`guarantee/anchors.py`).
    """

    day = models.DateField(unique=True)
    made_at = models.DateTimeField()
    up_to = models.BigIntegerField(unique=True)
    count = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    agreements = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["up_to"]

    def __str__(self) -> str:
        return f"anchor of {self.day}"
