"""Every operation of the API, every kind of token, every role, own and other organisation: the exact status."""

import json
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client

from puntuale.api.operations import api
from puntuale.api.problems import MOST_ERRORS
from puntuale.people import tokens
from puntuale.people.access import OPERATIONS, Who
from puntuale.people.models import Scope, Token
from tests.access.operations import ASKED, STATUSES
from tests.access.test_matrix import marks_hidden_from
from tests.access.test_writes import Watching, hostile
from tests.access.undoing import undone
from tests.access.world import AT, OURS

YEAR = timedelta(days=365)
OWN = {"people_token", "api_keptanswer"}
"""What every request writes: that the token was used, and the answer to be given again. It counts besides."""
READS = sorted(name for name, asked in ASKED.items() if asked.method == "get")
DOES = sorted(name for name, asked in ASKED.items() if asked.method == "post" and name != "upload_file")


def deeds(watching):
    """The tables that were written, but for what every request writes."""
    return {table for table in watching.written if table not in OWN and "api_spending" not in table}


def declared():
    """The operations that there are."""
    return {
        operation.operation_id
        for bound in api._get_bound_routers()
        for view in bound.path_operations.values()
        for operation in view.operations
    }


def test_every_operation_is_in_a_row_and_is_tried():
    assert declared() == OPERATIONS.keys() == ASKED.keys()


def test_what_only_reads_needs_the_scope_to_read_and_what_changes_another():
    assert {name for name, (_, scope) in OPERATIONS.items() if scope is Scope.READ} == set(READS)


def token(person, scopes=None, lasts=YEAR, at=AT):
    return tokens.issue(
        person, name="A program", scopes=scopes or tokens.scopes_for(person), lasts=lasts, at=at - timedelta(days=1)
    )[1]


def _text(answer):
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def ask(name, world, secret, client=None, more=None, **headers):
    asked = ASKED[name]
    if secret:
        headers["Authorization"] = f"Bearer {secret}"
    path = f"/api/v1{asked.path(world)}"
    client = client or Client()
    if asked.method == "get":
        return client.get(path, headers=headers)
    said = (asked.says(world) if asked.says else {}) | (more or {})
    body = json.dumps(said) if said else "text" if asked.takes != "application/json" else ""
    return client.post(path, body, content_type=asked.takes, headers=headers)


def told(name, role, person):
    """The status that a role is to get with a token that may do everything she may."""
    (who, scope), asked = OPERATIONS[name], ASKED[name]
    if not who.admits(person) or scope not in tokens.scopes_for(person):
        return 403
    if asked.who is not None and role not in asked.who:
        return 404
    return STATUSES.get((name, role), asked.status)


@pytest.mark.parametrize("name", sorted(ASKED))
def test_sec_s04_every_token_does_what_its_person_may_and_nothing_else(name, world):
    wrong = {}
    for role, person in world.people.items():
        if person is None:
            continue
        with undone():
            answer = ask(name, world, token(person))
            text = _text(answer)
            transaction.set_rollback(True)
        if answer.status_code != (wanted := told(name, role, person)):
            wrong[role] = f"{answer.status_code} instead of {wanted}: {text[:300]}"
        said = json.dumps(ASKED[name].says(world) if ASKED[name].says else {}) + ASKED[name].path(world)
        if OURS in said:
            continue
        if seen := [mark for mark in marks_hidden_from(role, Who.PERSONS) if mark in text]:
            wrong[role, "sees"] = seen
    assert wrong == {}


@pytest.mark.parametrize("name", sorted(ASKED))
def test_sec_s25_without_a_token_that_works_nothing_is_done(name, world):
    person = world.company.mara if OPERATIONS[name][0] is Who.MANAGERS else world.company.ada
    revoked = token(person)
    Token.objects.filter(person=person).update(revoked_at=AT)
    of_somebody_who_left = token(world.company.grace)
    type(person).objects.filter(pk=world.company.grace.pk).update(left_at=AT)
    signed_in = Client()
    signed_in.force_login(person)
    useless = {
        "none": "",
        "unknown": "pun_" + "x" * 43,
        "expired": token(person, lasts=timedelta(hours=24)),
        "revoked": revoked,
        "left": of_somebody_who_left,
        "nonsense": "\xff\u20ac".encode().decode("latin-1"),
    }
    for kind, secret in useless.items():
        watching = Watching()
        with connection.execute_wrapper(watching):
            answer = ask(name, world, secret, signed_in)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="puntuale"'), kind
        assert answer.json()["type"] == "/api/v1/docs#problem-no-token"
        assert watching.seen == [], kind


