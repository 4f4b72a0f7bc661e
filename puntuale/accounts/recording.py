"""Writing down what happens to accounts, as django-allauth tells of it."""

from typing import Any

from allauth.account import signals as accounts
from allauth.mfa import signals as factors
from django.http import HttpRequest

from puntuale.accounts import limits
from puntuale.looks.requests import address_of
from puntuale.people.audit import about, record
from puntuale.people.models import Person


def listen() -> None:
    """Begin to write down. Called once, when everything is loaded."""
    accounts.user_logged_in.connect(_signed_in, dispatch_uid="puntuale: signed in")
    for told in (accounts.password_changed, accounts.password_set, accounts.password_reset):
        told.connect(_password_changed, dispatch_uid="puntuale: password")
    accounts.password_reset.connect(_password_reset, dispatch_uid="puntuale: password reset")
    factors.authenticator_added.connect(_factor_added, dispatch_uid="puntuale: factor added")
    factors.authenticator_removed.connect(_factor_removed, dispatch_uid="puntuale: factor removed")
    factors.authentication_failed.connect(_factor_failed, dispatch_uid="puntuale: factor failed")


def failed(request: HttpRequest, address: str) -> None:
    """Write down that somebody tried to sign in. Whom she wanted to be is told by number, or not at all."""
    person = Person.objects.filter(email=address).first()
    _write(request, "sign_in_failed", by=None, whom=person)


def sessions_ended(request: HttpRequest, person: Person) -> None:
    """Write down that somebody ended her other sessions."""
    _write(request, "sessions_ended", by=person, whom=person)


def _signed_in(request: HttpRequest, user: Person, **_: Any) -> None:
    _write(request, "signed_in", by=user, whom=user)


def _password_changed(request: HttpRequest, user: Person, **_: Any) -> None:
    _write(request, "password_changed", by=user, whom=user)


def _password_reset(request: HttpRequest, user: Person, **_: Any) -> None:
    """Let whoever proved the address by the link sign in, however often others had tried."""
    limits.forget_tries(request, "password", user.email)


def _factor_added(request: HttpRequest, user: Person, authenticator: Any, **_: Any) -> None:
    _write(request, "second_factor_added", by=user, whom=user, kind=str(authenticator.type))


def _factor_removed(request: HttpRequest, user: Person, authenticator: Any, **_: Any) -> None:
    _write(request, "second_factor_removed", by=user, whom=user, kind=str(authenticator.type))


def _factor_failed(request: HttpRequest, user: Person, **_: Any) -> None:
    _write(request, "sign_in_failed", by=None, whom=user, step="second factor")


def _write(request: HttpRequest, action: str, *, by: Person | None, whom: Person | None, **details: object) -> None:
    at = request.at  # type: ignore[attr-defined]
    record(action, by=by, about=about(whom) if whom else "", at=at, address=address_of(request), **details)
