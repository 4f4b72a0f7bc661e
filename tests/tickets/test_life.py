"""Waiting, resolving, reopening, cancelling, merging, splitting: each with its effect on promises."""

from datetime import timedelta
from uuid import uuid4

import pytest

from puntuale.guarantee import evidence
from puntuale.guarantee.facts import Phase
from puntuale.tickets import conversation, following, merging, rating, resolution, splitting, waiting
from puntuale.tickets.evidence import bundle_of
from puntuale.tickets.merging import CannotMerge
from puntuale.tickets.models import Follower, Link, Ticket
from puntuale.tickets.reading import messages_for, visible_to
from puntuale.tickets.resolution import Because, NotADuplicate, TooLateToReopen
from puntuale.tickets.rights import ClosedForGood, NotAnAgent, NotTheCustomer
from puntuale.tickets.splitting import NotACustomersMessage
from puntuale.tickets.submission import open_for
from puntuale.tickets.texts import TextRefused
from puntuale.tickets.waiting import NotAnsweredYet
from tests.guarantee.tables import at
from tests.tickets.deeds import FRIDAY, all_is_consistent, due, endings, fresh, kinds, state

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def ticket(company):
    return company.ticket(at=FRIDAY)


def answered(company, ticket, when=FRIDAY + 5 * MINUTE, **more):
    return conversation.answer(ticket, body="Yes.", by=company.ada, at=when, **more)


def phase(ticket):
    return fresh(ticket).phase


class TestWaiting:
    def test_asking_the_customer_is_the_response_so_nothing_waits_before(self, company, ticket):
        with pytest.raises(NotAnsweredYet):
            waiting.wait(ticket, by=company.ada, at=FRIDAY)
        answered(company, ticket, then=Phase.WAITING)
        assert (phase(ticket), due(ticket), state(ticket, FRIDAY + DAY)) == ("waiting", None, "met")

    def test_an_answer_that_waits_says_so_in_an_event_of_its_own(self, company, ticket):
        answered(company, ticket, then=Phase.WAITING)
        assert kinds(ticket) == ["submitted", "answered", "waited"]
        assert ticket.events.get(kind="waited").by == company.ada
        assert all_is_consistent()

    @pytest.mark.parametrize(
        ("before", "then", "leads_to", "last"),
        [
            (None, Phase.OPEN, "open", "answered"),
            (Phase.WAITING, Phase.OPEN, "open", "resumed"),
            (Phase.WAITING, Phase.WAITING, "waiting", "answered"),
            (Phase.WAITING, Phase.RESOLVED, "resolved", "resolved"),
            (Phase.WAITING, None, "waiting", "answered"),
            (Phase.RESOLVED, Phase.OPEN, "open", "reopened"),
            (Phase.RESOLVED, Phase.WAITING, "waiting", "waited"),
            (Phase.RESOLVED, Phase.RESOLVED, "resolved", "answered"),
            (Phase.RESOLVED, None, "resolved", "answered"),
        ],
    )
    def test_where_an_answer_leaves_a_ticket_is_what_it_says(self, company, ticket, before, then, leads_to, last):
        answered(company, ticket, then=before)
        conversation.answer(ticket, body="More.", by=company.ada, at=FRIDAY + HOUR, then=then)
        assert phase(ticket) == leads_to
        assert kinds(ticket)[-1] == last
        assert all_is_consistent()

    def test_what_the_customer_writes_ends_it(self, company, ticket):
        answered(company, ticket, then=Phase.WAITING)
        conversation.follow_up(ticket, body="Here.", by=company.anna, at=FRIDAY + HOUR)
        assert phase(ticket) == "open"

    def test_an_agent_may_go_on_without(self, company, ticket):
        answered(company, ticket)
        waiting.wait(ticket, by=company.ada, at=FRIDAY + 6 * MINUTE)
        waiting.wait(ticket, by=company.grace, at=FRIDAY + 7 * MINUTE)
        waiting.go_on(ticket, by=company.ada, at=FRIDAY + 8 * MINUTE)
        assert kinds(ticket) == ["submitted", "answered", "waited", "resumed"]
        assert phase(ticket) == "open"


