"""Staffing: what queueing theory says of a simple desk, and what the search promises of any."""

import json
import random
from datetime import UTC, datetime, timedelta
from math import exp, factorial

import numpy as np
import pytest

from puntuale.conf.main import main
from puntuale.guarantee.hours import HoursTable, Shift
from puntuale.guarantee.zones import zone
from puntuale.tickets import conversation
from puntuale.whatif import own
from puntuale.whatif.certainty import of_weeks, wilson
from puntuale.whatif.histories import Question
from puntuale.whatif.serving import UNSERVED, served
from puntuale.whatif.staffing import Asked, StaffingRefused, as_facts, staffing
from puntuale.whatif.wall import by_hour_of_week, on_the_wall, ordinary
from puntuale.whatif.weeks import NOT_OWED, TooLittleHistory, draw, past
from tests.guarantee.test_story import on
from tests.whatif.test_replaying import KNOWN, gathered

HOUR, WEEK = 3_600, 7 * 86_400
ALWAYS = np.ones((1, 168), dtype=np.bool_)
AT = datetime(2026, 11, 1, tzinfo=UTC)
QUARTER = np.array([300, 600, 900, 1_200, 1_500], dtype=np.int64)


def erlang_c(people, load):
    """The share of those who have to wait, of a queue with so many people and so much work."""
    top = load**people / factorial(people) * people / (people - load)
    return top / (sum(load**k / factorial(k) for k in range(people)) + top)


@pytest.mark.parametrize(("people", "load"), [(1, 0.6), (2, 1.5), (5, 4.0)])
def test_a_simple_desk_keeps_what_queueing_theory_says(people, load):
    rng, mean, count = np.random.default_rng(7), 600.0, 150_000
    sent = np.cumsum(rng.exponential(mean / load, count)).astype(np.int64)
    work = np.maximum(1, np.rint(rng.exponential(mean, count))).astype(np.int64)
    which = np.zeros(count, dtype=np.int64)
    answered = served(sent, sent, work, [people] * 168, which=which, hours=ALWAYS)
    waits = erlang_c(people, load)
    assert np.mean(answered - sent > work) == pytest.approx(waits, abs=0.02)
    # How many are still there after a while: M/M/c, first come first served.
    for limit in (600, 1_500):
        spare = people - 1 - load
        late = (
            exp(-limit / mean) * (1 + waits * (1 - exp(-limit / mean * spare)) / spare)
            if spare
            else exp(-limit / mean) * (1 + waits * limit / mean)
        )
        assert np.mean(answered - sent > limit) == pytest.approx(late, abs=0.02)


def one_desk(tickets, staff, rows=None, hours=ALWAYS):
    sent, due, work = (np.array(column, dtype=np.int64) for column in zip(*tickets, strict=True))
    which = np.array(rows or [0] * len(tickets), dtype=np.int64)
    return served(sent, due, work, staff, which=which, hours=hours).tolist()


def test_what_is_due_first_is_answered_first():
    assert one_desk([(0, 9_000, 100), (10, 8_000, 100), (20, 7_000, 100)], [1] * 168) == [100, 300, 200]


def test_whoever_goes_hands_over_what_is_left():
    staff = [0] * 168
    staff[1] = staff[3] = 1
    assert one_desk([(0, 90_000, 5_000)], staff) == [3 * HOUR + 1_400]
    assert one_desk([(0, 90_000, 5_000)], [0] * 168) == [UNSERVED]
    staff = [2] + [1] * 167
    assert one_desk([(0, 9_000, 4_000), (0, 8_000, 4_000)], staff) == [4_400, 4_000]


def test_nobody_who_is_woken_goes_on_with_what_can_wait():
    day = np.zeros(168, dtype=np.bool_)
    day[1] = True
    hours = np.array([day, ALWAYS[0]])
    assert one_desk([(0, 9_000, 100), (0, 99_000, 100)], [1] * 168, [0, 1], hours) == [HOUR + 100, 100]
    assert one_desk([(HOUR, 9_000, 4_000)], [1] * 168, [0], hours) == [WEEK + HOUR + 400]


def test_an_interval_is_as_wide_as_the_evidence_makes_it():
    assert wilson(95, 100) == pytest.approx((0.8882, 0.9785), abs=1e-4)
    rng = np.random.default_rng(1)
    judged, kept = np.full(50, 1_000), np.full(50, 1_000)
    sure = of_weeks(kept, judged, evidence=100_000, rng=rng)
    unsure = of_weeks(kept, judged, evidence=100, rng=rng)
    assert (sure.found, sure.high) == (unsure.found, unsure.high) == (1.0, 1.0)
    assert unsure.low == pytest.approx(wilson(100, 100)[0])
    assert sure.low > 0.9999
    uneven = of_weeks(np.array([1_000, 800] * 5), np.full(10, 1_000), evidence=10_000_000, rng=rng)
    assert uneven.low < 0.85 < uneven.found < 0.95 < uneven.high
    assert of_weeks(np.array([], dtype=np.int64), np.array([], dtype=np.int64), evidence=0, rng=rng) is None


