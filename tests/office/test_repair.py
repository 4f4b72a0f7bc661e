"""The repair pages: rows by hand, but none that a verb would refuse."""

import pytest

from puntuale.agreements.models import Contract
from puntuale.people.models import AuditEntry
from tests.pages import words


@pytest.fixture
def mara(signed_in):
    return signed_in("mara")


def contract(company, **changes):
    return {
        "organisation": company.basic.pk,
        "plan": "basic",
        "starts_at_0": "2026-01-01",
        "starts_at_1": "00:00:00",
        "ends_at_0": "",
        "ends_at_1": "",
        "signed_at_0": "2026-01-01",
        "signed_at_1": "00:00:00",
    } | changes


def test_a_contract_on_a_plan_of_the_agreement_is_stored(mara, company):
    page = f"/repair/agreements/contract/{company.basic.contracts.get().pk}/change/"
    assert mara.post(page, contract(company, plan="professional")).status_code == 302
    assert Contract.objects.get(organisation=company.basic).plan == "professional"


def test_a_contract_on_a_plan_that_the_agreement_does_not_have_is_refused(mara, company):
    page = f"/repair/agreements/contract/{company.basic.contracts.get().pk}/change/"
    response = mara.post(page, contract(company, plan="Gold"))
    assert response.status_code == 200
    assert "Gold is not one of the available choices. (basic, professional, advanced)" in words(response)
    assert Contract.objects.get(organisation=company.basic).plan == "basic"


def person(company, **changes):
    return {
        "email": "anna@northwind.test",
        "name": "Anna Conti",
        "role": "customer",
        "organisation": company.advanced.pk,
        "language": "en",
        "zone_name": "Europe/Rome",
        "joined_at_0": "2026-01-01",
        "joined_at_1": "00:00:00",
        "left_at_0": "",
        "left_at_1": "",
    } | changes


def test_an_address_is_stored_as_it_is_compared(mara, company):
    page = f"/repair/people/person/{company.anna.pk}/change/"
    assert mara.post(page, person(company, email="Bob@NewOrg.Example")).status_code == 302
    company.anna.refresh_from_db()
    assert company.anna.email == "bob@neworg.example"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"zone_name": "Mars/Olympus"}, "Mars/Olympus is not a time zone."),
        ({"email": "PAOLA@fabrikam.test"}, "Person with this Email already exists."),
        ({"email": "nonsense"}, "Enter a valid email address."),
        ({"language": "tlh"}, "Select a valid choice. tlh is not one of the available choices."),
    ],
)
def test_a_person_who_could_not_have_joined_like_that_is_refused(mara, company, changes, said):
    response = mara.post(f"/repair/people/person/{company.anna.pk}/change/", person(company, **changes))
    assert response.status_code == 200
    assert said in words(response)
    company.anna.refresh_from_db()
    assert (company.anna.email, company.anna.zone_name) == ("anna@northwind.test", "Europe/Rome")


def test_every_repair_is_in_the_audit_log(mara, company):
    mara.post(
        f"/repair/people/person/{company.anna.pk}/change/", person(company, name="Anna C."), REMOTE_ADDR="192.0.2.3"
    )
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.about, entry.by, entry.address) == (
        "row_repaired", f"person {company.anna.pk}", company.mara, "192.0.2.3",
    )  # fmt: skip
    assert "name" in entry.details["fields"]
    page = f"/repair/agreements/product/{company.transcripts.pk}/delete/"
    mara.post(page, {"post": "yes"})
    assert AuditEntry.objects.first().action == "row_deleted"


def test_roles_change_in_the_office_only(mara, company):
    mara.post(f"/repair/people/person/{company.anna.pk}/change/", person(company, role="organisation_admin"))
    company.anna.refresh_from_db()
    assert company.anna.role == "customer"


def test_a_manager_does_not_repair_an_administrator(mara, company):
    company.ada.role = "administrator"
    company.ada.save()
    page = f"/repair/people/person/{company.ada.pk}/change/"
    mara.post(page, person(company, email="mine@evil.example", name="Ada", organisation=""))
    company.ada.refresh_from_db()
    assert company.ada.email == "ada@puntuale.test"


@pytest.mark.parametrize(
    "asked",
    ["people/person/?role__exact=%00", "people/person/?role=a%00b", "agreements/contract/?plan__exact=%00", "agreements/contract/?plan=%00", "people/person/?q=%00"],
)  # fmt: skip
def test_what_no_row_can_be_like_is_no_failure(mara, company, asked):
    assert mara.get(f"/repair/{asked}").status_code in {200, 302, 400}


def row_of(someone, **changes):
    return {
        "name": someone.name, "email": someone.email, "organisation": someone.organisation_id or "", "language": "en",
        "zone_name": "Europe/Rome", "joined_at_0": "2026-01-01", "joined_at_1": "00:00:00",
    } | changes  # fmt: skip


def test_who_works_for_the_vendor_belongs_to_no_organisation(mara, company):
    page = f"/repair/people/person/{company.ada.pk}/change/"
    response = mara.post(page, row_of(company.ada, organisation=company.basic.pk))
    assert response.status_code == 200
    assert f"{company.ada.name} does not belong to {company.basic.name}." in words(response)
    company.ada.refresh_from_db()
    assert company.ada.organisation is None


def test_a_customer_belongs_to_one(mara, company):
    page = f"/repair/people/person/{company.anna.pk}/change/"
    assert mara.post(page, row_of(company.anna, organisation="")).status_code == 200
    assert mara.post(page, row_of(company.anna, organisation=company.basic.pk)).status_code == 302
    company.anna.refresh_from_db()
    assert company.anna.organisation == company.basic


def test_nor_is_somebody_added_on_the_wrong_side(mara, company):
    said = row_of(company.anna, email="new@acme.test", role="customer", organisation="")
    assert mara.post("/repair/people/person/add/", said).status_code == 200
