"""What if: the vectors say exactly what the engine says of each ticket by itself."""

import csv
import io
import json
import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from puntuale.conf import clock
from puntuale.conf.main import main
from puntuale.guarantee import document
from puntuale.guarantee.promise import quote
from puntuale.tickets import conversation
from puntuale.whatif import own
from puntuale.whatif.histories import NEVER, Gathering, HistoryRefused, Question, from_log, second_of
from puntuale.whatif.replaying import moved, replay
from tests.guarantee.documents import STANDARD
from tests.guarantee.test_story import on

NOW = datetime(2026, 11, 27, tzinfo=UTC)
KNOWN = document.read(STANDARD.encode() if isinstance(STANDARD, str) else STANDARD).sound()
HASTY = document.read(
    (STANDARD if isinstance(STANDARD, str) else STANDARD.decode()).replace('"6h business"', '"2h business"').encode()
).sound()


def tickets(count, seed=1):
    """Tickets of all kinds, most of them answered, around the clock and the year."""
    rng = random.Random(seed)
    for _ in range(count):
        sent = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(690 * 86_400))
        kind = Question(
            rng.choice(["", "basic", "professional", "advanced"]),
            rng.choice("23"),
            rng.choice(["", "production", "staging"]),
        )
        kind = kind if rng.random() < 0.7 or kind.environment == "staging" else Question(kind.plan, "1", "production")
        kind = Question(kind.plan, "3", "staging") if kind.environment == "staging" else kind
        answered = sent + timedelta(seconds=rng.randrange(4 * 86_400)) if rng.random() < 0.95 else None
        yield kind, sent, answered


def gathered(told):
    gathering = Gathering()
    for kind, sent, answered in told:
        gathering.add(kind, int(sent.timestamp()), NEVER if answered is None else int(answered.timestamp()))
    return gathering.histories()


@pytest.mark.parametrize("agreement", [KNOWN, HASTY], ids=["known", "hasty"])
def test_each_ticket_by_itself_says_the_same(agreement):
    told = list(tickets(3_000))
    found = replay(gathered(told), agreement, now=NOW)
    expected = {"kept": 0, "missed": 0, "waiting": 0, "no_guarantee": 0, "closed": 0}
    office, by_hour = agreement.calendar(agreement.desk_hours.key), [0] * 168
    for kind, sent, answered in told:
        promise = quote(
            agreement,
            plan=kind.plan or None,
            priority=kind.priority,
            environment=kind.environment or "production",
            stage=agreement.usual_stage,
            at=sent,
        )
        if promise.due_at is None:
            expected["no_guarantee"] += 1
            continue
        if answered is not None and answered <= promise.due_at:
            expected["kept"] += 1
        elif answered is None and promise.due_at >= NOW:
            expected["waiting"] += 1
        else:
            expected["missed"] += 1
        expected["closed"] += not office.is_open(promise.due_at - timedelta(seconds=1))
        local = promise.due_at.astimezone(agreement.desk_hours.zone)
        by_hour[local.weekday() * 24 + local.hour] += 1
    total = found.total
    assert {name: getattr(total, name) for name in expected} == expected
    assert found.by_hour == by_hour
    assert found.unknown == {}
    assert expected["kept"] > 100
    assert expected["missed"] > 100


def test_how_due_times_moved_is_counted():
    histories = gathered(tickets(2_000))
    before, after = replay(histories, KNOWN, now=NOW), replay(histories, HASTY, now=NOW)
    found = moved(before, after)
    assert found.later == found.gained == found.lost == 0
    assert found.earlier > 0
    assert found.earlier + found.same == before.total.judged + before.total.waiting
    assert after.total.kept < before.total.kept
    assert moved(before, before).same == found.earlier + found.same


