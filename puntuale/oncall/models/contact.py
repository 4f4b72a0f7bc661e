"""How a person can be reached at night."""

from django.db import models

from puntuale.people.models import Person


class Contact(models.Model):
    """A way to reach a person. It is used once she has proved that she reads what comes by it: `verified_at`.

    `code` was sent there and holds until `code_until`; `wrong` counts how often another one was said.
    """

    class Channel(models.TextChoices):
        """By what it goes."""

        EMAIL = "email"
        SMS = "sms"
        CHAT = "chat"
        WEBHOOK = "webhook"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contacts")
    channel = models.CharField(max_length=10, choices=Channel)
    address = models.CharField(max_length=500)
    added_at = models.DateTimeField()
    code = models.CharField(max_length=12, blank=True)
    code_until = models.DateTimeField(null=True)
    wrong = models.PositiveSmallIntegerField(default=0)
    verified_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "channel", "address"],
                condition=models.Q(removed_at=None),
                name="each_way_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} of {self.person}"
