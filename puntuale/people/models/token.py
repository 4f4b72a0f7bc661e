"""A key with which a program acts for a person."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from puntuale.people.models.person import Person


class Scope(models.TextChoices):
    """What a token is good for. It never lets more be done than its person may do herself."""

    READ = "read"
    WRITE = "write"
    MANAGE = "manage"


class Token(models.Model):
    """A token that was handed out, kept as a hash of its secret, with how that begins, to recognise it by.

    It is over at `expires_at`, or at `revoked_at`. `last_used_at` is known to the minute.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    begins = models.CharField(max_length=10)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope))
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"token {self.pk}"
