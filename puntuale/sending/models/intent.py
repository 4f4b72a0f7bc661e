"""That somebody is to be told something."""

from uuid import uuid4

from django.db import models

from puntuale.people.models import Person


class Intent(models.Model):
    """One row for one thing to tell, one channel and one address, written with the change that it tells of.

    `kind` and `about` name what it tells: an alarm and its key. `key` is that of the message, the same in every try,
    so that one who gets it twice knows. `try_at` is when to send it next, and empty once it is over: sent, cancelled
    or given up. `leased_until` and `fence` belong to the worker that has it in hand: with a newer fence, an older one
    may no longer say what became of it. `digest` joins those that went out in one message.
    """

    kind = models.CharField(max_length=20)
    about = models.BigIntegerField()
    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=500)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True)
    key = models.UUIDField(unique=True, default=uuid4)
    rank = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    try_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    digest = models.UUIDField(null=True)
    sent_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_because = models.CharField(max_length=40, blank=True)
    given_up_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "about", "channel", "address"], name="told_once_by_each_channel"),
            models.CheckConstraint(
                name="under_way_or_over",
                condition=models.Q(try_at__isnull=False, sent_at=None, cancelled_at=None, given_up_at=None)
                | models.Q(try_at=None, sent_at__isnull=False, cancelled_at=None, given_up_at=None)
                | models.Q(try_at=None, sent_at=None, cancelled_at__isnull=False, given_up_at=None)
                | models.Q(try_at=None, sent_at=None, cancelled_at=None, given_up_at__isnull=False),
            ),
        ]
        indexes = [
            # For what is to be sent, the most urgent first.
            models.Index(fields=["rank", "try_at", "id"], condition=models.Q(try_at__isnull=False), name="to_be_sent"),
            # For what is on its way to one address, to send much of it at once.
            models.Index(
                fields=["channel", "address", "id"], condition=models.Q(try_at__isnull=False), name="on_its_way_to"
            ),
            # For what somebody was told, latest first.
            models.Index(fields=["person", "kind", "-id"], name="told_to"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about} by {self.channel}"