@pytest.mark.parametrize("name", sorted(ASKED))
def test_sec_s21_a_token_goes_no_further_than_its_scopes(name, world):
    _, needed = OPERATIONS[name]
    others = [scope for scope in Scope if scope is not needed]
    answer = ask(name, world, token(world.company.mara, others))
    assert answer.status_code == 403
    assert answer.json()["type"] in {"/api/v1/docs#problem-wrong-scope", "/api/v1/docs#problem-not-allowed"}


@pytest.mark.parametrize("name", READS)
def test_sec_s28_reading_changes_nothing(name, world):
    for role, person in world.people.items():
        if person is not None and told(name, role, person) == 200:
            watching, secret = Watching(), token(person)
            with connection.execute_wrapper(watching):
                _text(ask(name, world, secret))
            assert deeds(watching) == set()


@pytest.mark.parametrize("name", DOES)
def test_sec_s19_what_a_body_carries_besides_is_refused_and_nothing_is_done(name, world):
    asked = ASKED[name]
    fields = set(asked.says(world) if asked.says else {})
    role, person = next(
        (role, person)
        for role, person in world.people.items()
        if person is not None and told(name, role, person) == asked.status
    )
    more = [one for one in hostile(world).items() if one[0] not in fields | KNOWN.get(name, set())]
    secret, watching = token(person), Watching()
    # As many as one answer tells of.
    for some in (dict(more[begin : begin + MOST_ERRORS]) for begin in range(0, len(more), MOST_ERRORS)):
        with connection.execute_wrapper(watching):
            answer = ask(name, world, secret, more=some)
        assert answer.status_code == 422, (role, answer.content)
        if asked.says:
            refused = {one["field"].removeprefix("body.") for one in answer.json()["errors"]}
            assert refused == some.keys()
    assert deeds(watching) == set()


KNOWN = {
    "submit_ticket": {"requester"},
    "write_message": {"then", "seen"},
    "reclassify": {"environment"},
    "cancel_ticket": {"of"},
    "sign_contract": {"ends_at"},
}
"""Fields that are an operation's own and that `ASKED` leaves out."""


@pytest.mark.parametrize("path", ["/tickets/{}", "/tickets/{}/messages", "/tickets/{}/events"])
def test_sec_s07_what_is_hers_not_answers_as_what_is_not_there(path, world):
    secret = token(world.company.bruno)

    def answer(number):
        found = Client().get(f"/api/v1{path.format(number)}", headers={"Authorization": f"Bearer {secret}"})
        return found.status_code, found.content.decode().replace(str(number), "N")

    assert answer(world.open.pk) == answer(10**9) == answer(10**18 - 1)
    assert answer(world.open.pk)[0] == 404


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (lambda w: f"/tickets/{w.other.pk}/lowerings/{w.lowering.pk}/decision", {"confirm": True}),
        (lambda w: f"/tickets/{w.other.pk}/disagreements/{w.disagreement.pk}/decision", {"agree": True, "text": "x"}),
        (lambda w: f"/tickets/{w.other.pk}/reports/{w.report.pk}/decision", {"agree": True, "text": "x"}),
        (lambda w: f"/tickets/{w.other.pk}/messages/{w.split_off.pk}/split", {"subject": "x"}),
        (lambda w: f"/tickets/{w.open.pk}/followers/{w.company.andrea.pk}/removal", None),
    ],
)
def test_sec_s06_a_child_of_another_ticket_is_not_there(path, said, world):
    watching, secret = Watching(), token(world.company.mara)
    with connection.execute_wrapper(watching):
        answer = Client().post(
            f"/api/v1{path(world)}",
            json.dumps(said) if said else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )
    assert (answer.status_code, deeds(watching)) == (404, set())


def test_sec_s06_nobody_disagrees_with_a_change_of_another_ticket(world):
    secret = token(world.company.anna)
    answer = Client().post(
        f"/api/v1/tickets/{world.open.pk}/disagreements",
        json.dumps({"change": world.change.pk}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.change")


def test_sec_s05_nobody_gets_a_file_of_others_or_of_a_note(world):
    def status(person, file):
        answer = Client().get(f"/api/v1/files/{file.key}", headers={"Authorization": f"Bearer {token(person)}"})
        return answer.status_code, "" if answer.status_code == 404 else _text(answer)

    company = world.company
    assert status(company.anna, world.sent_file) == (200, f"content of {OURS}")
    for person, file in (
        (company.bruno, world.sent_file), (company.anna, world.noted_file), (company.ada, world.unsent_file),
    ):  # fmt: skip
        assert status(person, file) == (404, "")
