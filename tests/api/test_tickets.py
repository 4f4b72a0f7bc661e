"""Tickets over the API: quoted, sent, read, listed, answered."""

from uuid import uuid4

import pytest

from puntuale.tickets import conversation
from puntuale.tickets.models import Message, Ticket

NEW = {"subject": "Calls drop", "body": "Since this morning.", "priority": "1", "environment": "production"}
DUE = "2026-11-20T16:00:00Z"


def test_a_ticket_is_quoted_sent_and_read_with_the_same_sum(program, company):
    anna = program("anna")
    quote = anna.get("/quote", {"priority": "1", "environment": "production"}).json()
    assert (quote["due_at"], quote["plan"], quote["no_guarantee"]) == (DUE, "advanced", None)
    sent = anna.post("/tickets", NEW, key="one")
    assert sent.status_code == 201
    ticket = sent.json()
    assert (ticket["due_at"], ticket["promise"]["state"], ticket["requester"]["name"]) == (DUE, "running", "Anna Conti")
    read = anna.get(f"/tickets/{ticket['number']}")
    assert read.json() == ticket and read["ETag"] == sent["ETag"]
    assert (
        ticket["promise"]["sum"]
        == quote["sum"]
        == [{"from": "2026-11-20T15:00:00Z", "to": DUE, "seconds": 3600, "special": None}]
    )
    assert Ticket.objects.get().number == ticket["number"]


def test_an_agent_answers_and_the_promise_is_kept(program, company, now):
    ticket = company.ticket(at=now.at)
    ada = program("ada")
    answer = ada.post(f"/tickets/{ticket.number}/messages", {"body": "Try this.", "then": "waiting"}, key="a")
    assert answer.status_code == 201
    assert answer.json()["author"] == {"id": company.ada.pk, "name": "Ada Byron", "works_for_vendor": True}
    told = ada.get(f"/tickets/{ticket.number}").json()
    assert (told["promise"]["state"], told["phase"], told["answered_at"]) == ("met", "waiting", "2026-11-20T15:00:00Z")
    further = program("anna").post(f"/tickets/{ticket.number}/messages", {"body": "Thank you."})
    assert further.status_code == 201
    assert [one["body"] for one in ada.get(f"/tickets/{ticket.number}/messages").json()["items"]] == [
        "Since this morning.", "Try this.", "Thank you.",
    ]  # fmt: skip
    kinds = [one["kind"] for one in ada.get(f"/tickets/{ticket.number}/events").json()["items"]]
    assert kinds == ["submitted", "answered", "waited", "customer_wrote"]


def test_notes_stay_among_agents(program, company, now):
    ticket = company.ticket(at=now.at)
    ada, anna = program("ada"), program("anna")
    before = anna.get(f"/tickets/{ticket.number}")
    assert ada.post(f"/tickets/{ticket.number}/notes", {"body": "Between us."}).status_code == 201
    assert anna.post(f"/tickets/{ticket.number}/notes", {"body": "Mine."}).status_code == 403
    assert "Between us." in ada.get(f"/tickets/{ticket.number}/messages").content.decode()
    for path in ("messages", "events"):
        assert "Between us." not in anna.get(f"/tickets/{ticket.number}/{path}").content.decode()
    assert anna.get(f"/tickets/{ticket.number}")["ETag"] == before["ETag"]
    assert anna.get("/tickets", {"updated_since": "2026-11-20T15:00:01Z"}).json()["items"] == []


def test_an_agent_opens_a_ticket_for_a_customer(program, company):
    ada = program("ada")
    assert ada.post("/tickets", NEW).json()["errors"][0]["field"] == "body.requester"
    made = ada.post("/tickets", NEW | {"requester": company.anna.pk})
    assert made.status_code == 201
    assert made.json()["requester"]["id"] == company.anna.pk


def test_nobody_answers_over_what_she_has_not_read(program, company, now):
    ticket = company.ticket(at=now.at)
    first = ticket.messages.get()
    conversation.follow_up(ticket, body="And more.", by=company.anna, at=now.at)
    ada = program("ada")
    answer = ada.post(f"/tickets/{ticket.number}/messages", {"body": "Try this.", "seen": first.pk})
    assert (answer.status_code, answer.json()["type"]) == (409, "/api/v1/docs#problem-newer-messages")


def test_lists_come_in_pages_and_narrowed(program, company, now):
    numbers = [company.ticket(at=now.at, priority=str(1 + count % 3)).number for count in range(7)]
    company.ticket(company.bruno, at=now.at)
    anna = program("anna")
    seen, cursor = [], None
    for _ in range(3):
        page = anna.get("/tickets", {"limit": 3} | ({"cursor": cursor} if cursor else {})).json()
        seen += [one["number"] for one in page["items"]]
        cursor = page["next"]
    assert seen == numbers[::-1] and cursor is None
    urgent = anna.get("/tickets", {"priority": "1"}).json()["items"]
    assert {one["priority"] for one in urgent} == {"1"} and len(urgent) == 3
    due = program("ada").get("/tickets", {"queue": "due", "limit": 100}).json()["items"]
    assert len(due) == 8
    first = anna.get("/tickets", {"limit": 3}).json()["next"]
    for asked in ({"cursor": first, "priority": "1"}, {"cursor": "nonsense"}, {"limit": "101"}, {"limit": "0"}):
        assert anna.get("/tickets", asked).status_code == 422
    assert program("ada").get("/tickets", {"cursor": first}).status_code == 422


