"""Who would have been called: the vectors count exactly the alarms that the engine tells of each ticket by itself."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from puntuale.conf.main import main
from puntuale.guarantee import document
from puntuale.guarantee.alarms import rings
from puntuale.guarantee.hours import HoursTable, Shift
from puntuale.guarantee.promise import quote
from puntuale.guarantee.rota import Layer, Rota, Span
from puntuale.whatif.calendars import CalendarRefused, with_calendar
from puntuale.whatif.duty import duty
from puntuale.whatif.replaying import replay
from puntuale.whatif.written_rota import WrittenRotaRefused, read
from tests.guarantee.documents import bent
from tests.whatif.test_replaying import KNOWN, NOW, gathered, tickets

ALARMS = [
    {"at": at, "tell": tell}
    for at, tell in (
        ("1%", ["on_call"]), ("-2h", ["on_call"]), ("50%", ["assignee"]), ("90%", ["team", "on_call"]),
        ("due", ["on_call"]), ("+30m", ["manager"]), ("+8h", ["on_call"]),
    )
]  # fmt: skip
LOUD = document.read(bent({"alarm": ALARMS})).sound()
LONGER = with_calendar(
    KNOWN,
    '[hours.business]\nweekly = { mon-sat = ["07:00-21:00"] }\n[holidays.target.days.own]\ndates = [2026-03-02]\n',
)
NIGHTS = HoursTable("nights", "Europe/Rome", ((Shift.parse("17:00-09:00"),),) * 7)
ROTA = Rota(
    (
        Layer(1, (7, 8, 9), "Europe/Rome", date(2026, 11, 2), hours=NIGHTS),
        Layer(2, (4,), "Asia/Tokyo", date(2026, 1, 1)),
    ),
    covers=(Span(1, 3, datetime(2025, 5, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)),),
    away=(Span(2, 4, datetime(2025, 8, 1, tzinfo=UTC), datetime(2025, 9, 1, tzinfo=UTC)),),
)
SINCE, UNTIL = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 11, 28, tzinfo=UTC)


def one_by_one(told, agreement):
    """What calls whoever is on call for each ticket, as the engine tells it: by what, and at which instant."""
    for kind, sent, answered in told:
        promise = quote(
            agreement,
            plan=kind.plan or None,
            priority=kind.priority,
            environment=kind.environment or "production",
            stage=agreement.usual_stage,
            at=sent,
        )
        found = [(str(ring.level), ring.at) for ring in rings(promise, agreement) if "on_call" in ring.level.tell]
        if promise.target is not None and agreement.hours[promise.target.hours].is_always_open:
            found.append(("sent", sent))
        yield from ((alarm, at) for alarm, at in found if at <= NOW and (answered is None or answered > at))


@pytest.mark.parametrize("agreement", [KNOWN, LOUD, LONGER], ids=["known", "loud", "other hours"])
@pytest.mark.parametrize("seed", [1, 2])
def test_each_ticket_by_itself_calls_the_same_people(agreement, seed):
    told = list(tickets(1_500, seed))
    found = replay(gathered(told), agreement, now=NOW, rota=ROTA)
    office, by_alarm, nights, by_person = agreement.calendar("business"), Counter(), Counter(), Counter()
    laid = duty(ROTA, since=SINCE, until=UNTIL).turns
    for alarm, at in one_by_one(told, agreement):
        by_alarm[alarm] += 1
        if not office.is_open(at):
            nights[alarm] += 1
            by_person[next(turn.who for turn in laid if turn.start <= at < turn.end)] += 1
    assert {
        alarm: calls.day + calls.night for alarm, calls in found.calling.by_alarm.items() if calls.day + calls.night
    } == by_alarm
    assert {alarm: calls.night for alarm, calls in found.calling.by_alarm.items() if calls.night} == nights
    assert {who: calls.night for who, calls in found.calling.by_person.items() if calls.night} == by_person
    assert sum(found.night_by_hour) == sum(nights.values()) == found.calling.total.night
    assert nights["sent"] > 10
    assert nights["due"] > 10


def test_a_rota_is_laid_over_history_as_if_it_had_always_been_there():
    laid = duty(ROTA, since=SINCE, until=UNTIL)
    after = datetime(2026, 11, 3, tzinfo=UTC)
    assert [turn.who for turn in laid.turns if turn.end > after] == [
        who for who, last in _people(ROTA.turns(after, UNTIL))
    ]
    assert laid.turns[0].start == SINCE
    assert all(one.end == other.start for one, other in zip(laid.turns, laid.turns[1:], strict=False))
    at = datetime(2025, 3, 5, 23, tzinfo=UTC)
    weeks = timedelta(weeks=87)
    assert next(turn.who for turn in laid.turns if turn.start <= at < turn.end) == ROTA.on_call(at + weeks)
    assert [turn.start for turn in laid.gaps] == [at for at in (turn.start for turn in laid.gaps) if at.month == 8]
    assert laid.gaps


def _people(turns):
    found = []
    for turn in turns:
        if not found or found[-1][0] != turn.who:
            found.append((turn.who, turn.end))
    return found


def test_without_a_rota_nobody_is_told_apart():
    found = replay(gathered(tickets(200)), KNOWN, now=NOW)
    assert found.calling.by_person == {}
    assert found.duty is None


def test_other_hours_take_the_place_of_what_is_written_and_leave_the_rest():
    business = LONGER.hours["business"]
    assert business.zone_name == "Europe/Brussels"
    assert business.shifts_on(date(2026, 3, 2)) == ()
    assert business.shifts_on(date(2026, 12, 25)) == ()
    assert [str(shift) for shift in business.shifts_on(date(2026, 3, 7))] == ["07:00-21:00"]
    assert LONGER.plans == KNOWN.plans
    assert with_calendar(KNOWN, "") == KNOWN
    assert with_calendar(KNOWN, "[hours.business]\nalways = true").desk_hours is None


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[hours.business", "end of document"),
        ("version = 3", "version"),
        ("hours = 1", "hours"),
        ("[hours]\nbusiness = 1", "hours.business"),
        ('[hours.business]\nweekly = { mon = ["9-17"] }', "hours.business"),
        ("[holidays.target]\ndays = 3", "holidays.target.days"),
        ("[holidays.target.days.own]\ndates = [2026-13-01]", "line"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused_with_a_reason(written, said):
    with pytest.raises(CalendarRefused, match=said):
        with_calendar(KNOWN, written)


WRITTEN = """
[[layer]]
people = ["ada", "bruno"]
zone = "Europe/Rome"
since = 2026-01-05
handover = "08:30"
days = 1
hours = "nights"

