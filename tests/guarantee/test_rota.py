"""Who is on call: by hand, and by an independent walk that asks the wall clock minute by minute."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puntuale.guarantee.hours import HoursTable, Shift
from puntuale.guarantee.rota import Layer, Rota, RotaRefused, Span, reached

ADA, BEA, CIRO = 1, 2, 3
ROME = ZoneInfo("Europe/Rome")


def rome(text):
    return datetime.fromisoformat(text).replace(tzinfo=ROME).astimezone(UTC)


def weekly(**changed):
    return Layer(
        **{"key": 1, "people": (ADA, BEA, CIRO), "zone_name": "Europe/Rome", "since": date(2026, 11, 2)} | changed
    )


class TestTurns:
    def test_hands_over_every_monday_at_nine_on_the_wall_clock(self):
        rota = Rota((weekly(),))
        assert rota.on_call(rome("2026-11-02T08:59")) is None
        assert rota.on_call(rome("2026-11-02T09:00")) == ADA
        assert rota.on_call(rome("2026-11-09T08:59")) == ADA
        assert rota.on_call(rome("2026-11-09T09:00")) == BEA
        assert rota.on_call(rome("2026-11-16T09:00")) == CIRO
        assert rota.on_call(rome("2026-11-23T09:00")) == ADA

    def test_hands_over_daily(self):
        rota = Rota((weekly(days=1, handover=8 * 60),))
        assert [rota.on_call(rome(f"2026-11-0{day}T12:00")) for day in (2, 3, 4, 5)] == [ADA, BEA, CIRO, ADA]

    def test_a_turn_over_a_clock_change_lasts_an_hour_more_or_less(self):
        spring = Rota((weekly(since=date(2026, 3, 23)),)).turns(rome("2026-03-23T09:00"), rome("2026-03-30T09:00"))
        autumn = Rota((weekly(since=date(2026, 10, 19)),)).turns(rome("2026-10-19T09:00"), rome("2026-10-26T09:00"))
        assert [turn.end - turn.start for turn in spring] == [timedelta(hours=7 * 24 - 1)]
        assert [turn.end - turn.start for turn in autumn] == [timedelta(hours=7 * 24 + 1)]

    def test_a_handover_that_the_clock_skips_comes_with_the_jump(self):
        assert reached(date(2026, 3, 29), 150, "Europe/Rome") == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)

    def test_a_handover_that_the_clock_repeats_comes_the_first_time(self):
        rota = Rota((weekly(days=1, handover=150, since=date(2026, 10, 24)),))
        first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        assert reached(date(2026, 10, 25), 150, "Europe/Rome") == first
        after = [rota.on_call(first + timedelta(minutes=n)) for n in (-1, 0, 29, 31, 61)]
        assert after == [ADA, BEA, BEA, BEA, BEA]

    def test_the_day_a_place_left_out_is_no_trouble(self):
        assert reached(date(2011, 12, 30), 600, "Pacific/Apia") == datetime(2011, 12, 30, 10, 0, tzinfo=UTC)


class TestLayers:
    def test_follows_the_sun(self):
        day = (Shift.parse("08:00-20:00"),)
        europe = weekly(key=1, people=(ADA,), hours=HoursTable("europe", "Europe/Rome", (day,) * 7))
        america = weekly(key=2, people=(BEA,), zone_name="America/New_York", hours=None)
        rota = Rota((europe, america))
        turns = rota.turns(rome("2026-11-11T00:00"), rome("2026-11-12T00:00"))
        assert [(turn.who, turn.layer) for turn in turns] == [(BEA, 2), (ADA, 1), (BEA, 2)]
        assert turns[1].start == rome("2026-11-11T08:00") and turns[1].end == rome("2026-11-11T20:00")

    def test_leaves_holidays_to_the_layer_below(self):
        table = HoursTable(
            "work", "Europe/Rome", ((Shift.parse("00:00-24:00"),),) * 7, holidays={date(2026, 12, 25): ""}
        )
        rota = Rota((weekly(people=(ADA,), hours=table), weekly(key=2, people=(CIRO,))))
        assert rota.on_call(rome("2026-12-24T23:59")) == ADA
        assert rota.on_call(rome("2026-12-25T00:00")) == CIRO
        assert rota.on_call(rome("2026-12-26T00:00")) == ADA

    def test_nobody_in_any_layer_is_a_gap(self):
        night = HoursTable("night", "Europe/Rome", ((Shift.parse("20:00-08:00"),),) * 7)
        gaps = Rota((weekly(hours=night),)).gaps(rome("2026-11-10T20:00"), rome("2026-11-11T20:00"))
        assert [(gap.start, gap.end) for gap in gaps] == [(rome("2026-11-11T08:00"), rome("2026-11-11T20:00"))]

    def test_a_rota_without_people_is_one_long_gap(self):
        for rota in (Rota(()), Rota((weekly(people=()),))):
            (gap,) = rota.gaps(rome("2026-11-10T00:00"), rome("2026-11-11T00:00"))
            assert gap.is_gap and gap.end - gap.start == timedelta(days=1)


class TestCoversAndTimeOff:
    def test_a_cover_beats_the_layers_and_the_later_cover_beats_the_earlier(self):
        covers = (
            Span(7, CIRO, rome("2026-11-10T18:00"), rome("2026-11-11T08:00")),
            Span(8, BEA, rome("2026-11-10T20:00"), rome("2026-11-10T22:00")),
        )
        turns = Rota((weekly(),), covers).turns(rome("2026-11-10T12:00"), rome("2026-11-11T12:00"))
        assert [(turn.who, turn.cover, turn.layer) for turn in turns] == [
            (BEA, None, 1), (CIRO, 7, None), (BEA, 8, None), (CIRO, 7, None), (BEA, None, 1),
        ]  # fmt: skip

    def test_the_next_in_line_steps_in_for_whoever_is_away(self):
        away = (Span(1, BEA, rome("2026-11-10T00:00"), rome("2026-11-11T00:00")),)
        rota = Rota((weekly(),), away=away)
        assert rota.on_call(rome("2026-11-10T12:00")) == CIRO
        assert rota.on_call(rome("2026-11-11T12:00")) == BEA

    def test_time_off_beats_a_cover(self):
        span = (rome("2026-11-10T00:00"), rome("2026-11-11T00:00"))
        rota = Rota((weekly(people=(ADA,)),), (Span(1, CIRO, *span),), (Span(2, CIRO, *span),))
        assert rota.on_call(rome("2026-11-10T12:00")) == ADA

    def test_all_away_is_a_gap(self):
        span = (rome("2026-11-10T00:00"), rome("2026-11-11T00:00"))
        rota = Rota((weekly(people=(ADA, BEA)),), away=(Span(1, ADA, *span), Span(2, BEA, *span)))
        assert [(gap.start, gap.end) for gap in rota.gaps(rome("2026-11-09T12:00"), rome("2026-11-12T00:00"))] == [span]


class TestRefused:
    @pytest.mark.parametrize(
        ("changed", "rule"),
        [
            ({"handover": 1440}, "layer.handover_in_day"),
            ({"handover": -1}, "layer.handover_in_day"),
            ({"days": 0}, "layer.days"),
            ({"days": 367}, "layer.days"),
            ({"people": (ADA, BEA, ADA)}, "layer.person_twice"),
        ],
    )
    def test_layers(self, changed, rule):
        with pytest.raises(RotaRefused) as caught:
            weekly(**changed)
        assert caught.value.rule == rule

    def test_spans(self):
        with pytest.raises(RotaRefused, match=r"span\.ends_after_start"):
            Span(1, ADA, rome("2026-11-10T00:00"), rome("2026-11-10T00:00"))
        with pytest.raises(RotaRefused, match=r"span\.naive"):
            Span(1, ADA, datetime(2026, 11, 10), datetime(2026, 11, 11))  # noqa: DTZ001


# --- the independent answer: walk from the first hand-over on, looking at the wall clock every ten minutes ---------------

ZONES = ("Europe/Rome", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC", "America/Sao_Paulo")
STEP = timedelta(minutes=10)


def hand_over_count(layer, at):
    """How many times the wall clock has reached a hand-over by an instant, by going through the days one by one."""
    place, count, day = ZoneInfo(layer.zone_name), -1, layer.since
    while day <= at.astimezone(place).date() + timedelta(days=1):
        wall = datetime(day.year, day.month, day.day) + timedelta(minutes=layer.handover)  # noqa: DTZ001
        # Reached by `at` when some instant up to it shows that time or a later one: now, or before the clock went back.
        earlier = (at - timedelta(minutes=n) for n in range(0, 181, 5))
        if any(moment.astimezone(place).replace(tzinfo=None) >= wall for moment in earlier):
            count += 1
        day += timedelta(days=layer.days)
    return count


def walked(rota, at):
    away = {span.who for span in rota.away if span.start <= at < span.end}
    for cover in rota.covers[::-1]:
        if cover.start <= at < cover.end and cover.who not in away:
            return cover.who
    for layer in rota.layers:
        if layer.hours is not None:
            local = at.astimezone(layer.hours.zone)
            minute = local.hour * 60 + local.minute
            today = layer.hours.shifts_on(local.date())
            before = layer.hours.shifts_on(local.date() - timedelta(days=1))
            if not any(s.opens <= minute < s.closes for s in today) and not any(
                minute + 1440 < s.closes for s in before
            ):
                continue
        turn = hand_over_count(layer, at)
        if turn < 0:
            continue
        for step in range(len(layer.people)):
            who = layer.people[(turn + step) % len(layer.people)]
            if who not in away:
                return who
    return None


SHIFTS = st.sampled_from([None, "08:00-20:00", "20:00-08:00", "00:00-24:00", "09:30-17:10"])
PEOPLE = st.lists(st.integers(1, 5), max_size=4, unique=True).map(tuple)
FIRST = datetime(2026, 3, 20, tzinfo=UTC)


@st.composite
def layers(draw, key):
    zone, shift = draw(st.sampled_from(ZONES)), draw(SHIFTS)
    days = draw(st.integers(1, 127))
    hours = (
        HoursTable(
            "duty",
            draw(st.sampled_from(ZONES)),
            tuple((Shift.parse(shift),) if days >> n & 1 else () for n in range(7)),
        )
        if shift
        else None
    )
    return Layer(
        key, draw(PEOPLE), zone, date(2026, 3, 15) + timedelta(days=draw(st.integers(0, 12))),
        draw(st.sampled_from([0, 10, 120, 150, 180, 540, 1430])), draw(st.sampled_from([1, 2, 7])), hours,
    )  # fmt: skip


@st.composite
def spans(draw):
    start = FIRST + STEP * draw(st.integers(0, 2500))
    return Span(draw(st.integers(1, 99)), draw(st.integers(1, 5)), start, start + STEP * draw(st.integers(1, 600)))


@st.composite
def rotas(draw):
    some = st.lists(spans(), max_size=3).map(tuple)
    return Rota(tuple(draw(layers(key)) for key in range(draw(st.integers(0, 3)))), draw(some), draw(some))


class TestAgainstTheWalk:
    @settings(max_examples=150, deadline=None)
    @given(rotas(), st.lists(st.integers(0, 2592), min_size=5, max_size=12))
    def test_both_name_the_same_person(self, rota, steps):
        for step in steps:
            at = FIRST + STEP * step
            assert rota.on_call(at) == walked(rota, at)

    @settings(max_examples=100, deadline=None)
    @given(rotas(), st.integers(0, 2000), st.integers(1, 1000))
    def test_turns_fill_the_span_and_say_what_an_instant_says(self, rota, start, length):
        since, until = FIRST + STEP * start, FIRST + STEP * (start + length)
        turns = rota.turns(since, until)
        assert turns[0].start == since and turns[-1].end == until
        assert all(one.end == other.start and one.start < one.end for one, other in pairwise(turns))
        for turn in turns:
            for at in (turn.start, turn.start + (turn.end - turn.start) / 2, turn.end - timedelta(seconds=1)):
                assert rota.on_call(at) == turn.who