class TestResolution:
    def test_a_ticket_nobody_answered_is_not_resolved(self, company, ticket):
        with pytest.raises(NotAnsweredYet):
            resolution.resolve(ticket, by=company.ada, at=FRIDAY)

    def test_the_customer_closes_what_was_answered_and_withdraws_what_was_not(self, company, ticket):
        other = company.ticket(at=FRIDAY)
        answered(company, ticket)
        resolution.close(ticket, by=company.anna, at=FRIDAY + HOUR)
        resolution.close(other, by=company.anna, at=FRIDAY + MINUTE)
        assert (phase(ticket), phase(other)) == ("resolved", "cancelled")
        assert (endings(ticket), endings(other)) == (["met"], ["cancelled"])
        assert other.cancellations.get().because == "withdrawn"

    def test_a_further_message_within_the_window_reopens_and_the_first_response_stays(self, company, ticket):
        answered(company, ticket, then=Phase.RESOLVED)
        conversation.follow_up(ticket, body="Not quite.", by=company.anna, at=FRIDAY + 14 * DAY)
        assert (phase(ticket), endings(ticket), due(ticket)) == ("open", ["met"], None)
        assert all_is_consistent()

    def test_later_it_opens_a_new_ticket_that_points_back(self, company, ticket):
        answered(company, ticket, then=Phase.RESOLVED)
        much_later = FRIDAY + 400 * DAY
        message = conversation.follow_up(ticket, body="Again!", by=company.anna, at=much_later)
        assert message.ticket_id != ticket.pk
        assert (phase(ticket), fresh(message.ticket).priority) == ("resolved", "3")
        assert due(message.ticket) is not None
        assert Link.objects.get().origin == ticket
        assert messages_for(company.anna, ticket).count() == 2

    def test_the_customer_reopens_within_the_window_an_agent_always(self, company, ticket):
        answered(company, ticket, then=Phase.RESOLVED)
        late = FRIDAY + 15 * DAY
        with pytest.raises(TooLateToReopen):
            resolution.reopen(ticket, by=company.anna, at=late)
        resolution.reopen(ticket, by=company.ada, at=late)
        assert phase(ticket) == "open"
        resolution.resolve(ticket, by=company.ada, at=late)
        resolution.reopen(ticket, by=company.anna, at=late + DAY)
        assert phase(ticket) == "open"


class TestCancelling:
    def test_it_ends_the_promise_beside_the_rate(self, company, ticket):
        resolution.cancel(ticket, because=Because.SPAM, telling="", by=company.ada, at=FRIDAY + MINUTE)
        assert (phase(ticket), endings(ticket), due(ticket)) == ("cancelled", ["cancelled"], None)
        assert state(ticket, FRIDAY + DAY) == "cancelled"

    def test_at_the_very_instant_it_is_due_cancelling_comes_before_missing(self, company, ticket):
        resolution.cancel(ticket, because=Because.SPAM, telling="", by=company.ada, at=FRIDAY + HOUR)
        assert endings(ticket) == ["cancelled"]

    def test_a_miss_stays_a_miss(self, company, ticket):
        resolution.cancel(ticket, because=Because.SPAM, telling="", by=company.ada, at=FRIDAY + 2 * HOUR)
        assert (endings(ticket), state(ticket, FRIDAY + DAY)) == (["missed"], "missed")
        assert ticket.promises.get().ending.at == FRIDAY + HOUR

    def test_all_but_spam_is_told_to_the_customer(self, company, ticket):
        with pytest.raises(TextRefused):
            resolution.cancel(ticket, because=Because.OTHER, telling=" ", by=company.ada, at=FRIDAY)
        with pytest.raises(NotAnAgent):
            resolution.cancel(ticket, because=Because.SPAM, telling="", by=company.anna, at=FRIDAY)

    def test_a_duplicate_names_another_ticket_of_the_same_organisation(self, company, ticket):
        theirs, ours = company.ticket(company.paola, at=FRIDAY), company.ticket(company.andrea, at=FRIDAY)
        for wrong in (None, ticket, theirs):
            with pytest.raises(NotADuplicate):
                resolution.cancel(
                    ticket, because=Because.DUPLICATE, telling="See there.", by=company.ada, at=FRIDAY, of=wrong
                )
        resolution.cancel(ticket, because=Because.DUPLICATE, telling="See.", by=company.ada, at=FRIDAY, of=ours)
        assert Link.objects.get().kind == "duplicates"

    def test_brought_back_it_owes_what_it_owed(self, company, ticket):
        resolution.cancel(ticket, because=Because.SPAM, telling="", by=company.ada, at=FRIDAY + MINUTE)
        resolution.restore(ticket, by=company.ada, at=FRIDAY + 2 * MINUTE)
        assert (phase(ticket), due(ticket)) == ("open", FRIDAY + HOUR)
        assert all_is_consistent()

    def test_a_message_on_a_cancelled_ticket_opens_a_new_one_and_agents_cannot_answer_it(self, company, ticket):
        resolution.cancel(ticket, because=Because.SPAM, telling="", by=company.ada, at=FRIDAY + MINUTE)
        with pytest.raises(ClosedForGood):
            answered(company, ticket)
        message = conversation.follow_up(ticket, body="I am real.", by=company.anna, at=FRIDAY + 2 * MINUTE)
        assert message.ticket_id != ticket.pk


