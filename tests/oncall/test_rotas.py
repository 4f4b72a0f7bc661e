"""Making rotas and chains, covers, swaps, time off, notices, the calendar and coverage."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar

from puntuale.oncall import chains, coverage, feeds, notices, reading, rotas
from puntuale.oncall.chains import DrawnStep
from puntuale.oncall.drawing import DrawingRefused, DrawnLayer
from puntuale.oncall.letters import hand_overs_over
from puntuale.oncall.models import Chain, GapNotice, HandOver
from puntuale.oncall.rotas import SpanRefused
from puntuale.sending.models import Intent
from puntuale.tickets.rights import NotAManager, NotAnAgent
from puntuale.tickets.texts import TextRefused
from tests.guarantee.test_story import on

AT = on("fri 12:00")
WEEK, HOUR = timedelta(days=7), timedelta(hours=1)
NIGHTS = (("20:00-08:00",),) * 7


def layer(company, **changed):
    drawn = {
        "name": "Nights",
        "people": (company.ada.pk, company.grace.pk),
        "zone_name": "Europe/Rome",
        "since": date(2026, 11, 16),
    }
    return DrawnLayer(**drawn | changed)


def shaped(company, **changed):
    return rotas.shape(None, name="Nights", layers=[layer(company, **changed)], by=company.mara, at=AT)


class TestRotas:
    def test_who_is_on_call_now_until_when_and_who_is_next(self, company, oncall):
        (found,) = reading.now_on_call(at=AT)
        assert (found.person, found.until, found.following) == (company.ada, on("mon 09:00"), company.grace)

    def test_whoever_has_left_is_in_line_no_more(self, company, oncall):
        company.ada.left_at = AT
        company.ada.save()
        assert reading.on_call(oncall.rota, at=AT) == company.grace

    @pytest.mark.parametrize(
        ("changed", "rule"),
        [
            ({"people": ()}, "layer.people"),
            ({"zone_name": "Europe/Atlantis"}, "layer.zone"),
            ({"days": 0}, "layer.days"),
            ({"handover": 1440}, "layer.handover_in_day"),
            ({"weekly": ((),) * 7}, "hours.never_open"),
            ({"weekly": (("9-5",),) * 7}, "shift.form"),
            ({"holidays": "nonsense"}, "layer.holidays"),
        ],
    )
    def test_nonsense_is_refused_with_its_rule(self, company, changed, rule):
        with pytest.raises(DrawingRefused) as caught:
            shaped(company, **changed)
        assert caught.value.problems == {"0": rule}

    def test_customers_are_no_part_of_it(self, company):
        with pytest.raises(DrawingRefused) as caught:
            shaped(company, people=(company.anna.pk,))
        assert caught.value.problems == {"0": "layer.stranger"}

    def test_only_managers_shape_rotas_and_no_name_is_taken_twice(self, company):
        shaped(company)
        with pytest.raises(DrawingRefused) as caught:
            shaped(company)
        assert caught.value.problems == {"name": "rota.name_taken"}
        with pytest.raises(NotAManager):
            rotas.shape(None, name="Mine", layers=[layer(company)], by=company.ada, at=AT)
        with pytest.raises(TextRefused):
            rotas.shape(None, name=" ", layers=[layer(company)], by=company.mara, at=AT)

    def test_holidays_of_the_agreement_are_left_out(self, company):
        rota = shaped(company, holidays="target")
        gaps = reading.as_rota(rota, at=AT).gaps(on("fri 12:00"), on("fri 12:00") + 5 * WEEK + 48 * HOUR)
        assert [(gap.start.date(), gap.end - gap.start) for gap in gaps] == [(date(2026, 12, 24), 2 * 24 * HOUR)]


class TestCoversAndTimeOff:
    def test_a_swap_exchanges_two_turns_and_is_withdrawn_as_one(self, company, oncall):
        first, second = reading.turns_of(oncall.rota, since=AT, until=on("mon 09:00") + WEEK, at=AT)
        swapped = rotas.swap(oncall.rota, first, second, by=company.ada, at=AT)
        who = [turn.who for turn in reading.turns_of(oncall.rota, since=AT, until=on("mon 09:00") + WEEK, at=AT)]
        assert who == [company.grace.pk, company.ada.pk]
        rotas.withdraw(swapped.second, by=company.grace, at=AT)
        who = [turn.who for turn in reading.turns_of(oncall.rota, since=AT, until=on("mon 09:00") + WEEK, at=AT)]
        assert who == [company.ada.pk, company.grace.pk]

    @pytest.mark.parametrize(
        ("start", "end", "rule"),
        [(AT, AT, "ends_after_start"), (AT - 2 * HOUR, AT - HOUR, "over"), (AT, AT + 120 * WEEK, "too_far")],
    )
    def test_spans_that_make_no_sense(self, company, oncall, start, end, rule):
        with pytest.raises(SpanRefused, match=rule):
            rotas.cover(oncall.rota, person=company.ada, start_at=start, end_at=end, by=company.ada, at=AT)
        with pytest.raises(SpanRefused, match=rule):
            rotas.take_time_off(company.ada, start_at=start, end_at=end, by=company.ada, at=AT)

    def test_time_off_is_ones_own_or_given_by_a_manager(self, company, oncall):
        span = {"start_at": AT, "end_at": AT + HOUR, "at": AT}
        with pytest.raises(NotAManager):
            rotas.take_time_off(company.ada, by=company.grace, **span)
        off = rotas.take_time_off(company.ada, by=company.mara, **span)
        assert reading.on_call(oncall.rota, at=AT) == company.grace
        rotas.come_back(off, by=company.ada, at=AT)
        assert reading.on_call(oncall.rota, at=AT) == company.ada

    def test_customers_cover_nothing(self, company, oncall):
        with pytest.raises(NotAnAgent):
            rotas.cover(oncall.rota, person=company.anna, start_at=AT, end_at=AT + HOUR, by=company.ada, at=AT)


class TestChains:
    @pytest.mark.parametrize(
        ("steps", "more", "problems"),
        [
            ([], {}, {"steps": "chain.steps"}),
            ([{"wait": 300}], {}, {"steps": "chain.last_resort", "0": "step.nobody"}),
            ([{"wait": 59, "people": "ada"}], {}, {"0": "step.wait"}),
            ([{"wait": 300, "people": "anna"}], {}, {"0": "step.stranger"}),
            ([{"wait": 300, "people": "ada"}], {"rounds": 0}, {"rounds": "chain.rounds"}),
            ([{"wait": 300, "people": "ada"}], {"answer_within": 59}, {"answer_within": "chain.answer_within"}),
        ],
    )
    def test_nonsense_is_refused_with_its_rules(self, company, steps, more, problems):
        drawn = [
            DrawnStep(step["wait"], people=(getattr(company, step["people"]).pk,) if "people" in step else ())
            for step in steps
        ]
        with pytest.raises(DrawingRefused) as caught:
            chains.shape(None, name="Chain", steps=drawn, by=company.mara, at=AT, **more)
        assert caught.value.problems == problems

    def test_each_plan_has_one_chain(self, company, oncall):
        steps = [DrawnStep(60, people=(company.ada.pk,))]
        with pytest.raises(DrawingRefused) as caught:
            chains.shape(None, name="Another", steps=steps, by=company.mara, at=AT)
        assert caught.value.problems == {"plans": "chain.plans_taken"}
        named = chains.shape(None, name="Advanced", steps=steps, plans=["advanced"], by=company.mara, at=AT)
        assert (reading.chain_for("advanced"), reading.chain_for("professional")) == (named, oncall.chain)
        chains.retire(named, by=company.mara, at=AT)
        assert reading.chain_for("advanced") == oncall.chain

    def test_a_rota_in_a_chain_cannot_be_retired(self, company, oncall):
        with pytest.raises(rotas.RotaInUse):
            rotas.retire(oncall.rota, by=company.mara, at=AT)
        chains.retire(Chain.objects.get(), by=company.mara, at=AT)
        rotas.retire(oncall.rota, by=company.mara, at=AT)
        assert not reading.rotas().exists()


class TestNotices:
    def test_whoever_takes_over_is_told_once_within_twelve_hours(self, company, oncall):
        before = on("mon 09:00") - 13 * HOUR
        assert notices.tell_ahead(before) == 0
        assert notices.tell_ahead(before + 2 * HOUR) == 1
        assert notices.tell_ahead(before + 3 * HOUR) == 0
        notice = HandOver.objects.get()
        assert (notice.person, notice.start_at, notice.end_at) == (
            company.grace,
            on("mon 09:00"),
            on("mon 09:00") + WEEK,
        )
        intents = list(Intent.objects.filter(kind="hand_over"))
        assert {one.person for one in intents} == {company.grace}
        assert hand_overs_over(intents) == {}
        rotas.cover(oncall.rota, person=company.ada, start_at=before, end_at=notice.end_at, by=company.ada, at=before)
        assert set(hand_overs_over(intents).values()) == {"not_on_call"}

    def test_managers_are_told_of_a_gap_once(self, company, oncall):
        for person in (company.ada, company.grace):
            rotas.take_time_off(person, start_at=AT + 24 * HOUR, end_at=AT + 30 * HOUR, by=person, at=AT)
        assert notices.tell_ahead(AT) == 1
        assert notices.tell_ahead(AT + HOUR) == 0
        gap = GapNotice.objects.get()
        assert (gap.start_at, gap.end_at) == (AT + 24 * HOUR, AT + 30 * HOUR)
        assert {one.person for one in Intent.objects.filter(kind="gap")} == {company.mara}


class TestCalendar:
    def test_a_feed_holds_her_turns_and_its_address_can_be_renewed(self, company, oncall):
        token = feeds.token_of(company.grace)
        assert feeds.person_of(token) == company.grace
        events = Calendar.from_ical(feeds.calendar_of(company.grace, at=AT)).walk("VEVENT")
        assert (events[0]["dtstart"].dt, events[0]["dtend"].dt) == (on("mon 09:00"), on("mon 09:00") + WEEK)
        assert str(events[0]["summary"]) == "On call: First line"
        renewed = feeds.renew(company.grace)
        assert feeds.person_of(renewed) == company.grace
        for dead in (token, f"{token}x", "", "1.1"):
            with pytest.raises(feeds.NoSuchFeed):
                feeds.person_of(dead)


class TestCoverage:
    def test_a_plan_with_a_chain_and_somebody_at_every_instant_is_covered(self, company, oncall):
        (plan,) = coverage.plans_covered(at=AT)
        assert (plan.plan, plan.target, plan.chain, plan.is_covered, plan.is_sold) == (
            "advanced",
            3600,
            oncall.chain,
            True,
            True,
        )
        assert (plan.takes, plan.is_too_slow) == (300, False)

    def test_without_a_chain_it_is_not(self, company):
        (plan,) = coverage.plans_covered(at=AT)
        assert (plan.chain, plan.is_covered) == (None, False)

    def test_gaps_are_found_to_the_second(self, company, oncall):
        for person in (company.ada, company.grace):
            rotas.take_time_off(person, start_at=AT + HOUR, end_at=AT + 2 * HOUR, by=person, at=AT)
        (plan,) = coverage.plans_covered(at=AT)
        assert [(gap.start, gap.end) for gap in plan.gaps] == [(AT + HOUR, AT + 2 * HOUR)]

    def test_a_second_rota_in_the_chain_fills_the_gaps_of_the_first(self, company):
        first, second = (
            shaped(company, weekly=NIGHTS),
            rotas.shape(
                None, name="Days", layers=[layer(company, weekly=(("08:00-20:00",),) * 7)], by=company.mara, at=AT
            ),
        )
        steps = [DrawnStep(60, rotas=(first.pk,)), DrawnStep(60, rotas=(second.pk,), people=(company.mara.pk,))]
        chain = chains.shape(None, name="Both", steps=steps, by=company.mara, at=AT)
        assert coverage.gaps_of(chain, since=AT, until=AT + WEEK, at=AT) == []

    def test_a_chain_that_takes_more_than_half_of_the_target_is_too_slow(self, company, oncall):
        steps = [DrawnStep(31 * 60, rotas=(oncall.rota.pk,)), DrawnStep(60, people=(company.mara.pk,))]
        chains.shape(oncall.chain, name="Slow", steps=steps, by=company.mara, at=AT)
        assert coverage.plans_covered(at=AT)[0].is_too_slow

    def test_everybody_who_may_be_woken_needs_two_ways(self, company, oncall):
        found = {reach.person: (reach.ways, reach.is_enough) for reach in coverage.reaches(at=AT)}
        assert found == dict.fromkeys((company.ada, company.grace, company.mara), (1, False))
