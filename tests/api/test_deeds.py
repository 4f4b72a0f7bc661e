"""What programs do to tickets, and how they are told that it cannot be done."""

from datetime import timedelta

import pytest

from puntuale.tickets import classification, conversation
from puntuale.tickets.models import Grounds

CONFLICT = "/api/v1/docs#problem-conflict"


@pytest.fixture
def ticket(company, now):
    return company.ticket(at=now.at, priority="1")


def lowered(company, ticket, at):
    return classification.reclassify(
        ticket, to="3", because=Grounds.HOW_TO, telling="A question.", by=company.ada, at=at
    )


def test_a_change_of_priority_is_thought_about_before_it_is_made(program, ticket):
    ada = program("ada")
    path = f"/tickets/{ticket.number}/reclassification"
    thought = ada.get(path, {"priority": "3"}).json()
    assert (thought["before"]["due_at"], thought["after"]["due_at"]) == ("2026-11-20T16:00:00Z", "2026-11-23T13:00:00Z")
    assert not thought["raises"] and not thought["needs_manager"]
    said = {"priority": "3", "was": "1", "because": "how_to", "text": "It is a question."}
    made = ada.post(path, said).json()
    assert (made["waits"], made["ticket"]["due_at"]) == (False, thought["after"]["due_at"])
    history = made["ticket"]["promise"]["history"]
    assert [(one["basis"], one["ended"]) for one in history] == [("submitted", "replaced"), ("lowered", None)]
    again = ada.post(path, said)
    assert again.json()["errors"] == [
        {"field": "body.priority", "rule": "priority.same", "detail": "The ticket has this priority already."}
    ]


def test_a_lowering_with_little_time_left_waits_for_a_second_person(program, company, ticket, now):
    now.at += timedelta(minutes=50)
    ada, mara = program("ada"), program("mara")
    said = {"priority": "3", "was": "1", "because": "how_to", "text": "It is a question."}
    made = ada.post(f"/tickets/{ticket.number}/reclassification", said).json()
    assert (made["waits"], made["ticket"]["priority"]) == (True, "1")
    (claim,) = ada.get(f"/tickets/{ticket.number}/claims").json()["lowerings"]
    decision = f"/tickets/{ticket.number}/lowerings/{claim['id']}/decision"
    assert ada.post(decision, {"confirm": True}).status_code == 403
    assert mara.post(decision, {"confirm": True}).json()["priority"] == "3"
    late = mara.post(decision, {"confirm": False})
    assert (late.status_code, late.json()["type"]) == (409, CONFLICT)
    assert ada.get(f"/tickets/{ticket.number}/claims").json()["lowerings"] == []


def test_a_disagreement_is_decided_by_a_manager(program, company, ticket, now):
    change = lowered(company, ticket, now.at)
    anna, mara = program("anna"), program("mara")
    path = f"/tickets/{ticket.number}/disagreements"
    assert anna.post(path, {"change": change.pk, "text": "No."}).status_code == 200
    assert anna.post(path, {"change": change.pk, "text": "No!"}).status_code == 409
    (claim,) = mara.get(f"/tickets/{ticket.number}/claims").json()["disagreements"]
    assert (claim["change"], claim["by"]["name"]) == (change.pk, "Anna Conti")
    decided = mara.post(f"{path}/{claim['id']}/decision", {"agree": True, "text": "You are right."}).json()
    assert (decided["priority"], decided["due_at"]) == ("1", "2026-11-20T16:00:00Z")


def test_a_report_after_a_lowering_waits_for_an_agent(program, company, ticket, now):
    lowered(company, ticket, now.at)
    anna, ada = program("anna"), program("ada")
    reported = anna.post(f"/tickets/{ticket.number}/impact", {"priority": "1", "text": "All of it."}).json()
    assert (reported["waits"], reported["ticket"]["priority"]) == (True, "3")
    (claim,) = ada.get(f"/tickets/{ticket.number}/claims").json()["reports"]
    decided = ada.post(f"/tickets/{ticket.number}/reports/{claim['id']}/decision", {"agree": True, "text": "Yes."})
    assert decided.json()["priority"] == "1"
    less = anna.post(f"/tickets/{ticket.number}/impact", {"priority": "3", "text": "Less."})
    assert less.json()["errors"][0]["rule"] == "priority.no_raise"