class TestMerging:
    def test_the_source_ends_as_merged_and_the_target_takes_the_earlier_due_time(self, company, ticket):
        general = company.ticket(company.andrea, "3", at=FRIDAY - HOUR)
        later = due(general)
        merging.merge(ticket, into=general, by=company.ada, at=FRIDAY + MINUTE)
        assert (phase(ticket), endings(ticket), due(ticket)) == ("merged", ["merged"], None)
        assert due(general) == FRIDAY + HOUR < later
        assert fresh(general).priority == "3"
        answered(company, general)
        assert endings(general) == ["replaced", "met"]
        assert all_is_consistent()

    def test_a_later_due_time_is_not_taken_over(self, company, ticket):
        general = company.ticket(priority="3", at=FRIDAY)
        merging.merge(general, into=ticket, by=company.ada, at=FRIDAY + MINUTE)
        assert due(ticket) == FRIDAY + HOUR
        assert endings(ticket) == [None]

    def test_a_miss_stays_where_it_was_and_the_answer_is_still_owed(self, company, ticket):
        general = company.ticket(priority="3", at=FRIDAY)
        merging.merge(ticket, into=general, by=company.ada, at=FRIDAY + 2 * HOUR)
        assert endings(ticket) == ["missed"]
        assert (due(general), state(general, FRIDAY + 2 * HOUR)) == (FRIDAY + HOUR, "missed")
        answered(company, general, FRIDAY + 3 * HOUR)
        assert (due(general), state(general, FRIDAY + DAY)) == (None, "met_late")
        assert all_is_consistent()

    def test_messages_and_readers_go_along(self, company, ticket):
        general = company.ticket(company.andrea, "3", at=FRIDAY, body="The other one.")
        merging.merge(ticket, into=general, by=company.ada, at=FRIDAY + MINUTE)
        message = conversation.follow_up(ticket, body="And now?", by=company.anna, at=FRIDAY + 2 * MINUTE)
        assert message.ticket_id == general.pk
        bodies = [one.body for one in messages_for(company.ada, general)]
        assert bodies[-1] == "And now?"
        assert set(bodies[:-1]) == {"The other one.", "Since this morning."}
        assert general in visible_to(company.anna)

    def test_taken_back_each_has_its_own_promise_again(self, company, ticket):
        general = company.ticket(company.andrea, "3", at=FRIDAY)
        later = due(general)
        merging.merge(ticket, into=general, by=company.ada, at=FRIDAY + MINUTE)
        merging.unmerge(ticket, by=company.ada, at=FRIDAY + 2 * MINUTE)
        assert (phase(ticket), due(ticket), due(general)) == ("open", FRIDAY + HOUR, later)
        assert general not in visible_to(company.anna)
        assert all_is_consistent()

    def test_answered_for_both_meanwhile_it_counts_for_both(self, company, ticket):
        general = company.ticket(company.andrea, "3", at=FRIDAY)
        merging.merge(ticket, into=general, by=company.ada, at=FRIDAY + MINUTE)
        answered(company, general, FRIDAY + 10 * MINUTE)
        merging.unmerge(ticket, by=company.ada, at=FRIDAY + 5 * HOUR)
        assert state(ticket, FRIDAY + DAY) == "met"
        assert fresh(ticket).answered_at == FRIDAY + 10 * MINUTE
        assert all_is_consistent()

    @pytest.mark.parametrize("then", [None, Phase.WAITING, Phase.RESOLVED])
    def test_merging_into_what_was_answered_is_no_way_out(self, company, ticket, then):
        general = company.ticket(company.andrea, "3", at=FRIDAY - DAY)
        answered(company, general, FRIDAY - 23 * HOUR, then=then)
        merging.merge(ticket, into=general, by=company.ada, at=FRIDAY + 59 * MINUTE)
        assert (phase(general), due(general), fresh(general).answered_at) == ("open", FRIDAY + HOUR, None)
        assert (state(general, FRIDAY + HOUR), state(general, FRIDAY + 2 * HOUR)) == ("running", "missed")
        for close in (resolution.resolve, waiting.wait):
            with pytest.raises(NotAnsweredYet):
                close(general, by=company.ada, at=FRIDAY + HOUR)
        answered(company, general, FRIDAY + HOUR)
        assert (due(general), state(general, FRIDAY + DAY)) == (None, "met")
        assert fresh(general).answered_at == FRIDAY - 23 * HOUR
        assert all_is_consistent()

    @pytest.mark.parametrize("then", [None, Phase.WAITING, Phase.RESOLVED])
    def test_the_customer_does_not_withdraw_what_is_owed_to_another(self, company, ticket, then):
        general = company.ticket(company.andrea, "3", at=FRIDAY - DAY)
        answered(company, general, FRIDAY - 23 * HOUR, then=then)
        merging.merge(ticket, into=general, by=company.ada, at=FRIDAY + MINUTE)
        with pytest.raises(NotAnsweredYet):
            resolution.close(general, by=company.andrea, at=FRIDAY + 2 * MINUTE)
        assert (phase(general), due(general)) == ("open", FRIDAY + HOUR)
        answered(company, general, FRIDAY + 3 * MINUTE)
        resolution.close(general, by=company.andrea, at=FRIDAY + 4 * MINUTE)
        assert (phase(general), state(ticket, FRIDAY + DAY)) == ("resolved", "merged")

    def test_nor_where_nobody_has_answered_either(self, company, ticket):
        general = company.ticket(company.andrea, "3", at=FRIDAY)
        merging.merge(ticket, into=general, by=company.ada, at=FRIDAY + MINUTE)
        with pytest.raises(NotAnsweredYet):
            resolution.close(general, by=company.andrea, at=FRIDAY + 2 * MINUTE)
        merging.unmerge(ticket, by=company.ada, at=FRIDAY + 3 * MINUTE)
        resolution.close(general, by=company.andrea, at=FRIDAY + 4 * MINUTE)
        assert phase(general) == "cancelled"

    @pytest.mark.parametrize("ahead", [timedelta(0), timedelta(milliseconds=40), 2 * MINUTE])
    def test_an_answer_that_was_recorded_before_the_merge_is_none_to_what_was_merged(self, company, ticket, ahead):
        general = company.ticket(company.andrea, "3", at=FRIDAY)
        answered(company, general, FRIDAY + 10 * MINUTE + ahead)
        merging.merge(ticket, into=general, by=company.ada, at=FRIDAY + 10 * MINUTE)
        merging.unmerge(ticket, by=company.ada, at=FRIDAY + 30 * MINUTE)
        assert (due(ticket), fresh(ticket).answered_at) == (FRIDAY + HOUR, None)
        assert all_is_consistent()

    def test_what_waited_for_the_customer_waits_again(self, company, ticket):
        general = company.ticket(company.andrea, "3", at=FRIDAY)
        answered(company, ticket, FRIDAY + MINUTE, then=Phase.WAITING)
        for minutes in (2, 4):
            merging.merge(ticket, into=general, by=company.ada, at=FRIDAY + minutes * MINUTE)
            merging.unmerge(ticket, by=company.ada, at=FRIDAY + minutes * MINUTE + MINUTE)
            assert phase(ticket) == "waiting"
        resolution.cancel(ticket, because=Because.WITHDRAWN, telling="As you asked.", by=company.ada, at=FRIDAY + HOUR)
        resolution.restore(ticket, by=company.ada, at=FRIDAY + DAY)
        assert phase(ticket) == "waiting"
        assert all_is_consistent()

    def test_what_waited_is_open_where_the_customer_has_written_meanwhile(self, company, ticket):
        general = company.ticket(company.andrea, "3", at=FRIDAY)
        answered(company, ticket, FRIDAY + MINUTE, then=Phase.WAITING)
        merging.merge(ticket, into=general, by=company.ada, at=FRIDAY + 2 * MINUTE)
        conversation.follow_up(ticket, body="Here it is.", by=company.anna, at=FRIDAY + 3 * MINUTE)
        merging.unmerge(ticket, by=company.ada, at=FRIDAY + 4 * MINUTE)
        assert phase(ticket) == "open"
        assert all_is_consistent()

    @pytest.mark.parametrize("then", [None, Phase.WAITING, Phase.RESOLVED])
    def test_taken_back_what_was_answered_is_as_it_was(self, company, ticket, then):
        general = company.ticket(company.andrea, "3", at=FRIDAY - DAY)
        answered(company, general, FRIDAY - 23 * HOUR, then=then)
        before = (phase(general), due(general), fresh(general).answered_at, state(general, FRIDAY + DAY))
        merging.merge(ticket, into=general, by=company.ada, at=FRIDAY + MINUTE)
        merging.unmerge(ticket, by=company.ada, at=FRIDAY + 2 * MINUTE)
        assert (phase(general), due(general), fresh(general).answered_at, state(general, FRIDAY + DAY)) == before
        assert (phase(ticket), due(ticket)) == ("open", FRIDAY + HOUR)
        assert all_is_consistent()

    def test_an_unanswered_ticket_without_a_guarantee_is_owed_an_answer_too(self, company):
        ticket, general = (company.ticket(company.bruno, at=FRIDAY) for _ in range(2))
        answered(company, general, then=Phase.RESOLVED)
        merging.merge(ticket, into=general, by=company.ada, at=FRIDAY + HOUR)
        assert (phase(general), due(general), fresh(general).answered_at) == ("open", None, None)
        assert all_is_consistent()

    def test_each_of_a_chain_goes_back_by_itself_wherever_it_has_gone_since(self, company, ticket):
        second, third = company.ticket(company.andrea, "2", at=FRIDAY), company.ticket(company.andrea, "3", at=FRIDAY)
        own = {one.pk: due(one) for one in (ticket, second, third)}
        answered(company, third, then=Phase.RESOLVED)
        merging.merge(ticket, into=second, by=company.ada, at=FRIDAY + 10 * MINUTE)
        merging.merge(second, into=third, by=company.ada, at=FRIDAY + 20 * MINUTE)
        assert due(third) == own[ticket.pk]
        merging.unmerge(ticket, by=company.ada, at=FRIDAY + 30 * MINUTE)
        assert (due(ticket), due(third)) == (own[ticket.pk], own[second.pk])
        merging.unmerge(second, by=company.ada, at=FRIDAY + 40 * MINUTE)
        assert (due(second), due(third), phase(third)) == (own[second.pk], None, "resolved")
        assert all_is_consistent()

    def test_the_answer_at_the_end_of_a_chain_counts_for_each_of_it(self, company, ticket):
        second, third = company.ticket(company.andrea, "2", at=FRIDAY), company.ticket(company.andrea, "3", at=FRIDAY)
        merging.merge(ticket, into=second, by=company.ada, at=FRIDAY + 10 * MINUTE)
        merging.merge(second, into=third, by=company.ada, at=FRIDAY + 20 * MINUTE)
        answered(company, third, FRIDAY + 50 * MINUTE)
        merging.unmerge(ticket, by=company.ada, at=FRIDAY + 3 * HOUR)
        merging.unmerge(second, by=company.ada, at=FRIDAY + 3 * HOUR)
        for one in (ticket, second):
            assert (state(one, FRIDAY + DAY), fresh(one).answered_at) == ("met", FRIDAY + 50 * MINUTE)
        assert all_is_consistent()

    @pytest.mark.parametrize(
        ("before", "again", "who"),
        [
            (Phase.RESOLVED, resolution.reopen, "ada"),
            (Phase.RESOLVED, resolution.reopen, "anna"),
            (Phase.WAITING, waiting.go_on, "ada"),
        ],
    )
    def test_what_a_merge_opened_stays_open_once_somebody_opens_it(self, company, ticket, before, again, who):
        general = company.ticket(company.anna, "3", at=FRIDAY)
        answered(company, general, then=before)
        merging.merge(ticket, into=general, by=company.ada, at=FRIDAY + 10 * MINUTE)
        for _ in range(2):
            again(general, by=getattr(company, who), at=FRIDAY + 11 * MINUTE)
        assert kinds(general)[-2:] == ["took_over", "reopened" if before is Phase.RESOLVED else "resumed"]
        merging.unmerge(ticket, by=company.ada, at=FRIDAY + 12 * MINUTE)
        assert (phase(general), due(general)) == ("open", None)
        assert all_is_consistent()

    @pytest.mark.parametrize("back", ["an answer", "the merge taken back"])
    def test_when_it_was_answered_is_empty_while_a_merge_is_owed_and_then_as_before(self, company, ticket, back):
        general = company.ticket(company.anna, "3", at=FRIDAY)
        answered(company, general)
        merging.merge(ticket, into=general, by=company.ada, at=FRIDAY + 10 * MINUTE)
        assert fresh(general).answered_at is None
        if back == "an answer":
            answered(company, general, FRIDAY + 20 * MINUTE)
        else:
            merging.unmerge(ticket, by=company.ada, at=FRIDAY + 20 * MINUTE)
        assert fresh(general).answered_at == FRIDAY + 5 * MINUTE

    @pytest.mark.parametrize("again", [resolution.reopen, waiting.go_on])
    def test_opening_what_is_open_by_itself_records_nothing(self, company, ticket, again):
        general = company.ticket(company.anna, "3", at=FRIDAY)
        merging.merge(ticket, into=general, by=company.ada, at=FRIDAY + MINUTE)
        again(general, by=company.ada, at=FRIDAY + 2 * MINUTE)
        assert kinds(general) == ["submitted", "took_over"]

    def test_a_bundle_of_what_was_merged_into_is_sound(self, company, ticket):
        general = company.ticket(company.andrea, "3", at=FRIDAY - DAY)
        answered(company, general, FRIDAY - 23 * HOUR, then=Phase.RESOLVED)
        merging.merge(ticket, into=general, by=company.ada, at=FRIDAY + MINUTE)
        merging.unmerge(ticket, by=company.ada, at=FRIDAY + 2 * MINUTE)
        merging.merge(ticket, into=general, by=company.ada, at=FRIDAY + 3 * MINUTE)
        answered(company, general, FRIDAY + 2 * HOUR)
        for one in (ticket, general):
            found = evidence.check(bundle_of(fresh(one), at=FRIDAY + DAY))
            assert [finding.what for finding in found if not finding.is_sound] == []

    @pytest.mark.parametrize("rule", ["same", "organisation", "closed", "not_merged"])
    def test_what_cannot_be_merged_is_refused(self, company, ticket, rule):
        theirs = company.ticket(company.paola, at=FRIDAY)
        gone = company.ticket(at=FRIDAY)
        resolution.cancel(gone, because=Because.SPAM, telling="", by=company.ada, at=FRIDAY)
        into = {"same": ticket, "organisation": theirs, "closed": gone}.get(rule)

        def attempt():
            if into is None:
                return merging.unmerge(ticket, by=company.ada, at=FRIDAY)
            return merging.merge(ticket, into=into, by=company.ada, at=FRIDAY)

        with pytest.raises(CannotMerge) as refused:
            attempt()
        assert refused.value.rule == rule

    def test_a_message_finds_the_last_of_a_chain(self, company, ticket):
        second, third = company.ticket(at=FRIDAY), company.ticket(at=FRIDAY)
        merging.merge(ticket, into=second, by=company.ada, at=FRIDAY + MINUTE)
        merging.merge(second, into=third, by=company.ada, at=FRIDAY + 2 * MINUTE)
        message = conversation.follow_up(ticket, body="?", by=company.anna, at=FRIDAY + 3 * MINUTE)
        assert message.ticket_id == third.pk
        assert messages_for(company.ada, third).count() == 4