def test_a_due_time_is_kept_to_the_second():
    sent = on("mon 09:00")
    for answered, kept in ((on("mon 12:00"), 1), (on("mon 12:00") + timedelta(microseconds=1), 0)):
        log = f"submitted_at,plan,priority,answered_at\n{sent.isoformat()},professional,1,{answered.isoformat()}\n"
        assert replay(from_log(csv.reader(io.StringIO(log)), at=NOW).histories(), KNOWN, now=NOW).total.kept == kept


def test_what_an_agreement_has_no_words_for_is_left_out_and_counted():
    histories = gathered([(Question("platinum", "1"), NOW, None), (Question("advanced", "1", "staging"), NOW, None)])
    found = replay(histories, KNOWN, now=NOW)
    assert sum(found.unknown.values()) == 2
    assert found.tallies == {}


def test_a_log_tells_its_bad_lines_and_counts_the_others():
    log = "priority,plan,submitted_at,answered_at\n1,advanced,2026-03-02T10:00:00Z,\n1,advanced,2026-03-02T10:00:00,\n1\n2,advanced,2026-03-02T10:00:00+01:00,2026-03-02T10:30:00+01:00\n"
    gathering = from_log(csv.reader(io.StringIO(log)), at=NOW)
    assert sum(one.sent.size for one in gathering.histories().values()) == 2
    assert [line.partition(":")[0] for line in gathering.refused] == ["line 3", "line 4"]
    with pytest.raises(HistoryRefused, match="answered_at"):
        from_log(csv.reader(["submitted_at,plan,priority"]), at=NOW)


def test_instants_are_whole_seconds():
    year = 365 * 86_400
    assert second_of("1971-01-01T00:00:01.9Z") == year + 1
    assert second_of("1971-01-01T00:00:01.1Z", ceiling=True) == year + 2
    assert second_of("1971-01-01T01:00:01+01:00", ceiling=True) == year + 1


def test_our_own_history_is_what_was_claimed(company):
    at = on("fri 10:00")
    first = company.ticket(company.anna, "2", at)
    conversation.answer(first, body="Yes.", by=company.ada, at=at + timedelta(hours=1))
    company.ticket(company.bruno, "1", at)
    histories = own.history().histories()
    assert {(one.plan, one.priority) for one in histories} == {("advanced", "2"), ("basic", "1")}
    (hers,) = [history for question, history in histories.items() if question.plan == "advanced"]
    assert np.array_equal(hers.answered - hers.sent, [3_600])


