"""A ticket gets a promise, or a reason why not, in the transaction in which it is accepted."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from puntuale.agreements.contracts import sign
from puntuale.agreements.publication import publish
from puntuale.agreements.reading import NothingInForce
from puntuale.guarantee.agreement import PriorityBarred, UnknownTerm
from puntuale.guarantee.promise import State
from puntuale.people.joining import found_organisation
from puntuale.tickets import submission
from puntuale.tickets.models import Event, Kind, PromiseMade, Ticket
from puntuale.tickets.once import KeySpent
from puntuale.tickets.reading import standings
from puntuale.tickets.replay import differences
from puntuale.tickets.submission import NotACustomer, SubmittedByAnother, quote_for
from puntuale.tickets.texts import TextRefused
from tests.company import made
from tests.guarantee.documents import STANDARD
from tests.guarantee.tables import at

FRIDAY = at("2026-11-20T16:00:00+01:00")


def promise_of(ticket):
    return ticket.promises.get()


@pytest.mark.parametrize(
    ("who", "priority", "due"),
    [
        ("anna", "1", "2026-11-20T17:00:00+01:00"),
        ("anna", "2", "2026-11-23T11:00:00+01:00"),
        ("anna", None, "2026-11-23T14:00:00+01:00"),
        ("paola", "1", "2026-11-23T11:00:00+01:00"),
        ("paola", "3", "2026-11-23T17:00:00+01:00"),
    ],
)
def test_the_promise_is_that_of_the_plan_and_the_priority(company, who, priority, due):
    ticket = company.ticket(getattr(company, who), priority, FRIDAY)
    made = promise_of(ticket)
    assert made.due_at == ticket.due_at == at(due)
    assert made.start_at == FRIDAY
    assert made.publication.version == 1


def test_what_the_form_quoted_is_what_the_ticket_gets(company):
    for person in (company.anna, company.paola, company.bruno):
        for priority in ("1", "2", "3"):
            quoted = quote_for(person, environment="production", product=None, priority=priority, at=FRIDAY)
            assert promise_of(company.ticket(person, priority, FRIDAY, product=None)).due_at == quoted.due_at


@pytest.mark.parametrize(
    ("who", "product", "reason"),
    [
        ("bruno", "telephony", "plan"),
        ("anna", "transcripts", "product_stage"),
        ("bruno", "transcripts", "product_stage"),
    ],
)
def test_no_guarantee_is_a_row_with_a_reason(company, who, product, reason):
    ticket = company.ticket(getattr(company, who), "1", FRIDAY, product=getattr(company, product))
    made = promise_of(ticket)
    assert (made.due_at, made.no_guarantee, ticket.due_at) == (None, reason, None)
    assert standings([ticket], at=FRIDAY)[0].state is State.NO_GUARANTEE


def test_without_a_contract_there_is_no_guarantee(company):
    newcomer = company.anna
    newcomer.organisation = found_organisation(name="Newcomers", at=FRIDAY)
    newcomer.save()
    assert promise_of(company.ticket(newcomer, "1", FRIDAY)).no_guarantee == "no_contract"


def test_the_plan_is_that_of_the_instant(company):
    rising = found_organisation(name="Rising", at=FRIDAY)
    sign(rising, plan="basic", starts_at=FRIDAY - timedelta(days=9), ends_at=FRIDAY, at=FRIDAY)
    sign(rising, plan="advanced", starts_at=FRIDAY, at=FRIDAY, answering=company.mara)
    company.anna.organisation = rising
    company.anna.save()
    assert company.ticket(at=FRIDAY - timedelta(seconds=1)).plan == "basic"
    assert company.ticket(at=FRIDAY).plan == "advanced"


def test_a_promise_keeps_the_version_it_was_made_under(company):
    before = company.ticket(company.paola, "1", FRIDAY)
    faster = STANDARD.replace("version = 1", "version = 2").replace('1 = "3h business"', '1 = "2h business"')
    monday = at("2026-11-23T00:00:00+01:00")
    publish(faster, effective_from=monday, at=FRIDAY)
    same_day = company.ticket(company.paola, "1", FRIDAY + timedelta(minutes=1))
    after = company.ticket(company.paola, "1", at("2026-11-23T10:00:00+01:00"))
    assert [promise_of(ticket).publication.version for ticket in (before, same_day, after)] == [1, 1, 2]
    assert promise_of(after).due_at == at("2026-11-23T12:00:00+01:00")
    before.refresh_from_db()
    assert before.due_at == at("2026-11-23T11:00:00+01:00")
    assert list(differences(Ticket.objects.all())) == []


@pytest.mark.parametrize("environment", ["staging", "development"])
def test_an_urgent_priority_outside_production_is_refused_and_nothing_is_stored(company, environment):
    with pytest.raises(PriorityBarred):
        company.ticket(priority="1", environment=environment)
    assert Ticket.objects.count() == 0
    assert company.ticket(priority="3", environment=environment).priority == "3"


def test_sending_the_same_submission_twice_makes_one_ticket(company):
    key = uuid4()
    first, second = (company.ticket(key=key, subject="Once") for _ in range(2))
    assert first == second
    for other in ({"subject": "Twice"}, {"subject": "Once", "body": "Something else."}):
        with pytest.raises(KeySpent):
            company.ticket(key=key, **other)
    assert Ticket.objects.get().subject == "Once"
    assert Event.objects.count() == PromiseMade.objects.count() == 1


def test_somebody_elses_submission_is_not_handed_out(company):
    key = uuid4()
    company.ticket(key=key)
    with pytest.raises(SubmittedByAnother):
        company.ticket(company.bruno, key=key)


def test_whoever_works_for_the_vendor_sends_no_tickets_as_a_customer(company):
    with pytest.raises(NotACustomer):
        company.ticket(company.ada)


def test_before_the_first_agreement_nothing_can_be_sent(company):
    with pytest.raises(NothingInForce):
        company.ticket(at=datetime(2025, 1, 1, tzinfo=UTC))


def test_an_environment_that_is_none_is_refused(company):
    with pytest.raises(UnknownTerm):
        company.ticket(environment="moon")


@pytest.mark.parametrize(
    ("subject", "body", "field", "rule"),
    [
        ("", "text", "subject", "text.empty"),
        (" \n ", "text", "subject", "text.empty"),
        ("s" * 256, "text", "subject", "text.too_long"),
        ("subject", "", "body", "text.empty"),
        ("subject", "\n \n", "body", "text.empty"),
        ("subject", "b" * 200_001, "body", "text.too_long"),
    ],
)
def test_too_little_or_too_much_text_is_refused_by_field_and_rule(company, subject, body, field, rule):
    with pytest.raises(TextRefused) as refused:
        company.ticket(subject=subject, body=body)
    assert (refused.value.field, refused.value.rule) == (field, rule)
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("cafe\u0301", "caf\u00e9"),
        ("two\nlines", "two lines"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("\u202eright to left", "\u202eright to left"),
        ("s" * 255, "s" * 255),
    ],
)
def test_what_was_written_is_kept_composed_and_on_one_line(company, written, kept):
    ticket = company.ticket(subject=written)
    ticket.refresh_from_db()
    assert ticket.subject == kept


def test_the_event_holds_facts_and_never_what_people_wrote(company):
    ticket = company.ticket(subject="Very private", body="Even more so", at=FRIDAY)
    event = ticket.events.get()
    assert event.kind == Kind.SUBMITTED
    assert (event.number, event.at, event.by) == (1, FRIDAY, company.anna)
    assert event.facts | {"message": 0} == {
        "version": 1,
        "plan": "advanced",
        "priority": "1",
        "chosen": True,
        "environment": "production",
        "product": company.telephony.pk,
        "stage": "released",
        "message": 0,
    }
    assert "private" not in str(event.facts)


def test_numbers_start_where_people_take_them_seriously(company):
    assert company.ticket().number >= 1001


@pytest.mark.django_db(transaction=True)
def test_agreement_and_plan_are_read_in_the_transaction_that_makes_the_ticket(transactional_db, monkeypatch):
    company, read_inside = made(), []
    for name in ("agreement_in_force", "plan_in_force"):
        reading = getattr(submission, name)

        def noted(*what, reading=reading):
            read_inside.append(connection.in_atomic_block)
            return reading(*what)

        monkeypatch.setattr(submission, name, noted)
    company.ticket(at=FRIDAY)
    assert set(read_inside) == {True}
