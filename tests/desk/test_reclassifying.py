"""Changing a priority: both promises side by side first, the reason told, a second person where it takes one."""

import re
from datetime import timedelta

import pytest

from puntuale.sending.models import Intent
from puntuale.tickets import classification
from puntuale.tickets.models import Disagreement, Grounds, ImpactReport, Lowering, Reclassification
from puntuale.watch import letters, ringing
from puntuale.watch import reading as watch
from tests.desk.conftest import at
from tests.pages import words


@pytest.fixture
def urgent(company, now):
    return company.ticket(company.anna, "1", now.at, subject="Calls drop")


def change(**more):
    return {"was": "1", "to": "3", "because": "how_to", "text": "It is a question.", "place": "production"} | more


def test_after_a_miss_every_place_says_that_it_is_missed_since_when_and_still_owed(signed_in, company, urgent, now):
    mara = signed_in("mara")
    began = now.at
    ringing.go_round(at=began + timedelta(minutes=60))
    asked = classification.reclassify(
        urgent, to="3", because=Grounds.HOW_TO, telling="So.", by=company.ada, at=began + timedelta(minutes=50)
    )
    now.at = began + timedelta(minutes=77)
    classification.confirm(asked, by=company.mara, at=now.at)
    missed = "missed 0:17 ago, was due today 17:00 CET"
    assert missed in words(mara.get("/en/desk/alarms/"))
    assert "no longer owed" not in words(mara.get("/en/desk/alarms/"))
    assert "missed 0:17 ago" in words(mara.get("/en/desk/"))
    ticket = words(mara.get(at(urgent)))
    assert "missed 0:17 ago" in ticket
    assert "Missed: the reply was due Fri 20 Nov 17:00 CET" in ticket
    assert "no longer owed" not in ticket


def test_after_a_miss_no_alarm_counts_by_the_time_that_a_lowering_gave(signed_in, company, urgent, now):
    """What rings is what follows the miss: half an hour after it, and nothing about the later time."""
    mara, began = signed_in("mara"), now.at
    asked = classification.reclassify(
        urgent, to="3", because=Grounds.HOW_TO, telling="So.", by=company.ada, at=began + timedelta(minutes=50)
    )
    now.at = began + timedelta(minutes=77)
    ringing.go_round(at=now.at)
    classification.confirm(asked, by=company.mara, at=now.at)
    assert watch.rings_next(urgent) == began + timedelta(minutes=90)
    now.at = began + timedelta(minutes=91)
    ringing.go_round(at=now.at)
    assert [(one.level, one.ring_at) for one in watch.alarms_of(urgent)][-1] == (
        "+1800s",
        began + timedelta(minutes=90),
    )
    assert watch.rings_next(urgent) is None
    assert "next:" not in words(mara.get(at(urgent)))
    told = Intent.objects.filter(kind="alarm", person=company.mara).latest("pk")
    assert "scaduta da 0:31, scadeva oggi 17:00 CET" in letters.write([told], now.at).text
    now.at = began + timedelta(days=7)
    assert ringing.go_round(at=now.at) == 0


@pytest.mark.parametrize("to", ["2", "3"])
def test_a_lowering_in_time_rings_by_the_new_time_only(company, urgent, now, to):
    due = now.at + timedelta(minutes=60)
    classification.reclassify(
        urgent, to=to, because=Grounds.HOW_TO, telling="So.", by=company.ada, at=now.at + timedelta(minutes=20)
    )
    assert watch.rings_next(urgent) > due


def test_the_card_of_the_customer_says_of_the_missed_that_they_are(signed_in, company, urgent, now):
    ahead, late = company.ticket(company.anna, "3", now.at), company.ticket(company.anna, "1", now.at)
    classification.reclassify(
        urgent, to="3", because=Grounds.HOW_TO, telling="So.", by=company.ada, at=now.at + timedelta(minutes=5)
    )
    now.at += timedelta(minutes=77)
    card = words(signed_in("ada").get(at(urgent))).split("Open promises")[1]
    assert f"#{late.number} {late.subject} P1 · was due today 17:00 CET" in card
    assert f"#{ahead.number} {ahead.subject} P3 · Mon" in card
    other = words(signed_in("ada").get(at(late))).split("Open promises")[1]
    assert other.count("was due") == 0