class TestSplitting:
    def test_an_unanswered_message_takes_its_start_along(self, company, ticket):
        answered(company, ticket)
        more = conversation.follow_up(ticket, body="And another thing.", by=company.anna, at=FRIDAY + 10 * MINUTE)
        new = splitting.split(more, subject="Another thing", by=company.ada, at=FRIDAY + 30 * MINUTE)
        assert new.promises.get().start_at == FRIDAY + 10 * MINUTE
        assert new.promises.get().made_at == FRIDAY + 30 * MINUTE
        assert (new.subject, new.requester, new.messages.get().body) == (
            "Another thing", company.anna, "And another thing.",
        )  # fmt: skip
        assert kinds(ticket)[-1] == "split_off"
        assert all_is_consistent()

    def test_an_answered_one_starts_now(self, company, ticket):
        answered(company, ticket)
        new = splitting.split(ticket.messages.first(), subject="x", by=company.ada, at=FRIDAY + 30 * MINUTE)
        assert new.promises.get().start_at == FRIDAY + 30 * MINUTE

    def test_only_what_the_customer_wrote(self, company, ticket):
        with pytest.raises(NotACustomersMessage):
            splitting.split(answered(company, ticket), subject="x", by=company.ada, at=FRIDAY + HOUR)


class TestFollowing:
    def test_a_colleague_reads_along_and_no_more_when_taken_off(self, company, ticket):
        bob = company.andrea
        bob.role = "customer"
        bob.save()
        assert ticket not in visible_to(bob)
        following.follow(ticket, person=bob, by=company.anna, at=FRIDAY)
        following.follow(ticket, person=bob, by=company.ada, at=FRIDAY)
        assert ticket in visible_to(bob)
        conversation.follow_up(ticket, body="Me too.", by=bob, at=FRIDAY)
        following.unfollow(ticket, person=bob, by=company.anna, at=FRIDAY)
        assert ticket not in visible_to(bob)
        assert kinds(ticket) == ["submitted", "followed", "customer_wrote", "unfollowed"]

    def test_nobody_of_another_organisation_ever_reads_along(self, company, ticket):
        for by in (company.anna, company.ada):
            with pytest.raises(NotTheCustomer):
                following.follow(ticket, person=company.paola, by=by, at=FRIDAY)
        with pytest.raises(NotAnAgent):
            following.follow(ticket, person=company.grace, by=company.anna, at=FRIDAY)
        following.follow(ticket, person=company.grace, by=company.ada, at=FRIDAY)
        assert list(following.colleagues(ticket, besides=[])) == [company.andrea]

    def test_who_moved_to_another_organisation_sees_nothing_of_the_old_one(self, company, ticket):
        following.follow(ticket, person=company.andrea, by=company.anna, at=FRIDAY)
        company.andrea.organisation = company.basic
        company.andrea.save()
        assert ticket not in visible_to(company.andrea)
        assert Follower.objects.count() == 1


