"""The clock beside workclock (Rust) and businesstimedelta, in one run, in turn, on the same questions.

`./run bench clock` prints the table that stands in docs/performance.md. Each figure is the median of the rounds; the
ratio is taken within a round, so that a busy machine slows both sides of it.
"""

import random
import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

import businesstimedelta
import holidays
import numpy as np
import pytz
import workclock

from puntuale.guarantee import vectors, zones
from puntuale.guarantee.calendars import EPOCH, Calendar
from puntuale.guarantee.hours import HoursTable, Shift
from puntuale.guarantee.texts import Text
from tests.guarantee.walker import Walker

ROUNDS = 9
ROME = "Europe/Rome"
SINCE, UNTIL = datetime(2024, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
TARGETS = [3 * 3600, 6 * 3600, 9 * 3600]
DAYS_OFF = sorted(holidays.financial_holidays("XECB", years=range(2020, 2036)))
BATCH = 10_000_000
PEER_BATCH = 200_000


def our_calendar() -> Calendar:
    weekly = ((Shift.parse("09:00-17:00"),),) * 5 + ((), ())
    return Calendar(HoursTable("business", ROME, weekly, holidays=dict.fromkeys(DAYS_OFF, Text.of({"en": "TARGET"}))))


def their_schedule() -> workclock.Schedule:
    hours = workclock.WorkDay(time_of_day(9), time_of_day(17))
    return workclock.Schedule([hours, workclock.Holidays(DAYS_OFF)], time_zone=ZoneInfo(ROME))


def their_rules() -> businesstimedelta.Rules:
    zone = pytz.timezone(ROME)
    workday = businesstimedelta.WorkDayRule(
        start_time=time_of_day(9), end_time=time_of_day(17), working_days=[0, 1, 2, 3, 4], tz=zone
    )
    off = holidays.financial_holidays("XECB", years=range(2020, 2036))
    return businesstimedelta.Rules([workday, businesstimedelta.HolidayRule(off, tz=zone)])


def questions(count: int, zone: ZoneInfo | timezone) -> list[tuple[datetime, int]]:
    pick = random.Random(20260301)
    first, last = int(SINCE.timestamp()), int(UNTIL.timestamp())
    return [(datetime.fromtimestamp(pick.randrange(first, last), zone), pick.choice(TARGETS)) for _ in range(count)]


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def scalar(zone: ZoneInfo | timezone) -> None:
    clock, schedule, rules = our_calendar(), their_schedule(), their_rules()
    clock.reading(SINCE)
    asked = questions(20_000, zone)
    few = asked[:300]
    deltas = [(at, timedelta(seconds=seconds)) for at, seconds in asked]
    spans = {hours * 3600: businesstimedelta.BusinessTimeDelta(rules, hours=hours) for hours in (3, 6, 9)}

    contestants: dict[str, tuple[int, Callable[[], object]]] = {
        "puntuale": (len(asked), lambda: [clock.deadline(at, seconds) for at, seconds in asked]),
        "workclock": (len(deltas), lambda: [schedule.add(at, delta) for at, delta in deltas]),
        "businesstimedelta": (len(few), lambda: [at + spans[seconds] for at, seconds in few]),
    }
    each: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(ROUNDS):
        for name, (count, work) in contestants.items():
            each[name].append(timed(work) / count)
    print(f"one deadline, aware datetimes in and out, asked in {zone}")
    for name, seconds in each.items():
        ratios = [theirs / ours for theirs, ours in zip(seconds, each["puntuale"], strict=True)]
        print(
            f"  {name:<18} {statistics.median(seconds) * 1e6:9.2f} us  {1 / statistics.median(seconds):>9,.0f} a second"
            f"   {statistics.median(ratios):7.1f} x ours ({min(ratios):.1f} to {max(ratios):.1f})"
        )


def wrong_answers() -> None:
    """Ask all three what the walker knows, on instants around openings, closings, holidays and clock changes."""
    clock, schedule, rules = our_calendar(), their_schedule(), their_rules()
    weekly = [[(540, 1020)]] * 5 + [[], []]
    closed = {day.isoformat() for day in DAYS_OFF}
    pick = random.Random(7)
    wrong = dict.fromkeys(("puntuale", "workclock", "businesstimedelta"), 0)
    asked = 0
    for around in (date(2026, 3, 28), date(2026, 4, 4), date(2026, 10, 24), date(2026, 12, 25), date(2027, 1, 1)):
        middle = datetime(around.year, around.month, around.day, tzinfo=UTC)
        since, until = middle - timedelta(days=6), middle + timedelta(days=14)
        walker = Walker(ROME, weekly, closed, since=since, until=until)
        for _ in range(400):
            at = (since + timedelta(seconds=pick.randrange(8 * 86_400))).astimezone(ZoneInfo(ROME))
            if pick.random() < 0.5:
                at = at.replace(hour=pick.choice((9, 14, 16, 17)), minute=0, second=pick.choice((0, 0, 1, 59)))
            seconds = pick.choice(TARGETS)
            truth = walker.deadline(at, seconds)
            asked += 1
            wrong["puntuale"] += clock.deadline(at, seconds) != truth
            wrong["workclock"] += schedule.add(at, seconds=seconds) != truth
            wrong["businesstimedelta"] += (
                at + businesstimedelta.BusinessTimeDelta(rules, hours=seconds // 3600)
            ).astimezone(UTC) != truth
    print(f"wrong answers of {asked:,}, by the minute-by-minute walk: {wrong}")


def batch() -> None:
    clock, schedule = our_calendar(), their_schedule()
    pick = np.random.default_rng(1)
    starts = pick.integers(int(SINCE.timestamp()), int(UNTIL.timestamp()), BATCH)
    targets = pick.choice(np.array(TARGETS), BATCH)
    their_starts = starts[:PEER_BATCH].astype("datetime64[s]").astype("datetime64[us]")
    their_targets = targets[:PEER_BATCH].astype("timedelta64[s]").astype("timedelta64[us]")
    vectors.deadlines(clock, starts[:10], targets[:10])
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(timed(lambda: vectors.deadlines(clock, starts, targets)) / BATCH)
        theirs.append(timed(lambda: schedule.add_many(their_starts, their_targets)) / PEER_BATCH)
    due = vectors.deadlines(clock, starts, targets)
    their_due = schedule.add_many(their_starts, their_targets).astype("datetime64[s]").astype(np.int64)
    sample = pick.integers(0, BATCH, 5_000)
    scalar_agrees = all(
        clock.deadline(EPOCH + timedelta(seconds=int(starts[i])), int(targets[i]))
        == EPOCH + timedelta(seconds=int(due[i]))
        for i in sample
    )
    ratios = [other / our for other, our in zip(theirs, ours, strict=True)]
    print(f"a batch of {BATCH:,} deadlines (workclock: {PEER_BATCH:,})")
    print(f"  puntuale  {statistics.median(ours) * 1e9:9.1f} ns each")
    print(
        f"  workclock {statistics.median(theirs) * 1e9:9.1f} ns each"
        f"   {statistics.median(ratios):7.1f} x ours ({min(ratios):.1f} to {max(ratios):.1f})"
    )
    print(f"  same answers as workclock: {(due[:PEER_BATCH] == their_due).all()}, as the scalar clock: {scalar_agrees}")


def compiling() -> None:
    our_calendar().reading(SINCE)
    took = [timed(lambda: our_calendar().reading(SINCE)) for _ in range(20)]
    print(
        f"compile sixteen years: {statistics.median(took) * 1e3:.1f} ms (zone known), {_cold() * 1e3:.1f} ms (zone new)"
    )


def _cold() -> float:
    zones.zone.cache_clear()
    weekly = ((Shift.parse("09:00-17:00"),),) * 5 + ((), ())
    return timed(lambda: Calendar(HoursTable("cold", "Europe/Lisbon", weekly)).reading(SINCE))


def main() -> int:
    print(f"time zone rules {zones.use_newest_rules()}, Python {sys.version.split()[0]}, numpy {np.__version__}")
    compiling()
    scalar(UTC)
    scalar(ZoneInfo(ROME))
    wrong_answers()
    batch()
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
