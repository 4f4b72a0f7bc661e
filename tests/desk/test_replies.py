"""Saved replies: written once, filled in for a ticket, never in the place of what was typed."""

import pytest

from puntuale.guarantee.facts import Phase
from puntuale.tickets import saved_replies
from puntuale.tickets.models import SavedReply
from tests.desk.conftest import at
from tests.pages import words


@pytest.fixture
def restart(company, now):
    return saved_replies.save(
        title="Restart",
        body="Dear {{ customer.first_name }}, please restart it ({{ ticket.number }}).\n{{ agent.name }}",
        then=Phase.RESOLVED,
        takes=True,
        by=company.grace,
        at=now.at,
    )


def test_a_reply_is_written_changed_and_taken_off_the_list(ada):
    sent = {"title": "Hours", "body": "We are here from nine.", "language": "it", "then": "waiting", "takes": "on"}
    assert ada.post("/en/desk/replies/new/", sent).url == "/en/desk/replies/"
    reply = SavedReply.objects.get()
    assert (reply.language, reply.then, reply.takes) == ("it", "waiting", True)
    assert "Hours IT · then waiting for the customer · takes the ticket · Ada Byron" in words(
        ada.get("/en/desk/replies/")
    )
    page = ada.get(f"/en/desk/replies/{reply.pk}/").content.decode()
    assert "We are here from nine." in page
    assert '"waiting" selected' in page
    ada.post(f"/en/desk/replies/{reply.pk}/", {"title": "Hours", "body": "From eight.", "language": "xx", "then": "y"})
    reply.refresh_from_db()
    assert (reply.body, reply.language, reply.then, reply.takes) == ("From eight.", "", "", False)
    ada.post(f"/en/desk/replies/{reply.pk}/retirement/")
    assert "No saved replies yet." in words(ada.get("/en/desk/replies/"))
    assert ada.get(f"/en/desk/replies/{reply.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"title": ""}, "Please write something here."),
        ({"title": "t" * 101}, "101 characters"),
        ({"body": " "}, "Please write something here."),
        ({"title": "Restart"}, "Another saved reply has this title."),
        (
            {"body": "Your password is {{ customer.password }}."},
            "There is no variable “customer.password”. There are: {{ customer.name }}, {{ customer.first_name }}",
        ),
    ],
)
def test_a_reply_that_cannot_be_saved_is_told_and_the_text_stays(ada, restart, sent, told):
    response = ada.post("/en/desk/replies/new/", {"title": "New", "body": "Hello."} | sent)
    assert response.status_code == 422
    assert told in words(response)
    assert (sent.get("body") or "Hello.") in response.content.decode()
    assert SavedReply.objects.count() == 1


def test_a_reply_is_filled_in_for_a_ticket_with_what_is_staged(ada, ticket, restart):
    told = ada.get(at(ticket, f"replies/{restart.pk}/")).json()
    assert told == {
        "text": f"Dear Anna, please restart it (#{ticket.number}).\nAda Byron",
        "then": "resolved",
        "takes": True,
    }
    assert ada.get(at(ticket, "replies/0/")).status_code == 404


def test_without_scripts_it_goes_behind_what_was_typed(ada, ticket, restart):
    sent = {"body": "I looked at it.", "reply": restart.pk, "then": "waiting", "seen": "0"}
    page = ada.post(at(ticket, "insertion/"), sent).content.decode()
    assert f"I looked at it.\n\nDear Anna, please restart it (#{ticket.number})." in page
    assert 'value="resolved" checked' in page
    assert 'name="takes" value="on" checked' in page
    assert ada.post(at(ticket, "insertion/"), {"body": "x", "reply": "nonsense"}).status_code == 404


def test_a_reply_without_anything_staged_changes_no_choice(ada, ticket, company, now):
    plain = saved_replies.save(title="Plain", body="Hello.", by=company.grace, at=now.at)
    page = ada.post(at(ticket, "insertion/"), {"body": "", "reply": plain.pk, "then": "open"}).content.decode()
    assert 'value="open" checked' in page
    assert 'value="on" checked' not in page
