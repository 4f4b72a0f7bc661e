"""The pages of the account library: all of them ours, in one voice."""

import re
from pathlib import Path

import allauth
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.urls import reverse

from puntuale.accounts import urls
from tests.accounts import passkeys
from tests.accounts.passkeys import SoftPasskey
from tests.company import PASSWORD
from tests.pages import words

LIBRARY = str(Path(allauth.__file__).parent)


def sign_in(client, name="ada@puntuale.test"):
    return client.post("/en/sign-in/", {"username": name, "password": PASSWORD})


def ours(page, status=200):
    """Look whether a page is drawn by us alone, in sentence case, without the library's names for things."""
    assert page.status_code == status
    theirs = [one.origin.name for one in page.templates if one.origin and one.origin.name.startswith(LIBRARY)]
    assert theirs == []
    text = words(page)
    for word in ("Security Key", "security key", "Master key", "Recovery Codes", "Sign In", "Authenticator App"):
        assert word not in text
    assert "<main" in page.content.decode()
    return page.resolver_match.url_name


def test_every_page_of_the_library_is_ours(client, company, now):
    seen = {ours(client.get(reverse(name))) for name in OUTSIDE}
    client.post("/en/sign-in/code/", {"email": "ada@puntuale.test"})
    seen.add(ours(client.get("/en/sign-in/code/confirmation/")))
    client.post("/en/password/forgotten/", {"email": "ada@puntuale.test"})
    link = re.search(r"/en/password/new/\S+", mail.outbox[-1].body).group(0)
    seen.add(ours(client.get(link, follow=True)))
    ours(client.get("/en/password/new/1-nonsense/"))
    client = type(client)()
    sign_in(client)
    passkeys.add(client, SoftPasskey())
    TOTP.activate(company.ada, generate_totp_secret())
    one = Authenticator.objects.get(type="webauthn").pk
    seen |= {ours(client.get(reverse(name))) for name in INSIDE}
    seen |= {ours(client.get(reverse(name, args=[one]))) for name in ("mfa_edit_webauthn", "mfa_remove_webauthn")}
    Authenticator.objects.filter(type="totp").delete()
    seen.add(ours(client.get("/en/security/app/")))
    other = type(client)()
    sign_in(other)
    page = other.get("/en/sign-in/second-factor/")
    assert "Use a passkey" in words(page)
    seen.add(ours(page))
    company.ada.set_unusable_password()
    company.ada.save()
    other.force_login(company.ada)
    seen.add(ours(other.get("/en/password/first/")))
    assert library_pages() - seen == set()


OUTSIDE = (
    "login",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_inactive",
)
INSIDE = (
    "account_change_password",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "usersessions_list",
)
SILENT = {"account_login", "logout", "account_logout", "mfa_login_webauthn", "mfa_download_recovery_codes", "mfa_index"}
"""Those that draw no page of their own, and second names of others."""


def library_pages():
    """Return the routes whose view is of the library, or made from one of its own."""
    routes = [*urls.coming_in, *urls.passwords, *urls.own_security]
    views = {one.name: getattr(one.callback, "view_class", None) for one in routes}
    return {name for name, view in views.items() if view and of_the_library(view)} - SILENT


def of_the_library(view):
    return any(one.__module__.startswith("allauth.") for one in view.__mro__)


def test_one_try_too_many_is_said_in_our_frame(client, company, now, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"reset_password": "1/m/ip"}
    client.post("/en/password/forgotten/", {"email": "ada@puntuale.test"})
    page = client.post("/en/password/forgotten/", {"email": "ada@puntuale.test"})
    assert ours(page, 429) and "Too many attempts" in words(page)
