"""Where django-allauth asks us: who is meant by an address, how letters go out, how secrets are kept."""

import time
from functools import partial
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puntuale.accounts import devices, limits, recording
from puntuale.looks import throttling
from puntuale.people import egress
from puntuale.people.email import normalised
from puntuale.people.models import IdentityProvider, Person
from puntuale.people.post import NotPosted, post
from puntuale.people.sealing import seal, unseal
from puntuale.people.sign_on import SignOnRefused, admit, secret_of

SILENT = (
    "account/messages/logged_in.txt",
    "account/messages/logged_out.txt",
    "account/messages/login_code_sent.txt",
)

PROOFS = {
    "reauthenticate": gettext_lazy("Use your password"),
    "mfa_reauthenticate": gettext_lazy("Use a code from your authenticator app, or a recovery code"),
    "mfa_reauthenticate:webauthn": gettext_lazy("Use a passkey"),
}
"""How somebody can show that it is still they, by what django-allauth calls it."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in by address. People come in by our own sign-up, by invitation or by single sign-on, never by theirs."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("That address and password do not go together. Please try again."),
        "too_many_login_attempts": gettext_lazy("Too many tries. Please wait a few minutes, and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Tell that nobody signs up here."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Person | None:
        """Return who has these, with the address read as everywhere."""
        if "email" in credentials:
            credentials["email"] = normalised(credentials["email"])
        person: Person | None = super().authenticate(request, **credentials)
        return person

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write down that somebody tried, and whom she wanted to be if there is one."""
        recording.failed(request, str(credentials.get("email", "")))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a try at a password, which `authenticate` takes back when it was right. Refuse one too many."""
        self._login_failed_rl_usage = limits.allows_address(request, "password", str(credentials.get("email", "")))
        if self._login_failed_rl_usage is None:
            raise self.validation_error("too_many_login_attempts")

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Return what is wrong; that it was one too many is told by the status of the answer, too."""
        if code in {"too_many_login_attempts", "rate_limited"} and not hasattr(context.request, "retry_after"):
            throttling.refuse(context.request)
        problem: ValidationError = super().validation_error(code, *args)
        return problem

    def post_login(self, request: HttpRequest, user: Person, **how: Any) -> HttpResponse:
        """Return the way to the first page, from a browser that is known from now on."""
        response: HttpResponse = super().post_login(request, user, **how)
        devices.remember(response, user.email)
        return response

    def reauthenticate(self, user: Person, password: str) -> bool:
        """Tell whether it is she: each person has one address."""
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def get_reauthentication_methods(self, user: Person) -> list[dict[str, Any]]:
        """Return how she can show that it is still she. Who has neither password nor second factor signs in anew."""
        again = {"id": "again", "description": _("Sign in again"), "url": reverse("sign_in_again")}
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [one | {"description": PROOFS.get(one["id"], one["description"])} for one in methods] or [again]

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Tell whether she has to show that it is still she: not in the minutes after she signed in."""
        required: bool = super().is_reauthentication_required(app=app)
        records = get_authentication_records(self.request, self.request.user)
        # On the clock by which django-allauth wrote the records, not that of a request it may hold back and resume.
        fresh = time.time() - app_settings.REAUTHENTICATION_TIMEOUT  # noqa: TID251
        return required and not any(one["at"] > fresh for one in records)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a letter in plain text. Whoever waits for it is not told when it could not be sent to nobody."""
        told = {"request": self.request, "email": email, "desk": settings.BASE_URL} | context
        subject = render_to_string(f"{template_prefix}_subject.txt", told)
        try:
            post(email, subject, render_to_string(f"{template_prefix}_message.txt", told).strip() + "\n")
        except NotPosted as problem:
            page = render(self.request, "accounts/no_mail.html", status=503)
            raise ImmediateHttpResponse(page) from problem

    def send_password_reset_mail(self, user: Person, email: str, context: dict[str, Any]) -> None:  # noqa: ARG002
        """Send the link to the address that is stored, whatever was typed."""
        self.send_mail("account/email/password_reset_key", user.email, context)

    def send_notification_mail(
        self, template_prefix: str, user: Person, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell nobody by mail: what happens to accounts is in the log."""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """Return the page of one's own security."""
        return reverse("security")

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return from where a request comes, or a stand-in on a socket that does not say."""
        try:
            return str(super().get_client_ip(request))
        except PermissionDenied:
            return "0.0.0.0"  # noqa: S104 -- nobody listens there

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Say what happened, unless the page that comes says it by itself."""
        if message_template not in SILENT:
            super().add_message(request, level, message_template, *args, **kwargs)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps are sealed."""

    def encrypt(self, text: str) -> str:
        """Return a secret as it is stored."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret again."""
        return unseal(encrypted_text)

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:  # noqa: A002 -- its word
        """Return what a new passkey is called as long as nobody says otherwise: after the browser it was made in."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        name = devices.describe(context.request.headers.get("User-Agent", ""))
        return f"{name} ({count + 1})" if count else name

    def get_totp_issuer(self) -> str:
        """Return what an authenticator app calls us."""
        return "Puntuale"


class SignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Single sign-on by the servers of organisations, each for its own people."""

    def list_apps(
        self,
        request: HttpRequest,  # noqa: ARG002
        provider: str | None = None,
        client_id: str | None = None,
    ) -> list[SocialApp]:
        """Return the servers there are, or the one with this key."""
        found = IdentityProvider.objects.filter(retired_at=None)
        if provider and provider != "openid_connect":
            found = found.filter(key=provider)
        if client_id:
            found = found.filter(client_id=client_id)
        return [_as_app(one) for one in found]

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: object) -> Person:  # noqa: ARG002
        """Return a person of whom nothing is known yet: what the server tells is looked at when it is decided."""
        person: Person = sociallogin.user
        return person

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in whom the server may speak for; show everybody else why not."""
        provider = IdentityProvider.objects.filter(key=sociallogin.account.provider, retired_at=None).first()
        proven = next((one for one in sociallogin.email_addresses if one.verified), None)
        known = sociallogin.user if sociallogin.is_existing else None
        try:
            if provider is None or sociallogin.state.get("process") != "login":
                raise PermissionDenied
            person = admit(
                provider,
                known=known,
                address=proven.email if proven else "",
                is_verified=proven is not None,
                name=_name(sociallogin),
                at=request.at,  # type: ignore[attr-defined]
            )
        except SignOnRefused as refused:
            page = render(request, "accounts/sign_on_refused.html", {"because": refused.because.value}, status=403)
            raise ImmediateHttpResponse(page) from refused
        # What the server tells beyond that is nothing we need to keep.
        sociallogin.account.extra_data = {}
        if known is None:
            sociallogin.connect(request, person)
        else:
            sociallogin.account.save(update_fields=["extra_data"])

    def get_requests_session(self) -> Any:
        """Return what asks the servers: never in our own network, and never where they send it on to."""
        return egress.session(most=1_000_000)

    send_notification_mail = partial(lambda *_args, **_kwargs: None)


def _name(sociallogin: SocialLogin) -> str:
    """Return what the server calls somebody."""
    told = sociallogin.account.extra_data
    told = told.get("userinfo") or told.get("id_token") or told
    return str(told.get("name") or f"{told.get('given_name', '')} {told.get('family_name', '')}").strip()


def _as_app(provider: IdentityProvider) -> SocialApp:
    return SocialApp(
        provider="openid_connect",
        provider_id=provider.key,
        name=provider.name,
        client_id=provider.client_id,
        secret=secret_of(provider),
        settings={"server_url": provider.server, "oauth_pkce_enabled": True},
    )
