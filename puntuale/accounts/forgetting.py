"""Forgetting from where people were signed in, once they are not any more."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session


def forget_ended_sessions(*, at: datetime) -> int:
    """Forget sessions that have ended, with the addresses they came from, and return how many."""
    alive = Session.objects.filter(expire_date__gt=at).values("session_key")
    count: int = UserSession.objects.exclude(session_key__in=alive).delete()[0]
    return count
