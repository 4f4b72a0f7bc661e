"""What people fill in at this door."""

from collections.abc import Mapping, Sequence
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm, RequestLoginCodeForm, ResetPasswordForm
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
    SignupWebAuthnForm,
)
from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from puntuale.accounts import limits
from puntuale.guarantee.visible import is_visible
from puntuale.people.models import Person, Role, Scope


def _text(label: Any, kind: str = "text", autocomplete: str = "off", **how: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": autocomplete})
    widget.input_type = kind
    return forms.CharField(label=label, widget=widget, validators=[_refuse_unseen], **how)


def _refuse_unseen(written: str) -> None:
    if not is_visible(written):
        raise forms.ValidationError(forms.Field.default_error_messages["required"], code="required")


def _password(**how: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=_("Password"), strip=False, max_length=1_000, widget=widget, **how)


class SignIn(LoginForm):  # type: ignore[misc]
    """An address and a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = _text(_("E-mail address"), "email", "username", max_length=1_000)
        self.fields["password"].max_length = 1_000

    def add_prefix(self, field_name: str) -> str:
        """Return the name of a field on the page, one that password managers know."""
        return "username" if field_name == "login" else str(super().add_prefix(field_name))


class CodeRequest(RequestLoginCodeForm):  # type: ignore[misc]
    """The address to which a code is sent."""

    def clean_email(self) -> str:
        """Return the address, within the limits of codes."""
        return _within_limits(super().clean_email(), "mail_code")


class ForgottenPassword(ResetPasswordForm):  # type: ignore[misc]
    """The address to which a link for a new password is sent."""

    def clean_email(self) -> str:
        """Return the address, within the limits of links."""
        return _within_limits(super().clean_email(), "mail_link")


def _within_limits(address: str, kind: str) -> str:
    """Return an address to which one more mail may be sent. What was asked for before counts, whether it is known."""
    if address and not limits.allows_address(context.request, kind, address):
        raise get_adapter().validation_error("too_many_login_attempts")
    return address


class NewPasskey(SignupWebAuthnForm):  # type: ignore[misc]
    """A passkey that signs in by itself, and what its owner calls it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _text(_("Name"), required=False, max_length=100)

    def clean(self) -> dict[str, Any]:
        """Return what the browser made, which has asked who is there."""
        try:
            cleaned: dict[str, Any] = super().clean()
        except forms.ValidationError as problem:
            raise forms.ValidationError(_("This passkey could not be added. Try again.")) from problem
        return cleaned


class _ShownPasskey(forms.Form):
    """What a browser sends when somebody uses a passkey; what is wrong with it is said of passkeys, not of codes."""

    NOT_ACCEPTED = _("This passkey isn't accepted. Use another passkey or another method.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].error_messages = dict.fromkeys(("required", "invalid"), self.NOT_ACCEPTED)

    def clean_credential(self) -> Authenticator:
        """Return the passkey that was used."""
        try:
            passkey: Authenticator = super().clean_credential()  # type: ignore[misc]
        except forms.ValidationError as problem:
            raise forms.ValidationError(self.NOT_ACCEPTED) from problem
        return passkey


class PasskeySignIn(_ShownPasskey, LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey instead of address and password."""


class PasskeyAsSecondStep(_ShownPasskey, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey after a password."""


class PasskeyAgain(_ShownPasskey, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey, to show that it is still the same person."""


class Address(forms.Form):
    """The address somebody signs up with."""

    email = _text(_("Company e-mail address"), "email", "email", max_length=320)


class Code(forms.Form):
    """The code of a letter."""

    code = _text(_("Code"), autocomplete="one-time-code", max_length=20)


class Herself(forms.Form):
    """What somebody says about herself."""

    name = _text(_("Your name"), autocomplete="name", max_length=200)
    password = _password()
    zone_name = _text(_("Time zone"), max_length=64)


class Founder(Herself):
    """What somebody says about herself and her company."""

    organisation = _text(_("Your company"), autocomplete="organization", max_length=150)
    field_order = ["name", "organisation", "password", "zone_name"]


class Invited(forms.Form):
    """Whom somebody invites."""

    address = _text(_("E-mail address"), "email", max_length=320)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(Role.CUSTOMER.value, _("Member")), (Role.ORGANISATION_ADMIN.value, _("Administrator"))],
    )


class Successor(forms.Form):
    """The colleague who administers an organisation from now on."""

    to = forms.ModelChoiceField(
        Person.objects.none(), label=_("New administrator"), empty_label=_("Choose a colleague")
    )

    def __init__(self, colleagues: QuerySet[Person], data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        chosen = self.fields["to"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = colleagues


class Server(forms.Form):
    """A server for single sign-on."""

    name = _text(_("Name"), max_length=100)
    server = forms.URLField(
        label=_("Address of the server (issuer)"), max_length=300, assume_scheme="https", widget=forms.TextInput
    )
    client_id = _text(_("Client ID"), max_length=200)
    secret = forms.CharField(
        label=_("Client secret"), max_length=500, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )

    def clean_server(self) -> str:
        """Return the address, one that nobody on the way can answer for."""
        address: str = self.cleaned_data["server"]
        if not address.startswith("https://") and not settings.PRIVATE_TARGETS:
            raise forms.ValidationError(_("The address has to begin with https."))
        return address


SCOPES = {
    Scope.READ: _("read what you may read"),
    Scope.WRITE: _("send tickets, write and act on them as you may"),
    Scope.MANAGE: _("manage organisations, people and contracts as you may"),
}
LIVES = (30, 90, 180, 365)


class NewToken(forms.Form):
    """What a token is for, what it is good for, and how long."""

    name = _text(_("What is it for?"), max_length=100)
    scopes = forms.MultipleChoiceField(label=_("What may it do?"), widget=forms.CheckboxSelectMultiple)
    days = forms.ChoiceField(label=_("For how long?"), initial="90")

    def __init__(self, scopes: Sequence[Scope], data: Mapping[str, object] | None = None) -> None:
        super().__init__(data, initial={"scopes": [Scope.READ.value]})
        offered, days = self.fields["scopes"], self.fields["days"]
        assert isinstance(offered, forms.MultipleChoiceField)
        assert isinstance(days, forms.ChoiceField)
        offered.choices = [(scope.value, SCOPES[scope]) for scope in scopes]
        days.choices = [(str(count), _("%(count)d days") % {"count": count}) for count in LIVES]
