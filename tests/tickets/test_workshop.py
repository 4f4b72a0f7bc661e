"""Drafts, saved replies, who is looking: what helps people while they work."""

from datetime import timedelta

import pytest

from puntuale.guarantee.facts import Phase
from puntuale.tickets import drafts, presence, saved_replies
from puntuale.tickets.drafts import Place
from puntuale.tickets.merging import merge
from puntuale.tickets.models import Draft
from puntuale.tickets.rights import NotAnAgent
from puntuale.tickets.saved_replies import TitleTaken, UnknownVariable
from puntuale.tickets.texts import TextRefused
from tests.tickets.deeds import FRIDAY

SECOND = timedelta(seconds=1)


@pytest.fixture
def ticket(company):
    return company.ticket(at=FRIDAY)


def test_a_draft_is_kept_per_person_and_box_and_forgotten_when_emptied(company, ticket):
    def keep(body, place=Place.ANSWER, by=company.ada, of=ticket):
        return drafts.keep(by, place=place, ticket=of, body=body, at=FRIDAY)

    keep("first")
    keep("second")
    keep("a note", Place.NOTE)
    keep("mine", by=company.grace)
    keep("new", Place.NEW_TICKET, company.anna, None)
    keep("newer", Place.NEW_TICKET, company.anna, None)
    assert Draft.objects.count() == 4
    assert drafts.kept(company.ada, place=Place.ANSWER, ticket=ticket).body == "second"
    assert drafts.kept(company.anna, place=Place.NEW_TICKET, ticket=None).body == "newer"
    assert keep("  \n") is None
    assert drafts.kept(company.ada, place=Place.ANSWER, ticket=ticket) is None
    assert drafts.kept(company.ada, place=Place.NOTE, ticket=ticket).body == "a note"


def test_a_draft_takes_whatever_is_typed(company, ticket):
    kept = drafts.keep(
        company.anna,
        place=Place.MESSAGE,
        ticket=ticket,
        body="a\0b\ud800" + "x" * 300_000,
        subject="s" * 2_000,
        at=FRIDAY,
    )
    assert kept.body.startswith("ab?x")
    assert (len(kept.body), len(kept.subject)) == (200_000, 1_000)


def test_old_drafts_are_dropped(company, ticket):
    drafts.keep(company.ada, place=Place.ANSWER, ticket=ticket, body="old", at=FRIDAY)
    assert drafts.forget_old(at=FRIDAY + timedelta(days=30)) == 0
    assert drafts.forget_old(at=FRIDAY + timedelta(days=31)) == 1


def test_an_answer_left_behind_on_a_merged_ticket_is_found_there_and_where_that_went(company, ticket):
    second, third = company.ticket(at=FRIDAY), company.ticket(at=FRIDAY)
    for person, body in ((company.ada, "hers"), (company.grace, "his")):
        drafts.keep(person, place=Place.ANSWER, ticket=ticket, body=body, at=FRIDAY)
    drafts.keep(company.ada, place=Place.NOTE, ticket=ticket, body="a note", at=FRIDAY)

    def left(near):
        near.refresh_from_db()
        return [(one.draft.body, one.to) for one in drafts.at_hand(company.ada, near).left_behind]

    assert left(ticket) == []
    merge(ticket, into=second, by=company.grace, at=FRIDAY)
    assert left(ticket) == left(second) == [("hers", second)]
    merge(second, into=third, by=company.grace, at=FRIDAY)
    assert left(ticket) == left(second) == left(third) == [("hers", third)]
    assert drafts.at_hand(company.mara, ticket).left_behind == []


