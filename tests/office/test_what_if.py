"""The page What if: asking, watching it run, reading what came of it."""

import re
from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from puntuale.agreements import drafting
from puntuale.conf.worker import run_trial
from puntuale.whatif import logs, trials
from puntuale.whatif.models import Trial
from tests.guarantee.test_story import on
from tests.pages import words
from tests.whatif.test_trials import AT, HASTY, asked

__all__ = ["asked"]
PAGE = "/en/office/what-if/"


def sent(**more):
    return {"what": "in_force", "document": "", "calendar": "", "target": "99", "growth": "1", "handling": "10", **more}


def test_a_manager_asks_waits_and_reads(asked, company, signed_in, oncall):
    mara = signed_in("mara")
    calendar = '[hours.business]\nweekly = { mon-sun = ["00:00-24:00"] }\n'
    answer = mara.post(PAGE, sent(calendar=calendar, people="on", rota=str(oncall.rota.pk), growth="1,5"))
    trial = Trial.objects.get()
    assert answer.url == f"{PAGE}{trial.pk}/"
    assert (trial.growth, trial.target, trial.handling, trial.rota) == (1.5, 0.99, 600, oncall.rota.pk)
    assert "It waits for a worker to begin." in words(mara.get(answer.url))
    Trial.objects.filter(pk=trial.pk).update(begun_at=AT, progress=37)
    running = mara.get(f"{answer.url}progress/")
    assert 'hx-trigger="every 1s"' in running.content.decode()
    assert "37 % done" in words(running)
    assert "HX-Refresh" not in running.headers
    run_trial(trial.pk)
    over = mara.get(f"{answer.url}progress/")
    assert over.headers["HX-Refresh"] == "true"
    assert "hx-get" not in over.content.decode()
    said = words(mara.get(answer.url))
    for part in ("What would have been kept", "the page at once", "hours of people a week", "cannot be shown", "Ada"):
        assert part in said
    shown = mara.get(answer.url).content.decode()
    assert len(re.findall(r'<svg class="chart"', shown)) == 3
    assert len(re.findall(r'<table class="readings hours"', shown)) == 3
    assert re.findall(r'<div class="([^"]*)"[^>]*>\s*<svg class="chart"', shown) == ["card scrolls"] * 3
    assert "Mara" in words(mara.get(PAGE))


def test_her_draft_or_a_file_can_be_tried(asked, company, signed_in):
    mara = signed_in("mara")
    assert mara.post(PAGE, sent(what="draft")).status_code == 422
    drafting.save(company.mara, HASTY, at=AT)
    mara.post(PAGE, sent(what="draft"))
    mara.post(PAGE, sent(what="document") | {"file": SimpleUploadedFile("next.toml", HASTY.encode())})
    mara.post(PAGE, sent(what="document", document=HASTY))
    assert {trial.source for trial in Trial.objects.all()} == {HASTY}
    assert {trial.target for trial in Trial.objects.all()} == {None}
    trial = Trial.objects.first()
    run_trial(trial.pk)
    assert "due earlier" in words(mara.get(f"{PAGE}{trial.pk}/"))


