"""The impact grew; I disagree: what a customer can say about the priority, and what the page tells her first."""

from datetime import timedelta

import pytest

from puntuale.guarantee.facts import Phase
from puntuale.tickets import classification, conversation
from puntuale.tickets.models import Disagreement, Grounds, ImpactReport
from tests.guarantee.tables import at
from tests.pages import words


def page(ticket, deed=""):
    return f"/en/tickets/{ticket.number}/{deed}"


def lowered(company, ticket, to="3", when=None):
    return classification.reclassify(
        ticket, to=to, because=Grounds.WORKAROUND, telling="There is a way round it.", by=company.ada, at=when
    )


def test_only_more_urgent_priorities_are_offered_each_with_the_time_it_would_give(signed_in, company, now):
    ticket = company.ticket(company.anna, "3", now.at)
    now.at += timedelta(minutes=10)
    said = words(signed_in("anna").get(page(ticket)))
    assert "1 · Business critical A production application is down" in said
    assert "there is no workaround. today 17:10 CET" in said
    assert "There may be a workaround. Mon 11:10 CET" in said
    assert "What is it like now?" not in words(signed_in("anna").get(page(company.ticket(company.anna, "1", now.at))))


def test_outside_production_there_is_nothing_to_report(signed_in, company, now):
    ticket = company.ticket(company.anna, "3", now.at, environment="staging")
    client = signed_in("anna")
    assert "What is it like now?" not in words(client.get(page(ticket)))
    response = client.post(page(ticket, "impact/"), {"priority": "1", "text": "my words"})
    assert response.status_code == 422
    assert "Priority 1 is not available for Staging." in words(response)
    assert "my words</textarea>" in response.content.decode()


def test_a_report_takes_effect_at_once(signed_in, company, now):
    ticket = company.ticket(company.anna, "3", now.at)
    now.at += timedelta(minutes=10)
    data = {"priority": "1", "text": "Now nobody can call."}
    said = words(signed_in("anna").post(page(ticket, "impact/"), data, follow=True))
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.due_at) == ("1", at("2026-11-20T17:10:00+01:00"))
    for expected in ("The ticket is now priority 1.", "Priority 3 became 1", "Now nobody can call.", "The impact grew"):
        assert expected in said
    assert "I disagree" not in said, "it was her own change"


def test_after_a_lowering_of_ours_a_report_waits_and_says_so(signed_in, company, now):
    ticket = company.ticket(company.anna, "2", now.at)
    lowered(company, ticket, when=now.at)
    client = signed_in("anna")
    said = words(client.post(page(ticket, "impact/"), {"priority": "1", "text": "Worse."}, follow=True))
    assert "We had lowered this ticket before, so a person looks at it first." in said
    assert "You reported that the impact grew to priority 1. A person looks at it." in said
    response = client.post(page(ticket, "impact/"), {"priority": "1", "text": "Worse still."})
    assert response.status_code == 409
    assert "We are looking at your earlier report already." in words(response)
    assert "Worse still.</textarea>" in response.content.decode(), "it can still be sent as a message"
    assert ImpactReport.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"priority": "1", "text": ""}, "Please write something here."),
        ({"priority": "1", "text": "x" * 5_001}, "at most 5,000 characters fit."),
        ({"priority": "3", "text": "my words"}, "Please choose one of these priorities."),
        ({"priority": "2", "text": "my words"}, "Please choose one of these priorities."),
        ({"priority": "9", "text": "my words"}, "Please choose one of these priorities."),
        ({"text": "my words"}, "Please choose one of these priorities."),
    ],
)
def test_a_report_that_cannot_be_taken_is_told_and_kept(signed_in, company, now, fields, said):
    ticket = company.ticket(company.anna, "2", now.at)
    response = signed_in("anna").post(page(ticket, "impact/"), fields)
    assert response.status_code == 422
    assert said in words(response)
    assert fields["text"] in words(response)
    assert not ImpactReport.objects.exists()


