"""The answer to a request that may be sent again."""

from django.db import models

from puntuale.people.models import Token


class KeptAnswer(models.Model):
    """What a request with an Idempotency-Key was answered, stored in the transaction in which it did what it asked.

    `asked` is a hash of the request: the key is good for that one only. Kept for a day.
    """

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    asked = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    etag = models.CharField(max_length=70, blank=True)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_answer_a_key")]
        # For those that are over age.
        indexes = [models.Index(fields=["given_at"], name="answer_given")]

    def __str__(self) -> str:
        return f"answer {self.pk}"
