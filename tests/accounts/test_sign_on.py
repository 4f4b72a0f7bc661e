"""The way to the server of one's company, and what happens when it is not there."""

import pytest

from puntuale.people import sign_on
from puntuale.people.models import OrganisationDomain
from tests.pages import words

COMPANY = "/en/sign-in/company/"


@pytest.fixture
def server(company, now, settings):
    """A server that was taken while private networks were allowed, and is asked when they are not."""
    settings.PRIVATE_TARGETS = True
    OrganisationDomain.objects.create(domain="northwind.test", organisation=company.advanced, known_since=now.at)
    told = {"name": "Northwind ID", "client_id": "desk", "secret": "x"}
    made = sign_on.add_provider(company.advanced, server="http://127.0.0.1:9", by=company.mara, at=now.at, **told)
    settings.PRIVATE_TARGETS = False
    return made


def test_the_way_is_shown_by_the_domain_of_the_address(client, server):
    response = client.post(COMPANY, {"email": "whoever@northwind.test"})
    assert f"/sign-on/{server.key}/" in response.content.decode()
    assert client.post(COMPANY, {"email": "whoever@litware.test"}).status_code == 422


def test_sec_s14_a_server_in_our_own_network_is_not_asked_and_the_page_says_that_it_failed(client, server):
    client.post(COMPANY, {"email": "whoever@northwind.test"})
    response = client.get(f"/sign-on/{server.key}/")
    assert response.status_code == 403
    assert "did not tell us who you are" in words(response)


def test_sec_s28_nobody_is_sent_there_who_did_not_ask_for_it_here(client, server, company):
    assert client.get(f"/sign-on/{server.key}/").url == COMPANY
    client.post(COMPANY, {"email": "whoever@northwind.test"})
    assert client.get(f"/sign-on/{server.key}/?process=connect").url == COMPANY
    client.force_login(company.anna)
    assert client.get(f"/sign-on/{server.key}/").url == COMPANY


def test_an_answer_nobody_asked_for_and_a_server_that_is_not_there_lead_nowhere(client, server):
    response = client.get(f"/sign-on/{server.key}/callback/?code=x&state=made-up")
    assert response.status_code in {200, 401, 403}
    assert not response.wsgi_request.user.is_authenticated
    assert client.get("/sign-on/nobody/callback/?code=x&state=x").status_code == 404


@pytest.mark.parametrize(
    "address", ["http://id.northwind.test", "file:///etc/passwd", "ftp://id.northwind.test", "nonsense"]
)
def test_a_server_speaks_https(signed_in, company, address):
    page = f"/en/organisations/{company.advanced.pk}/single-sign-on/"
    told = {"name": "x", "server": address, "client_id": "x", "secret": "x"}
    assert signed_in("andrea").post(page, told).status_code == 422


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.0.0.1:8443", "[::1]", "[fd00::1]", "169.254.169.254", "2130706433", "0x7f000001"],
)
def test_sec_s14_a_server_in_a_private_network_is_refused_when_it_is_saved(signed_in, company, host):
    page = f"/en/organisations/{company.advanced.pk}/single-sign-on/"
    told = {"name": "x", "server": f"https://{host}/", "client_id": "x", "secret": "x"}
    response = signed_in("andrea").post(page, told)
    assert response.status_code == 422
    assert company.advanced.providers.count() == 0


def test_a_server_whose_name_cannot_be_found_is_taken_and_the_page_says_so(signed_in, company):
    page = f"/en/organisations/{company.advanced.pk}/single-sign-on/"
    told = {"name": "x", "server": "https://id.northwind.test", "client_id": "x", "secret": "x"}
    response = signed_in("andrea").post(page, told, follow=True)
    assert "find id.northwind.test right now" in words(response)
    assert company.advanced.providers.count() == 1
