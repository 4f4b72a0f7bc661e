"""A new version of the agreement touches open promises only when a manager asks, and only to bring them forward."""

from datetime import timedelta

import pytest
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from puntuale.agreements.models import Publication
from puntuale.agreements.publication import publish
from puntuale.agreements.reading import agreement_published_as
from puntuale.conf.worker import renew_promises
from puntuale.people.models import AuditEntry
from puntuale.tickets import classification, conversation, waiting
from puntuale.tickets.foresight import FORWARD, Direction, foresee
from puntuale.tickets.models import Grounds, PromiseMade
from puntuale.tickets.renewal import NotInForce, ask, renew
from puntuale.tickets.rights import NotAManager
from tests.guarantee.documents import STANDARD
from tests.guarantee.tables import at
from tests.tickets.deeds import FRIDAY, GOALS, all_is_consistent, due, endings, fresh, kinds, publish_goals
from tests.tickets.test_replay import DEEDS, do

LATER = FRIDAY + timedelta(minutes=10)


def version(number=2, **cells):
    """The standard with other cells: `version(professional_1="2h business")`."""
    source = STANDARD.replace("version = 1\n", f"version = {number}\n")
    for cell, target in cells.items():
        plan, priority = cell.split("_")
        head, tail = source.split(f"[first_response.{plan}]\n")
        lines = tail.split("\n")
        lines = [
            f'{priority} = "{target}"' if line.startswith(f"{priority} = ") else line for line in lines[:4]
        ] + lines[4:]
        source = f"{head}[first_response.{plan}]\n" + "\n".join(lines)
    return source


def published(when=LATER, **cells):
    return publish(version(**cells), effective_from=when, at=when, allowing_warnings=True)


def foreseen(publication, when=LATER):
    found = foresee(agreement_published_as(publication), at=when)
    return {one.ticket: one.direction.value for one in found.moved}


def test_publishing_alone_touches_no_open_promise(company):
    ticket = company.ticket(company.paola, at=FRIDAY)
    before = due(ticket)
    published(professional_1="1h business")
    assert (due(ticket), kinds(ticket)) == (before, ["submitted"])


def test_a_shorter_target_counts_from_the_same_start(company):
    ticket = company.ticket(company.paola, at=FRIDAY)
    found = published(professional_1="2h business")
    assert foreseen(found) == {ticket.number: "earlier"}
    assert renew(found, by=company.mara, at=LATER) == [ticket]
    assert due(ticket) == at("2026-11-23T10:00:00+01:00")
    promise = ticket.promises.get(number=2)
    assert (promise.start_at, promise.publication_id, promise.basis) == (FRIDAY, 2, "renewed")
    assert (kinds(ticket), endings(ticket)) == (["submitted", "renewed"], ["replaced", None])
    assert ticket.events.get(kind="renewed").by == company.mara
    assert all_is_consistent()


def test_a_target_that_would_be_due_already_counts_from_the_change(company):
    ticket = company.ticket(company.paola, at=FRIDAY)
    found = published(professional_1="5m business")
    assert renew(found, by=company.mara, at=LATER) == [ticket]
    assert due(ticket) == LATER + timedelta(minutes=5)
    assert endings(ticket) == ["replaced", None]
    assert all_is_consistent()


def test_nothing_gets_later_and_no_guarantee_is_taken_away(company):
    slower, gone = company.ticket(company.paola, "1", at=FRIDAY), company.ticket(company.paola, "2", at=FRIDAY)
    before = due(slower), due(gone)
    found = published(professional_1="9h business", professional_2="none")
    assert foreseen(found) == {slower.number: "later", gone.number: "gone"}
    assert renew(found, by=company.mara, at=LATER) == []
    assert (due(slower), due(gone)) == before


def test_a_new_guarantee_counts_from_the_change(company):
    ticket = company.ticket(company.bruno, "3", at=FRIDAY)
    found = published(basic_3="9h business")
    assert foreseen(found) == {ticket.number: "new"}
    assert renew(found, by=company.mara, at=LATER) == [ticket]
    assert ticket.promises.get(number=2).start_at == LATER
    assert due(ticket) == at("2026-11-24T09:10:00+01:00")
    assert all_is_consistent()


