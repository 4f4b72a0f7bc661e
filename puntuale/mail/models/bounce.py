"""That a letter of ours did not arrive."""

from django.db import models

from puntuale.mail.models.incoming import Incoming
from puntuale.sending.models import Intent
from puntuale.tickets.models import Ticket


class Bounce(models.Model):
    """A mail server gave a letter back: its status (`5.1.1`), and its words. Other letters are about no ticket."""

    incoming = models.OneToOneField(Incoming, on_delete=models.PROTECT, related_name="bounce")
    intent = models.ForeignKey(Intent, on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, null=True, related_name="bounces")
    at = models.DateTimeField()
    status = models.CharField(max_length=20, blank=True)
    said = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"letter {self.intent_id} came back"

    @property
    def is_for_good(self) -> bool:
        """Tell whether it will not arrive later either."""
        return not self.status.startswith(("2", "4"))
