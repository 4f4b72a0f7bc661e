"""What each route may write: the field matrix. Whatever else a form carries changes nothing, and looking changes nothing.

`WRITES` names for every form the columns of existing rows that it changes, and the tables it adds to, as seen with what
`visits` sends. A form that begins to write something else fails here until somebody has thought about it.
"""

import json
import re
from collections import defaultdict
from datetime import datetime
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from psycopg.types.json import Jsonb

from puntuale.people.access import Who, who_may_enter
from tests.access import world as worlds
from tests.access.undoing import undone
from tests.access.visits import VISITS, go
from tests.access.writes import WRITES

UPDATE = re.compile(r'^UPDATE "(\w+)" SET (.*?) WHERE ', re.DOTALL)
ADDED = re.compile(r'^(?:INSERT INTO|DELETE FROM) "(\w+)"')
CHANGES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|WITH .*\b(INSERT|UPDATE|DELETE) )", re.DOTALL)
NUMBERS, CHANCE = (
    re.compile(r'(?<![\w"-])\d+(?![\w"-])'),
    re.compile(r"\d{6}|[\w-]{22}|[0-9a-f]{64}|!.{40}|md5\$.*|gAAAA[\w=-]+|hook_.{5}|[a-z]+ \d+"),
)
ASIDE = {"django_session"}
"""Whether somebody is signed in, and what she is told once on the next page."""
POSTS = sorted(name for name, visit in VISITS.items() if visit.post is not None)
GETS = sorted(name for name, visit in VISITS.items() if visit.get is not None)


class Watching:
    """The statements that change something, with their values."""

    def __init__(self):
        self.seen = []

    def __call__(self, execute, sql, values, many, context):
        if CHANGES.match(sql) and not any(f'"{table}"' in sql.split("WHERE")[0] for table in ASIDE):
            self.seen.append((sql, tuple(values or ())))
        return execute(sql, values, many, context)

    @property
    def written(self):
        found = defaultdict(set)
        for sql, _ in self.seen:
            if changed := UPDATE.match(sql):
                found[changed[1]] |= set(re.findall(r'(?:^|, )"(\w+)" = ', changed[2]))
            elif added := ADDED.match(sql):
                found[added[1]].add("+" if sql.startswith("INSERT") else "-")
            else:
                found[sql].add("?")
        return {table: " ".join(sorted(columns)) for table, columns in found.items()}

    @property
    def values(self):
        """The values that were written, but for those that differ from one time to the next."""
        return [(sql, [_lasting(value) for value in values]) for sql, values in self.seen]


def _lasting(value):
    """What is the same of a value each time: nothing of instants, keys and codes."""
    if isinstance(value, datetime | UUID) or (isinstance(value, int) and not isinstance(value, bool)):
        return "…"
    if isinstance(value, list):
        return [_lasting(one) for one in value]
    if isinstance(value, Jsonb):
        return NUMBERS.sub("…", json.dumps(value.obj, default=str))
    return "…" if isinstance(value, str) and CHANCE.fullmatch(value) else value


def visited(world, route, person, method, more=None):
    client, watching = Client(), Watching()
    if person is not None:
        client.force_login(person)
    visit = VISITS[route]
    if more:
        sends = visit.sends
        visit = type(visit)(visit.of, lambda world: more | sends(world), visit.get, visit.post, visit.who, visit.asks)
    with undone():
        with connection.execute_wrapper(watching):
            answer = go(client, route, visit, world, method)
            if answer.streaming:
                list(answer.streaming_content)
        transaction.set_rollback(True)
    return answer, watching


def whoever_may(world, name):
    visit, who = VISITS[name], who_may_enter(name)
    for role, person in world.people.items():
        if person is None:
            if who.is_open:
                yield role, person
        elif who.admits(person) and (visit.who is None or role in visit.who):
            yield role, person


@pytest.mark.parametrize("name", GETS)
def test_sec_s28_looking_changes_nothing(name, world):
    for _, person in whoever_may(world, name):
        _, watching = visited(world, name, person, "get")
        assert watching.seen == []


