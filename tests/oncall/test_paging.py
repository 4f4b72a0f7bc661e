"""Paging, from the promise that opens it to the answer that ends it."""

from datetime import timedelta

import pytest

from puntuale.oncall import acknowledging, paging, rotas
from puntuale.oncall.acknowledging import NothingToAcknowledge, acknowledge
from puntuale.oncall.letters import in_vain, pages_over
from puntuale.oncall.models import Acknowledgement, Page, Paging
from puntuale.sending.models import Intent
from puntuale.tickets import classification, conversation, resolution
from puntuale.tickets.models import Cancellation, Grounds
from tests.guarantee.test_story import on

AT = on("fri 22:00")
MINUTE = timedelta(minutes=1)
LINK = Acknowledgement.Via.LINK


@pytest.fixture
def urgent(company, oncall):
    """Business critical, on Friday night: an answer is owed at 23:00."""
    return company.ticket(company.anna, "1", AT)


def walk(until, step=1, since=0):
    for minute in range(since, until + 1, step):
        while paging.go_round(AT + minute * MINUTE) == 0:
            pass


def paged(ticket):
    pages = Page.objects.filter(paging__ticket=ticket).select_related("person")
    return [(round((page.at - AT) / MINUTE), page.person.first_name) for page in pages]


def waiting():
    return Intent.objects.filter(kind="page", try_at__isnull=False).count()


def test_a_promise_day_and_night_pages_whoever_is_on_call_at_once(urgent):
    assert paging.go_round(AT) == 0
    assert paged(urgent) == [(0, "Ada")]
    (intent,) = Intent.objects.filter(kind="page")
    assert (intent.channel, intent.address, intent.try_at, intent.rank) == ("email", "ada@puntuale.test", AT, 0)


def test_nobody_is_woken_over_business_hours_or_no_guarantee(company, oncall):
    company.ticket(company.paola, "1", AT)
    company.ticket(company.bruno, "1", AT)
    company.ticket(company.anna, "2", AT)
    assert not Paging.objects.exists()


def test_unanswered_it_goes_up_the_chain_and_round_again_and_ends_with_the_managers(urgent, company):
    walk(40)
    assert paged(urgent) == [(0, "Ada"), (5, "Mara"), (10, "Ada"), (15, "Mara")]
    row = urgent.pagings.get()
    assert (row.exhausted_at, row.next_at) == (AT + 20 * MINUTE, None)
    told = Intent.objects.filter(kind="paged_in_vain")
    assert {(one.channel, one.person) for one in told} == {("desk", company.mara), ("email", company.mara)}


def test_managers_are_told_each_time_that_everybody_was_paged_in_vain(urgent, company):
    walk(21)
    acknowledge(urgent.pagings.get(), by=company.mara, via=LINK, at=AT + 22 * MINUTE)
    walk(70, since=23)
    mails = Intent.objects.filter(kind="paged_in_vain", channel="email").order_by("pk")
    assert [mail.cancelled_because for mail in mails] == ["acknowledged", ""]
    assert [round((mail.made_at - AT) / MINUTE) for mail in mails] == [20, 57]
    first, second = mails
    assert first.key != second.key
    assert in_vain([second], AT + 57 * MINUTE).text.count("Business critical") == 1


def test_an_acknowledgement_stops_every_page_at_once_and_keeps_no_promise(urgent, company):
    walk(6)
    acknowledge(urgent.pagings.get(), by=company.mara, via=LINK, at=AT + 7 * MINUTE)
    assert waiting() == 0
    assert set(Intent.objects.filter(kind="page").values_list("cancelled_because", flat=True)) == {"acknowledged"}
    walk(20, since=7)
    assert paged(urgent) == [(0, "Ada"), (5, "Mara")]
    urgent.refresh_from_db()
    assert urgent.answered_at is None and urgent.due_at == AT + 60 * MINUTE


def test_without_an_answer_an_acknowledgement_lapses_and_the_chain_begins_anew(urgent, company):
    walk(1)
    acknowledged = acknowledge(urgent.pagings.get(), by=company.ada, via=LINK, at=AT + 2 * MINUTE)
    assert acknowledged.until == AT + 17 * MINUTE
    walk(24, since=2)
    acknowledged.refresh_from_db()
    assert acknowledged.lapsed_at == AT + 17 * MINUTE
    assert paged(urgent) == [(0, "Ada"), (17, "Ada"), (22, "Mara")]


def test_an_acknowledgement_late_in_the_hour_leaves_time_for_somebody_else(urgent, company):
    walk(1)
    acknowledged = acknowledge(urgent.pagings.get(), by=company.ada, via=LINK, at=AT + 50 * MINUTE)
    assert acknowledged.until == AT + 55 * MINUTE


def test_saying_it_twice_is_saying_it_once_and_somebody_else_may_take_over(urgent, company):
    walk(0)
    row = urgent.pagings.get()
    first = acknowledge(row, by=company.ada, via=LINK, at=AT + MINUTE)
    assert acknowledge(row, by=company.ada, via=LINK, at=AT + 2 * MINUTE) == first
    second = acknowledge(row, by=company.grace, via=LINK, at=AT + 3 * MINUTE)
    assert paging.standing_acknowledgement(row) == second


@pytest.mark.parametrize(
    "ends",
    [
        lambda ticket, company: conversation.answer(ticket, body="Yes.", by=company.ada, at=AT + MINUTE),
        lambda ticket, company: resolution.cancel(
            ticket, because=Cancellation.Because.SPAM, telling="", by=company.ada, at=AT + MINUTE
        ),
    ],
)
def test_the_end_of_the_promise_ends_the_paging_in_the_same_transaction(urgent, company, ends):
    walk(0)
    ends(urgent, company)
    row = urgent.pagings.get()
    assert (row.ended_at, row.next_at, waiting()) == (AT + MINUTE, None, 0)
    with pytest.raises(NothingToAcknowledge):
        acknowledge(row, by=company.ada, via=LINK, at=AT + 2 * MINUTE)


