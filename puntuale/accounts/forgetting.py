"""Forgetting from where people were signed in, once they are not any more, and with what."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from puntuale.people.models import Person


def forget_ended_sessions(*, at: datetime) -> int:
    """Forget sessions that have ended, with the addresses they came from, and return how many."""
    alive = Session.objects.filter(expire_date__gt=at).values("session_key")
    count: int = UserSession.objects.exclude(session_key__in=alive).delete()[0]
    return count


def end_sessions_and_passkeys(person: Person, at: datetime) -> None:  # noqa: ARG001 -- all that was before
    """Forget where somebody was signed in; `Person.credentials_from` has ended the sessions already.

    A passkey opens the door by itself, so whoever left does not find it working when they come back. The codes of an
    app stay: they only ever add to another proof.
    """
    UserSession.objects.filter(user=person).delete()
    if not person.is_active:
        Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).delete()