def test_what_is_no_longer_open_has_no_growing_impact(signed_in, company, now):
    ticket = company.ticket(company.anna, "3", now.at)
    conversation.answer(ticket, body="Done.", by=company.ada, at=now.at, then=Phase.RESOLVED)
    client = signed_in("anna")
    assert "What is it like now?" not in words(client.get(page(ticket)))
    response = client.post(page(ticket, "impact/"), {"priority": "1", "text": "my words"})
    assert response.status_code == 409
    assert "This ticket is no longer open." in words(response)


def test_after_an_answer_a_raise_promises_no_new_first_response(signed_in, company, now):
    ticket = company.ticket(company.anna, "3", now.at)
    conversation.answer(ticket, body="We look.", by=company.ada, at=now.at)
    assert "answered already" in words(signed_in("anna").get(page(ticket)))


def test_a_change_is_shown_with_reason_words_and_both_times(signed_in, company, now):
    ticket = company.ticket(company.anna, "2", now.at)
    lowered(company, ticket, when=now.at)
    said = words(signed_in("anna").get(page(ticket)))
    for expected in (
        "Priority 2 became 3 · There is a workaround",
        "There is a way round it.",
        "Mon 23 Nov 11:00 CET Mon 23 Nov 14:00 CET",
        "I disagree",
    ):
        assert expected in said


def test_she_disagrees_once_and_reads_the_decision(signed_in, company, now):
    ticket = company.ticket(company.anna, "2", now.at)
    change = lowered(company, ticket, when=now.at)
    client, address = signed_in("anna"), page(ticket, f"changes/{change.pk}/disagreement/")
    said = words(client.post(address, {"text": "There is none."}, follow=True))
    assert "You disagreed with this change. A manager looks at it." in said
    assert "There is none." in said
    assert "I disagree" not in said
    response = client.post(address, {"text": "Again."})
    assert response.status_code == 409
    assert "You have disagreed with this change already." in words(response)
    classification.uphold(Disagreement.objects.get(), telling="You are right.", by=company.mara, at=now.at)
    said = words(client.get(page(ticket)))
    assert "You disagreed with this change. We agreed." in said
    assert "You are right." in said
    assert "Anna Conti disagreed with this change." in words(signed_in("andrea").get(page(ticket)))


def test_a_manager_who_lets_it_stand_is_told_too(signed_in, company, now):
    ticket = company.ticket(company.anna, "2", now.at)
    change = lowered(company, ticket, when=now.at)
    client = signed_in("anna")
    client.post(page(ticket, f"changes/{change.pk}/disagreement/"), {"text": ""})
    classification.overrule(Disagreement.objects.get(), telling="It works elsewhere.", by=company.mara, at=now.at)
    said = words(client.get(page(ticket)))
    assert "We let it stand." in said
    assert "It works elsewhere." in said


def test_too_long_a_disagreement_is_kept_at_its_change(signed_in, company, now):
    ticket = company.ticket(company.anna, "1", now.at)
    first = lowered(company, ticket, to="2", when=now.at)
    lowered(company, ticket, to="3", when=now.at)
    text = "my words " * 600
    response = signed_in("anna").post(page(ticket, f"changes/{first.pk}/disagreement/"), {"text": text})
    assert response.status_code == 422
    shown = response.content.decode()
    assert shown.count(text) == 1
    assert f'id="why-error-{first.pk}"' in shown
    assert not Disagreement.objects.exists()


def test_the_change_of_another_ticket_is_not_found(signed_in, company, now):
    hers, other = company.ticket(company.anna, "2", now.at), company.ticket(company.anna, "2", now.at)
    foreign = company.ticket(company.paola, "1", now.at)
    for ticket in (other, foreign):
        change = lowered(company, ticket, when=now.at)
        address = page(hers, f"changes/{change.pk}/disagreement/")
        assert signed_in("anna").post(address, {"text": "x"}).status_code == 404
    assert signed_in("anna").post(page(foreign, f"changes/{change.pk}/disagreement/")).status_code == 404
    assert signed_in("anna").post(page(foreign, "impact/"), {"priority": "1", "text": "x"}).status_code == 404