def test_carried_over_it_stands_behind_what_was_there_and_once(company, ticket):
    other = company.ticket(at=FRIDAY)

    def kept(on):
        draft = drafts.kept(company.ada, place=Place.ANSWER, ticket=on)
        return draft and draft.body

    drafts.keep(company.ada, place=Place.ANSWER, ticket=ticket, body="of the merged one", at=FRIDAY)
    drafts.keep(company.ada, place=Place.ANSWER, ticket=other, body="was there\n", at=FRIDAY)
    assert drafts.carry_over(company.ada, ticket=ticket, at=FRIDAY) == ticket
    assert kept(ticket) == "of the merged one", "it is not merged, so there is nowhere to carry it"
    merge(ticket, into=other, by=company.grace, at=FRIDAY)
    ticket.refresh_from_db()
    for _ in range(2):
        assert drafts.carry_over(company.ada, ticket=ticket, at=FRIDAY) == other
        assert (kept(ticket), kept(other)) == (None, "was there\n\nof the merged one")


def test_two_texts_that_are_too_long_together_stay_where_they_are(company, ticket):
    other = company.ticket(at=FRIDAY)
    for on in (ticket, other):
        drafts.keep(company.ada, place=Place.ANSWER, ticket=on, body="x" * 150_000, at=FRIDAY)
    merge(ticket, into=other, by=company.grace, at=FRIDAY)
    ticket.refresh_from_db()
    with pytest.raises(TextRefused):
        drafts.carry_over(company.ada, ticket=ticket, at=FRIDAY)
    assert [len(draft.body) for draft in Draft.objects.all()] == [150_000, 150_000]


def test_sec_s29_a_saved_reply_is_filled_for_its_ticket_and_understands_nothing_but_its_variables(company, ticket):
    ticket.requester.name = "{{ agent.name }} {{7*7}}"
    reply = saved_replies.save(
        title="  Greeting ",
        body="Hello {{ customer.first_name }}, {{ticket.number}} of {{ organisation }}. {{7*7}} {% x %} ${y}",
        by=company.ada,
        at=FRIDAY,
        then=Phase.WAITING,
        takes=True,
    )
    assert (reply.title, reply.then, reply.takes) == ("Greeting", "waiting", True)
    filled = saved_replies.filled(reply, ticket, by=company.ada)
    assert filled == f"Hello {{{{, #{ticket.number} of Northwind Telephony. {{{{7*7}}}} {{% x %}} ${{y}}"


def test_an_unknown_variable_and_a_taken_title_are_refused(company):
    for body in ("{{ config }}", "{{ customer.__class__ }}"):
        with pytest.raises(UnknownVariable):
            saved_replies.save(title="x", body=body, by=company.ada, at=FRIDAY)
    saved_replies.save(title="x", body="y", by=company.ada, at=FRIDAY)
    with pytest.raises(TitleTaken):
        saved_replies.save(title="x", body="z", by=company.grace, at=FRIDAY)
    with pytest.raises(NotAnAgent):
        saved_replies.save(title="q", body="z", by=company.anna, at=FRIDAY)


def test_a_reply_is_changed_and_taken_off_the_list(company):
    reply = saved_replies.save(title="x", body="y", by=company.ada, at=FRIDAY)
    saved_replies.save(title="x2", body="z", by=company.grace, at=FRIDAY, instead_of=reply)
    assert [one.body for one in saved_replies.on_offer()] == ["z"]
    saved_replies.retire(reply, by=company.ada, at=FRIDAY)
    assert not saved_replies.on_offer().exists()


def test_who_is_looking_and_typing_fades_by_itself(company, ticket):
    presence.here(ticket, person=company.ada, typing=True, at=FRIDAY)
    presence.here(ticket, person=company.grace, typing=False, at=FRIDAY)

    def seen(by, after):
        return [(one.name, one.types) for one in presence.others(ticket, than=by, at=FRIDAY + after * SECOND)]

    assert seen(company.grace, 5) == [("Ada Byron", True)]
    assert seen(company.grace, 13) == [("Ada Byron", False)]
    assert seen(company.grace, 26) == []
    assert seen(company.ada, 5) == [("Grace Hopper", False)]
    assert presence.watched([ticket], by_others_than=company.ada, at=FRIDAY) == {ticket.pk: ["Grace Hopper"]}
    presence.here(ticket, person=company.ada, typing=False, at=FRIDAY + 3 * SECOND)
    assert seen(company.grace, 5) == [("Ada Byron", True)]
    presence.gone(ticket, person=company.ada)
    assert seen(company.grace, 5) == []
