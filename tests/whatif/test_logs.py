"""Logs of other desks: whatever wrote them, and nothing of them is kept but what a replay needs."""

import gzip
import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from openpyxl import Workbook

from puntuale.conf import clock
from puntuale.conf.main import main
from puntuale.conf.worker import forget_what_is_over_age, run_trial
from puntuale.privacy import erasing
from puntuale.whatif import trials
from puntuale.whatif.histories import HistoryRefused, Question
from puntuale.whatif.logs import LogRefused, gathered, packed, taken, unpacked
from puntuale.whatif.models import Log, Trial
from tests.guarantee.documents import STANDARD
from tests.whatif.test_trials import AT

BRUSSELS = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
HEAD = "submitted_at,plan,priority,answered_at"
ROWS = ("2026-10-05T09:00:00Z,basic,3,2026-10-05T09:00:10Z", "2026-10-05T10:00:00Z,basic,3,")
LOG = "\n".join((HEAD, *ROWS)) + "\n"


def told(content):
    return taken(io.BytesIO(content), len(content), at=NOW, zone=BRUSSELS)


@pytest.mark.parametrize(
    "content",
    [
        LOG.encode(),
        LOG.encode("utf-8-sig"),
        LOG.encode("utf-16"),
        b"\xfe\xff" + LOG.encode("utf-16-be"),
        LOG.replace("\n", "\r\n").encode(),
        LOG.replace("\n", "\n\n").encode(),
        LOG.replace(",", ";").encode(),
        LOG.replace(",", "\t").encode("utf-16"),
        LOG.replace("plan", ' "plan" ').replace(' "plan" ', " plan ").encode(),
        LOG.replace("answered_at", "answered_at,Kunde").replace("10Z", "10Z,Müller").replace(",3,\n", ",3,,x\n").encode("latin-1"),
        LOG.rstrip().encode(),
    ],
)  # fmt: skip
def test_a_log_is_read_whatever_wrote_it(content):
    (history,) = told(content).histories.values()
    assert history.sent.tolist() == [1_791_190_800, 1_791_194_400]
    assert history.answered.tolist() == [1_791_190_810, -1]


@pytest.mark.parametrize(
    "times",
    [
        ("2026-10-05 11:00", "2026-10-05 11:00:10", "2026-10-05 12:00"),
        ("5.10.2026 11:00", "5.10.2026 11:00:10", "5.10.26, 12:00"),
        ("Oct 5, 2026 11:00 AM", "Mon, 5 Oct 2026 09:00:10 GMT", "5 October 2026 12:00 pm"),
        ("2026-10-05T11:00:00+02:00", "2026-10-05 09:00:10 UTC", "2026-10-05T12:00"),
    ],
)
def test_times_are_read_as_an_import_reads_them(times):
    sent, answered, again = times
    (history,) = told(f'{HEAD}\n"{sent}",basic,3,"{answered}"\n"{again}",basic,3,\n'.encode()).histories.values()
    assert history.sent.tolist() == [1_791_190_800, 1_791_194_400]
    assert history.answered.tolist() == [1_791_190_810, -1]


@pytest.mark.parametrize("shown", ["25/09/2026 10:00", "09/25/2026 10:00"])
def test_the_order_of_dates_is_what_the_whole_log_shows(shown):
    first = "05/10/2026 11:00" if shown.startswith("25") else "10/05/2026 11:00"
    (history,) = told(f"{HEAD}\n{first},basic,3,\n{shown},basic,3,\n".encode()).histories.values()
    assert history.sent.tolist()[0] == 1_791_190_800


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("05/10/2026 11:00", "5 and 10 could be day and month"), ("2026-10-05", "lacks the time of day"),
        ("yesterday", "is no instant: write 2026-03-02T10:00:00Z"), ("2026-10-05 11:00 CEST", "is no time of day"),
    ],
)  # fmt: skip
def test_what_cannot_be_replayed_to_the_minute_is_refused_with_its_line(written, why):
    with pytest.raises(LogRefused) as refused:
        told(f"{HEAD}\n{written},basic,3,\n".encode())
    (line,) = refused.value.lines
    assert line.startswith("line 2: ")
    assert why in line


def test_a_workbook_whose_cells_are_times_is_replayed():
    book, file = Workbook(), io.BytesIO()
    book.active.append(HEAD.split(","))
    book.active.append([datetime(2026, 10, 5, 11), "basic", 3, datetime(2026, 10, 5, 11, 0, 10)])  # noqa: DTZ001 -- cells
    book.save(file)
    (history,) = told(file.getvalue()).histories.values()
    assert (history.sent.tolist(), history.answered.tolist()) == ([1_791_190_800], [1_791_190_810])


