"""Every page in every language: told in it, and one click from the same page in each of the others."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import resolve, reverse
from django.utils.translation import override

from puntuale.tickets import conversation
from puntuale.wording.languages import LANGUAGES, words
from tests import pages

HTML_LANGUAGE = re.compile(r'<html lang="([^"]*)">')
OFFERED = re.compile(r'(?:<a href|name="address" value)="([^"]*)" lang="(\w+)"(?: hreflang="\2")? title="([^"]*)">')
"""Links for strangers, and buttons for whoever is signed in, whose choice is kept."""
PUBLIC = ["guarantee", "login"]
CUSTOMERS = ["tickets", "organisation_tickets", "find_tickets", "new_ticket", "ticket", "preferences", "guarantee"]
AGENTS = [
    *("queue", "desk_queue", "desk_search", "desk_callers", "desk_new_ticket", "desk_replies", "desk_new_reply"),
    *("desk_ticket", "desk_reclassification", "preferences", "guarantee"),
]


@pytest.fixture
def ticket(company, now):
    found = company.ticket(company.anna, "2", now.at)
    conversation.answer(found, body="Which *phone*?", by=company.ada, at=now.at + timedelta(minutes=5))
    now.at += timedelta(minutes=10)
    return found


def address(name, ticket, language, query="?q=calls&phase=open"):
    wanted = {"desk_queue": {"view": "missed"}, "desk_new_ticket": {"key": ticket and ticket.requester_id}}.get(name)
    if wanted is None and name in {"ticket", "desk_ticket", "desk_reclassification"}:
        wanted = {"number": ticket.number}
    with override(language):
        return reverse(name, kwargs=wanted) + query


def offered(response):
    return {code: unescape(path) for path, code, _ in OFFERED.findall(response.content.decode())}


def same(path):
    found = resolve(path.split("?")[0])
    return found.url_name, found.kwargs, path.partition("?")[2]


def english_left(said, language):
    """The sentences of the catalogue that stand on a page in English though the language has its own words for them."""
    told = getattr(words(language), "_catalog", {}).items()
    whole = {key: own for key, own in told if isinstance(key, str) and len(key) > 7 and "%" not in key}
    return [key for key, own in whole.items() if key != own and re.search(rf"(?<!\w){re.escape(key)}(?!\w)", said)]


def check(client, path, language):
    """A page speaks a language, and offers itself in each other one, under the name that one has for itself."""
    response = client.get(path)
    assert response.status_code == 200, path
    assert HTML_LANGUAGE.findall(response.content.decode()) == [language], path
    assert response.headers["Content-Language"] == language
    with override(language):
        here = same(path)
    others = offered(response)
    assert list(others) == [code for code in LANGUAGES if code != language]
    for code, other in others.items():
        assert other.startswith(f"/{code}/")
        with override(code):
            assert same(other) == here
    assert english_left(pages.words(response), language) == []
    assert [name for _, _, name in OFFERED.findall(response.content.decode())] == [
        name for code, name in LANGUAGES.items() if code != language
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stranger_reads_every_page_in_every_language(client, company, now, language):
    for name in PUBLIC:
        check(client, address(name, None, language), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_customer_reads_every_page_in_every_language(signed_in, ticket, language):
    for name in CUSTOMERS:
        check(signed_in("andrea"), address(name, ticket, language), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_agent_reads_every_page_in_every_language(signed_in, ticket, language):
    for name in AGENTS:
        check(signed_in("ada"), address(name, ticket, language), language)


def test_what_was_refused_leads_to_the_page_it_was_sent_from(signed_in, ticket):
    refused = signed_in("anna").post(f"/de/tickets/{ticket.number}/nachrichten/", {"body": " "})
    assert refused.status_code == 422
    assert offered(refused)["fr"] == f"/fr/tickets/{ticket.number}/"
    refused = signed_in("ada").post(f"/it/desk/{ticket.number}/notes/", {"body": " "})
    assert refused.status_code == 422
    assert offered(refused)["es"] == f"/es/desk/{ticket.number}/"
    refused = signed_in("anna").post("/de/tickets/neu/", {"subject": ""})
    assert refused.status_code == 422
    assert offered(refused)["it"] == "/it/ticket/nuovo/"


def test_an_address_that_leads_nowhere_does_so_in_every_language(client, company, now):
    missing = client.get("/de/nirgends/?q=1")
    assert missing.status_code == 404
    assert HTML_LANGUAGE.findall(missing.content.decode()) == ["de"]
    assert offered(missing) == {code: f"/{code}/nirgends/?q=1" for code in LANGUAGES if code != "de"}


def test_an_address_without_a_language_is_offered_in_no_other(client, company, now):
    missing = client.get("/nowhere/", headers={"Accept-Language": "de"})
    assert missing.status_code == 404
    assert HTML_LANGUAGE.findall(missing.content.decode()) == ["de"]
    assert offered(missing) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_comes_home_in_her_own_language(signed_in, company, language):
    for name, door in (("anna", "tickets"), ("ada", "queue")):
        client, person = signed_in(name), getattr(company, name)
        wanted = {"language": language, "zone_name": person.zone_name, "uses_keys": "on"}
        saved = client.post(address("preferences", None, "fr", query=""), wanted)
        assert saved.headers["Location"] == address("preferences", None, language, query="")
        home = client.get("/", headers={"Accept-Language": "it"})
        assert home.headers["Location"] == address(door, None, language, query="")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stranger_comes_home_in_the_language_of_her_browser(client, company, now, language):
    asked = {"Accept-Language": f"pt,{language}-ch;q=0.8,en;q=0.1"}
    assert client.get("/", headers=asked).headers["Location"] == address("guarantee", None, language, query="")
