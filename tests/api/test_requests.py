"""What a request may ask by, and what it is told when it is wrong: everything at once."""

import pytest

from puntuale.people import calendar_links

READINGS = ["/me", "/tickets", "/tickets?limit=2", "/quote", "/agreement", "/search?q=calls"]


def wrong(answer):
    assert answer.status_code == 422, answer.content
    return {one["field"]: one["rule"] for one in answer.json()["errors"]}


@pytest.mark.parametrize("path", READINGS)
def test_the_head_of_what_can_be_read_is_that_of_the_answer(path, program):
    anna = program("anna")
    whole = anna.get(path)
    head = anna.client.head(f"/api/v1{path}", headers=anna._headers({}))
    assert (head.status_code, head["Content-Type"], head["ETag"]) == (200, whole["Content-Type"], whole["ETag"])
    assert head.content == b"" and "RateLimit" in head


@pytest.mark.usefixtures("kept_open")
def test_the_head_of_a_ticket_and_of_a_file_and_what_is_not_there(program, company, now):
    anna = program("anna")
    headers = anna._headers({})
    ticket = company.ticket(at=now.at)
    assert anna.client.head(f"/api/v1/tickets/{ticket.number}", headers=headers).status_code == 200
    etag = anna.get(f"/tickets/{ticket.number}")["ETag"]
    again = anna.client.head(f"/api/v1/tickets/{ticket.number}", headers=headers | {"If-None-Match": etag})
    assert again.status_code == 304
    file = anna.client.post(
        "/api/v1/files?name=a.txt", b"so it says", content_type="application/octet-stream", headers=headers
    ).json()
    head = anna.client.head(f"/api/v1/files/{file['key']}", headers=headers)
    head.close()
    assert (head.status_code, head["Content-Length"]) == (200, "10")
    assert anna.client.head("/api/v1/tickets/999999", headers=headers).status_code == 404
    assert anna.client.head("/api/v1/me").status_code == 401
    refused = anna.client.head("/api/v1/files", headers=headers)
    assert (refused.status_code, refused["Allow"]) == (405, "POST")
    assert anna.client.delete("/api/v1/tickets", headers=headers)["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize("path", ["/en/", "/en/guarantee/hours.ics", "/api/v1/docs", "/api/v1/openapi.json"])
def test_the_head_of_pages_and_feeds(path, client, company, now):
    whole = client.get(path)
    head = client.head(path)
    assert (head.status_code, head.get("Content-Type")) == (whole.status_code, whole.get("Content-Type"))
    assert client.head(f"/en/promises/{calendar_links.token_of(company.anna)}.ics").status_code == 200


def test_unknown_fields_and_wrong_values_are_told_together(program):
    said = {"subject": " ", "body": "<!-- -->", "priority": "P 1", "product": "x", "colour": "blue"}
    assert wrong(program("anna").post("/tickets?nonsense=1", said)) == {
        "query.nonsense": "extra_forbidden",
        "body.subject": "text.empty",
        "body.body": "text.empty",
        "body.priority": "string_pattern_mismatch",
        "body.product": "int_type",
        "body.colour": "extra_forbidden",
    }


def test_what_a_new_ticket_names_and_is_not_there_is_told_together(program, company):
    said = {"subject": "Calls drop", "body": "Well?", "product": 10**9, "requester": 10**9}
    assert wrong(program("ada").post("/tickets", said)) == {
        "body.product": "number.unknown",
        "body.requester": "number.unknown",
    }
    said["requester"] = company.ada.pk
    assert wrong(program("anna").post("/tickets", said)) == {
        "body.product": "number.unknown",
        "body.requester": "requester.herself",
    }


def test_parameters_that_are_not_known_are_told_with_those_that_do_not_fit(program):
    assert wrong(program("anna").get("/tickets?limit=many&nonsense=1&updated_since=today")) == {
        "query.nonsense": "extra_forbidden",
        "query.limit": "int_parsing",
        "query.updated_since": "instant",
    }
    assert wrong(program("anna").get("/tickets?queue=due&assignee=1")) == {
        "query.queue": "queue.agents_only",
        "query.assignee": "assignee.agents_only",
    }


def test_an_explanation_that_is_missing_is_told_with_an_unknown_reason(program, company, now):
    ticket = company.ticket(at=now.at)
    said = {"priority": "3", "was": "1", "because": "mood", "text": " "}
    assert wrong(program("ada").post(f"/tickets/{ticket.number}/reclassification", said)) == {
        "body.because": "enum",
        "body.text": "text.empty",
    }
