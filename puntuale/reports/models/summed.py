"""What was summed up of the days and months that are over. All of it can be counted again from the tickets."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Touched(models.Model):
    """A ticket to which something has happened since the last round of summing up.

    The database writes it with the event, so that no day is ever read as it was before.
    """

    ticket = models.BigIntegerField()

    def __str__(self) -> str:
        return f"ticket {self.ticket}"


class Summed(models.Model):
    """A day, or a whole month from its first day on, that was summed up on the clock of a zone.

    It holds until a ticket of it is touched, and until `holds_until`, when a promise that still runs falls due.
    """

    starts = models.DateField()
    whole_month = models.BooleanField()
    zone = models.CharField(max_length=60)
    counted_at = models.DateTimeField()
    holds_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["starts", "whole_month"], name="summed_once")]

    def __str__(self) -> str:
        return f"{'month' if self.whole_month else 'day'} of {self.starts}"


class Count(models.Model):
    """How many tickets of a day or month lie in one group and have the same outcomes in all readings.

    `grouping` is empty for everything together, and so are the keys then. As in `counting.py`, a ticket has a key as it
    was promised and one as it was finally classified.
    """

    starts = models.DateField()
    whole_month = models.BooleanField()
    grouping = models.CharField(max_length=12, blank=True)
    key = models.CharField(max_length=60, blank=True)
    key_last = models.CharField(max_length=60, blank=True)
    promised = models.CharField(max_length=12)
    final = models.CharField(max_length=12)
    agreed = models.BooleanField()
    tickets = models.PositiveIntegerField()

    class Meta:
        # For a report: one grouping over the months and days of a period.
        indexes = [models.Index(fields=["grouping", "whole_month", "starts"], name="count_of_grouping")]

    def __str__(self) -> str:
        return f"{self.tickets} {self.promised} of {self.starts} by {self.grouping} {self.key}"


class Durations(models.Model):
    """How long the answers to the tickets of a day or month took by one measure: minutes, and how often each was."""

    starts = models.DateField()
    whole_month = models.BooleanField()
    measure = models.CharField(max_length=12)
    minutes = ArrayField(models.IntegerField())
    counts = ArrayField(models.IntegerField())

    class Meta:
        # For a report: one measure over the months and days of a period.
        indexes = [models.Index(fields=["measure", "whole_month", "starts"], name="durations_of_measure")]

    def __str__(self) -> str:
        return f"{sum(self.counts)} answers of {self.starts}, {self.measure}"