def test_the_answer_is_rated_by_the_customer_once_and_again(company, ticket):
    with pytest.raises(NotAnsweredYet):
        rating.rate(ticket, good=True, comment="", by=company.anna, at=FRIDAY)
    answered(company, ticket)
    rating.rate(ticket, good=False, comment="Slow.", by=company.anna, at=FRIDAY + HOUR)
    rating.rate(ticket, good=True, comment="", by=company.anna, at=FRIDAY + 2 * HOUR)
    assert (ticket.ratings.get().good, ticket.ratings.get().comment) == (True, "")
    with pytest.raises(NotTheCustomer):
        rating.rate(ticket, good=True, comment="", by=company.paola, at=FRIDAY)


def test_whoever_answers_after_something_new_was_written_is_shown_it_first(company, ticket):
    seen = ticket.messages.get().pk
    conversation.follow_up(ticket, body="Wait!", by=company.anna, at=FRIDAY + MINUTE)
    conversation.note(ticket, body="psst", by=company.grace, at=FRIDAY + MINUTE)
    with pytest.raises(conversation.NewerMessages) as refused:
        answered(company, ticket, seen=seen)
    assert [one.body for one in refused.value.messages] == ["Wait!"]
    assert Ticket.objects.get(pk=ticket.pk).answered_at is None
    answered(company, ticket, seen=refused.value.messages[-1].pk)
    answered(company, ticket, FRIDAY + 9 * MINUTE, seen=refused.value.messages[-1].pk)


def test_an_agent_opens_a_ticket_for_a_customer_and_the_answer_that_comes_with_it_keeps_the_promise(company):
    ticket = open_for(
        company.paola, subject="Called us", body="Cannot call out.", environment="production", product=None,
        priority="1", key=uuid4(), by=company.ada, at=FRIDAY,
    )  # fmt: skip
    assert due(ticket) == at("2026-11-23T11:00:00+01:00")
    assert ticket.events.get().by == company.ada
    answered(company, ticket, FRIDAY)
    assert endings(ticket) == ["met"]
