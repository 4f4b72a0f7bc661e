"""Single sign-on, against a server that really runs: whom it vouches for comes in, and nobody else."""

import pytest
from allauth.idp.oidc.models import Client
from django.http import HttpRequest

from puntuale.conf import arrival
from puntuale.people import access, sign_on
from puntuale.people.models import OrganisationDomain, Person
from tests.accounts.identity_server import Vouching

pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.accounts.identity_server"),
]


@pytest.fixture(autouse=True)
def open_doors(monkeypatch):
    """The company's server is no part of the desk: the desk's table says nothing about it, and it has its own address."""
    monkeypatch.setattr(access, "ROUTES", access.ROUTES | {"idp:*": access.Who.ANYBODY})
    of_the_desk = arrival._absolute

    def absolute(request, location=None):
        if request.path.startswith(("/identity/", "/.well-known/")):
            return HttpRequest.build_absolute_uri(request, location)
        return of_the_desk(request, location)

    monkeypatch.setattr(arrival, "_absolute", absolute)


@pytest.fixture
def elsewhere(live_server):
    """The address of the company's server: another name for this machine, and so another site for browsers."""
    return live_server.url.replace("localhost", "127.0.0.1")


@pytest.fixture
def server(company, now, settings, live_server, elsewhere):
    settings.PRIVATE_TARGETS = True
    OrganisationDomain.objects.create(domain="northwind.test", organisation=company.advanced, known_since=now.at)
    told = {"name": "Northwind ID", "server": elsewhere, "client_id": "desk", "secret": "the secret of the desk"}
    made = sign_on.add_provider(company.advanced, by=company.andrea, at=now.at, **told)
    client = Client(
        id="desk",
        name="Desk",
        scopes="openid\nprofile\nemail",
        skip_consent=True,
        redirect_uris=f"{live_server.url}/sign-on/{made.key}/callback/",
    )
    client.set_secret("the secret of the desk")
    client.save()
    return made


@pytest.fixture
def vouched(visitor, server, elsewhere, company):
    """Somebody who is signed in at her company's server, which says of her what it is told to say."""

    def arrives(**says):
        Vouching.says = says
        nora = visitor()
        site, nora.site = nora.site, elsewhere
        nora.signs_in("bruno@litware.test")
        nora.site = site
        nora.opens("/en/sign-in/")
        nora.page.click("text=Sign in with my company")
        nora.page.fill("#id_email", "whoever@northwind.test")
        nora.page.click("text=Go on")
        nora.sees("Northwind ID will ask who you are")
        nora.page.click("text=On to Northwind ID")
        return nora

    return arrives


def test_a_colleague_comes_in_by_her_companys_server_and_again(vouched, company):
    nora = vouched(email="nora@northwind.test", email_verified=True, name="Nora Blu")
    nora.sees("My tickets", "You have not sent a ticket yet.")
    person = Person.objects.get(email="nora@northwind.test")
    assert (person.name, person.organisation) == ("Nora Blu", company.advanced)
    nora.page.click("button[title='Sign out']")
    vouched(email="nora@northwind.test", email_verified=True, name="Nora Blu").sees("You have not sent a ticket yet.")
    assert Person.objects.filter(organisation=company.advanced).count() == 3


def test_sec_s23_an_unproven_address_does_not_take_over_an_account(vouched, company):
    vouched(email="anna@northwind.test", email_verified=False, name="Eve").sees(
        "Not signed in", "does not say that your address is proven"
    )


def test_sec_s23_a_server_does_not_speak_for_others(vouched, company):
    vouched(email="mara@puntuale.test", email_verified=True, name="Eve").sees(
        "Not signed in", "not of a domain of that company"
    )


def test_an_administrator_sets_up_a_server_and_turns_it_off(visitor, server, company):
    company.andrea.language = "en"
    company.andrea.save()
    andrea = visitor().signs_in("andrea@northwind.test")
    andrea.page.click("nav >> text=People")
    andrea.page.click("text=Single sign-on")
    andrea.sees("Northwind ID", f"/sign-on/{server.key}/callback/").is_content()
    andrea.page.click("text=Turn off")
    andrea.sees("Single sign-on is off.").is_content()
    andrea.page.fill("#id_name", "Another")
    andrea.page.fill("#id_server", "https://id.northwind.test")
    andrea.page.fill("#id_client_id", "desk")
    andrea.page.fill("#id_secret", "another secret")
    andrea.page.click("main button:has-text('Save')")
    andrea.sees("Saved.", "https://id.northwind.test").does_not_see("another secret").is_content()
