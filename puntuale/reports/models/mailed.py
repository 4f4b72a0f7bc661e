"""Who gets reports by mail, and which were sent."""

from django.db import models

from puntuale.people.models import Person


class Every(models.TextChoices):
    """How often."""

    WEEK = "week"
    MONTH = "month"


class Subscription(models.Model):
    """A person who wants her report by mail after each week or month."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="report_subscription")
    every = models.CharField(max_length=5, choices=Every)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"each {self.every} to person {self.person_id}"


class MailedReport(models.Model):
    """A report on some days that was meant for a person, once."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    first = models.DateField()
    last = models.DateField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "first", "last"], name="report_mailed_once")]

    def __str__(self) -> str:
        return f"{self.first} to {self.last} for person {self.person_id}"
