"""The first manager comes in by a link that works once."""

import pytest

from puntuale.people.joining import invite_first_manager
from puntuale.people.models import Person
from tests.company import PASSWORD
from tests.pages import words

pytestmark = pytest.mark.django_db
HERSELF = {"name": "Mara Villa", "email": "mara@puntuale.test", "password": PASSWORD, "zone_name": "Europe/Rome"}


@pytest.fixture
def link(now):
    return f"/it/office/welcome/{invite_first_manager(at=now.at)}/"


def test_she_says_who_she_is_and_is_shown_the_first_steps(client, link):
    assert "Sei la prima persona responsabile" in words(client.get(link))
    response = client.post(link, HERSELF, follow=True)
    assert response.redirect_chain[-1][0] == "/it/office/set-up/"
    assert Person.objects.get().manages
    assert client.get(link).status_code == 404


def test_what_will_not_do_is_told_at_its_field_and_the_link_still_works(client, link):
    response = client.post(link, HERSELF | {"password": "short", "email": "nonsense", "zone_name": "Mars/Olympus"})
    assert response.status_code == 422
    said = words(response)
    assert "Inserisci un indirizzo email valido." in said
    assert "Mars/Olympus non è un fuso orario." in said
    assert "La password deve avere almeno 10 caratteri." in said
    assert Person.objects.count() == 0
    assert client.post(link, HERSELF).status_code == 302


def test_a_made_up_link_leads_nowhere(client, now):
    assert client.get("/en/office/welcome/nonsense/").status_code == 404
    assert client.post("/en/office/welcome/nonsense/", HERSELF).status_code == 404
    assert Person.objects.count() == 0


def test_the_repair_pages_are_for_managers_and_what_only_grows_cannot_be_changed_there(signed_in, company):
    ticket = company.ticket()
    assert signed_in("anna").get("/repair/").status_code == 404
    assert signed_in("ada").get("/repair/").status_code == 404
    manager = signed_in("mara")
    assert manager.get("/repair/").status_code == 200
    for kind in ("people/person", "people/organisation", "agreements/contract", "agreements/product"):
        assert manager.get(f"/repair/{kind}/").status_code == 200
        assert manager.get(f"/repair/{kind}/add/").status_code == 200
    for kind in ("agreements/publication", "tickets/event", "tickets/promisemade", "tickets/ticket"):
        assert manager.get(f"/repair/{kind}/").status_code == 200
        assert manager.get(f"/repair/{kind}/add/").status_code == 403
    assert manager.post(f"/repair/tickets/ticket/{ticket.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("role", ["manager", "administrator"])
def test_the_link_opens_no_door_as_long_as_somebody_manages(client, link, company, role):
    Person.objects.filter(pk=company.mara.pk).update(role=role)
    assert client.get(link).status_code == 404
    assert client.post(link, HERSELF | {"email": "other@puntuale.test"}).status_code == 404
    assert not Person.objects.filter(email="other@puntuale.test").exists()
    Person.objects.filter(role__in=("manager", "administrator")).update(role="agent")
    assert client.get(link).status_code == 200