def test_what_is_kept_of_a_log_is_what_a_replay_needs_and_nothing_else():
    rows = [
        f"{row},{seconds},Paola Rossi,{place},{answers}"
        for row, seconds, place, answers in zip(ROWS, (600, ""), ("", "staging"), (3, 0), strict=True)
    ]
    found = told("\n".join((f"{HEAD},handled_seconds,customer,environment,answers", *rows)).encode())
    kept = packed(found)
    again = unpacked(kept)
    assert b"Paola" not in gzip.decompress(kept)
    assert again.tickets == 2
    assert list(again.histories) == [Question("basic", "3"), Question("basic", "3", "staging")]
    for question, history in found.histories.items():
        assert np.array_equal(history.sent, again.histories[question].sent)
        assert np.array_equal(history.answered, again.histories[question].answered)
    assert again.handled.tolist() == [600]
    assert again.answers.tolist() == [3, 0]
    assert packed(again) == kept


def test_a_log_of_many_kinds_comes_back_as_it_was():
    rows = [
        f"2026-10-05T{hour:02}:{minute:02}:00Z,plan {minute},{hour},\n" for hour in range(24) for minute in range(60)
    ]
    found = told(f"{HEAD}\n{''.join(rows)}".encode())
    again = unpacked(packed(found))
    assert again.tickets == len(rows)
    assert all(np.array_equal(one.sent, again.histories[kind].sent) for kind, one in found.histories.items())


def test_what_is_no_log_is_refused_and_the_file_stays_open():
    with pytest.raises(HistoryRefused, match="this workbook is damaged"):
        told(b"PK\x03\x04")
    for content, rule in ((f"{HEAD}\n".encode(), "empty"), (f"{LOG}x\n".encode(), "rows")):
        with pytest.raises(LogRefused, match=rule):
            told(content)
    with pytest.raises(LogRefused, match="size"):
        taken(io.BytesIO(b""), 26 * 1024 * 1024, at=NOW, zone=BRUSSELS)
    file = io.BytesIO(b"\x00\xff" * 50)
    with pytest.raises(HistoryRefused, match="are missing"):
        gathered(file, at=NOW, zone=BRUSSELS)
    assert not file.closed


def test_what_lies_in_the_future_is_told_with_its_line_and_does_not_count(tmp_path, capsys):
    soon = clock.now() + timedelta(hours=1)
    log, new = tmp_path / "log.csv", tmp_path / "new.toml"
    new.write_text(STANDARD)
    log.write_text(f"{LOG}{soon.isoformat()},basic,3,\n2026-10-05T10:00:00Z,basic,3,{soon.isoformat()}\n")
    assert main(["what-if", "--agreement", str(new), "--input", str(log)]) == 1
    said = capsys.readouterr()
    assert "2 rows could not be read" in said.err
    for line in (4, 5):
        assert f"line {line}: '{soon.isoformat()}' lies in the future" in said.err
    (row,) = [line for line in said.out.splitlines() if line.startswith("basic")]
    assert row.split() == ["basic", "3", *("0", "0", "2", "0") * 2]


def test_the_second_that_runs_is_not_the_future():
    at = datetime(2026, 10, 5, 10, 0, 0, 500_000, tzinfo=UTC)
    line = "2026-10-05T10:00:00.400000Z,basic,3,2026-10-05T10:00:00.450000Z"
    assert not gathered(io.BytesIO(f"{HEAD}\n{line}\n".encode()), at=at, zone=BRUSSELS).refused


def test_a_log_goes_with_its_trial(company, now):
    now.at = AT
    log = told(LOG.encode())
    old, hers, kept = (trials.ask(by=company.mara, at=AT, log=log, log_name="x.csv") for _ in range(3))
    Trial.objects.filter(pk=old.pk).update(asked_at=AT - timedelta(days=91))
    forget_what_is_over_age(0)
    assert set(Log.objects.values_list("pk", flat=True)) == {hers.pk, kept.pk}
    Trial.objects.filter(pk=hers.pk).update(asked_by=company.ada)
    erasing.erase(company.ada, by=company.mara, at=AT)
    assert list(Log.objects.values_list("pk", flat=True)) == [kept.pk]
    assert run_trial(kept.pk) == "done"
    kept.refresh_from_db()
    assert (kept.result["tickets"], kept.result["before"]["no_guarantee"]) == (2, 2)
