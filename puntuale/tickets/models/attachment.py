"""Files that people send along."""

import secrets

from django.db import models

from puntuale.people.models import Person
from puntuale.tickets.models.message import Message


def _new_key() -> str:
    return secrets.token_urlsafe(16)


class Attachment(models.Model):
    """One file: its name as it was sent, and the hash under which its content is kept outside the web root.

    It is uploaded first and belongs to a message once that is sent; until then only its uploader can reach it, and it
    lasts as long as the draft it was attached to.
    """

    key = models.CharField(max_length=22, unique=True, default=_new_key)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="attachments")
    draft = models.ForeignKey(
        "tickets.Draft", on_delete=models.SET_NULL, null=True, related_name="attachments", db_index=False
    )

    class Meta:
        indexes = [
            # For files that were uploaded and never sent.
            models.Index(fields=["uploaded_at"], condition=models.Q(message=None), name="attachment_unsent"),
            # For the files of a draft. Few files have one, and none that was sent.
            models.Index(fields=["draft"], condition=models.Q(draft__isnull=False), name="attachment_draft"),
        ]

    def __str__(self) -> str:
        return f"attachment {self.pk}"
