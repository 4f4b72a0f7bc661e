"""The people of an organisation: who may look after them, and what she sees."""

import re

import pytest
from django.core import mail

from puntuale.people.models import Invitation, JoinRequest, OrganisationDomain, Person
from tests.company import PASSWORD
from tests.pages import words


@pytest.fixture
def page(company):
    return f"/en/organisations/{company.advanced.pk}/people/"


@pytest.fixture
def asked(company, now):
    return JoinRequest.objects.create(
        organisation=company.advanced,
        address="nora@northwind.test",
        name="Nora Blu",
        language="en",
        zone_name="Europe/Rome",
        asked_at=now.at,
        password="!",
    )


def test_an_administrator_invites_somebody_who_comes_in_by_her_link(client, signed_in, company, page):
    andrea = signed_in("andrea")
    response = andrea.post(
        page.replace("people", "invitations"), {"address": "nora@gmail.com", "role": "customer"}, follow=True
    )
    assert "The invitation is on its way." in words(response)
    assert "nora@gmail.com" in words(andrea.get(page))
    link = re.search(r"/\w\w/invitation/\S+/", mail.outbox[-1].body).group(0).replace("/it/", "/en/")
    nora = type(client)()
    assert "nora@gmail.com" in words(nora.get(link))
    about = {"name": "Nora Blu", "password": PASSWORD, "zone_name": "Europe/Rome", "email": "other@evil.test"}
    assert nora.post(link, about, follow=True).redirect_chain[-1][0] == "/en/tickets/"
    assert Person.objects.get(name="Nora Blu").email == "nora@gmail.com"
    assert nora.get(link).status_code == 404


@pytest.mark.parametrize("name", ["anna", "paola", "ada", "grace"])
def test_sec_s04_for_everybody_else_these_pages_are_not_there(signed_in, company, page, asked, name):
    invitation = Invitation.objects.create(
        digest="x",
        role="customer",
        organisation=company.advanced,
        address="x@y.test",
        made_at=asked.asked_at,
        expires_at=asked.asked_at,
        made_by=company.andrea,
    )
    client, root = signed_in(name), page.removesuffix("people/")
    assert client.get(page).status_code == 404
    assert client.get(f"{root}single-sign-on/").status_code == 404
    for address in (
        f"{root}invitations/",
        f"{root}invitations/{invitation.pk}/withdrawal/",
        f"{root}requests/{asked.pk}/approval/",
        f"{root}requests/{asked.pk}/refusal/",
        f"{root}people/{company.anna.pk}/part/",
        f"{root}single-sign-on/",
    ):
        assert client.post(address, {"address": "x@acme.test", "role": "organisation_admin"}).status_code == 404
    assert JoinRequest.objects.get().decided_at is None


def test_sec_s06_a_request_or_person_of_another_organisation_is_not_reached_through_ones_own(
    signed_in, company, page, asked
):
    JoinRequest.objects.update(organisation=company.basic)
    client, root = signed_in("andrea"), page.removesuffix("people/")
    assert client.post(f"{root}requests/{asked.pk}/approval/").status_code == 404
    assert client.post(f"{root}people/{company.paola.pk}/part/", {"role": "organisation_admin"}).status_code == 404
    assert client.post(f"{root}people/{company.anna.pk}/part/", {"role": "manager"}).status_code == 404


def test_a_manager_lets_somebody_in_from_the_page_of_all_requests(signed_in, company, page, asked):
    mara = signed_in("mara")
    assert "Nora Blu" in words(mara.get("/en/office/joining/"))
    address = f"{page.removesuffix('people/')}requests/{asked.pk}/approval/"
    assert mara.post(address, {"next": "/en/office/joining/"}).url == "/en/office/joining/"
    assert Person.objects.get(email="nora@northwind.test").organisation == company.advanced
    assert mara.post(address, {"next": "//evil.test"}).url == page


def test_managers_rule_about_domains_and_say_whose_they_are(signed_in, company, now):
    mara = signed_in("mara")
    root = "/en/office/domains/"
    assert (
        mara.post(f"{root}rules/", {"domain": "@TIM.it", "is_company": "yes", "because": "A customer"}).status_code
        == 302
    )
    assert "tim.it" in words(mara.get(root))
    assert mara.post(f"{root}rules/", {"domain": "no domain", "is_company": "yes"}).status_code == 422
    gift = {"domain": "northwind.test", "organisation": company.advanced.pk}
    assert mara.post(f"{root}organisations/", gift).status_code == 302
    assert mara.post(f"{root}organisations/", gift | {"organisation": company.basic.pk}).status_code == 422
    given = OrganisationDomain.objects.get()
    assert mara.post(f"{root}organisations/{given.pk}/removal/").status_code == 302
    assert not OrganisationDomain.objects.exists()


@pytest.mark.parametrize("name", ["anna", "andrea", "ada"])
def test_domains_and_requests_of_all_are_for_managers(signed_in, company, name):
    client = signed_in(name)
    for address in ("joining/", "domains/"):
        assert client.get(f"/en/office/{address}").status_code == 404
    assert client.post("/en/office/domains/rules/", {"domain": "x.test", "is_company": "yes"}).status_code == 404
