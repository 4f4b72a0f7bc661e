"""The switch of languages in the header: whoever is signed in is spoken to in the language they chose from then on."""

import re

import pytest

from puntuale.people.models import Person
from tests.guarantee.tables import at

BUTTON = re.compile(r'name="address" value="([^"]+)" lang="(\w\w)"')


def switches(page):
    """The addresses that the buttons in the header lead to, by language."""
    return {language: address for address, language in BUTTON.findall(page.content.decode())}


@pytest.mark.parametrize(
    ("name", "where", "language", "mark"),
    [
        ("anna", "/en/tickets/", "it", "/it/ticket/"),
        ("anna", "/en/tickets/?q=phone", "de", "/de/tickets/"),
        ("ada", "/en/desk/", "fr", "/fr/"),
        ("mara", "/en/office/people/", "es", "/es/"),
    ],
)
def test_the_language_chosen_is_kept(signed_in, company, name, where, language, mark):
    client = signed_in(name)
    page = client.post("/en/language/", {"address": switches(client.get(where))[language]}, follow=True)
    assert page.status_code == 200 and f'lang="{language}"' in page.content.decode()
    assert page.request["PATH_INFO"].startswith(f"/{language}/")
    assert page.request["QUERY_STRING"] == where.partition("?")[2]
    assert Person.objects.get(pk=getattr(company, name).pk).language == language
    assert client.get("/", follow=True).redirect_chain[-1][0].startswith(f"/{language}/")


def test_it_is_kept_from_a_ticket_too(signed_in, company):
    ticket = company.ticket(company.anna, "2", at("2026-11-20T15:30:00+01:00"))
    client = signed_in("anna")
    where = switches(client.get(f"/en/tickets/{ticket.number}/"))["it"]
    assert where == f"/it/ticket/{ticket.number}/"
    assert client.post("/en/language/", {"address": where}).url == where
    assert client.get("/", follow=True).redirect_chain[-1][0].startswith("/it/")


@pytest.mark.parametrize(
    "address", ["", "/", "/xx/tickets/", "https://evil.test/it/", "//evil.test/it/", "/\\evil.test/it/", "it/tickets/"]
)
def test_an_address_that_is_none_of_ours_changes_nothing(signed_in, company, address):
    assert signed_in("anna").post("/en/language/", {"address": address}).status_code == 404
    assert Person.objects.get(pk=company.anna.pk).language == company.anna.language


def test_looking_at_a_page_in_another_language_changes_nothing(signed_in, company):
    assert signed_in("anna").get("/it/garanzia/").status_code == 200
    assert Person.objects.get(pk=company.anna.pk).language == "en"


def test_whoever_is_not_signed_in_has_links(client, company, now):
    page = client.get("/en/guarantee/").content.decode()
    assert 'href="/it/garanzia/" lang="it"' in page and "/en/language/" not in page