def test_the_wall_shows_what_its_zone_shows():
    place, rng = zone("Europe/Rome"), random.Random(3)
    at = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(700 * 86_400)) for _ in range(500)]
    seconds = np.array([int(one.timestamp()) for one in at])
    local = [one.astimezone(place) for one in at]
    found = on_the_wall(seconds, place) % WEEK
    assert found.tolist() == [(one.weekday() * 24 + one.hour) * HOUR + one.minute * 60 + one.second for one in local]
    counts = [0] * 168
    for one in local:
        counts[one.weekday() * 24 + one.hour] += 1
    assert by_hour_of_week(seconds, place).tolist() == counts


def test_an_ordinary_week_is_read_on_another_wall():
    night = HoursTable("night", "Asia/Tokyo", ((Shift.parse("22:00-06:00"),),) * 7, holidays={AT.date(): KNOWN.title})
    found = ordinary(night, zone("Europe/Rome"), AT)
    assert (found.zone_name, dict(found.holidays)) == ("UTC", {})
    assert {str(shift) for day in found.weekly for shift in day} == {"14:00-22:00"}
    assert ordinary(HoursTable.always(), zone("Europe/Rome"), AT).is_always_open


def a_desk(a_week, weeks=12, kinds=(("professional", "3"), ("professional", "2"), ("basic", "3")), seed=1):
    """Tickets of whole weeks, most of them by day."""
    rng = random.Random(seed)
    told = []
    for week in range(weeks):
        for _ in range(a_week):
            hour = rng.choices(range(24), [1] * 8 + [9] * 9 + [2] * 7)[0]
            at = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(
                weeks=week, days=rng.randrange(7), hours=hour, seconds=rng.randrange(HOUR)
            )
            told.append((Question(*rng.choice(kinds)), at, None))
    return told