def test_nothing_is_shown_before_something_is_chosen(ada, urgent):
    said = words(ada.get(at(urgent, "reclassification/")))
    assert "Choose a priority and a reason" in said
    assert "What the customer reads" not in said


def test_both_promises_stand_side_by_side_and_nothing_has_happened(ada, urgent):
    page = ada.get(at(urgent, "reclassification/?to=3&because=workaround&queue=mine"))
    said = words(page)
    assert "Now Fri 20 Nov 17:00 CET P1 · Business critical 1 hour, day and night" in said
    assert "Then Mon 23 Nov 14:00 CET P3 · General issue 6 business hours" in said
    assert "Change to priority 3" in said
    assert "a manager must confirm" not in said
    assert 'reclassification/?queue=mine"' in page.content.decode()
    assert Reclassification.objects.count() == 0


def test_the_text_is_suggested_in_the_customers_language_whatever_the_agent_reads(ada, company, now):
    ticket = company.ticket(company.paola, "1", now.at)
    company.paola.language = "it"
    company.paola.save()
    page = ada.get(at(ticket, "reclassification/?to=3&because=how_to")).content.decode()
    assert 'lang="it" required' in page
    assert "in Italiano, the customer" in page


def test_an_agent_lowers_a_ticket_with_a_reason_and_the_customer_is_told(signed_in, urgent):
    response = signed_in("ada").post(at(urgent, "reclassification/?queue=mine"), change())
    assert response.url == at(urgent, "?queue=mine")
    said = words(signed_in("ada").get(at(urgent)))
    assert "The priority is changed, and the customer is told why." in said
    assert "Priority 1 became 3 · A question on how to do something" in said
    assert "It is a question." in words(signed_in("anna").get(f"/en/tickets/{urgent.number}/"))


def test_correcting_the_environment_decides_what_can_be_chosen(ada, urgent):
    page = ada.get(at(urgent, "reclassification/?place=staging&to=2&because=not_production"))
    assert "Priority 2 is not available for Staging. Possible: 3." in words(page)
    response = ada.post(at(urgent, "reclassification/"), change(to="2", place="staging"))
    assert response.status_code == 422
    assert ada.post(at(urgent, "reclassification/"), change(place="staging")).status_code == 302
    urgent.refresh_from_db()
    assert (urgent.environment, urgent.priority) == ("staging", "3")


@pytest.mark.parametrize(
    ("sent", "status", "told"),
    [
        ({"text": ""}, 422, "Please write something here."),
        ({"text": "t" * 5_001}, 422, "5,001 characters"),
        ({"to": "1"}, 422, "The ticket has this priority already."),
        ({"to": "9"}, 422, "Please choose one of these."),
        ({"to": ""}, 422, "Please choose one of these."),
        ({"because": "nonsense"}, 422, "Please choose a reason."),
        ({"because": ""}, 422, "Please choose a reason."),
        ({"was": "2"}, 409, "The priority of this ticket was changed meanwhile."),
        ({"place": "mars"}, 422, "Please choose one of these."),
    ],
)
def test_what_cannot_be_changed_is_told_and_the_text_stays(ada, urgent, sent, status, told):
    response = ada.post(at(urgent, "reclassification/"), change(**sent))
    assert (response.status_code, told in words(response)) == (status, True)
    if "text" not in sent and sent.get("to") is None and "because" not in sent and "place" not in sent:
        assert "It is a question." in words(response)
    assert Reclassification.objects.count() == 0


