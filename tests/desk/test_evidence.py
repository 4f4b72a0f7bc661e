"""A manager hands out a ticket's evidence from its page; agents do not."""

from puntuale.guarantee import evidence
from puntuale.people.models import AuditEntry
from puntuale.tickets import conversation
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


def test_an_agent_is_not_offered_it(ada, ticket):
    assert "evidence/" not in ada.get(at(ticket)).content.decode()
    assert ada.get(at(ticket, "evidence/")).status_code in {403, 404}


def test_evidence_of_no_ticket_is_not_there(signed_in, ticket):
    assert signed_in("mara").get(f"/en/desk/{ticket.number + 1}/evidence/").status_code == 404
