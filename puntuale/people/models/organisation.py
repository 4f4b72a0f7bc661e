"""A customer of the vendor: a company whose people send tickets."""

from django.db import models


class Organisation(models.Model):
    """A company, known by its name."""

    name = models.CharField(max_length=200, unique=True)
    joined_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
