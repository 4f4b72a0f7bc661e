"""Whatever is typed, by customers or by agents, is shown on the desk as it was typed, and does nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from puntuale.tickets import classification, drafts, saved_replies
from puntuale.tickets.models import Draft, Grounds, SavedFilter, Ticket
from puntuale.tickets.texts import LONGEST_SUBJECT
from tests.desk.conftest import at
from tests.naughty import NAUGHTY, UNSEEN, WORDLESS, XSS, alive, kept, on_one_line, seen, text

PAYLOADS = [pytest.param(said, id=name) for name, said in (NAUGHTY | XSS).items()]
OURS = {"<dialog>", "<kbd>"}


@pytest.mark.parametrize("said", PAYLOADS)
def test_sec_s01_it_is_shown_as_it_was_written_and_does_nothing(signed_in, company, now, said):
    company.advanced.name = kept(said)[:190]
    company.advanced.save()
    company.anna.name = kept(said)[:190]
    company.anna.save()
    answer = f"````\n{said}\n````" if said not in WORDLESS else f"See:\n\n````\n{said}\n````"
    said = seen(said)
    ticket = company.ticket(company.anna, "1", now.at, subject=said[:LONGEST_SUBJECT], body=f"````\n{said}\n````")
    change = classification.reclassify(
        ticket, to="3", because=Grounds.HOW_TO, telling=said, by=company.grace, at=now.at
    )
    classification.disagree(change, text=said, by=company.anna, at=now.at)
    classification.report_impact(ticket, to="1", text=said, by=company.anna, at=now.at)
    now.at += timedelta(minutes=1)
    ada = signed_in("mara")
    assert ada.post(at(ticket, "notes/"), {"body": f"````\n{said}\n````"}).status_code == 302
    assert ada.post(at(ticket, "answers/"), {"body": answer, "then": "open"}).status_code == 302
    filters = ada.post("/en/desk/filters/", {"queue": "mine", "name": said[:60]})
    assert filters.status_code == 302
    assert SavedFilter.objects.get().name == on_one_line(said[:60])
    replies = ada.post("/en/desk/replies/new/", {"title": said[:100], "body": f"x {said}"})
    assert replies.status_code == (422 if "{{ config }}" in said else 302)
    for place in (Draft.Place.ANSWER, Draft.Place.NOTE):
        drafts.keep(company.mara, place=place, ticket=ticket, body=said, at=now.at)

    whole, line = kept(said), on_one_line(said)
    page = ada.get(at(ticket)).content.decode()
    assert text(page).count(whole) >= 7, "body, note, answer, change, disagreement, report, drafts"
    assert line in text(page)
    pages = ["/en/desk/", "/en/desk/queues/review/", "/en/desk/queues/all/rows/", f"/en/desk/search/?q={ticket.number}"]
    for address in pages:
        assert line in text(ada.get(address).content.decode())
    step = at(ticket, "reclassification/?to=2&because=other")
    more = [at(ticket), at(ticket, "changes/"), step, "/en/desk/replies/", "/en/desk/new/?who=northwind.test"]
    for address in pages + more + [f"/en/desk/new/{company.anna.pk}/"]:
        response = ada.get(address)
        assert response.status_code == 200
        assert set(alive(response.content.decode())) <= OURS, address


@pytest.mark.parametrize("said", WORDLESS)
def test_an_answer_without_a_word_is_refused_and_shown_again_as_it_was_typed(ada, company, now, said):
    ticket = company.ticket(company.anna, "2", now.at)
    boxes = {"answers/": f"````\n{said}\n````"} | ({"notes/": f"````\n{said}\n````"} if said in UNSEEN else {})
    for box, body in boxes.items():
        response = ada.post(at(ticket, box), {"body": body, "then": "open"})
        assert response.status_code == 422
        assert body in text(response.content.decode())
        assert set(alive(response.content.decode())) <= OURS
    assert ticket.messages.count() == 1


@pytest.mark.parametrize("said", PAYLOADS)
def test_forms_that_are_shown_again_hold_it_as_it_was_typed(ada, company, now, said):
    ticket = company.ticket(company.anna, "2", now.at)
    again = [
        ada.post(at(ticket, "cancellation/"), {"because": "duplicate", "text": said, "of": said}),
        ada.post(at(ticket, "merge/"), {"into": said}),
        ada.post(
            at(ticket, "reclassification/"), {"was": "9", "to": "3", "because": "other", "text": said, "place": said}
        ),
        ada.post(at(ticket, "insertion/"), {"body": said, "reply": _reply(company, now).pk}),
        ada.post(f"/en/desk/new/{company.anna.pk}/", {"subject": said, "body": said, "answer": said}),
        ada.post("/en/desk/replies/new/", {"title": said, "body": ""}),
        ada.post("/en/desk/filters/", {"queue": said, "priority": said, "name": ""}),
    ]
    for response in again:
        assert response.status_code in {200, 409, 422}
        assert set(alive(response.content.decode())) <= OURS
    assert Ticket.objects.count() == 1


def test_forms_from_elsewhere_are_refused(company, ticket, now):
    client = Client(enforce_csrf_checks=True)
    client.force_login(company.ada)
    for path in ("answers/", "merge/", "presence/", "assignment/", "cancellation/"):
        assert client.post(at(ticket, path), {"body": "x", "to": "me"}).status_code == 403


@pytest.mark.parametrize("box", ["answers", "notes"])
def test_an_expired_form_keeps_the_text_and_where_it_was_going(company, ticket, now, box):
    client = Client(enforce_csrf_checks=True)
    client.force_login(company.ada)
    response = client.post(at(ticket, f"{box}/"), {"body": "<b>A long text.</b>", "csrfmiddlewaretoken": "wrong"})
    assert response.status_code == 403
    page = response.content.decode()
    assert "<b>A long text.</b>" in text(page)
    assert f'action="{at(ticket, f"{box}/")}"' in page
    assert not Draft.objects.exists()
    assert ticket.messages.count() == 1


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "99999999999999999999", "1%00", "1'", "../1", "٤", "1e3", "0x1"])
def test_a_ticket_that_can_be_none_is_not_found(ada, ticket, number):
    for rest in ("", "changes/", "next/", "reclassification/"):
        assert ada.get(f"/en/desk/{number}/{rest}").status_code == 404
    assert ada.post(f"/en/desk/{number}/answers/", {"body": "x"}).status_code == 404


def test_fields_that_no_form_has_do_nothing(ada, company, now):
    asked = {"plan": "advanced", "organisation": company.advanced.pk, "requester": company.anna.pk, "is_staff": "1"}
    asked |= {"due_at": "2027-01-01T00:00:00Z", "version": "9", "assignee": company.grace.pk, "since": "2020-01-01"}
    call = {"key": str(uuid4()), "environment": "production", "priority": "1", "subject": "Calls", "body": "All."}
    assert ada.post(f"/en/desk/new/{company.bruno.pk}/", asked | call).status_code == 302
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.organisation, ticket.due_at) == (company.bruno, company.basic, None)
    ada.post(at(ticket, "answers/"), asked | {"body": "Hello.", "author": company.grace.pk, "audience": "internal"})
    answer = ticket.messages.latest("pk")
    assert (answer.author, answer.audience, answer.written_at) == (company.ada, "public", now.at)
    ada.post(at(ticket, "notes/"), asked | {"body": "A note.", "audience": "public", "then": "resolved"})
    note = ticket.messages.latest("pk")
    assert (note.author, note.audience, Ticket.objects.get().phase) == (company.ada, "internal", "open")


def test_more_files_than_a_message_may_have_are_told_and_the_text_stays(ada, ticket):
    files = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(11)]
    response = ada.post(at(ticket, "answers/"), {"body": "Eleven files.", "file": files})
    assert response.status_code == 422
    assert "Eleven files." in response.content.decode()
    assert ticket.messages.count() == 1


@pytest.mark.parametrize(
    "asked",
    [
        "queue=nonsense",
        "priority=9&plan=x",
        "agent=me%00",
        "after=nonsense",
        "after=%00",
        "product=x&organisation=" + "9" * 40,
    ],
)
def test_sec_s18_whatever_an_address_asks_for_is_answered(ada, ticket, asked):
    for path in ("/en/desk/", "/en/desk/queues/all/rows/", at(ticket), at(ticket, "changes/"), at(ticket, "next/")):
        assert ada.get(f"{path}?{asked}").status_code in {200, 302, 404}


def _reply(company, now):
    return saved_replies.save(title="Plain", body="Hello.", by=company.grace, at=now.at)
