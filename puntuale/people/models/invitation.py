"""A one-time link that lets somebody in for the first time."""

from django.db import models


class Invitation(models.Model):
    """A link that was handed out, kept as a hash of its secret. `accepted_at` is set when it was used."""

    digest = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True)

    def __str__(self) -> str:
        return f"invitation of a {self.role}"
