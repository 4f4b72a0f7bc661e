"""Who else has to do with a ticket: followers, people mentioned, agents looking at it, other tickets."""

from django.db import models

from puntuale.people.models import Person
from puntuale.tickets.models.message import Message
from puntuale.tickets.models.ticket import Ticket


class Follower(models.Model):
    """Somebody who reads along: a colleague of the customer, or an agent."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="followers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="follows")
    since = models.DateTimeField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "ticket"], name="follows_once")]

    def __str__(self) -> str:
        return f"person {self.person_id} follows ticket {self.ticket_id}"


class Mention(models.Model):
    """An agent named in a note: `@ada`. `seen_at` is when she opened the ticket after it."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="mentions")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="mentions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mentioned")
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "person"], name="mentioned_once_a_message")]
        # For what somebody was mentioned in and has not seen.
        indexes = [models.Index(fields=["person", "at"], condition=models.Q(seen_at=None), name="mention_unseen")]

    def __str__(self) -> str:
        return f"person {self.person_id} in message {self.message_id}"


class Presence(models.Model):
    """An agent who has a ticket open: when her browser last said so, and when she last typed."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="presences")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    typed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "person"], name="present_once")]

    def __str__(self) -> str:
        return f"person {self.person_id} at ticket {self.ticket_id}"


class Link(models.Model):
    """How a ticket came from another one."""

    class Kind(models.TextChoices):
        """In what way."""

        FOLLOWS = "follows"
        SPLIT_OFF = "split_off"
        DUPLICATES = "duplicates"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="came_from")
    origin = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="led_to")
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "origin", "kind"], name="linked_once")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind} {self.origin_id}"


class Rating(models.Model):
    """What a customer thought of the answer."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="ratings")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    good = models.BooleanField()
    comment = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "by"], name="rated_once_a_person")]

    def __str__(self) -> str:
        return f"{'good' if self.good else 'bad'}: ticket {self.ticket_id}"