def test_what_is_found_is_what_she_may_see(program, company, now):
    company.ticket(at=now.at, subject="Zanzibar")
    assert len(program("anna").get("/search", {"q": "zanzibar"}).json()["items"]) == 1
    assert program("bruno").get("/search", {"q": "zanzibar"}).json() == {"items": [], "next": None}


@pytest.mark.parametrize("queue", ["due", "unassigned", "mentions"])
def test_queues_and_hands_are_for_agents(program, queue):
    assert program("ada").get("/tickets", {"queue": queue}).status_code == 200
    assert program("anna").get("/tickets", {"queue": queue}).status_code == 422
    assert program("anna").get("/tickets", {"assignee": 1}).status_code == 422


def test_a_request_that_is_sent_again_is_done_once(program, company, now):
    anna = program("anna")
    first, again = (anna.post("/tickets", NEW, key="k1") for _ in range(2))
    assert first.json() == again.json() and first["ETag"] == again["ETag"]
    assert "Idempotency-Replayed" not in first and again["Idempotency-Replayed"] == "true"
    assert Ticket.objects.count() == 1
    other = anna.post("/tickets", NEW | {"subject": "Another"}, key="k1")
    assert (other.status_code, other.json()["type"]) == (422, "/api/v1/docs#problem-key-spent")
    # Keys are those of a token: the same one of another program is another one.
    assert program("anna").post("/tickets", NEW, key="k1").json()["number"] != first.json()["number"]
    message = {"body": "More."}
    path = f"/tickets/{first.json()['number']}/messages"
    assert anna.post(path, message, key="k2").json() == anna.post(path, message, key="k2").json()
    assert Message.objects.filter(body="More.").count() == 1


def test_a_refusal_leaves_the_key_good_for_another_try(program):
    anna = program("anna")
    assert anna.post("/tickets", NEW | {"priority": "9"}, key="k").status_code == 422
    assert anna.post("/tickets", NEW, key="k").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "a b", "\xe9"])
def test_a_key_that_makes_no_sense_is_refused(program, key):
    answer = program("anna").post("/tickets", NEW, Idempotency_Key=key)
    assert answer.json()["errors"][0]["field"] == "header.Idempotency-Key"


def test_what_is_known_already_is_not_sent_again(program, company, now):
    ticket = company.ticket(at=now.at)
    anna = program("anna")
    read = anna.get(f"/tickets/{ticket.number}")
    again = anna.get(f"/tickets/{ticket.number}", If_None_Match=read["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", read["ETag"])
    now.is_("2026-11-20T16:00:01+00:00")
    assert anna.get(f"/tickets/{ticket.number}", If_None_Match=read["ETag"]).json()["promise"]["state"] == "missed"


def test_nobody_changes_what_she_has_not_seen(program, company, now):
    ticket = company.ticket(at=now.at)
    ada = program("ada")
    etag = ada.get(f"/tickets/{ticket.number}")["ETag"]
    path = f"/tickets/{ticket.number}/messages"
    assert ada.post(path, {"body": "One."}, If_Match=f"W/{etag}").status_code == 201
    late = ada.post(path, {"body": "Two."}, If_Match=etag)
    assert (late.status_code, late.json()["type"]) == (412, "/api/v1/docs#problem-changed")
    assert late["ETag"] == ada.get(f"/tickets/{ticket.number}")["ETag"]
    assert ada.post(path, {"body": "Three."}, If_Match="*").status_code == 201
    assert not Message.objects.filter(body="Two.").exists()


def test_problems_are_told_in_the_language_of_the_caller(program):
    said = NEW | {"body": "  "}
    english = program("anna").post("/tickets", said).json()
    assert (english["title"], english["detail"]) == (
        "Something in the request cannot be taken.", "Please write something here.",
    )  # fmt: skip
    assert program("paola").post("/tickets", said).json()["detail"] == "Scrivi qualcosa qui."
    assert program("anna", Accept_Language="it").post("/tickets", said).json()["detail"] == "Scrivi qualcosa qui."
    assert english["errors"] == [{"field": "body.body", "rule": "text.empty", "detail": english["detail"]}]
    assert (english["instance"], english["status"]) == ("/api/v1/tickets", 422)


@pytest.mark.parametrize(
    "said",
    [
        {"due_at": "2030-01-01T00:00:00Z"}, {"plan": "advanced"}, {"organisation": 1}, {"author": 1}, {"state": "met"},
        {"phase": "resolved"}, {"submitted_at": "2020-01-01T00:00:00Z"}, {"key": str(uuid4())}, {"assignee": 1},
    ],
    ids=lambda said: next(iter(said)),
)  # fmt: skip
def test_sec_s19_nobody_sets_what_follows_from_who_sends(program, said):
    answer = program("anna").post("/tickets", NEW | said)
    assert answer.status_code == 422
    assert [(one["field"], one["rule"]) for one in answer.json()["errors"]] == [
        (f"body.{next(iter(said))}", "extra_forbidden")
    ]
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [("{", 400), ("[]", 422), ("null", 422), ("[" * 100_000, 400), ('"x"', 422), ("", 422), ("\xff", 400)],
)
def test_what_is_no_document_is_refused(program, body, status):
    answer = program("anna").post("/tickets", body)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_bodies_are_json_and_not_too_large(program):
    anna = program("anna")
    form = anna.client.post("/api/v1/tickets", NEW, headers={"Authorization": f"Bearer {anna.secret}"})
    assert form.status_code == 415
    assert anna.post("/tickets", NEW | {"body": "x" * 3_000_000}).status_code == 413


