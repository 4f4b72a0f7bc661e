"""A version of the agreement that is being written."""

from django.db import models

from puntuale.people.models import Person


class AgreementDraft(models.Model):
    """The text that one manager is working on. Each has her own, so that two never write over each other.

    `based_on` is the version it began as.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="agreement_draft")
    source = models.TextField()
    based_on = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"draft of {self.person_id}"
