"""For how long what people wrote is kept."""

from django.db import models

from puntuale.people.models import Organisation, Person
from puntuale.tickets.models import Ticket


class Retention(models.Model):
    """A rule: what was written on a ticket is forgotten so many months after the last thing that happened to it.

    The rule without an organisation is for all that have none of their own. While `held_since` is set, nothing of the
    organisation is forgotten: a court or an audit may ask for it.
    """

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, null=True, related_name="retention")
    months = models.PositiveSmallIntegerField(null=True)
    held_since = models.DateTimeField(null=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=models.Q(organisation=None), name="one_retention_for_all_others"
            ),
            models.CheckConstraint(
                name="kept_for_a_month_at_least", condition=models.Q(months=None) | models.Q(months__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"retention of {self.organisation or 'all others'}: {self.months} months"


class Forgotten(models.Model):
    """A ticket whose texts and files were forgotten, and when. What was promised and kept stays."""

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, primary_key=True, related_name="forgotten")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"ticket {self.ticket_id} is forgotten"