def test_in_the_last_quarter_of_an_hour_a_lowering_waits_for_a_manager(signed_in, urgent, now, company):
    now.at += timedelta(minutes=46)
    ada = signed_in("ada")
    asked = ada.get(at(urgent, "reclassification/?to=3&because=how_to"))
    assert "Less than 15 minutes are left, or the promise was missed: a manager must confirm this." in words(asked)
    said = words(ada.post(at(urgent, "reclassification/"), change(), follow=True))
    assert "Proposed. A manager must confirm; until then the promise stays." in said
    assert "Ada Byron proposes priority 3" in said
    assert "0:14 left" in said
    assert "Take the proposal back" in said
    again = ada.post(at(urgent, "reclassification/"), change())
    assert again.status_code == 409
    assert "A lowering of this ticket waits for a manager already." in words(again)
    lowering = Lowering.objects.get()
    assert ada.post(at(urgent, f"lowerings/{lowering.pk}/confirmation/")).status_code == 404
    mara = signed_in("mara")
    assert mara.post(at(urgent, f"lowerings/{lowering.pk}/confirmation/")).status_code == 302
    urgent.refresh_from_db()
    assert urgent.priority == "3"
    late = mara.post(at(urgent, f"lowerings/{lowering.pk}/refusal/"))
    assert late.status_code == 409
    assert "Somebody has decided this a moment ago." in words(late)


MISSED = "This promise was missed 2:00 ago and stays missed: with another priority the answer is late all the same."


@pytest.mark.parametrize(("was", "to"), [("1", "3"), ("3", "1")])
def test_what_was_missed_stays_missed_and_says_so(ada, company, now, was, to):
    ticket = company.ticket(company.anna, was, now.at)
    address = at(ticket, f"reclassification/?to={to}&because=other")
    now.at = ticket.due_at
    assert "stays missed" not in words(ada.get(address))
    now.at += timedelta(hours=2)
    assert MISSED in words(ada.get(address))


def test_a_promise_that_was_answered_or_lowered_in_time_is_not_called_missed(ada, urgent, company, now):
    ada.post(at(urgent, "answers/"), {"body": "Yes."})
    low = company.ticket(company.anna, "1", now.at)
    ada.post(at(low, "reclassification/"), change())
    now.at += timedelta(hours=3)
    for ticket in (urgent, low):
        assert "stays missed" not in words(ada.get(at(ticket, "reclassification/?to=2&because=other")))


def test_a_manager_keeps_the_priority_and_whoever_proposed_takes_it_back(signed_in, urgent, now, company):
    now.at += timedelta(hours=2)
    for name in ("mara", "ada"):
        classification.reclassify(urgent, to="3", because=Grounds.HOW_TO, telling="So.", by=company.ada, at=now.at)
        lowering = Lowering.objects.get(decided_at=None)
        assert signed_in(name).post(at(urgent, f"lowerings/{lowering.pk}/refusal/")).status_code == 302
    urgent.refresh_from_db()
    assert urgent.priority == "1"


@pytest.mark.parametrize(("deed", "priority"), [("upholding", "1"), ("overruling", "3")])
def test_managers_decide_a_disagreement_with_a_text(signed_in, urgent, now, company, deed, priority):
    made = classification.reclassify(urgent, to="3", because=Grounds.HOW_TO, telling="So.", by=company.ada, at=now.at)
    dispute = classification.disagree(made, text="It is down!", by=company.anna, at=now.at)
    there = at(urgent, f"disagreements/{dispute.pk}/{deed}/")
    said = words(signed_in("ada").get(at(urgent)))
    assert "Anna Conti disagrees that priority 1 became 3 It is down! A manager decides this." in said
    assert signed_in("ada").post(there, {"text": "No."}).status_code == 404
    mara = signed_in("mara")
    empty = mara.post(there, {"text": " "})
    assert empty.status_code == 422
    assert "Please write something here." in words(empty)
    assert mara.post(there, {"text": "We looked again."}).status_code == 302
    urgent.refresh_from_db()
    assert (urgent.priority, Disagreement.objects.get().answer) == (priority, "We looked again.")
    assert mara.post(there, {"text": "We looked again."}).status_code == 409