@pytest.mark.parametrize(
    ("more", "name", "said"),
    [
        ({"what": "document"}, "document", "There is no document to try."),
        ({"what": "document", "document": "version = 1"}, "document", "This document is no agreement."),
        ({"what": "draft"}, "what", "You have no draft."),
        ({"calendar": "[hours"}, "calendar", "These hours and holidays cannot be tried."),
        ({"calendar": "version = 1"}, "calendar", "version: only [hours.*] and [holidays.*] belong here."),
        ({"people": "on", "target": "all"}, "target", '"all" should be a number above 0 and at most 100, in percent.'),
        ({"people": "on", "target": "101"}, "target", '"101" should be a number above 0'),
        ({"people": "on", "target": "0"}, "target", '"0" should be a number above 0'),
        ({"people": "on", "growth": "0"}, "growth", '"0" should be a number above 0 and at most 100; 2 is twice'),
        ({"people": "on", "growth": "-1"}, "growth", '"-1" should be'),
        ({"people": "on", "growth": "nan"}, "growth", '"nan" should be'),
        ({"people": "on", "growth": "1,000"}, "growth", '"1,000" can be read in two ways: write 1000 or 1,0000.'),
        ({"people": "on", "handling": "2000"}, "handling", '"2000" should be a number of minutes, from 0.01 to 1440'),
        ({"people": "on", "handling": "15m"}, "handling", '"15m" should be a number of minutes'),
        ({"people": "on", "handling": "0.001"}, "handling", '"0.001" should be a number of minutes'),
        ({"rota": "99999"}, "rota", '"99999" is no rota in use.'),
        ({"rota": "abc"}, "rota", '"abc" is no rota in use.'),
        ({"rota_before": "9" * 20}, "rota_before", "is no rota in use."),
    ],
)
def test_what_cannot_be_tried_is_refused_at_its_field_and_stays_filled_in(asked, oncall, signed_in, more, name, said):
    answer = signed_in("mara").post(PAGE, sent(**more))
    assert answer.status_code == 422
    page = answer.content.decode()
    (error,) = re.findall(r'<p class="error" id="([a-z_]+)-error" role="alert">', page)
    assert error == name
    assert said in words(answer)
    assert len(re.findall(r"autofocus", page)) == 1
    if name != "what":
        assert re.search(rf'id="{name}"[^>]*aria-describedby="[^"]*{name}-error"[^>]* autofocus[ >]', page)
        assert len(re.findall(r'aria-invalid="true"', page)) == 1
    assert all(value in page for key, value in more.items() if not key.startswith("rota"))
    assert not Trial.objects.exists()


def test_all_that_is_wrong_is_told_at_once(asked, signed_in):
    page = signed_in("mara").post(PAGE, sent(people="on", target="0", growth="x", handling="y")).content.decode()
    assert re.findall(r'id="([a-z_]+)-error"', page) == ["target", "growth", "handling"]


def test_a_rota_to_compare_with_needs_one_to_try(asked, signed_in, oncall):
    answer = signed_in("mara").post(PAGE, sent(rota_before=str(oncall.rota.pk)))
    assert answer.status_code == 422
    assert "Choose a rota to try, or none to compare it with." in words(answer)
    assert not Trial.objects.exists()


def test_the_form_comes_first_and_the_list_below_in_pages(asked, signed_in):
    for _ in range(51):
        asked()
    mara = signed_in("mara")
    page = mara.get(PAGE).content.decode()
    assert page.index('id="document"') < page.index("Tried so far")
    assert len(re.findall(r'href="/en/office/what-if/\d+/"', page)) == 50
    assert len(re.findall(r'href="/en/office/what-if/\d+/"', mara.get(f"{PAGE}?page=2").content.decode())) == 1


def test_a_trial_can_be_ended_on_its_page(asked, company, signed_in):
    trial, mara = asked(), signed_in("mara")
    assert mara.post(f"{PAGE}{trial.pk}/cancelling/").status_code == 302
    assert "ended this before it was done" in words(mara.get(f"{PAGE}{trial.pk}/"))
    Trial.objects.filter(pk=trial.pk).update(cancelled_at=None, ended_at=on("fri 17:00"), problem="beyond the horizon")
    assert "beyond the horizon" in words(mara.get(f"{PAGE}{trial.pk}/"))
    assert mara.get(f"{PAGE}{trial.pk + 1}/").status_code == 404


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"refused": "handling"}, "Too few answers"),
        ({"refused": "history"}, "There is no whole week"),
        ({"share": None}, "Nothing was promised"),
        ({"is_shown": True}, "is kept, as surely as"),
        ({"ceiling": 0.5}, "the answer itself takes longer"),
        ({"showable": 0.5}, "cannot be shown"),
        ({}, "could not be shown"),
    ],
)
def test_how_sure_it_is_is_told_in_words(asked, signed_in, facts, said):
    trial = asked(target=0.9, handling=600)
    run_trial(trial.pk)
    trial.refresh_from_db()
    sure = {"found": 0.95, "low": 0.85, "high": 0.99}
    known = {"is_shown": False, "share": sure, "ceiling": 1.0, "showable": 1.0}
    trial.result["staffing"] = facts if "refused" in facts else {**trial.result["staffing"], **known, **facts}
    trial.ended_at = AT + timedelta(minutes=1)
    trial.save()
    assert said in words(signed_in("mara").get(f"{PAGE}{trial.pk}/"))


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"left_out": {"before": 2}}, "2 tickets stand on neither side: the agreement before has"),
        ({"left_out": {"after": 1}}, "1 ticket stands on neither side: the agreement that is tried has"),
        ({"left_out": {"both": 2}}, "2 tickets stand on neither side: both agreements have"),
        ({"unknown": 3}, "3 tickets are left out: one of the two agreements"),
    ],
)
def test_what_is_left_out_and_what_is_still_running_are_told(asked, signed_in, counts, said):
    trial = asked()
    run_trial(trial.pk)
    trial.refresh_from_db()
    trial.result |= {"left_out": {}} | counts
    trial.save()
    shown = words(signed_in("mara").get(f"{PAGE}{trial.pk}/"))
    assert said in shown
    assert "still running" in shown


