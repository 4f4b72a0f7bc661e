"""Waking people over a promise, until somebody says that she is on it."""

from django.db import models

from puntuale.oncall.models.chain import Chain
from puntuale.people.models import Person
from puntuale.tickets.models import PromiseMade, Ticket


class Paging(models.Model):
    """That people are paged over a promise that counts day and night.

    `step` of `round` is the step to take at `next_at`, which is empty once nothing is to be done any more: the promise
    has ended, or the chain has been gone through in vain at `exhausted_at`. While an acknowledgement holds, `next_at`
    is when it lapses. A row that cannot be dealt with is set aside with its problem.
    """

    promise = models.OneToOneField(PromiseMade, on_delete=models.PROTECT, related_name="paging")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="pagings")
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="pagings")
    rank = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    round = models.PositiveSmallIntegerField(default=0)
    step = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    exhausted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    set_aside_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at", "rank"],
                condition=models.Q(next_at__isnull=False, set_aside_at=None),
                name="to_be_paged",
            ),
            models.Index(fields=["-opened_at"], name="pagings_latest_first"),
        ]

    def __str__(self) -> str:
        return f"the paging over #{self.ticket_id}"


class Page(models.Model):
    """One person paged at one step of one round. Its key is that of the intents that carry it."""

    paging = models.ForeignKey(Paging, on_delete=models.PROTECT, related_name="pages")
    round = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="pages")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.person} paged over #{self.paging.ticket_id}"


class InVain(models.Model):
    """That a chain was gone through and nobody was on it: one row for each time, since managers are told each time."""

    paging = models.ForeignKey(Paging, on_delete=models.PROTECT, related_name="in_vain")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.paging}, in vain"


class Acknowledgement(models.Model):
    """Somebody is on it. It keeps no promise (rule 7), and lapses when no answer follows."""

    class Via(models.TextChoices):
        """How she said so."""

        LINK = "link"
        DESK = "desk"
        MAIL = "mail"

    paging = models.ForeignKey(Paging, on_delete=models.PROTECT, related_name="acknowledgements")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    via = models.CharField(max_length=10, choices=Via)
    at = models.DateTimeField()
    until = models.DateTimeField()
    lapsed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.person} is on #{self.paging.ticket_id}"
