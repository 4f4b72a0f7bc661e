"""The repair pages let nobody become more than she is, and nobody take away what protects somebody above her."""

import pytest
from allauth.mfa.models import Authenticator

from puntuale.people.models import Person, Role
from puntuale.people.roles import give_role
from tests.company import LONG_AGO

NEW = {
    "email": "new@puntuale.test", "name": "New One", "organisation": "", "language": "en", "zone_name": "Europe/Rome",
    "joined_at_0": "2026-01-01", "joined_at_1": "00:00:00", "left_at_0": "", "left_at_1": "",
}  # fmt: skip


@pytest.fixture
def grace(company):
    """An administrator. Mara, who manages, is none."""
    give_role(company.grace, Role.ADMINISTRATOR, by=company.mara, at=LONG_AGO)
    company.grace.refresh_from_db()
    return company.grace


def factor(person):
    return Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})


def test_sec_s21_a_manager_adds_no_administrator_by_hand(signed_in, company, grace):
    page = "/repair/people/person/add/"
    browser = signed_in("mara")
    assert browser.get(page).status_code == 200
    assert b'value="administrator"' not in browser.get(page).content
    assert browser.post(page, NEW | {"role": "administrator"}).status_code == 200
    assert not Person.objects.filter(email=NEW["email"]).exists()
    assert browser.post(page, NEW | {"role": "agent"}).status_code == 302
    assert Person.objects.get(email=NEW["email"]).role == Role.AGENT


def test_sec_s21_an_administrator_does(signed_in, company, grace):
    assert signed_in("grace").post("/repair/people/person/add/", NEW | {"role": "administrator"}).status_code == 302
    assert Person.objects.get(email=NEW["email"]).role == Role.ADMINISTRATOR


@pytest.mark.parametrize("whose", ["grace", "mara"])
def test_sec_s27_a_manager_takes_no_factor_from_an_administrator_nor_her_own_without_a_proof(
    signed_in, company, grace, whose
):
    kept = factor(getattr(company, whose))
    browser = signed_in("mara")
    for answer in (
        browser.post(f"/repair/mfa/authenticator/{kept.pk}/delete/", {"post": "yes"}),
        browser.post(
            "/repair/mfa/authenticator/",
            {"action": "delete_selected", "_selected_action": [kept.pk], "post": "yes"},
        ),
    ):
        assert answer.status_code == 403
    assert Authenticator.objects.filter(pk=kept.pk).exists()


def test_sec_s27_a_factor_that_an_agent_has_lost_is_taken_away(signed_in, company, grace):
    lost = factor(company.ada)
    answer = signed_in("mara").post(f"/repair/mfa/authenticator/{lost.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 302
    assert not Authenticator.objects.exists()


def test_sec_s27_what_a_factor_keeps_is_shown_to_nobody(signed_in, company, grace):
    kept = factor(company.ada)
    kept.data = {"secret": "zanzibar-of-the-factor"}
    kept.save()
    for address in ("/repair/mfa/authenticator/", f"/repair/mfa/authenticator/{kept.pk}/change/"):
        answer = signed_in("grace").get(address)
        assert answer.status_code == 200 and b"zanzibar" not in answer.content


def test_sec_s33_every_row_that_can_be_changed_by_hand_is_written_down(rf, company):
    from django.contrib import admin  # noqa: PLC0415

    from puntuale.office.admin import Repaired  # noqa: PLC0415

    request = rf.get("/")
    request.user = company.mara
    for model, page in admin.site._registry.items():
        if model._meta.app_label.startswith("allauth_idp"):
            continue  # The company's server, which only the tests have.
        changes = page.has_add_permission(request) or page.has_change_permission(request)
        assert not changes or isinstance(page, Repaired), model
