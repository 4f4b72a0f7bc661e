"""An address on the web where a program wants to be told."""

from django.db import models

from puntuale.people.models import Person


class Endpoint(models.Model):
    """An address, the types of events it wants (all, when there are none), and the secret that signs them.

    For a day after a new secret was made, the one before signs too. What is sent goes in order, so the endpoint, not
    the single delivery, is taken in hand (`leased_until`, `fence`) and tried again (`tried` times in vain, next at
    `try_at`). One that fails or is slow is `lame_since` then, and no longer served among the quick ones.

    The address of a chat room is a secret by itself: it is what is sealed, and `url` only tells of which service it is.
    """

    class Channel(models.TextChoices):
        """How it is told: in JSON for programs, or in words for the people of a chat."""

        WEB = "web"
        CHAT = "chat"

    channel = models.CharField(max_length=10, choices=Channel, default=Channel.WEB)
    name = models.CharField(max_length=100)
    url = models.CharField(max_length=500)
    types = models.JSONField(default=list)
    sealed_secret = models.TextField()
    sealed_former_secret = models.TextField(blank=True)
    former_until = models.DateTimeField(null=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)
    disabled_because = models.CharField(max_length=20, blank=True)
    retired_at = models.DateTimeField(null=True)
    tried = models.PositiveIntegerField(default=0)
    try_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    lame_since = models.DateTimeField(null=True)
    served_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return f"endpoint {self.pk}"

    @property
    def is_served(self) -> bool:
        """Tell whether anything is sent to it."""
        return self.disabled_at is None and self.retired_at is None
