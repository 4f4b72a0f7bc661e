"""What a message that came by mail has more than others."""

from django.db import models

from puntuale.mail.models.incoming import Incoming
from puntuale.tickets.models import Message


class Proof(models.TextChoices):
    """By what the sender of a mail was believed to be who it says."""

    NONE = "none"
    SERVER = "server"
    LETTER = "letter"
    PERSON = "person"


class MailedMessage(models.Model):
    """That a message came by mail: how sure we are of its sender, and how much of it is her own words.

    The first `own_lines` lines of the message are; the rest quotes what was there before, or is a signature, and is
    folded. Counted in lines, so that words can be taken out of the text. `left_out` are the names of files that could
    not be taken; they are in the mail itself.
    """

    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="mailed")
    incoming = models.OneToOneField(Incoming, on_delete=models.PROTECT, related_name="mailed")
    proof = models.CharField(max_length=10, choices=Proof)
    own_lines = models.PositiveIntegerField()
    left_out = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"message {self.message_id} from mail {self.incoming_id}"
