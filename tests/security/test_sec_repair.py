"""The repair pages let nobody become more than she is, and nobody take away what protects somebody above her."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.core import mail
from django.test import Client

from puntuale.accounts.backend import ResetLinks
from puntuale.people import membership, tokens
from puntuale.people.joining import InvitationInvalid, open_invitation
from puntuale.people.models import AuditEntry, Person, Role
from puntuale.people.roles import give_role
from puntuale.privacy.data_map import SECRET
from puntuale.privacy.repair import Repaired, RepairPage, shown
from tests.company import LONG_AGO
from tests.pages import words

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


@pytest.mark.parametrize("role", ["administrator", "manager", "agent"])
def test_sec_s21_a_manager_adds_no_second_account_of_the_vendor_by_hand(signed_in, company, grace, role):
    page = "/repair/people/person/add/"
    browser = signed_in("mara")
    assert browser.get(page).status_code == 200
    assert f'value="{role}"'.encode() not in browser.get(page).content
    assert browser.post(page, NEW | {"role": role}).status_code == 200
    assert not Person.objects.filter(email=NEW["email"]).exists()
    answer = browser.post(page, NEW | {"role": "customer", "organisation": company.basic.pk})
    assert answer.status_code == 302
    assert Person.objects.get(email=NEW["email"]).organisation == company.basic


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


@pytest.mark.parametrize(
    "lookup",
    [
        "password__startswith=argon2", "password=x", "password__exact=x", "password__regex=^a", "password__gte=a",
        "id__exact=1&password__contains=b", "tokens__digest__startswith=a", "organisation__invitations__digest__gt=0",
        "join_requests__password__startswith=a", "email__startswith=a", "organisation__people__password__startswith=a",
        "last_login__isnull=1", "contacts__code=1",
    ],
)  # fmt: skip
def test_sec_s35_the_repair_pages_tell_no_secret_letter_by_letter(signed_in, company, grace, lookup):
    for name in ("mara", "grace"):
        answer = signed_in(name).get(f"/repair/people/person/?{lookup}")
        assert answer.status_code == 400 or "?e=1" in answer.url, lookup


def test_sec_s35_no_repair_page_can_be_asked_for_more_than_its_own_filters(rf, company):
    for model, page in admin.site._registry.items():
        if model._meta.app_label.startswith("allauth_idp"):
            continue  # The company's server, which only the tests have.
        assert isinstance(page, RepairPage), model
        table = f"{model._meta.app_label}.{model._meta.object_name}"
        secret = SECRET.get(table, "").split()
        assert not {*page.list_display, *page.search_fields, *page.list_filter} & set(secret)
        for field in model._meta.get_fields():
            for how in ("", "__startswith", "__regex", "__gt", "__id__in", "__password__startswith", "__digest__exact"):
                allowed = page.lookup_allowed(f"{field.name}{how}", "x", rf.get("/"))
                narrows = field.name in {*page.list_filter, model._meta.pk.name}
                assert allowed == (narrows and how == ""), (model, field.name, how)


def change(company, person, **changes):
    return NEW | {
        "email": person.email, "name": person.name, "organisation": person.organisation_id or "",
    } | changes  # fmt: skip


@pytest.mark.parametrize("whose", ["ada", "grace", "mara"])
def test_sec_s21_a_manager_takes_over_nobody_of_the_vendor_by_another_address(signed_in, company, grace, whose):
    person = getattr(company, whose)
    page = f"/repair/people/person/{person.pk}/change/"
    signed_in("mara").post(page, change(company, person, email="peer.evil@freemail.test"))
    assert not Person.objects.filter(email="peer.evil@freemail.test").exists()


@pytest.mark.parametrize(("by", "whose"), [("grace", "mara"), ("grace", "ada"), ("mara", "anna"), ("mara", "andrea")])
def test_sec_s24_another_address_ends_sessions_and_links_and_the_old_one_is_told(
    signed_in, company, grace, now, by, whose
):
    person = getattr(company, whose)
    elsewhere = Client()
    elsewhere.force_login(person)
    link = ResetLinks().make_token(person)
    page = f"/repair/people/person/{person.pk}/change/"
    assert signed_in(by).post(page, change(company, person, email="new@elsewhere.test")).status_code == 302
    assert elsewhere.get("/en/preferences/").status_code == 302
    assert not ResetLinks().check_token(Person.objects.get(pk=person.pk), link)
    assert [one.to for one in mail.outbox] == [[person.email]]
    assert getattr(company, by).name in mail.outbox[0].body
    entry = AuditEntry.objects.get(action="row_repaired")
    assert entry.details["values"]["email"] == {
        "was": f"\u2022\u2022\u2022@{person.email.rpartition('@')[2]}", "now": "\u2022\u2022\u2022@elsewhere.test",
    }  # fmt: skip


def test_sec_s26_whoever_is_moved_to_another_organisation_leaves_everything_behind(signed_in, company, grace, now):
    secret = membership.invite(company.advanced, to="a@free.test", role=Role.CUSTOMER, by=company.andrea, at=now.at)
    _token, key = tokens.issue(company.andrea, name="x", scopes=["read"], lasts=timedelta(days=9), at=now.at)
    elsewhere = Client()
    elsewhere.force_login(company.andrea)
    page = f"/repair/people/person/{company.andrea.pk}/change/"
    moved = change(company, company.andrea, organisation=company.basic.pk)
    assert signed_in("mara").post(page, moved).status_code == 302
    with pytest.raises(InvitationInvalid):
        open_invitation(secret, at=now.at)
    assert tokens.shown(key, at=now.at) is None
    assert elsewhere.get("/en/preferences/").status_code == 302
    said = f"organisation={company.advanced.pk} \u2192 {company.basic.pk}"
    assert said in words(signed_in("grace").get("/en/office/audit/"))
    entry = AuditEntry.objects.get(action="row_repaired")
    assert entry.details["values"]["organisation"] == {"was": company.advanced.pk, "now": company.basic.pk}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("language", "de"),
        ("zone_name", "Europe/Berlin"),
        ("name", "\u2022\u2022\u2022"),
        ("password", "\u2022\u2022\u2022"),
    ],
)
def test_sec_s33_the_audit_log_keeps_values_but_no_secret_and_nobodys_name(company, name, kept):
    setattr(company.anna, name, "de" if name == "language" else "Europe/Berlin" if name == "zone_name" else "Somebody")
    assert shown(company.anna, name) == kept


def test_sec_s33_every_row_that_can_be_changed_by_hand_is_written_down(rf, company):
    request = rf.get("/")
    request.user = company.mara
    for model, page in admin.site._registry.items():
        if model._meta.app_label.startswith("allauth_idp"):
            continue  # The company's server, which only the tests have.
        changes = page.has_add_permission(request) or page.has_change_permission(request)
        assert not changes or isinstance(page, Repaired), model
