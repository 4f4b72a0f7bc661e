"""When alarms ring, counted by hand on a calendar of November 2026 and walked second by second."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from puntuale.guarantee.agreement import Metric
from puntuale.guarantee.alarms import rings
from puntuale.guarantee.facts import Phase
from puntuale.guarantee.story import fold
from tests.guarantee.test_story import (
    BRUSSELS,
    WITH_GOALS,
    first,
    local,
    moved,
    published,
    reclassified,
    resolution,
    sent,
    waiting,
    wrote,
)
from tests.guarantee.test_story_laws import OFFICE, law, told

LEVELS = [{"at": at, "tell": ["team"]} for at in ("50%", "75%", "90%", "-15m", "due", "+30m")]
WATCHED = published({"alarm": LEVELS})
HALF_AND_DUE = published({"alarm": [{"at": "50%", "tell": ["team"]}, {"at": "due", "tell": ["team"]}]})


def ringing(promise, agreement=WATCHED):
    return [(str(ring.level), ring.at.astimezone(BRUSSELS).isoformat()) for ring in rings(promise, agreement)]


def test_levels_ring_at_their_share_of_the_counted_time():
    assert ringing(first(sent("mon 09:00"), under=WATCHED).current) == [
        ("50%", local("mon 10:30")),
        ("75%", local("mon 11:15")),
        ("90%", local("mon 11:42")),
        ("-900s", local("mon 11:45")),
        ("due", local("mon 12:00")),
        ("+1800s", local("mon 12:30")),
    ]


def test_business_time_rings_in_hours_only_at_the_opening_rather_than_at_the_closing_before():
    assert ringing(first(sent("fri 15:30"), under=WATCHED).current) == [
        ("50%", local("mon 09:00")),
        ("75%", local("mon 09:45")),
        ("90%", local("mon 10:12")),
        ("-900s", local("mon 10:15")),
        ("due", local("mon 10:30")),
        ("+1800s", local("mon 11:00")),
    ]


def test_due_at_closing_what_follows_rings_after_the_next_opening():
    assert ringing(first(sent("fri 14:00"), under=WATCHED).current)[-2:] == [
        ("due", local("fri 17:00")),
        ("+1800s", local("mon 09:30")),
    ]


def test_day_and_night_rings_day_and_night():
    assert ringing(first(sent("sat 03:00", plan="advanced"), under=WATCHED).current) == [
        ("50%", local("sat 03:30")),
        ("75%", local("sat 03:45")),
        ("-900s", local("sat 03:45")),
        ("90%", local("sat 03:54")),
        ("due", local("sat 04:00")),
        ("+1800s", local("sat 04:30")),
    ]


def test_a_warning_longer_than_the_target_rings_at_once():
    agreement = published({"alarm": [{"at": "-4h", "tell": ["team"]}]})
    assert ringing(first(sent("mon 10:00"), under=agreement).current, agreement) == [("-14400s", local("mon 10:00"))]


def test_without_a_guarantee_nothing_rings():
    assert rings(first(sent("mon 09:00", plan="basic"), under=WATCHED).current, WATCHED) == ()


def test_what_a_raise_has_passed_rings_once_as_the_last_level():
    course = first(sent("mon 09:00", "3"), reclassified("mon 13:00", "1", "mon 10:40"), under=WATCHED)
    assert course.current.due_at.astimezone(BRUSSELS).isoformat() == local("mon 13:40")
    assert ringing(course.current) == [
        ("75%", local("mon 13:00")),
        ("90%", local("mon 13:22")),
        ("-900s", local("mon 13:25")),
        ("due", local("mon 13:40")),
        ("+1800s", local("mon 14:10")),
    ]


def test_what_is_restored_after_its_time_rings_at_once_as_missed():
    course = first(
        sent("mon 09:00"), reclassified("mon 10:00", "3"), reclassified("mon 13:00", "1"), under=HALF_AND_DUE
    )
    assert ringing(course.current, HALF_AND_DUE) == [("due", local("mon 13:00"))]


def test_a_goal_rings_around_its_pauses_and_not_again_for_what_it_had_passed():
    course = resolution(sent("mon 10:00", "2"), *waiting(("mon 14:00", "wed 10:00")))
    agreement = published({"alarm": [{"at": at, "tell": ["team"]} for at in ("50%", "75%", "due")]})
    assert ringing(course.current, agreement) == [("75%", local("wed 10:30")), ("due", local("wed 12:00"))]


def test_an_alarm_never_rings_before_the_fraction_of_a_second_has_passed_in_which_a_promise_was_made():
    asked = sent("mon 09:00", "3")
    change = reclassified("mon 13:00", "1", "mon 10:40")
    at = change.at + timedelta(microseconds=5)
    course = fold(
        [asked, type(change)(at=at, priority="1", claimed_at=change.claimed_at)], lambda _: WATCHED
    ).first_response
    assert rings(course.current, WATCHED)[0].at == datetime(2026, 11, 23, 12, 0, 1, tzinfo=UTC)


MINUTES = st.integers(0, 4 * 24 * 60)
STRETCHES = st.lists(st.integers(1, 300), max_size=6)


@law(120)
@given(MINUTES, st.sampled_from(["1", "2", "3"]), STRETCHES)
def test_at_each_level_so_much_is_left_and_no_later_instant_has_as_much(after, priority, stretches):
    """Walked minute by minute around the pauses: at the level the rest is open, a minute later it is less."""
    at = datetime(2026, 11, 20, 8, 0, tzinfo=UTC) + timedelta(minutes=after)
    facts, still = (
        [
            type(sent("fri 09:00"))(
                at=at, version=1, plan="professional", priority=priority, environment="production", stage="released"
            )
        ],
        [],
    )
    for since, until in zip(*[iter(stretches)] * 2, strict=False):
        begins = at + timedelta(minutes=since)
        at = begins + timedelta(minutes=until)
        facts += [type(moved("mon 09:00", Phase.WAITING))(at=begins, to=Phase.WAITING), type(wrote("mon 09:00"))(at=at)]
        still.append((begins, at))
    promise = told("with goals", facts).courses[Metric.RESOLUTION].current
    for ring in rings(promise, WITH_GOALS):
        left = ring.level.left(promise.target.seconds)
        if ring.at <= promise.made_at or left % 60:
            continue
        if left < 0:
            assert OFFICE.counted(promise.due_at, ring.at) == -left
        else:
            assert OFFICE.counted(ring.at, promise.due_at, still) == left
            assert not left or OFFICE.is_open(ring.at)