def test_whoever_waits_is_told_how_many_are_before(asked, signed_in):
    asked()
    trial, mara = asked(), signed_in("mara")
    said = "It waits: 1 trial is run before it, one at a time."
    assert said in words(mara.get(f"{PAGE}{trial.pk}/"))
    assert said in words(mara.get(f"{PAGE}{trial.pk}/progress/"))
    trials.cancel(trial, by=trial.asked_by, at=AT)
    assert "stopped" in words(mara.get(PAGE))


def test_trials_are_told_apart_by_what_was_asked(asked, signed_in, oncall):
    first = asked(target=0.999, growth=1.25, handling=90, rota=oncall.rota.pk)
    second = asked()
    mara = signed_in("mara")
    told = f"{oncall.rota.name} · 99.9% to keep · with 1.25 times the tickets · 1.5 minutes for an answer"
    for page in (words(mara.get(PAGE)), words(mara.get(f"{PAGE}{first.pk}/"))):
        assert told in page.replace("\N{NO-BREAK SPACE}", " ").replace("99.9 %", "99.9%")
        assert f"{first.pk} · Under the version in force" in page
    assert f"{second.pk} · Under the version in force" in words(mara.get(PAGE))


def test_what_failed_says_so_and_can_be_started_again_on_its_page(asked, signed_in, monkeypatch):
    trial, mara = asked(), signed_in("mara")
    monkeypatch.setattr(trials, "replay", Mock(side_effect=ZeroDivisionError))
    with pytest.raises(ZeroDivisionError):
        run_trial(trial.pk)
    assert mara.get(f"{PAGE}{trial.pk}/progress/").headers["HX-Refresh"] == "true"
    said = words(mara.get(f"{PAGE}{trial.pk}/"))
    assert "something went wrong that should not" in said
    assert "Start it again" in said
    assert "failed" in words(mara.get(PAGE))
    Trial.objects.filter(pk=trial.pk).update(tries=trials.MOST_TRIES + 1)
    assert "each worker that began with it died over it" in words(mara.get(f"{PAGE}{trial.pk}/"))
    assert mara.post(f"{PAGE}{trial.pk}/again/").url == f"{PAGE}{trial.pk}/"
    assert "It waits for a worker to begin." in words(mara.get(f"{PAGE}{trial.pk}/"))


HEAD = "submitted_at,plan,priority,answered_at,handled_seconds,subject\n"


def a_log(weeks=3, head=HEAD):
    """A log of another desk, with words that are nobody's business here."""
    rows = []
    for day in range(7 * weeks):
        sent = on("mon 09:00") - timedelta(days=day + 7)
        if sent.weekday() < 5:
            rows += [
                f"{sent.isoformat()},professional,2,{(sent + timedelta(hours=4)).isoformat()},600,My password\n"
            ] * 3
    return head + "".join(rows)


def a_file(content, name="their desk.csv"):
    return {"log": SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())}


def test_a_log_of_another_desk_is_replayed_and_the_page_says_so(asked, signed_in):
    mara = signed_in("mara")
    answer = mara.post(PAGE, sent(people="on", handling="", growth="1") | a_file(a_log()))
    trial = Trial.objects.get()
    assert trial.log_name == "their desk.csv"
    assert "log their desk.csv" in words(mara.get(answer.url))
    assert run_trial(trial.pk) == "done"
    trial.refresh_from_db()
    assert trial.result["tickets"] == trial.result["before"]["kept"] == 45
    assert trial.result["staffing"]["handling"] == 600
    said = words(mara.get(answer.url))
    assert "All of this rests on the log their desk.csv, not on the tickets you had here." in said
    assert "45 tickets" in said
    assert "The more, the darker: 9 in the darkest hour." in said
    assert "log their desk.csv" in words(mara.get(PAGE))


