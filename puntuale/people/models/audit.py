"""The audit log: who did what that changes who may do what, and when. It only grows."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class AuditEntry(models.Model):
    """Something that somebody did.

    `by` is None for the program itself and for somebody unknown. `about` names a row, such as "organisation 12", and
    `details` what matters of it; neither holds anything personal, so that the log outlives whoever it tells of.
    `address` is that of the network she came from, and is forgotten after thirty days.
    """

    at = models.DateTimeField()
    action = models.CharField(max_length=40)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    about = models.CharField(max_length=100)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    address = models.CharField(max_length=45)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["action", "-id"], name="audit_by_action"),
            models.Index(fields=["about", "-id"], name="audit_by_subject"),
            models.Index(fields=["at"], condition=~models.Q(address=""), name="audit_with_address"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.about}".strip()

    @property
    def by_name(self) -> str:
        """Return what whoever did it is called now, or nothing."""
        return self.by.name if self.by is not None else ""


class AuditSeal(models.Model):
    """A hash over all entries up to one, and so over all seals before it. Whoever changes an entry breaks it."""

    made_at = models.DateTimeField()
    up_to = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["up_to"]

    def __str__(self) -> str:
        return f"seal of the audit log up to {self.up_to}"
