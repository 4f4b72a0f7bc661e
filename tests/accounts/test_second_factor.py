"""Second factors: set up, asked for, never skipped, and needed by those of whom it is required."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from puntuale.accounts.forgetting import forget_ended_sessions
from puntuale.people.models import AuditEntry
from tests.company import PASSWORD
from tests.pages import words

SECOND = "/en/sign-in/second-factor/"


def totp(secret, steps=0):
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1] + steps))


def sign_in(client, name="ada@puntuale.test"):
    return client.post("/en/sign-in/", {"username": name, "password": PASSWORD})


@pytest.fixture
def app(company, now, client, rf):
    """Ada's authenticator app: the secret in it."""
    secret = generate_totp_secret()
    TOTP.activate(company.ada, secret)
    return secret


def test_she_sets_up_an_app_and_gets_codes_for_the_day_she_loses_it(
    client, company, now, django_capture_on_commit_callbacks
):
    sign_in(client)
    page = client.get("/en/security/app/")
    secret = page.context["form"].secret
    assert client.post("/en/security/app/", {"code": "000000"}).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/en/security/app/", {"code": totp(secret)}).status_code == 302
    assert "asked for at every sign-in" in words(client.get("/en/security/"))
    assert secret not in str(Authenticator.objects.get(type="totp").data)
    assert AuditEntry.objects.filter(action="second_factor_added", by=company.ada).exists()
    assert client.get("/en/security/codes/").status_code == 200


def test_sec_s27_the_password_alone_does_not_let_her_in(client, company, now, app):
    assert sign_in(client).url == SECOND
    for address in ("/en/desk/", "/en/security/", "/repair/", "/en/security/app/removal/"):
        assert client.get(address).status_code == 302
        assert "sign-in" in client.get(address).url or "login" in client.get(address).url
    assert client.post("/en/security/app/removal/").status_code in {302, 403}
    assert Authenticator.objects.filter(user=company.ada).exists()
    assert "Incorrect code" in words(client.post(SECOND, {"code": "000000"}))
    assert client.post(SECOND, {"code": totp(app)}, follow=True).redirect_chain[-1][0] == "/en/desk/"


def test_sec_s27_a_code_works_once_and_wrong_ones_are_few(client, company, now, app):
    code = totp(app)
    sign_in(client)
    client.post(SECOND, {"code": code})
    other = type(client)()
    sign_in(other)
    assert "Incorrect code" in words(other.post(SECOND, {"code": code}))
    for _try in range(8):
        other.post(SECOND, {"code": "000000"})
    other.post(SECOND, {"code": totp(app, 1)})
    assert other.get("/en/desk/").status_code == 302


def test_sec_s27_factors_change_only_for_whoever_has_just_shown_that_it_is_she(client, company, now, app, settings):
    sign_in(client)
    client.post(SECOND, {"code": totp(app)})
    clock = time_machine.travel(timedelta(minutes=6))
    clock.start()
    response = client.post("/en/security/app/removal/")
    assert response.url.startswith("/en/security/again/")
    assert Authenticator.objects.filter(user=company.ada, type="totp").exists()
    for address in ("/en/security/codes/new/", "/en/security/passkeys/new/", "/en/security/app/removal/"):
        assert client.get(address).url.startswith("/en/security/again/")
    clock.stop()


def test_a_recovery_code_lets_her_in_once(client, company, now, app):
    codes = RecoveryCodes.activate(company.ada).get_unused_codes()
    sign_in(client)
    assert client.post(SECOND, {"code": codes[0]}).status_code == 302
    other = type(client)()
    sign_in(other)
    assert "Incorrect code" in words(other.post(SECOND, {"code": codes[0]}))


@pytest.mark.parametrize(
    ("needed", "led"),
    [("off", set()), ("managers", {"mara"}), ("agents", {"mara", "ada"}), ("everybody", {"mara", "ada", "anna"})],
)
def test_of_whom_it_is_required_she_sets_one_up_before_anything_else(client, company, now, settings, needed, led):
    settings.REQUIRE_MFA = needed
    for name, page in (("mara", "/en/office/promises/"), ("ada", "/en/desk/"), ("anna", "/en/tickets/")):
        browser = type(client)()
        browser.force_login(getattr(company, name))
        response = browser.get(page)
        assert (response.status_code, getattr(response, "url", "")) == (
            (302, "/en/security/") if name in led else (200, "")
        )
        if name in led:
            assert browser.get("/repair/").status_code == 302
            assert browser.post("/en/tickets/new/", {"subject": "x"}).status_code == 302
            assert "Your role needs a second factor" in words(browser.get("/en/security/"))
            assert browser.get("/en/guarantee/").status_code == 200
            assert browser.post("/en/sign-out/").status_code == 302


def test_whoever_has_one_goes_on(client, company, now, settings, app):
    settings.REQUIRE_MFA = "agents"
    sign_in(client)
    client.post(SECOND, {"code": totp(app)})
    assert client.get("/en/desk/").status_code == 200


def test_a_manager_takes_a_lost_factor_away_and_makes_nothing_else_by_hand(client, company, now, app):
    mara = type(client)()
    mara.force_login(company.mara)
    key = Authenticator.objects.get(user=company.ada).pk
    page = mara.get(f"/repair/mfa/authenticator/{key}/change/").content.decode()
    assert app not in page and Authenticator.objects.get().data["secret"] not in page
    assert mara.get("/repair/mfa/authenticator/add/").status_code == 403
    for kind in ("account/emailaddress", "socialaccount/socialapp", "socialaccount/socialaccount"):
        assert mara.get(f"/repair/{kind}/").status_code == 404
    mara.post(f"/repair/mfa/authenticator/{key}/delete/", {"post": "yes"})
    assert not Authenticator.objects.filter(user=company.ada).exists()
    assert AuditEntry.objects.get(action="second_factor_removed").by == company.mara


def test_where_she_was_signed_in_is_forgotten_with_the_session(client, company, now):
    sign_in(client)
    assert UserSession.objects.count() == 1
    ends = Session.objects.get().expire_date
    assert forget_ended_sessions(at=ends - timedelta(seconds=1)) == 0
    assert forget_ended_sessions(at=ends) == 1
