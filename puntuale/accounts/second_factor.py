"""Roles that need a second factor: whoever has none is led to set one up before anything else."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from puntuale.people.models import Person

OPEN = frozenset(
    {
        "security",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "account_reauthenticate",
        "sign_in_again",
        "login",
        "logout",
        "account_logout",
        "home",
        "language",
        "guarantee",
        "guarantee_facts",
    }
)
"""The routes that such a person reaches: those by which she gets one, and what everybody reads."""


def is_needed_by(person: Person) -> bool:
    """Tell whether somebody needs a second factor, by her role."""
    needed = settings.REQUIRE_MFA
    return (
        needed == "everybody"
        or (needed == "agents" and person.works_for_vendor)
        or (needed == "managers" and person.manages)
    )


def has(person: Person) -> bool:
    """Tell whether somebody has a second factor. Recovery codes alone are none."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    found: bool = Authenticator.objects.filter(user=person, type__in=kinds).exists()
    return found


class Needed:
    """Leads whoever needs a second factor and has none to her security page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as ever."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Return the way to the security page, or None for everybody else."""
        person, match = request.user, request.resolver_match
        if not isinstance(person, Person) or not is_needed_by(person):
            return None
        if match is None or (match.url_name in OPEN and not match.namespaces) or has(person):
            return None
        return redirect("security")