@pytest.mark.parametrize("name", POSTS)
def test_sec_s28_a_form_without_its_token_changes_nothing(name, world):
    _, person = next(iter(whoever_may(world, name)))
    client = Client(enforce_csrf_checks=True)
    if person is not None:
        client.force_login(person)
    answer = go(client, name, VISITS[name], world, "post")
    # These links prove by themselves who comes, and are sent by mail programs and by monitors.
    assert answer.status_code == (VISITS[name].post if name in {"page_link", "incoming_hook"} else 403)


def hostile(world):
    """A value for every column of every table, as somebody would send it who wants more than is hers."""
    wishes = {
        "plan": "advanced", "priority": "1", "state": "met", "role": "administrator", "phase": "resolved",
        "organisation": world.company.basic.pk, "organisation_id": world.company.basic.pk, "author": world.company.mara.pk,
        "requester": world.company.bruno.pk, "by": world.company.mara.pk, "due_at": "2030-01-01T00:00:00Z",
        "answered_at": "2026-01-01T00:00:00Z", "audience": "internal", "is_superuser": "on", "is_staff": "on",
    }  # fmt: skip
    names = {column.name for model in apps.get_models() for column in model._meta.concrete_fields}
    return dict.fromkeys(names, "1") | wishes


@pytest.mark.parametrize("name", POSTS)
def test_sec_s19_what_a_form_carries_besides_changes_nothing(name, world):
    for _, person in whoever_may(world, name):
        _, asked = visited(world, name, person, "post")
        _, more = visited(
            world,
            name,
            person,
            "post",
            {field: value for field, value in hostile(world).items() if field not in OWN.get(name, ())},
        )
        if name in FREE:
            assert more.written == asked.written
        else:
            assert more.values == asked.values


FREE = {"incoming_hook"}
"""What these are sent is free, and quoted as it is: it writes the same columns, whatever it says."""
OWN = {
    "incoming_hook": ("status", "state"),
    "account_reauthenticate": ("password",),
    # Fields of the forms themselves that `visits` leaves at their defaults.
    "preferences": ("quiet_from", "quiet_until"),
    "desk_new_reply": ("then", "takes", "language"),
    "desk_reply": ("then", "takes", "language"),
    "desk_filters": ("priority", "plan", "environment", "organisation", "product", "assignee"),
    "desk_answer": ("takes", "then"),
    "desk_insertion": ("then", "takes"),
    "desk_new_ticket": ("then",),
    "desk_away": ("person",),
    "draft": ("subject", "caller", "version", "key"),
    "desk_reclassification": ("place",),
    "desk_cancellation": ("of",),
    "office_what_if": ("calendar", "rota", "rota_before", "handling", "target", "growth"),
}


@pytest.mark.parametrize("name", POSTS)
def test_sec_s19_each_form_writes_its_columns_and_no_others(name, world):
    for role, person in whoever_may(world, name):
        _, watching = visited(world, name, person, "post")
        assert watching.written == WRITES.get(name, {}), role
        break


def test_there_is_no_row_for_a_form_that_is_not_there():
    assert WRITES.keys() - set(POSTS) == set()


# Whoever administers an organisation may hand their own role to a colleague, and no more.
HAND_OVER = {"organisation_hand_over": "credentials_from role"}


def test_sec_s19_handing_over_a_role_sets_roles_and_nothing_else_of_people():
    assert {name: WRITES[name]["people_person"] for name in HAND_OVER} == HAND_OVER


@pytest.mark.parametrize(
    "name",
    sorted(
        name
        for name in POSTS
        if who_may_enter(name) in {Who.CUSTOMERS, Who.ORGANISATION_ADMINS} and name not in HAND_OVER
    ),
)
def test_sec_s19_customers_never_set_what_is_promised(name):
    """No form of theirs changes a plan, a contract, a person, an organisation, a promise made, or what was said."""
    written = WRITES.get(name, {})
    never = {"agreements_contract", "agreements_publication", "people_person", "people_organisation", "tickets_message"}
    assert {table: columns for table, columns in written.items() if table in never and columns != "+"} == {}
    assert set(written.get("tickets_promisemade", "+").split()) == {"+"}


NOW = worlds.AT
