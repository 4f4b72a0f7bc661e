"""Finding the person who signs in, and what proves that a link for a new password was sent to them."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.http import HttpRequest

from puntuale.people.email import normalised
from puntuale.people.models import Person


class ByAddress(AuthenticationBackend):  # type: ignore[misc]
    """Knows people by their address, however they write it."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Person | None:
        """Return who has this address and this password, or None."""
        written = {
            key: normalised(value) for key, value in credentials.items() if key in {"email", "username"} and value
        }
        person: Person | None = super().authenticate(request, **(credentials | written))
        return person


class ResetLinks(PasswordResetTokenGenerator):
    """Links for a new password: good until the password, the role or the rights of their person change."""

    def _make_hash_value(self, user: Person, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.get_session_auth_hash()}"
