"""Mail that came in: kept before anybody looks into it, and what became of it."""

from django.db import models

from puntuale.people.models import Person
from puntuale.tickets.models import Ticket


class Outcome(models.TextChoices):
    """What became of a mail. Until somebody has looked into it there is none."""

    OPENED = "opened"
    JOINED = "joined"
    NOTED = "noted"
    BOUNCED = "bounced"
    IGNORED = "ignored"
    TAKEN = "taken"
    REVIEW = "review"
    DISMISSED = "dismissed"


class Proof(models.TextChoices):
    """By what the sender of a mail was believed to be who it says."""

    NONE = "none"
    SERVER = "server"
    LETTER = "letter"
    PERSON = "person"


class Incoming(models.Model):
    """One mail as it arrived. Its bytes lie in a file under their `digest` until they are forgotten.

    `message_id` is the hash of its Message-ID, or of what its delivery is known by where it has none, `content` that of
    everything but what servers on the way wrote on it: with the `mailbox` they tell whether the same mail came twice.
    `received_at` is when its promise starts (rule 6). `try_at` is when to look into it next: it lies ahead while
    somebody does, and is empty once there is an outcome, and for a mail that is set aside because looking into it
    failed again and again, with the `problem`. `because` is why it is in review or was ignored, or opened a ticket
    without a confirmation, `proof` by what its sender was believed, `ticket` where it belongs or is shown. `sender`,
    `subject` and `text` are what was read out of it, the text only for what stands in no message.
    """

    mailbox = models.CharField(max_length=200)
    message_id = models.CharField(max_length=64)
    content = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    kept_at = models.DateTimeField()
    received_at = models.DateTimeField()
    try_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.TextField(blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    because = models.CharField(max_length=40, blank=True)
    proof = models.CharField(max_length=10, choices=Proof, blank=True, db_default="")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, null=True, related_name="mails")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    sender = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=255, blank=True)
    text = models.TextField(blank=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "message_id", "content"], name="kept_once")]
        indexes = [
            # For what is to be looked into, in the order in which it came.
            models.Index(fields=["try_at", "id"], condition=models.Q(try_at__isnull=False), name="to_be_looked_into"),
            # For what waits for a person: in review, or set aside.
            models.Index(
                fields=["id"],
                condition=models.Q(outcome="review") | models.Q(outcome="", try_at=None),
                name="waits_for_a_person",
            ),
            # For what became no message, by why, the latest first.
            models.Index(
                fields=["outcome", "because", "-id"],
                condition=models.Q(outcome__in=("review", "ignored", "bounced", "dismissed"), forgotten_at=None),
                name="became_no_message",
            ),
            # For the same mail by another way, and for how much one sender wrote lately.
            models.Index(fields=["message_id", "content"], name="came_before"),
            models.Index(fields=["sender", "received_at"], name="mail_of_sender"),
            # For what is shown on a ticket beside its messages.
            models.Index(fields=["ticket", "received_at"], name="mail_on_ticket"),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk}"

    @property
    def is_set_aside(self) -> bool:
        """Tell whether looking into it failed again and again."""
        return not self.outcome and self.try_at is None
