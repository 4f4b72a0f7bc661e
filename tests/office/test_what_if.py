"""The page What if: asking, watching it run, reading what came of it."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from puntuale.agreements import drafting
from puntuale.conf.worker import run_trial
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
    ("more", "said"),
    [
        ({"what": "document"}, "There is no document to try."),
        ({"what": "document", "document": "version = 1"}, "This document is no agreement."),
        ({"calendar": "[hours"}, "These hours and holidays cannot be tried."),
        ({"people": "on", "target": "all"}, "People can be found"),
        ({"people": "on", "target": "101"}, "People can be found"),
        ({"people": "on", "growth": "0"}, "People can be found"),
        ({"people": "on", "growth": "nan"}, "People can be found"),
        ({"people": "on", "handling": "2000"}, "People can be found"),
        ({"people": "on", "handling": "0.001"}, "People can be found"),
    ],
)
def test_what_cannot_be_tried_is_refused_and_stays_filled_in(asked, signed_in, more, said):
    answer = signed_in("mara").post(PAGE, sent(**more))
    assert answer.status_code == 422
    assert said in words(answer)
    assert all(str(value) in answer.content.decode() for value in more.values())
    assert not Trial.objects.exists()


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