def test_what_cannot_be_chosen_says_what_can(program, ticket):
    said = {"priority": "2", "was": "1", "because": "not_production", "text": "So.", "environment": "staging"}
    refused = program("ada").post(f"/tickets/{ticket.number}/reclassification", said).json()
    assert refused["detail"] == "Priority 2 is not available for Staging. Possible: 3."
    unknown = program("ada").post(f"/tickets/{ticket.number}/reclassification", said | {"priority": "9"}).json()
    assert unknown["errors"][0] == {
        "field": "body.priority", "rule": "term.unknown", "detail": "Please choose one of these: 1, 2, 3.",
    }  # fmt: skip


def test_nobody_resolves_or_leaves_waiting_what_nobody_has_answered(program, ticket):
    ada = program("ada")
    for deed in ("resolution", "waiting"):
        refused = ada.post(f"/tickets/{ticket.number}/{deed}")
        assert (refused.status_code, refused.json()["detail"]) == (409, "Nobody has answered this ticket yet.")


def test_a_ticket_is_merged_parted_and_split(program, company, ticket, now):
    ada, other = program("ada"), company.ticket(at=now.at, priority="3")
    into = ada.post(f"/tickets/{other.number}/merge", {"into": ticket.number}).json()
    assert into["number"] == ticket.number
    merged = ada.get(f"/tickets/{other.number}").json()
    assert (merged["phase"], merged["merged_into"], merged["promise"]["state"]) == ("merged", ticket.number, "merged")
    assert len(ada.get(f"/tickets/{ticket.number}/messages").json()["items"]) == 2
    assert ada.post(f"/tickets/{other.number}/separation").json()["phase"] == "open"
    for into, rule in ((ticket.number, "merge.same"), (10**9, "number.unknown")):
        refused = ada.post(f"/tickets/{ticket.number}/merge", {"into": into}).json()
        assert refused["errors"][0]["rule"] == rule
    further = conversation.follow_up(ticket, body="And another thing.", by=company.anna, at=now.at)
    split = ada.post(f"/tickets/{ticket.number}/messages/{further.pk}/split", {"subject": "Another thing"})
    assert (split.status_code, split.json()["subject"]) == (201, "Another thing")


def test_a_ticket_is_cancelled_for_a_reason_and_brought_back(program, company, ticket, now):
    ada = program("ada")
    path = f"/tickets/{ticket.number}/cancellation"
    assert ada.post(path, {"because": "other"}).json()["errors"][0]["rule"] == "text.empty"
    assert ada.post(path, {"because": "duplicate", "text": "So.", "of": ticket.number}).status_code == 422
    assert ada.post(path, {"because": "withdrawn", "text": "As you asked."}).json()["phase"] == "cancelled"
    assert ada.post(f"/tickets/{ticket.number}/messages", {"body": "Well."}).json()["type"] == CONFLICT
    (event,) = [
        one for one in program("anna").get(f"/tickets/{ticket.number}/events").json()["items"] if one["cancellation"]
    ]
    assert event["cancellation"] == {"because": "withdrawn", "text": "As you asked."}
    assert ada.post(f"/tickets/{ticket.number}/restoration").json()["due_at"] == "2026-11-20T16:00:00Z"


