"""One's own security: password, second factors, sessions."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from puntuale.accounts import recording, second_factor
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted
from puntuale.people import tokens


@admitted
@require_safe
def security(request: Admitted) -> HttpResponse:
    """Show how somebody signs in, and from where she is signed in."""
    person = request.person
    found = {one.type: one.wrap() for one in Authenticator.objects.filter(user=person).exclude(type="webauthn")}
    codes = found.get(Authenticator.Type.RECOVERY_CODES)
    shown = {
        "has_password": person.has_usable_password(),
        "app": found.get(Authenticator.Type.TOTP),
        "keys": [one.wrap() for one in Authenticator.objects.filter(user=person, type="webauthn")],
        "codes": codes,
        "codes_left": len(codes.get_unused_codes()) if codes else 0,
        "tokens": tokens.alive(request.at).filter(person=person).count(),
        "sessions": len(UserSession.objects.purge_and_list(person)),
        "needs_factor": second_factor.is_needed_by(person) and not second_factor.has(person),
    }
    return render(request, "accounts/security.html", shown)


class AddPasskey(AddWebAuthnView):  # type: ignore[misc]
    """Add a passkey. Each signs in by itself: the device keeps it, and asks who is there."""

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Return what the browser is asked to make, which the server insists on afterwards."""
        shown: dict[str, object] = super().get_context_data(**kwargs)
        return shown | {"js_data": {"creation_options": begin_registration(self.request.user, passwordless=True)}}


class ConfirmByPasskey(ReauthenticateWebAuthnView):  # type: ignore[misc]
    """Show by a passkey that it is still the same person."""

    def form_invalid(self, form: object) -> HttpResponseBase:
        """Say what was wrong, and let it be tried again on the same page."""
        super().form_invalid(form)
        return redirect(self.passthrough_next_url(reverse("mfa_reauthenticate_webauthn")))


class Sessions(ListUserSessionsView):  # type: ignore[misc]
    """Where somebody is signed in, with one button that ends all but this."""

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        """Return the sessions, this one first and then the latest."""
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        shown["sessions"].sort(key=lambda one: (one.is_current(), one.created_at), reverse=True)
        return shown

    def form_valid(self, form: object) -> HttpResponse:
        """End the others, and write that down."""
        recording.sessions_ended(self.request, self.request.user)
        response: HttpResponse = super().form_valid(form)
        return response


sessions = admitted(require_http_methods(["GET", "HEAD", "POST"])(Sessions.as_view()))


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: Admitted) -> HttpResponseBase:
    """Let somebody sign in again who has nothing else to show that it is she."""
    if request.method == "POST":
        logout(request)
        return redirect("login")
    return render(request, "accounts/again.html")
