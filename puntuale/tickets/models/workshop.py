"""What people keep for themselves while they work: drafts, saved replies, saved filters."""

from django.db import models

from puntuale.people.models import Person
from puntuale.tickets.models.ticket import Ticket


class Draft(models.Model):
    """A form that has not been sent yet: its texts, its other fields, and its files. Only its author ever reads it.

    `caller` is the customer that a ticket taken by phone is for. `key` is the form's own: whoever sends the draft from
    two windows sends it once.
    """

    class Place(models.TextChoices):
        """Which box it is in."""

        ANSWER = "answer"
        NOTE = "note"
        MESSAGE = "message"
        NEW_TICKET = "new_ticket"
        PHONE = "phone"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="drafts")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, null=True, related_name="drafts")
    caller = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    place = models.CharField(max_length=20, choices=Place)
    subject = models.CharField(max_length=1000, blank=True)
    body = models.TextField(blank=True)
    fields = models.JSONField(null=True)
    key = models.UUIDField(null=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "ticket", "caller", "place"], nulls_distinct=False, name="one_draft_a_form"
            )
        ]

    def __str__(self) -> str:
        return f"draft {self.pk} of person {self.person_id}"

    @property
    def version(self) -> str:
        """Return what names this state of the draft: another one after each save."""
        return self.saved_at.isoformat()


class SavedReply(models.Model):
    """A text for what is asked again and again, with variables, and what is done along with sending it."""

    title = models.CharField(max_length=100, unique=True)
    body = models.TextField()
    language = models.CharField(max_length=10, blank=True)
    then = models.CharField(max_length=10, blank=True)
    takes = models.BooleanField(default=False)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["title"]
        verbose_name_plural = "saved replies"

    def __str__(self) -> str:
        return self.title


class SuggestedText(models.Model):
    """What customers are told about a change of priority, for one reason in one language, in the managers' own words.

    `{{ was }}` and `{{ to }}` in it stand for the priorities.
    """

    grounds = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    text = models.TextField()
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["grounds", "language"], name="one_text_a_reason_and_language")]

    def __str__(self) -> str:
        return f"{self.grounds} ({self.language})"


class SavedFilter(models.Model):
    """A view of the queue that somebody gave a name."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=60)
    asked = models.CharField(max_length=500)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="one_filter_a_name")]

    def __str__(self) -> str:
        return self.name
