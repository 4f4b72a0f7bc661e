"""Every route, every role, own and other organisation: the exact status, and no word of others in any answer."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from puntuale.people.access import ROUTES, Who, who_may_enter
from tests.access.undoing import undone
from tests.access.visits import VISITS, go
from tests.access.world import NOTES, OURS

CUSTOMERS = {"requester", "colleague", "their administrator", "stranger", "administrator of strangers"}
STRANGERS = {"nobody", "stranger", "administrator of strangers"}


def routes(resolver=None, namespace=""):
    """Yield the name of every route there is."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            inner = ":".join(part for part in (namespace, one.namespace) if part)
            yield from routes(one, inner)
        elif isinstance(one, URLPattern):
            yield ":".join(part for part in (namespace, one.name or f"unnamed {one.pattern}") if part)


def test_every_route_is_in_a_row_and_every_row_has_a_route():
    there = set(routes())
    unlisted = {name for name in there if who_may_enter(name) is None}
    assert unlisted == set()
    assert {name for name in ROUTES if not name.endswith(":*")} - there == set()


def test_every_route_is_visited():
    repair_pages = {name for name in routes() if name.startswith("admin:")}
    assert set(routes()) - repair_pages == VISITS.keys() - repair_pages


def told(name, visit, role, person, method):
    """The status that a role is to get."""
    who, status = who_may_enter(name), getattr(visit, method)
    if person is not None and visit.signed_in is not None:
        return visit.signed_in
    if person is None:
        return status if who.is_open else (302 if method == "get" else 403)
    if not who.admits(person) or (visit.who is not None and role not in visit.who):
        return 404
    return status


@pytest.mark.parametrize("name", sorted(VISITS))
def test_sec_s04_everybody_gets_what_is_hers_and_nothing_else(name, world):
    visit, wrong = VISITS[name], {}
    for method in ("get", "post"):
        if getattr(visit, method) is None:
            continue
        for role, person in world.people.items():
            client = Client()
            if person is not None:
                client.force_login(person)
            with undone():
                answer = go(client, name, visit, world, method)
                text = b"".join(answer.streaming_content) if answer.streaming else answer.content
                transaction.set_rollback(True)
            wanted = told(name, visit, role, person, method)
            if answer.status_code != wanted:
                wrong[role, method] = f"{answer.status_code} instead of {wanted}"
            seen = [mark for mark in marks_hidden_from(role, who_may_enter(name)) if mark.encode() in text]
            if seen and not echoes(visit, world, method):
                wrong[role, method, "sees"] = seen
            if person is None and wanted in {302, 403} and not who_may_enter(name).is_open and method == "get":
                assert answer["Location"].startswith("/en/sign-in/")
    assert wrong == {}


def marks_hidden_from(role, who):
    """What somebody must never read. Whoever holds the link of a page reads what it is about."""
    if who is Who.HOLDERS:
        return []
    if role in STRANGERS or role == "colleague":
        return [OURS, NOTES]
    return [NOTES] if role in CUSTOMERS else []


def echoes(visit, world, method):
    """Tell whether whoever asks says the mark herself, and so may read it."""
    said = visit.asks if method == "get" else visit.sends(world)
    return any(OURS in str(value) for value in said.values())
