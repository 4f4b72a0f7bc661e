"""How much of its allowance a token has spent."""

from django.db import models

from puntuale.people.models import Token


class Spending(models.Model):
    """The requests that came with a token in one window of time. Its table is unlogged: a crash may forget it."""

    token = models.OneToOneField(Token, on_delete=models.CASCADE, primary_key=True, related_name="+")
    since = models.DateTimeField()
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.count} requests with token {self.token_id}"