def test_what_is_answered_missed_or_of_a_preview_product_stays_as_it_is(company):
    done, missed, preview = (
        company.ticket(company.paola, at=FRIDAY),
        company.ticket(company.anna, "1", at=FRIDAY),
        company.ticket(company.paola, product=company.transcripts, at=FRIDAY),
    )
    conversation.answer(done, body="Yes.", by=company.ada, at=FRIDAY)
    monday = at("2026-11-23T12:00:00+01:00")
    found = published(when=monday, professional_1="1h business", advanced_1="30m always")
    assert foreseen(found, monday) == {}
    assert renew(found, by=company.mara, at=monday) == []
    assert (kinds(missed), kinds(preview)) == (["submitted"], ["submitted"])


def test_a_product_that_left_its_preview_meanwhile_is_foreseen_as_it_was(company):
    ticket = company.ticket(company.paola, product=company.transcripts, at=FRIDAY)
    company.transcripts.stage = "released"
    company.transcripts.save()
    found = published(professional_1="1h business")
    assert foreseen(found) == {}
    assert renew(found, by=company.mara, at=LATER) == []
    assert endings(ticket) == [None]


def test_goals_are_foreseen_and_brought_forward_like_guarantees(company):
    ticket = company.ticket(company.anna, "1", at=FRIDAY)
    source = version().replace("[hours.business]", GOALS + "\n[hours.business]")
    found = publish(source, effective_from=LATER, at=LATER, allowing_warnings=True)
    assert foreseen(found) == {ticket.number: "new"}
    later = company.ticket(company.anna, "1", at=LATER)
    quicker = publish(source.replace("version = 2", "version = 3").replace('1 = "8h always"', '1 = "7h always"'), effective_from=LATER, at=LATER, allowing_warnings=True)  # fmt: skip
    assert foreseen(quicker) == {ticket.number: "new", later.number: "earlier"}
    assert renew(quicker, by=company.mara, at=LATER)[-1] == later
    assert later.promises.filter(metric="resolution").count() == 2
    assert fresh(ticket).due_metric == "first_response"
    assert all_is_consistent()


def test_of_two_equal_tickets_both_get_a_new_goal_and_both_are_shown_before(company):
    """Of one the first response comes forward too, since it was raised; of the other it does not."""
    stays, moves = (company.ticket(company.anna, "2", at=FRIDAY) for _ in range(2))
    conversation.answer(stays, body="Yes.", by=company.ada, at=FRIDAY)
    source = version(advanced_2="2h business").replace("[hours.business]", GOALS + "\n[hours.business]")
    found = publish(source, effective_from=LATER, at=LATER, allowing_warnings=True)
    shown = foresee(agreement_published_as(found), at=LATER)
    told = {(one.ticket, one.metric): (one.direction.value, one.would_be) for one in shown.moved}
    assert told.keys() == {
        (stays.number, "resolution"), (moves.number, "resolution"), (moves.number, "first_response"),
    }  # fmt: skip
    assert told[stays.number, "resolution"] == told[moves.number, "resolution"]
    assert renew(found, by=company.mara, at=LATER) == [stays, moves]
    for ticket in (stays, moves):
        goal = ticket.promises.get(metric="resolution")
        assert ("new", goal.due_at) == told[ticket.number, "resolution"]
    assert all_is_consistent()