@pytest.mark.parametrize(("deed", "priority"), [("acceptance", "1"), ("refusal", "3")])
def test_agents_follow_or_turn_down_a_report_that_the_impact_grew(signed_in, urgent, now, company, deed, priority):
    classification.reclassify(urgent, to="3", because=Grounds.HOW_TO, telling="So.", by=company.grace, at=now.at)
    report = classification.report_impact(urgent, to="1", text="All phones now.", by=company.anna, at=now.at)
    ada = signed_in("ada")
    assert "Anna Conti reports more impact: priority 1 All phones now." in words(ada.get(at(urgent)))
    there = at(urgent, f"reports/{report.pk}/{deed}/")
    refused = ada.post(there, {"text": ""})
    assert refused.status_code == 422
    assert ada.post(there, {"text": "Thank you."}).status_code == 302
    urgent.refresh_from_db()
    assert (urgent.priority, ImpactReport.objects.get().answer) == (priority, "Thank you.")


def test_what_is_to_be_decided_on_another_ticket_is_not_found(signed_in, urgent, now, company):
    other = company.ticket(company.paola, "2", now.at)
    made = classification.reclassify(urgent, to="3", because=Grounds.HOW_TO, telling="So.", by=company.ada, at=now.at)
    dispute = classification.disagree(made, text="No.", by=company.anna, at=now.at)
    mara = signed_in("mara")
    for path in (f"disagreements/{dispute.pk}/upholding/", "lowerings/1/confirmation/", "reports/1/acceptance/"):
        assert mara.post(at(other, path), {"text": "x"}).status_code == 404


def test_after_an_answer_the_first_response_stays_as_it_ended(ada, urgent):
    ada.post(at(urgent, "answers/"), {"body": "Hello."})
    said = words(ada.get(at(urgent, "reclassification/?to=3&because=how_to")))
    assert "The first response has ended and stays as it ended." in said
    assert ada.post(at(urgent, "reclassification/"), change()).status_code == 302


def test_a_raise_says_that_it_makes_nothing_later(ada, company, now):
    low = company.ticket(company.anna, "3", now.at)
    said = words(ada.get(at(low, "reclassification/?to=1&because=impact_grew")))
    assert "A raise never makes a promise later." in said


def offered(page):
    found = re.search(r'(?s)<select id="because".*?</select>', page.content.decode())[0]
    return re.findall(r'value="(\w*)"( selected)?', found)


LOWERS, EITHER = {"how_to", "workaround", "impact_fell", "duplicate"}, {"our_mistake", "other"}


@pytest.mark.parametrize(
    ("was", "asked", "reasons"),
    [
        ("1", "?to=3", LOWERS | EITHER),
        ("1", "?to=3&place=staging", LOWERS | EITHER | {"not_production"}),
        ("3", "?to=1", EITHER | {"impact_grew"}),
        ("3", "?to=3", EITHER | {"impact_grew"}),
        ("2", "", LOWERS | EITHER | {"impact_grew"}),
        ("2", "?to=9", LOWERS | EITHER | {"impact_grew"}),
        ("2", "?to=1&because=workaround", EITHER | {"impact_grew"}),
    ],
)
def test_only_reasons_that_fit_are_offered_and_none_is_chosen(ada, company, now, was, asked, reasons):
    ticket = company.ticket(company.anna, was, now.at)
    found = offered(ada.get(at(ticket, f"reclassification/{asked}")))
    assert [key for key, chosen in found if chosen] == []
    assert found[0][0] == ""
    assert {key for key, _ in found} - {""} == reasons


def test_a_reason_that_was_chosen_stays_chosen(ada, urgent):
    page = ada.get(at(urgent, "reclassification/?to=2&because=duplicate"))
    assert [key for key, chosen in offered(page) if chosen] == ["duplicate"]