def test_colleagues_read_along_and_nobody_else(program, company, ticket):
    anna, path = program("anna"), f"/tickets/{ticket.number}/followers"
    assert anna.post(path, {"person": company.andrea.pk}).status_code == 200
    for stranger in (company.bruno, company.ada):
        refused = anna.post(path, {"person": stranger.pk})
        assert (refused.status_code, refused.json()["errors"][0]["rule"]) == (422, "number.unknown")
    assert program("ada").post(path, {"person": company.grace.pk}).status_code == 200
    assert program("ada").post(path, {"person": company.bruno.pk}).status_code == 422
    assert anna.post(f"{path}/{company.andrea.pk}/removal").status_code == 200
    assert anna.post(f"{path}/{company.andrea.pk}/removal").status_code == 404


def test_tickets_are_put_into_the_hands_of_colleagues_only(program, company, ticket):
    ada, path = program("ada"), f"/tickets/{ticket.number}/assignment"
    assert ada.post(path, {"to": company.grace.pk}).json()["assignee"]["name"] == "Grace Hopper"
    assert program("anna").get(f"/tickets/{ticket.number}").json()["assignee"] is None
    assert ada.post(path, {"to": None}).json()["assignee"] is None
    assert ada.post(path, {"to": company.anna.pk}).status_code == 422
    assert ada.post(path, {}).json()["errors"][0]["rule"] == "missing"
    for nearly in (str(company.grace.pk), True, 1.5):
        assert ada.post(path, {"to": nearly}).status_code == 422


def test_contracts_are_refused_with_their_reasons(program, company, now):
    mara, path = program("mara"), f"/organisations/{company.basic.pk}/contracts"
    assert mara.post(path, {"plan": "golden"}).json()["errors"][0]["field"] == "body.plan"
    naive = mara.post(path, {"plan": "professional", "starts_at": "2026-12-01T00:00:00"})
    assert naive.json()["errors"] == [
        {
            "field": "body.starts_at",
            "rule": "instant",
            "detail": "Un istante ha bisogno del suo fuso, come in 2026-11-20T15:00:00Z.",
        }
    ]
    ended = {"plan": "professional", "starts_at": "2026-12-01T00:00:00Z", "ends_at": "2026-12-01T01:00:00+02:00"}
    assert mara.post(path, ended).json()["errors"][0]["rule"] == "end.before_start"
    (contract,) = mara.get(path).json()["items"]
    past = mara.post(f"/contracts/{contract['id']}/end", {"ends_at": "2026-01-02T00:00:00Z"})
    assert past.json()["errors"][0]["rule"] == "end.past"
    assert mara.post(path, {"plan": "professional"}, key="k").status_code == 201
    assert mara.post("/organisations", {"name": "Litware"}).json()["errors"][0]["rule"] == "name.taken"


def test_the_agreement_is_told_as_it_is_published(program, company):
    anna = program("anna")
    agreement = anna.get("/agreement").json()
    assert agreement["version"] == 1 and [one["key"] for one in agreement["plans"]] == [
        "basic",
        "professional",
        "advanced",
    ]
    urgent = agreement["priorities"][0]["first_response"]
    assert (urgent["basic"]["no_guarantee"], urgent["advanced"]["seconds"]) == ("plan", 3600)
    assert anna.get("/agreements").json()["items"][0]["version"] == 1
    assert anna.get("/agreements/2").status_code == 404
    assert [one["name"] for one in anna.get("/products").json()["items"]] == ["Telephony", "Transcripts"]
    beta = anna.get("/quote", {"product": company.transcripts.pk, "priority": "2"}).json()
    assert (beta["due_at"], beta["no_guarantee"], beta["sum"]) == (None, "product_stage", [])


def test_who_is_on_call_is_told_to_agents(program, oncall, company, now):
    ada = program("ada")
    (duty,) = ada.get("/on-call").json()["items"]
    assert (duty["person"]["name"], duty["following"]["name"]) == ("Ada Byron", "Grace Hopper")
    path = f"/rotas/{duty['rota']['id']}/turns"
    turns = ada.get(path, {"since": "2026-11-20T00:00:00Z", "until": "2026-11-28T00:00:00Z"}).json()["items"]
    assert [one["person"]["name"] for one in turns] == ["Ada Byron", "Grace Hopper"]
    assert turns[0]["end_at"] == turns[1]["start_at"] == duty["until"]
    for until in ("2026-11-20T15:00:00Z", "2027-11-20T15:00:00Z"):
        assert ada.get(path, {"until": until}).json()["errors"][0]["rule"] == "span.length"
    assert ada.get(path, {"since": "2199-12-31T00:00:00Z"}).status_code == 422