def test_a_log_that_tells_no_handling_says_which_column_it_lacks(asked, signed_in):
    mara = signed_in("mara")
    answer = mara.post(PAGE, sent(people="on", handling="") | a_file(a_log().replace("handled_seconds", "minutes")))
    run_trial(Trial.objects.get().pk)
    assert "Too few rows tell in handled_seconds how long an answer took" in words(mara.get(answer.url))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "The first line should name the columns. Missing: submitted_at, plan, priority, answered_at."),
        ("submitted_at,plan,priority\n", "Missing: answered_at."),
        (HEAD, "There is no ticket in this log."),
        (b"PK\x03\x04 and more", "We couldn't read this file as a table. this workbook is damaged"),
        (b"%PDF-1.7", "this is a PDF, not a table; save it as .xlsx or .csv"),
        (b"\xd0\xcf\x11\xe0 old", "this is an old Excel workbook"),
        (bytes(range(256)) * 9, "We couldn't read this file as a table."),
        (HEAD + "2026-11-02T10:00:00Z,basic,3,,,\n<b>yesterday</b>,basic,3,,,\n", "line 3: '<b>yesterday</b>' is no instant: write 2026-03-02T10:00:00Z"),
        (HEAD + "3026-11-02T10:00:00Z,basic,3,,,\n", "line 2: '3026-11-02T10:00:00Z' should be in the years 1971 to 2198"),
        (HEAD + "2026-11-20T16:00:01Z,basic,3,,,\n", "line 2: '2026-11-20T16:00:01Z' lies in the future"),
        (HEAD + "2026-11-02T10:00:00Z,basic,3,2027-01-01T10:00:00Z,,\n", "line 2: '2027-01-01T10:00:00Z' lies in the future"),
        (HEAD + "2026-11-02T10:00:00Z,basic\n", "line 2: it has fewer columns than the first line"),
        (HEAD + f"2026-11-02T10:00:00Z,{'x' * 101},3,,,\n", "line 2: 'xxxxxxxxxxxxxxxxxxxx'... should be a key of at most 100 letters"),
        (HEAD + "now,,,,,\n" * 12, "12 rows of this log cannot be replayed. Correct them, or take them out."),
        (HEAD + "now,,,,,\n" * 12, "line 11: 'now' is no instant: write 2026-03-02T10:00:00Z and 2 more"),
        (HEAD + f'"{"x" * 6_000_000}",basic,3,,,\n', "We couldn't read this file as a table."),
    ],
)  # fmt: skip
def test_a_log_that_cannot_be_replayed_is_refused_with_its_rows(asked, now, signed_in, content, said):
    now.at = AT
    answer = signed_in("mara").post(PAGE, sent(people="on") | a_file(content))
    assert answer.status_code == 422
    assert said in words(answer)
    page = answer.content.decode()
    assert "<b>yesterday" not in page
    assert re.search(r'id="log"[^>]*aria-describedby="log-hint log-error" aria-invalid="true" autofocus', page)
    assert not Trial.objects.exists()


def test_a_log_is_chosen_again_when_something_else_is_wrong(asked, signed_in):
    mara = signed_in("mara")
    answer = mara.post(PAGE, sent(people="on", growth="x") | a_file(a_log()))
    assert "Choose the log again: a browser does not keep files." in words(answer)
    assert "Choose the log again" not in words(mara.get(PAGE))


def test_a_log_is_not_larger_than_a_page_can_take(asked, signed_in, monkeypatch):
    monkeypatch.setattr(logs, "BOUND", 3 * 1024 * 1024)
    answer = signed_in("mara").post(PAGE, sent() | a_file(b"x" * (3 * 1024 * 1024 + 1)))
    assert answer.status_code == 422
    assert "This log is too large" in words(answer)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("<script>alert(1)</script>.csv", "script>.csv"),
        ("a\u202egpj.csv", "agpj.csv"),
        ("x" * 300 + ".csv", "x" * 196 + ".csv"),
        ("C:\\Users\\mara\\log.csv", "log.csv"),
    ],
)
def test_a_log_has_a_name_that_can_be_shown(asked, signed_in, name, shown):
    mara = signed_in("mara")
    answer = mara.post(PAGE, sent() | a_file(a_log(), name))
    assert Trial.objects.get().log_name == shown
    assert "<script>alert" not in mara.get(answer.url).content.decode()
