"""A promise that is still owed by a time, and when somebody must be told of it next."""

from django.db import models

from puntuale.tickets.models import PromiseMade, Ticket


class Watched(models.Model):
    """One row for each promise that is owed by a time. It is gone in the transaction that ends the promise.

    `rank` is how urgent the ticket's priority is, 0 the most. `ring_at` is when the next level is reached, empty after
    the last one. A row that cannot be dealt with is set aside with its problem, so that it never stops the others.
    """

    promise = models.OneToOneField(PromiseMade, on_delete=models.PROTECT, primary_key=True, related_name="watched")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="watched")
    rank = models.PositiveSmallIntegerField()
    ring_at = models.DateTimeField(null=True)
    set_aside_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["ring_at", "rank"],
                condition=models.Q(ring_at__isnull=False, set_aside_at=None),
                name="to_be_rung",
            ),
        ]

    def __str__(self) -> str:
        return f"the watch on promise {self.promise_id}"
