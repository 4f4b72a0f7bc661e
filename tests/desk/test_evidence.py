"""A manager hands out a ticket's evidence from its page; agents do not."""

from puntuale.guarantee import evidence
from puntuale.people.models import AuditEntry
from puntuale.tickets import assignment, conversation
from puntuale.tickets.timeline import TOLD_TO_CUSTOMERS
from tests.desk.conftest import at


def test_a_manager_downloads_what_can_be_checked(signed_in, company, ticket, now):
    conversation.answer(ticket, body="Yes.", by=company.ada, at=now.at)
    mara, audited = signed_in("mara"), AuditEntry.objects.count()
    assert at(ticket, "evidence/") in mara.get(at(ticket)).content.decode()
    answer = mara.get(at(ticket, "evidence/"))
    assert answer["Content-Disposition"] == f"attachment; filename=evidence-{ticket.number}.json"
    findings = evidence.check(evidence.read(answer.content))
    assert all(finding.is_sound for finding in findings)
    assert findings[-1].what == "the verdict is the same: first_response met"
    assert AuditEntry.objects.count() == audited


def test_a_manager_is_told_that_it_has_what_customers_do_not_read(signed_in, company, ticket, now):
    conversation.note(ticket, body="Words among us.", by=company.ada, at=now.at)
    assignment.assign(ticket, to=company.ada, by=company.ada, at=now.at)
    mara = signed_in("mara")
    assert "when notes were written, who had the ticket" in mara.get(at(ticket)).content.decode()
    answer = mara.get(at(ticket, "evidence/"))
    kinds = {event["kind"] for event in answer.json()["events"]}
    assert kinds - TOLD_TO_CUSTOMERS == {"noted", "assigned"}
    assert "Words among us" not in answer.content.decode()


def test_the_customer_has_no_door_to_it(signed_in, company, ticket):
    anna = signed_in("anna")
    assert "evidence" not in anna.get(f"/en/tickets/{ticket.number}/").content.decode().lower()
    assert anna.get(at(ticket, "evidence/")).status_code in {403, 404}
    assert anna.get(f"/en/tickets/{ticket.number}/evidence/").status_code == 404


def test_an_agent_is_not_offered_it(ada, ticket):
    assert "evidence/" not in ada.get(at(ticket)).content.decode()
    assert ada.get(at(ticket, "evidence/")).status_code in {403, 404}


def test_evidence_of_no_ticket_is_not_there(signed_in, ticket):
    assert signed_in("mara").get(f"/en/desk/{ticket.number + 1}/evidence/").status_code == 404