EVERY_GOAL = GOALS.replace('2 = "3h business"', '2 = "3h business"\n3 = "6h business"').replace(
    '1 = "4h always"', '1 = "4h always"\n2 = "4h business"\n3 = "7h business"'
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(priority=st.sampled_from(["1", "2", "3"]), deeds=DEEDS, had_goals=st.booleans())
def test_what_is_shown_before_is_what_happens_then(company, priority, deeds, had_goals):
    """Whatever happened to the tickets: each metric of each, there and nowhere else, to the second."""
    number = Publication.objects.count()
    if had_goals and number == 1:
        number = publish_goals(FRIDAY - timedelta(days=30)).version
    ticket, other = company.ticket(company.anna, priority, FRIDAY), company.ticket(company.anna, "2", FRIDAY)
    for deed, seconds in sorted(deeds, key=lambda one: one[1]):
        do(deed, company, ticket, other, company.anna, FRIDAY + timedelta(seconds=seconds))
    when = FRIDAY + timedelta(days=6)
    source = version(number + 1, advanced_1="30m always", advanced_3="5h business")
    source = source.replace("[hours.business]", EVERY_GOAL + "\n[hours.business]")
    found = publish(source, effective_from=when, at=when, allowing_warnings=True)
    shown = foresee(agreement_published_as(found), at=when)
    before = list(PromiseMade.objects.all())
    known = {(one.ticket_id, one.metric, one.due_at) for one in before}
    renew(found, by=company.mara, at=when)
    # Of a ticket that owes what was merged into it, its own promise may come forward behind that.
    stands = Q(ending=None) | Q(ending__verdict__in=("paused", "merged")) | Q(basis="renewed")
    made = PromiseMade.objects.exclude(pk__in=[one.pk for one in before]).filter(stands)
    forward = {(one.ticket, one.metric, one.would_be) for one in shown.moved if one.direction in FORWARD}
    came = {(one.ticket_id, one.metric, one.due_at) for one in made if one.basis != "resumed"} - known
    assert forward <= came
    assert {one[:2] for one in forward} == {one[:2] for one in came}
    assert all_is_consistent()


def test_a_goal_that_stands_still_keeps_its_target(company):
    source = version().replace("[hours.business]", GOALS + "\n[hours.business]")
    publish(source, effective_from=FRIDAY, at=FRIDAY, allowing_warnings=True)
    ticket = company.ticket(company.anna, "1", at=FRIDAY)
    conversation.answer(ticket, body="Which release?", by=company.ada, at=FRIDAY)
    waiting.wait(ticket, by=company.ada, at=LATER)
    quicker = publish(source.replace("version = 2", "version = 3").replace('1 = "8h always"', '1 = "7h always"'), effective_from=LATER, at=LATER, allowing_warnings=True)  # fmt: skip
    assert foreseen(quicker) == {}
    assert renew(quicker, by=company.mara, at=LATER) == []


def test_a_raise_after_a_renewal_reads_the_newer_version(company):
    ticket = company.ticket(company.paola, "3", at=FRIDAY)
    found = published(professional_3="8h business", professional_1="1h business")
    renew(found, by=company.mara, at=LATER)
    classification.reclassify(ticket, to="1", because=Grounds.IMPACT_GREW, telling="Sooner.", by=company.ada, at=LATER)
    assert fresh(ticket).due_at == at("2026-11-23T09:10:00+01:00")
    assert all_is_consistent()


def test_doing_it_twice_changes_nothing_more(company):
    ticket = company.ticket(company.paola, at=FRIDAY)
    found = published(professional_1="2h business")
    renew(found, by=company.mara, at=LATER)
    assert renew(found, by=company.mara, at=LATER + timedelta(minutes=1)) == []
    assert len(endings(ticket)) == 2


def test_everybody_is_counted(company):
    for person, priority in ((company.paola, "1"), (company.paola, "2"), (company.bruno, "3"), (company.anna, "2")):
        company.ticket(person, priority, at=FRIDAY)
    agreement = agreement_published_as(
        published(professional_1="2h business", professional_2="7h business", basic_3="9h business")
    )
    found = foresee(agreement, at=LATER)
    assert found.counts == {"earlier": 1, "later": 1, "new": 1, "unchanged": 1}
    assert found.forward == 2
    assert [one.direction for one in found.towards(Direction.LATER)] == ["later"]


def test_a_manager_asks_and_the_worker_does_it(company, now):
    ticket = company.ticket(company.paola, at=FRIDAY)
    found = published(professional_1="2h business")
    ProcrastinateJob.objects.all().delete()
    with pytest.raises(NotAManager):
        ask(found, by=company.ada, at=LATER)
    ask(found, by=company.mara, at=LATER, address="192.0.2.7")
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args) == ("renew_promises", {"version": 2, "by": company.mara.pk})
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.about, entry.address) == (
        "promises_brought_forward",
        "agreement version 2",
        "192.0.2.7",
    )
    now.at = LATER
    assert renew_promises(**job.args) == 1
    assert due(ticket) == at("2026-11-23T10:00:00+01:00")


def test_only_the_version_in_force_brings_forward(company):
    planned = publish(version(professional_1="2h business"), effective_from=LATER, at=FRIDAY)
    with pytest.raises(NotInForce):
        ask(planned, by=company.mara, at=FRIDAY)
