"""A published version of the agreement. Never edited: the database refuses to change or delete it."""

from django.db import models

from puntuale.people.models import Person


class Publication(models.Model):
    """One version: the source as its author wrote it, and the document as JSON with every holiday spelled out.

    It is kept as text, because the order of languages and hours has a meaning, and a JSON column would not keep it.
    """

    version = models.PositiveIntegerField(unique=True)
    source = models.TextField()
    document = models.TextField()
    digest = models.CharField(max_length=64)
    effective_from = models.DateTimeField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True)

    class Meta:
        ordering = ["-effective_from", "-version"]
        # For the version in force at an instant.
        indexes = [models.Index(fields=["-effective_from", "-version"], name="publication_in_force")]

    def __str__(self) -> str:
        return f"version {self.version}"