def test_the_command_compares_a_log_under_two_agreements(tmp_path, capsys):
    log, new = tmp_path / "log.csv", tmp_path / "new.toml"
    log.write_text(
        "submitted_at,plan,priority,answered_at\n2026-11-20T10:00:00Z,professional,2,2026-11-20T13:30:00Z\n2026-11-20T10:00:00Z,basic,3,\n"
    )
    new.write_text(
        (STANDARD if isinstance(STANDARD, str) else STANDARD.decode()).replace('"6h business"', '"2h business"')
    )
    assert main(["what-if", "--agreement", str(new), "--input", str(log), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["before"]["kept"], told["after"]["missed"], told["moved"]["earlier"]) == (1, 1, 1)
    assert main(["what-if", "--agreement", str(new), "--input", str(log)]) == 0
    assert "professional" in capsys.readouterr().out
    assert main(["what-if", "--agreement", str(new), "--input", str(tmp_path / "none.csv")]) == 1


def test_the_command_has_one_row_for_each_plan_and_priority(tmp_path, capsys):
    log = tmp_path / "log.csv"
    rows = [f"2026-11-20T10:00:00Z,professional,3,2026-11-20T10:30:00Z,{place}" for place in ("production", "staging")]
    log.write_text("\n".join(["submitted_at,plan,priority,answered_at,environment", *rows]) + "\n")
    new = tmp_path / "new.toml"
    new.write_text(STANDARD)
    assert main(["what-if", "--agreement", str(new), "--input", str(log)]) == 0
    (row,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("professional")]
    assert row.split() == ["professional", "3", *("2", "0", "100.00", "%", "0", "0") * 2]


@pytest.mark.parametrize("year", ["0001", "1500", "1969", "2199", "2300", "9999"])
@pytest.mark.parametrize("column", ["submitted_at", "answered_at"])
def test_a_row_of_a_year_the_clock_does_not_know_is_told_and_the_others_count(tmp_path, capsys, year, column):
    log, new = tmp_path / "log.csv", tmp_path / "new.toml"
    new.write_text(STANDARD)
    good = {"submitted_at": "2026-10-05T09:00:00Z", "answered_at": "2026-10-05T10:00:00Z"}
    bad = good | {column: f"{year}-06-01T09:00:00Z"}
    rows = [f"{one['submitted_at']},professional,3,{one['answered_at']}\n" for one in (good, bad, good)]
    log.write_text("submitted_at,plan,priority,answered_at\n" + "".join(rows) + "yesterday,professional,3,\n")
    assert main(["what-if", "--agreement", str(new), "--input", str(log)]) == 1
    told = capsys.readouterr()
    assert "100.00 %" in told.out
    assert f"line 3: '{year}-06-01T09:00:00Z' should be in the years 1971 to 2198" in told.err
    assert "line 5: " in told.err
    assert "2 rows could not be read" in told.err


@pytest.mark.parametrize("written", ["-5", "abc", "3.5", "1e400", "0", "86401", "9" * 20])
def test_an_answer_that_took_no_time_or_for_ever_is_a_bad_row(written):
    head, good = "submitted_at,plan,priority,answered_at,handled_seconds", "2026-10-05T09:00:00Z,basic,3,"
    found = from_log(csv.reader([head, f"{good},600", f"{good},{written}", f"{good},"]), at=NOW)
    assert found.handled == [600]
    assert found.refused == [f"line 3: handled_seconds {written!r} should be a whole number from 1 to 86400"]


def test_what_one_agreement_has_no_words_for_stands_on_neither_side(tmp_path, capsys):
    log, new = tmp_path / "log.csv", tmp_path / "new.toml"
    kinds = [
        ("advanced", "2", ""),
        ("advanced", "2", ""),
        ("premium", "2", ""),
        ("basic", "1", "staging"),
        ("basic", "3", ""),
    ]
    rows = [f"2026-11-20T10:00:00Z,{plan},{priority},2026-11-20T10:30:00Z,{place}" for plan, priority, place in kinds]
    log.write_text("\n".join(["submitted_at,plan,priority,answered_at,environment", *rows]) + "\n")
    new.write_text(STANDARD.replace("advanced", "premium"))
    asked = ["what-if", "--agreement", str(new), "--input", str(log)]
    assert main([*asked, "--json"]) == 0
    told = capsys.readouterr()
    found = json.loads(told.out)
    sides = [
        sum(found[side][name] for name in ("kept", "missed", "waiting", "no_guarantee")) for side in ("before", "after")
    ]
    assert sides == [1, 1]
    assert found["left_out"] == {"after": 2, "before": 1, "both": 1}
    assert main(asked) == 0
    told = capsys.readouterr()
    for said in (
        "2 tickets left out of both sides: the agreement that is tried has no advanced 2",
        "1 ticket left out of both sides: the agreement before has no premium 2",
        "1 ticket left out of both sides: both agreements have no basic 1 staging",
    ):
        assert said in told.err
    assert "advanced" not in told.out


def test_the_rows_add_up_with_what_is_still_running(tmp_path, capsys):
    log, new = tmp_path / "log.csv", tmp_path / "new.toml"
    just_now = clock.now() - timedelta(minutes=1)
    log.write_text(f"submitted_at,plan,priority,answered_at\n{just_now.isoformat()},professional,3,\n")
    new.write_text(STANDARD)
    assert main(["what-if", "--agreement", str(new), "--input", str(log)]) == 0
    (row,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("professional")]
    assert row.split() == ["professional", "3", *("0", "0", "0", "1") * 2]
