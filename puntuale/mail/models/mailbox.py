"""Where mail is fetched from, and whether that works."""

from django.db import models


class Mailbox(models.Model):
    """A mailbox that the worker fetches from: when it last could, and the server's words on what went wrong since.

    What has a UID up to `uid` is kept already, as long as the server numbers its mail as before (`uid_validity`).
    """

    name = models.CharField(max_length=200, unique=True)
    uid_validity = models.BigIntegerField(null=True)
    uid = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
    problem_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