def test_as_many_tickets_are_drawn_as_are_expected():
    known = past(gathered(a_desk(50)), KNOWN, at=AT)
    assert known.weeks >= 10
    for growth in (0.5, 1.0, 2.5):
        drawn = draw(known, np.random.default_rng(1), weeks=200, growth=growth, handling=QUARTER)
        assert drawn.sent.size / 202 == pytest.approx(50 * growth, rel=0.05)
        assert np.all(np.diff(drawn.sent) >= 0)
        assert np.all((drawn.due > drawn.sent) & (drawn.sent // WEEK == drawn.week))
        assert np.mean(drawn.due == NOT_OWED) == pytest.approx(1 / 3, abs=0.05)


@pytest.fixture(scope="module")
def found():
    return staffing(gathered(a_desk(60)), KNOWN, Asked(0.95, QUARTER), at=AT)


def test_the_staff_found_keeps_the_target_on_weeks_not_seen_before(found):
    assert found.is_shown
    assert found.share.low >= 0.95
    assert found.share.low <= found.share.found <= found.share.high
    assert found.showable > 0.98
    assert 0 < found.busy < 1
    known = past(gathered(a_desk(60)), KNOWN, at=AT)
    drawn = draw(known, np.random.default_rng(99), weeks=100, growth=1.0, handling=QUARTER)
    answered = served(drawn.sent, drawn.due, drawn.work, found.staff, which=drawn.kind, hours=drawn.hours)
    owed = drawn.owed
    assert np.mean(answered[owed] <= drawn.due[owed]) >= 0.95
    assert sum(found.staff[hour] for day in (5, 6) for hour in range(24 * day, 24 * day + 24)) == 0
    assert all(low <= one <= high for low, one, high in zip(found.fewest, found.staff, found.most, strict=True))


def test_the_same_seed_gives_the_same_answer(found):
    done = []
    again = staffing(gathered(a_desk(60)), KNOWN, Asked(0.95, QUARTER), at=AT, tell=done.append)
    assert again == found
    assert done == sorted(done)
    assert 0 <= done[0] <= done[-1] <= 1


def test_more_tickets_take_more_people(found):
    grown = staffing(gathered(a_desk(60)), KNOWN, Asked(0.95, QUARTER, growth=2.5), at=AT)
    assert grown.hours > found.hours
    assert sum(grown.arrivals) == pytest.approx(2.5 * sum(found.arrivals))


def test_everything_can_be_looked_for_and_not_be_shown():
    everything = staffing(gathered(a_desk(20, weeks=6)), KNOWN, Asked(1.0, QUARTER), at=AT)
    assert everything.share.high == 1.0
    assert everything.share.low < 1.0
    assert not everything.is_shown
    assert everything.showable < 1.0
    json.dumps(as_facts(everything))


def test_answers_that_take_longer_than_they_may_cannot_be_helped():
    urgent = gathered(a_desk(20, weeks=6, kinds=[("advanced", "1")]))
    slow = staffing(urgent, KNOWN, Asked(0.9, np.array([600, 2 * HOUR])), at=AT)
    assert slow.ceiling == pytest.approx(0.5, abs=0.1)
    assert not slow.is_shown
    assert slow.hours < 2 * 168


def test_where_nothing_is_promised_only_the_week_counts():
    nothing = staffing(gathered(a_desk(20, weeks=6, kinds=[("basic", "3")])), KNOWN, Asked(0.9, QUARTER), at=AT)
    assert nothing.share is None
    assert nothing.is_shown
    assert 0 < nothing.hours <= 40


def test_without_a_whole_week_there_is_nothing_to_draw_from():
    for told in ([], [(Question("basic", "3"), AT, None)], [(Question("platinum", "3"), AT, None)]):
        with pytest.raises(TooLittleHistory):
            staffing(gathered(told), KNOWN, Asked(0.9, QUARTER), at=AT)


@pytest.mark.parametrize(
    ("rule", "asked"),
    [
        ("target", {"target": 0}), ("target", {"target": 1.01}), ("growth", {"growth": 0}), ("growth", {"growth": 101}),
        ("handling", {"handling": np.array([], dtype=np.int64)}), ("handling", {"handling": np.array([0])}),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(rule, asked):
    with pytest.raises(StaffingRefused, match=rule):
        Asked(**({"target": 0.9, "handling": QUARTER} | asked))


def test_whoever_counts_the_work_may_end_it():
    class Enough(Exception):
        pass

    def stop(done):
        raise Enough

    with pytest.raises(Enough):
        staffing(gathered(a_desk(20, weeks=6)), KNOWN, Asked(0.9, QUARTER), at=AT, tell=stop)


def test_how_long_answers_took_is_told_by_what_their_authors_did(company):
    at = on("fri 10:00")
    first, second, third = (company.ticket(company.anna, "3", at + timedelta(minutes=n)) for n in (0, 1, 200))
    conversation.answer(first, body="Yes.", by=company.ada, at=at + timedelta(minutes=10))
    conversation.answer(second, body="No.", by=company.ada, at=at + timedelta(minutes=25))
    conversation.answer(third, body="Why?", by=company.ada, at=at + timedelta(minutes=205))
    conversation.answer(third, body="Well?", by=company.ada, at=at + timedelta(minutes=300))
    assert sorted(own.handling(KNOWN).tolist()) == [300, 600, 900]


def test_the_command_tells_the_people_it_takes(tmp_path, capsys):
    log = tmp_path / "log.csv"
    rows = [f"{at.isoformat()},{kind.plan},{kind.priority},,600" for kind, at, _ in a_desk(30, weeks=6)]
    log.write_text("\n".join(["submitted_at,plan,priority,answered_at,handled_seconds", *rows]) + "\n")
    assert main(["staffing", "--input", str(log), "--target", "90", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["staff"]) == 168
    assert told["handling"] == 600
    assert told["is_shown"]
    assert {(one["plan"], one["priority"]) for one in told["shares"]} == {("professional", "2"), ("professional", "3")}
    assert main(["staffing", "--input", str(log), "--target", "99.9", "--handling", "15m"]) == 0
    said = capsys.readouterr().out
    assert "cannot be shown" in said
    assert "hours of people a week" in said
    assert main(["staffing", "--input", str(log), "--target", "0"]) == 2
    assert main(["staffing", "--input", str(log), "--handling", "soon"]) == 2
    log.write_text("submitted_at,plan,priority,answered_at\n")
    assert main(["staffing", "--input", str(log)]) == 1
    assert "--handling" in capsys.readouterr().err
    assert main(["staffing", "--input", str(log), "--handling", "15m"]) == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--target", "101"], "--target 101: should be above 0 and at most 100"),
        (["--growth", "nan"], "--growth nan: should be above 0 and at most 100"),
        (["--seed", "-1"], "--seed -1: should be 0 or more"),
        (["--handling", "25h"], "--handling 25h: an answer should take from a second to a day"),
        (["--handling", "15m", "--seed", "-1"], "--seed -1: should be 0 or more"),
    ],
)
def test_what_makes_no_sense_is_told_with_its_value_before_history_is_read(tmp_path, capsys, options, said):
    log = tmp_path / "log.csv"
    log.write_text("submitted_at,plan,priority,answered_at\n")
    assert main(["staffing", "--input", str(log), *options]) == 2
    assert said in capsys.readouterr().err


def test_the_same_history_read_in_another_order_takes_the_same_people():
    told = a_desk(20, weeks=6)
    one, other = (staffing(gathered(some), KNOWN, Asked(0.9, QUARTER), at=AT) for some in (told, told[::-1]))
    assert (one.staff, one.totals) == (other.staff, other.totals)
