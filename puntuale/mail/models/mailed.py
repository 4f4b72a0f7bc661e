"""What a message that came by mail has more than others."""

from django.db import models

from puntuale.mail.models.incoming import Incoming, Proof
from puntuale.tickets.models import Message

UNCONFIRMED = (
    "absence", "report", "failure", "null_path", "no_person", "bulk", "machine", "list", "rewritten", "echo", "often",
)  # fmt: skip
"""Why a mail that opened a ticket is not confirmed by a letter: it may be from a program, which might answer."""


class MailedMessage(models.Model):
    """That a message came by mail: how sure we are of its sender, and how much of it is her own words.

    The first `own_lines` lines of the message are; the rest quotes what was there before, or is a signature, and is
    folded. Counted in lines, so that words can be taken out of the text. `left_out` are the names of files that could
    not be taken; they are in the mail itself. `reference` is its Message-ID, for our letters to refer to.
    """

    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="mailed")
    incoming = models.OneToOneField(Incoming, on_delete=models.PROTECT, related_name="mailed")
    proof = models.CharField(max_length=10, choices=Proof)
    own_lines = models.PositiveIntegerField()
    left_out = models.JSONField(default=list)
    reference = models.CharField(max_length=320, blank=True, db_default="")

    def __str__(self) -> str:
        return f"message {self.message_id} from mail {self.incoming_id}"

    @property
    def unconfirmed_because(self) -> str:
        """Return why a ticket that it opened is not confirmed by a letter, or nothing."""
        looks_automatic = self.proof != Proof.PERSON and self.incoming.because in UNCONFIRMED
        return self.incoming.because if looks_automatic else ""