@pytest.mark.parametrize(
    "at",
    ["2026-11-20T15:00:00", "2026-11-20", "now", "1700000000", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"],
)
def test_instants_without_their_zone_are_refused(program, at):
    answer = program("anna").get("/quote", {"at": at})
    assert answer.status_code in {409, 422}
    assert answer["Content-Type"] == "application/problem+json"


def test_unknown_parameters_are_refused(program):
    for path in ("/tickets", "/quote", "/me"):
        answer = program("anna").get(path, {"nonsense": "1"})
        assert answer.json()["errors"][0]["field"] == "query.nonsense"


def test_a_token_may_send_so_many_requests_a_minute(program, settings, now):
    settings.API_RATE = 3
    anna = program("anna")
    answers = [anna.get("/me") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert [one["RateLimit"] for one in answers] == [f'"token";r={left};t=60' for left in (2, 1, 0, 0)]
    assert (answers[0]["RateLimit-Policy"], answers[3]["Retry-After"]) == ('"token";q=3;w=60', "60")
    assert program("anna").get("/me").status_code == 200
    now.is_("2026-11-20T15:01:00+00:00")
    assert anna.get("/me").status_code == 200


def test_sending_a_ticket_asks_the_database_little(program, django_assert_max_num_queries):
    anna = program("anna")
    anna.post("/tickets", NEW, key="warm")
    with django_assert_max_num_queries(21):
        anna.post("/tickets", NEW, key="k")


def test_only_programs_read_times_in_utc_whatever_a_proxy_adds(client, company, now):
    assert (
        'data-zone="Europe/Brussels"'
        in client.get("/en/guarantee/", headers={"Authorization": "Basic eDp5"}).content.decode()
    )


@pytest.mark.parametrize(
    "body",
    ['{"subject": "a", "subject": "b", "body": "c"}', '{"subject": NaN}', "[" * 5_000, '{"subject": "a", "body": 1e999}'],
)  # fmt: skip
def test_a_body_that_leaves_open_what_it_means_is_answered_with_400_and_why(program, body):
    answer = program("anna").post("/tickets", body)
    assert answer.status_code == 400
    assert answer.json()["type"].endswith("unreadable")
    assert "(" in answer.json()["detail"]


@pytest.mark.parametrize("said", ["a\\u0000b", "\\u0000", "half \\ud83d pair", "\\udc00"])
@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/tickets", '{"subject": "%s", "body": "c"}', "body.subject"),
        ("/tickets", '{"subject": "a", "body": "%s"}', "body.body"),
        ("/tickets/{number}/messages", '{"body": "%s"}', "body.body"),
        ("/tickets/{number}/messages", '{"body": "c", "files": ["%s"]}', "body.files"),
        ("/tickets/{number}/impact", '{"priority": "2", "text": "%s"}', "body.text"),
    ],
)
def test_what_no_database_keeps_is_refused_and_its_field_is_named(company, now, program, path, body, field, said):
    ticket = company.ticket(company.anna, "3", now.at)
    answer = program("anna").post(path.format(number=ticket.number), body % said)
    assert answer.status_code == 422, answer.content
    (problem,) = answer.json()["errors"]
    assert problem["field"].startswith(field)
    assert problem["rule"] == "text.unstorable"
    assert "can't be saved" in problem["detail"]
    assert ticket.messages.count() == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_a_body_is_utf_8(program, encoding):
    anna = program("anna")
    body = '{"subject": "a", "body": "c", "priority": "3"}'.encode(encoding)
    answer = anna.client.post("/api/v1/tickets", body, content_type="application/json", headers=anna._headers({}))
    assert answer.status_code == (201 if encoding == "utf-8-sig" else 400)
