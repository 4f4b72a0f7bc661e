"""What an organisation bought, from when to when."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models

from puntuale.people.models import Organisation, Person


class Period(models.Func):
    """The half-open range of instants between two columns; an empty end is open."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Contract(models.Model):
    """A plan for an organisation, in force from `starts_at` up to, and not including, `ends_at`.

    `answered_for_by` is the manager who answers for promises day and night that nobody may have been there to keep.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contracts")
    plan = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField()
    answered_for_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["organisation", "-starts_at"]
        constraints = [
            models.CheckConstraint(
                name="contract_ends_after_it_starts",
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
            ),
            ExclusionConstraint(
                name="one_plan_at_a_time",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    (Period("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} for {self.organisation}"