def test_a_further_message_goes_where_the_ticket_went(program, company, ticket, now):
    ada, anna = program("ada"), program("anna")
    ada.post(f"/tickets/{ticket.number}/messages", {"body": "Done.", "then": "resolved"})
    now.at += timedelta(days=60)
    written = anna.post(f"/tickets/{ticket.number}/messages", {"body": "It is back."}, key="k").json()
    assert written["ticket"] != ticket.number
    assert anna.get(f"/tickets/{written['ticket']}").json()["phase"] == "open"
    for field, said in (("then", "resolved"), ("seen", 1)):
        refused = anna.post(f"/tickets/{ticket.number}/messages", {"body": "More.", field: said})
        assert refused.json()["errors"][0]["field"] == f"body.{field}"


def test_of_two_changes_over_the_api_the_second_has_to_know_of_the_first(program, company, now):
    ticket = company.ticket(at=now.at, priority="3")
    path, ada, mara = f"/tickets/{ticket.number}/reclassification", program("ada"), program("mara")
    read = mara.get(f"/tickets/{ticket.number}")["ETag"]
    raised = {"because": "impact_grew", "text": "Worse."}
    missing = ada.post(path, raised | {"priority": "1"})
    assert missing.json()["errors"][0] | {"detail": ""} == {"field": "body.was", "rule": "missing", "detail": ""}
    assert ada.post(path, raised | {"priority": "1", "was": "3"}).status_code == 200
    late = mara.post(path, raised | {"priority": "2", "was": "3"})
    assert (late.status_code, late.json()["type"]) == (409, CONFLICT)
    assert mara.post(path, raised | {"priority": "2"}, If_Match=read).status_code == 412
    lowering = mara.post(path, raised | {"priority": "2", "was": "1"})
    assert (lowering.status_code, lowering.json()["errors"][0]["rule"]) == (422, "reason.direction")
    ticket.refresh_from_db()
    assert ticket.priority == "1"


def test_a_reason_that_contradicts_the_place_is_refused_by_the_api(program, company, ticket):
    said = {"priority": "3", "was": "1", "because": "not_production", "text": "So."}
    refused = program("ada").post(f"/tickets/{ticket.number}/reclassification", said)
    assert (refused.status_code, refused.json()["errors"][0]["rule"]) == (422, "reason.environment")
    taken = program("ada").post(f"/tickets/{ticket.number}/reclassification", said | {"environment": "staging"})
    assert taken.json()["ticket"]["environment"] == "staging"


@pytest.mark.parametrize("body", ["\u200b\u2060", "> quote only", "-- \nAda Lorenzi", "```\n```", "<!-- -->"])
def test_an_answer_that_says_nothing_is_refused_by_the_api(program, ticket, body):
    refused = program("ada").post(f"/tickets/{ticket.number}/messages", {"body": body})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["rule"] in {"text.empty", "text.says_nothing"}
    ticket.refresh_from_db()
    assert ticket.answered_at is None


def test_an_answer_may_open_a_ticket_that_waited(program, company, ticket):
    ada, path = program("ada"), f"/tickets/{ticket.number}/messages"
    ada.post(path, {"body": "Which one?", "then": "waiting"})
    ada.post(path, {"body": "Never mind.", "then": "open"})
    ticket.refresh_from_db()
    assert ticket.phase == "open"
    kinds = [one["kind"] for one in ada.get(f"/tickets/{ticket.number}/events").json()["items"]]
    assert kinds == ["submitted", "answered", "waited", "answered", "resumed"]
