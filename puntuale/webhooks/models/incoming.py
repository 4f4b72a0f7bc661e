"""Addresses of ours that other programs call, so that a ticket is opened; and whose telephone is whose."""

from django.db import models

from puntuale.agreements.models import Product
from puntuale.people.models import Person
from puntuale.tickets.models import Ticket


class IncomingHook(models.Model):
    """An address that opens tickets: for alarms of a monitoring, or for calls that nobody took.

    `person` is whose tickets they are; for a call that is only who it falls to when the number is unknown. The secret
    of the address is kept as a hash, with how it begins.
    """

    class Kind(models.TextChoices):
        """Who calls."""

        MONITORING = "monitoring"
        TELEPHONY = "telephony"

    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    begins = models.CharField(max_length=10)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    priority = models.CharField(max_length=40, blank=True)
    environment = models.CharField(max_length=40)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return f"incoming hook {self.pk}"


class IncomingCall(models.Model):
    """One call of an incoming hook, and what became of it: nothing of what it said."""

    class Outcome(models.TextChoices):
        """What became of it."""

        OPENED = "opened"
        KNOWN = "known"
        OVER = "over"
        REFUSED = "refused"

    hook = models.ForeignKey(IncomingHook, on_delete=models.CASCADE, related_name="calls")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    because = models.CharField(max_length=40, blank=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["hook", "-id"], name="calls_of_hook")]

    def __str__(self) -> str:
        return f"call {self.pk} of hook {self.hook_id}"


class PhoneNumber(models.Model):
    """Whose telephone a number is: `+390612345678`, one person's at a time."""

    number = models.CharField(max_length=16, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="phone_numbers")
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"number {self.pk}"
