"""A customer of the vendor: a company whose people send tickets."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from puntuale.guarantee.visible import is_visible


def refuse_unseen(name: str) -> None:
    """Raise ValidationError for a name that nobody can see."""
    if not is_visible(name):
        raise ValidationError({"name": _("A name is needed.")})


class Organisation(models.Model):
    """A company, known by its name."""

    name = models.CharField(max_length=200, unique=True)
    joined_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a name that nobody can see, on the repair pages as elsewhere."""
        refuse_unseen(self.name)