[hours.nights]
zone = "Europe/Rome"
weekly = { mon-sun = ["17:00-09:00"] }
"""


def test_a_rota_is_read_from_a_file():
    found = read(WRITTEN)
    assert found.names == {0: "ada", 1: "bruno"}
    (layer,) = found.rota.layers
    assert (layer.handover, layer.days, layer.hours.key) == (510, 1, "nights")
    at = datetime(2026, 1, 5, 20, tzinfo=UTC)
    assert [found.names.get(found.rota.on_call(at + timedelta(hours=hours))) for hours in (0, 24, 48, 15)] == [
        "ada", "bruno", "ada", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "written",
    [
        "", "[[layer]]", "[[layer]", "x = 1", WRITTEN.replace("08:30", "25:00"), WRITTEN.replace("days = 1", "days = 0"),
        WRITTEN.replace("days = 1", 'days = "1"'), WRITTEN.replace('"nights"', '"days"'), WRITTEN.replace("Europe/Rome", "Rome"),
        WRITTEN.replace("bruno", "ada"), WRITTEN.replace('["ada", "bruno"]', "[]"), WRITTEN.replace("2026-01-05", '"soon"'),
    ],
)  # fmt: skip
def test_a_rota_that_makes_no_sense_is_refused(written):
    with pytest.raises(WrittenRotaRefused, match=r"."):
        read(written)


def written(tmp_path):
    """A log of two questions sent at night, other hours that are open then, and a rota."""
    log, hours, rota = tmp_path / "log.csv", tmp_path / "hours.toml", tmp_path / "rota.toml"
    log.write_text(
        "submitted_at,plan,priority,answered_at\n"
        "2026-11-20T20:30:00Z,advanced,1,2026-11-20T21:00:00Z\n2026-11-20T03:00:00Z,advanced,1,2026-11-20T05:00:00Z\n"
    )
    hours.write_text('[hours.business]\nweekly = { mon-fri = ["08:00-22:00"] }\n')
    rota.write_text(WRITTEN)
    return log, hours, rota


def test_the_command_tells_whom_the_nights_would_have_called(tmp_path, capsys):
    log, hours, rota = written(tmp_path)
    asked = ["what-if", "--calendar", str(hours), "--rota", str(rota), "--input", str(log)]
    assert main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["before"]["calls"] == {
        "sent": {"day": 0, "night": 2}, "90%": {"day": 0, "night": 1}, "due": {"day": 0, "night": 1},
    }  # fmt: skip
    assert told["after"]["calls"]["sent"] == {"day": 1, "night": 1}
    assert sum(told["before"]["calls_at_night_by_hour"]) == 4
    assert told["before"]["people"] == {
        "ada": {"day": 0, "night": 3},
        "bruno": {"day": 0, "night": 1},
    }
    assert told["before"]["nobody"] == [{"from": "2026-11-20T08:00:00Z", "to": "2026-11-20T16:00:00Z"}]
    assert main(asked) == 0
    said = capsys.readouterr().out
    assert "Calls at night, while the desk is closed: 4 before, 3 after." in said
    assert "Nobody on call, after: 1 stretches, 8 hours" in said
    assert main(["what-if", "--input", str(log)]) == 2
    assert main(["what-if", "--rota", "nobody.toml", "--input", str(log)]) == 1
    rota.write_text("[[layer]]")
    assert main(asked) == 1
    hours.write_text("version = 1")
    assert main(asked) == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"Europe/Rome"\nsince', '"Mars"\nsince', 'layer[1].zone: "Mars" is no time zone; write Europe/Rome'),
        ("days = 1", "days = 400", "layer[1].days: 400 should be from 1 to 366"),
        ('hours = "nights"', 'hours = "days"', 'layer[1].hours: "days" should be a table of this file, which has [hours.nights]'),
        (WRITTEN[WRITTEN.index("[hours.") :], "", 'layer[1].hours: "nights" should be a table of this file, which has no [hours.*]'),
    ],
)  # fmt: skip
def test_a_bad_rota_is_told_with_its_place_value_and_rule(old, new, said):
    assert old in WRITTEN
    with pytest.raises(WrittenRotaRefused) as refused:
        read(WRITTEN.replace(old, new))
    assert str(refused.value) == said


def test_a_rota_to_compare_with_needs_one_to_try_and_each_is_named(tmp_path, capsys):
    log, hours, rota = written(tmp_path)
    asked = ["what-if", "--calendar", str(hours), "--input", str(log)]
    assert main([*asked, "--against-rota", str(rota)]) == 2
    assert "give --rota too" in capsys.readouterr().err
    assert main(["what-if", "--rota", "", "--input", str(log)]) == 2
    assert "should name a rota" in capsys.readouterr().err
    rota.write_bytes(b"\xff\xfe\x00")
    for option in ("--rota", "--calendar"):
        assert main(["what-if", option, str(rota), "--input", str(log)]) == 1
        assert f"{rota} is no text in UTF-8" in capsys.readouterr().err