def test_a_note_ends_nothing(urgent, company):
    walk(0)
    conversation.note(urgent, body="Looking.", by=company.ada, at=AT + MINUTE)
    assert urgent.pagings.get().ended_at is None


def test_raised_to_day_and_night_it_pages_and_lowered_again_it_stops(company, oncall):
    ticket = company.ticket(company.anna, "2", AT)
    classification.reclassify(
        ticket, to="1", because=Grounds.IMPACT_GREW, telling="It grew.", by=company.ada, at=AT + MINUTE
    )
    walk(2, since=1)
    assert paged(ticket) == [(1, "Ada")]
    ticket.refresh_from_db()
    classification.reclassify(
        ticket, to="2", because=Grounds.IMPACT_FELL, telling="It fell.", by=company.ada, at=AT + 3 * MINUTE
    )
    assert ticket.pagings.get().ended_at == AT + 3 * MINUTE


def test_empty_steps_are_passed_over_at_once(urgent, company, oncall):
    rotas.take_time_off(company.ada, start_at=AT, end_at=AT + 60 * MINUTE, by=company.ada, at=AT)
    rotas.take_time_off(company.grace, start_at=AT, end_at=AT + 60 * MINUTE, by=company.grace, at=AT)
    walk(0)
    assert paged(urgent) == [(0, "Mara")]


def test_a_cover_is_paged_instead(urgent, company, oncall):
    rotas.cover(oncall.rota, person=company.grace, start_at=AT, end_at=AT + 60 * MINUTE, by=company.grace, at=AT)
    walk(0)
    assert paged(urgent) == [(0, "Grace")]


def test_a_chain_that_reaches_nobody_tells_the_managers_at_once(urgent, company, settings):
    settings.EMAIL_IS_SET = False
    walk(0)
    assert paged(urgent) == []
    assert urgent.pagings.get().exhausted_at == AT
    assert set(Intent.objects.filter(kind="paged_in_vain").values_list("channel", flat=True)) == {"desk"}


def test_promises_made_before_there_was_a_chain_are_paged_once_there_is_one(company, settings):
    ticket = company.ticket(company.anna, "1", AT)
    assert not ticket.pagings.exists()
    from puntuale.oncall import chains  # noqa: PLC0415

    steps = [chains.DrawnStep(wait=60, people=(company.ada.pk,))]
    chains.shape(None, name="Late", steps=steps, by=company.mara, at=AT)
    assert paging.page_the_unpaged(AT + MINUTE) == 1
    assert paging.page_the_unpaged(AT + MINUTE) == 0
    assert ticket.pagings.get().next_at == AT + MINUTE


def test_what_is_paged_over_is_looked_for_when_a_chain_has_changed_and_every_hour(company, settings):
    lookout = paging.Lookout()
    tickets = [company.ticket(company.anna, "1", AT), company.ticket(company.anna, "1", AT)]
    assert lookout.look(AT) == 0, "there is no chain"
    from puntuale.oncall import chains  # noqa: PLC0415

    steps = [chains.DrawnStep(wait=60, people=(company.ada.pk,))]
    chains.shape(None, name="Late", steps=steps, by=company.mara, at=AT)
    assert lookout.look(AT + MINUTE) == 2

    def unpaged():
        Intent.objects.all().delete()
        tickets[0].pagings.all().delete()

    unpaged()
    assert lookout.look(AT + MINUTE * 1.5) == 0, "it has just looked"
    assert lookout.look(AT + MINUTE * 2) == 1, "it looks once more"
    unpaged()
    assert lookout.look(AT + MINUTE * 61) == 0
    assert lookout.look(AT + MINUTE * 62) == 1


def test_a_page_is_looked_at_once_more_before_it_is_sent(urgent, company):
    walk(0)
    intents = list(Intent.objects.filter(kind="page"))
    assert pages_over(intents) == {}
    acknowledge(urgent.pagings.get(), by=company.grace, via=LINK, at=AT + MINUTE)
    assert set(pages_over(intents).values()) == {"acknowledged"}
    conversation.answer(urgent, body="Yes.", by=company.ada, at=AT + 2 * MINUTE)
    assert set(pages_over(intents).values()) == {"no_longer_owed"}


def test_a_row_that_cannot_be_dealt_with_is_set_aside_and_the_others_go_on(urgent, company, monkeypatch):
    other = company.ticket(company.anna, "1", AT)
    real = paging.people_of

    def broken(step, *, at):
        if Page.objects.exists():
            raise ValueError("nonsense")
        return real(step, at=at)

    monkeypatch.setattr(paging, "people_of", broken)
    walk(0)
    assert [(row.set_aside_at, row.problem) for row in Paging.objects.order_by("pk")] == [
        (None, ""),
        (AT, "ValueError: nonsense"),
    ]
    assert paged(urgent) == [(0, "Ada")] and paged(other) == []


def test_a_link_is_good_for_its_page_and_for_nothing_else(urgent):
    walk(0)
    page = Page.objects.get()
    token = acknowledging.token_of(page)
    assert acknowledging.page_of(token) == page
    for other in (token[:-1], "1", "", f"{page.pk + 1}:{token.partition(':')[2]}", "\0"):
        with pytest.raises(NothingToAcknowledge):
            acknowledging.page_of(other)


def test_alarms_for_who_is_on_call_go_to_her(urgent, company, asks_the_rota):
    from puntuale.watch.listeners import Listeners  # noqa: PLC0415

    assert Listeners(AT).persons(urgent, ["on_call"]) == [company.ada]
