"""What the vendor sells, and how far it has come."""

from django.db import models

from puntuale.people.models.organisation import refuse_unseen


class Product(models.Model):
    """A product at a stage of the agreement, such as `released` or `beta`. `retired_at` takes it out of the form."""

    name = models.CharField(max_length=200, unique=True)
    stage = models.CharField(max_length=40)
    added_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a name that nobody can see, on the repair pages as elsewhere."""
        refuse_unseen(self.name)
