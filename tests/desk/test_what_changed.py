"""What changed arrives by itself, and costs next to nothing as long as nothing has."""

import gzip
import re
from datetime import timedelta
from pathlib import Path

import pytest

import puntuale
from puntuale.tickets import conversation, mentioning, presence
from puntuale.tickets.assignment import assign
from puntuale.tickets.models import Presence
from tests.desk.conftest import at
from tests.pages import words

ROOT = Path(puntuale.__file__).parent
ROWS = "/en/desk/queues/due/rows/"


def known(response):
    return {"If-None-Match": response["ETag"]}


def test_a_queue_that_has_not_changed_is_not_told_again(ada, ticket, django_assert_max_num_queries):
    first = ada.get("/en/desk/")
    assert first["ETag"].strip('"') in first.content.decode()
    rows = ada.get(ROWS)
    assert rows.status_code == 200
    assert rows["ETag"] == first["ETag"]
    assert "<html" not in rows.content.decode()
    with django_assert_max_num_queries(10):
        same = ada.get(ROWS, headers=known(first))
    assert (same.status_code, same.content) == (304, b"")
    weak = ada.get(ROWS, headers={"If-None-Match": f'"other", W/{first["ETag"]}'})
    assert weak.status_code == 304


@pytest.mark.parametrize("what", ["new ticket", "answer", "assignment", "presence", "minute", "language", "mention"])
def test_whatever_a_queue_shows_changes_its_tag(ada, ticket, company, now, what):
    tag = known(ada.get(ROWS))
    now.at += timedelta(seconds=10)
    assert ada.get(ROWS, headers=tag).status_code == 304
    path = ROWS
    match what:
        case "new ticket":
            company.ticket(company.anna, "1", now.at)
        case "answer":
            conversation.answer(ticket, body="Yes.", by=company.grace, at=now.at)
        case "assignment":
            assign(ticket, to=company.grace, by=company.grace, at=now.at)
        case "presence":
            presence.here(ticket, person=company.grace, typing=False, at=now.at)
        case "minute":
            now.at += timedelta(minutes=1)
        case "language":
            path = ROWS.replace("/en/", "/it/")
        case "mention":
            conversation.note(ticket, body="@ada", by=company.grace, at=now.at)
    assert ada.get(path, headers=tag).status_code == 200


def test_a_ticket_that_has_not_changed_is_not_told_again(ada, ticket, company, now, django_assert_max_num_queries):
    page = ada.get(at(ticket))
    first = ada.get(at(ticket, "changes/"))
    assert "<html" not in first.content.decode()
    assert "Since this morning." in words(first)
    with django_assert_max_num_queries(5):
        assert ada.get(at(ticket, "changes/"), headers=known(first)).status_code == 304
    assert first["ETag"].strip('"') in page.content.decode()
    conversation.follow_up(ticket, body="And another thing.", by=company.anna, at=now.at)
    second = ada.get(at(ticket, "changes/"), headers=known(first))
    assert "And another thing." in words(second)


def test_reading_changes_nothing_and_saying_so_does(ada, ticket, company, now):
    conversation.note(ticket, body="@ada please.", by=company.grace, at=now.at)
    assert "You are mentioned here." in words(ada.get(at(ticket)))
    ada.get(at(ticket, "changes/"))
    assert mentioning.unseen_by(company.ada).count() == 1
    assert not Presence.objects.exists()
    assert ada.post(at(ticket, "presence/"), {"typing": "1"}).status_code == 204
    assert mentioning.unseen_by(company.ada).count() == 0
    assert [(one.name, one.types) for one in presence.others(ticket, than=company.grace, at=now.at)] == [
        ("Ada Byron", True)
    ]
    assert ada.post(at(ticket, "absence/")).status_code == 204
    assert not Presence.objects.exists()


def test_mentions_can_be_marked_as_seen_without_scripts(ada, ticket, company, now):
    conversation.note(ticket, body="@ada please.", by=company.grace, at=now.at)
    said = words(ada.post(at(ticket, "mentions/"), follow=True))
    assert "You are mentioned here." not in said


def test_who_else_is_here_and_types_is_told_on_the_ticket(ada, ticket, company, now):
    presence.here(ticket, person=company.grace, typing=True, at=now.at)
    assert "Grace Hopper is typing" in words(ada.get(at(ticket)))
    now.at += timedelta(seconds=13)
    assert "Grace Hopper has this ticket open" in words(ada.get(at(ticket, "changes/")))
    now.at += timedelta(seconds=13)
    assert "has this ticket open" not in words(ada.get(at(ticket, "changes/")))


def test_the_next_ticket_is_the_one_behind_in_the_queue_one_came_from(ada, waiting):
    missed, soon, later, none = (waiting[name] for name in ("missed", "soon", "later", "none"))
    assert ada.get(at(missed, "next/")).url == at(soon)
    assert ada.get(at(soon, "next/")).url == at(later)
    assert ada.get(at(waiting["beta"], "next/")).url == at(missed)
    asked = "?queue=no-guarantee&plan=basic"
    assert ada.get(at(missed, f"next/{asked}")).url == at(none, asked)
    assert ada.get(at(none, f"next/{asked}")).url == "/en/desk/queues/no-guarantee/?plan=basic"


def test_pages_are_light(ada, company, now):
    """Page, styles, scripts and the font together, as they travel."""
    for number in range(60):
        one = company.ticket(company.anna, "2", now.at, subject=f"Something is slow, number {number}")
    for number in range(30):
        conversation.answer(one, body=f"Answer {number}. " * 20, by=company.ada, at=now.at)
        conversation.follow_up(one, body=f"Question {number}. " * 20, by=company.anna, at=now.at)
    for path in ("/en/desk/", at(one)):
        page = ada.get(path).content
        files = set(re.findall(r'(?:href|src)="/static/([^"]+)"', page.decode()))
        assert {"looks/inter.woff2", "looks/puntuale.css", "desk/desk.css", "desk/keys.js"} <= files
        contents = [(ROOT / name.split("/")[0] / "static" / name).read_bytes() for name in files]
        contents.append((ROOT / "desk" / "static" / "desk" / "changes.js").read_bytes())
        weight = len(gzip.compress(page)) + sum(min(len(one), len(gzip.compress(one))) for one in contents)
        assert weight < 100_000, f"{path}: {weight} bytes"
