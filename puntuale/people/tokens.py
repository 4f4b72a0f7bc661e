"""Tokens: with one a program does what its person may do, as far as the token's scopes go."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from puntuale.guarantee.visible import one_line
from puntuale.people import audit
from puntuale.people.models import Person, Scope, Token

BEGINNING = "pun_"
LONGEST_LIFE = timedelta(days=365)
MOST_ALIVE = 20
USE_NOTED_EVERY = timedelta(minutes=1)


class TokenRefused(ValueError):
    """A token that cannot be had, with the field and the rule that say why."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(field, rule)
        self.field = field
        self.rule = rule


class NotHers(PermissionError):
    """Somebody else's token, and she does not manage the desk."""


def scopes_for(person: Person) -> list[Scope]:
    """Return the scopes that a token of somebody can have. Only managers have something to manage."""
    return [scope for scope in Scope if scope is not Scope.MANAGE or person.manages]


def issue(
    person: Person, *, name: str, scopes: Iterable[str], lasts: timedelta, at: datetime, address: str = ""
) -> tuple[Token, str]:
    """Return a new token of a person, and its secret, which nobody can be shown again. Raises TokenRefused."""
    called, wanted = one_line(name), set(scopes)
    if not 1 <= len(called) <= 100:
        raise TokenRefused("name", "name.length")
    if not wanted or not wanted <= set(scopes_for(person)):
        raise TokenRefused("scopes", "scopes.unknown")
    if not timedelta() < lasts <= LONGEST_LIFE:
        raise TokenRefused("lasts", "lasts.a_year_at_most")
    if not person.is_active or alive(at).filter(person=person).count() >= MOST_ALIVE:
        raise TokenRefused("name", "tokens.too_many")
    secret = BEGINNING + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = Token.objects.create(
            person=person,
            name=called,
            digest=_digest(secret),
            begins=secret[:10],
            scopes=[scope.value for scope in Scope if scope in wanted],
            made_at=at,
            expires_at=at + lasts,
        )
        told = {"token": token.pk, "scopes": token.scopes, "until": token.expires_at}
        audit.record("token_issued", by=person, about=audit.about(person), at=at, address=address, **told)
    return token, secret


def revoke(token: Token, *, by: Person, at: datetime, address: str = "") -> None:
    """Let a token be good for nothing from now on: by its person, or by a manager. Raises NotHers."""
    if by.pk != token.person_id and not (by.manages and by.is_active):
        raise NotHers(token.pk)
    with transaction.atomic():
        if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at, revoked_by=by):
            about = audit.about(token.person)
            audit.record("token_revoked", by=by, about=about, at=at, address=address, token=token.pk)


def revoke_all(person: Person, *, by: Person | None, at: datetime) -> int:
    """Let no token of a person be good for anything any more, and return how many were."""
    return alive(at).filter(person=person).update(revoked_at=at, revoked_by=by)


def shown(secret: str, *, at: datetime) -> Token | None:
    """Return the token with a secret, with its person; None for one that is unknown, over, or of somebody who left."""
    if not secret.startswith(BEGINNING):
        return None
    found = alive(at).filter(digest=_digest(secret), person__left_at=None)
    return found.select_related("person__organisation").first()


def note_use(token: Token, *, at: datetime) -> None:
    """Write down that a token is used, at most once a minute."""
    earlier = at - USE_NOTED_EVERY
    if token.last_used_at is None or token.last_used_at <= earlier:
        stale = Q(last_used_at=None) | Q(last_used_at__lte=earlier)
        Token.objects.filter(stale, pk=token.pk).update(last_used_at=at)


def alive(at: datetime) -> QuerySet[Token]:
    """Return the tokens that are not over."""
    return Token.objects.filter(revoked_at=None, expires_at__gt=at)


def _digest(secret: str) -> str:
    # A secret of 256 random bits needs no salt and no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
