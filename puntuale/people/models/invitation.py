"""A one-time link that lets somebody in for the first time."""

from django.db import models

from puntuale.people.models.organisation import Organisation


class Invitation(models.Model):
    """A link that was handed out, kept as a hash of its secret. `accepted_at` is set when it was used.

    That of the first manager names nobody. Any other was sent to one `address`, and lets in whoever reads it.
    """

    digest = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=20)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="invitations")
    address = models.CharField(max_length=254, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"invitation of a {self.role}"
