"""Trying in the background: what a manager asks is run by the worker, can be ended, and stays."""

from datetime import timedelta
from unittest.mock import Mock

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from puntuale.agreements.reading import NothingInForce
from puntuale.conf.worker import forget_what_is_over_age, run_trial, tell_of_lost_trials
from puntuale.guarantee.document import DocumentRefused
from puntuale.oncall.models import Rota
from puntuale.privacy import erasing
from puntuale.tickets import conversation
from puntuale.tickets.rights import NotAManager
from puntuale.whatif import trials
from puntuale.whatif.calendars import CalendarRefused
from puntuale.whatif.models import Trial
from puntuale.whatif.staffing import StaffingRefused
from tests.guarantee.documents import STANDARD
from tests.guarantee.test_story import on

AT = on("fri 16:00")
HASTY = STANDARD.replace('"6h business"', '"2h business"')


@pytest.fixture
def asked(company, now):
    """A history of six weeks, and somebody who asks."""
    for week in range(6):
        for day in range(5):
            at = on("mon 09:30") - timedelta(weeks=week, days=-day)
            if at < AT:
                ticket = company.ticket(company.paola, "2", at)
                conversation.answer(ticket, body="Yes.", by=company.ada, at=at + timedelta(hours=4))
    company.ticket(company.anna, "1", on("2026-11-19 23:00"))
    now.at = AT
    return lambda **more: trials.ask(by=company.mara, at=AT, **more)


def test_what_was_asked_is_run_by_the_worker_and_kept(asked, company, now):
    ProcrastinateJob.objects.all().delete()
    trial = asked(source=HASTY, target=0.9, growth=2.0, handling=600)
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args, job.lock) == ("run_trial", {"trial": trial.pk}, "run_trial")
    assert (trial.against, trial.is_over) == (1, False)
    assert run_trial(**job.args) == "done"
    trial.refresh_from_db()
    assert (trial.progress, trial.begun_at, trial.ended_at) == (100, AT, AT)
    found = trial.result
    assert found["before"]["kept"] == found["after"]["missed"] - found["before"]["missed"] > 20
    assert found["moved"]["earlier"] == found["before"]["kept"]
    assert len(found["staffing"]["staff"]) == 168
    assert found["staffing"]["handling"] == 600
    assert run_trial(trial.pk) == "over"


def test_a_rota_tells_whom_the_nights_would_have_called(asked, company, oncall):
    rota = Rota.objects.get(pk=oncall.rota.pk)
    trial = asked(rota=rota.pk)
    run_trial(trial.pk)
    trial.refresh_from_db()
    assert [one["who"] for one in trial.result["after"]["people"]] == [company.ada.pk]
    assert "staffing" not in trial.result


def test_without_enough_answers_the_people_are_not_guessed(asked):
    trial = asked(target=0.9)
    assert run_trial(trial.pk) == "done"
    trial.refresh_from_db()
    assert trial.result["staffing"] == {"refused": "handling"}


def test_without_a_whole_week_there_is_nothing_to_draw_from(company, now):
    now.at = AT
    trial = trials.ask(by=company.mara, at=AT, target=0.9, handling=600)
    run_trial(trial.pk)
    trial.refresh_from_db()
    assert trial.result["staffing"] == {"refused": "history"}
    assert trial.result["tickets"] == 0


def test_a_trial_can_be_ended_before_and_while_it_runs(asked, company, monkeypatch):
    first, second = asked(), asked(target=0.9, handling=600)
    trials.cancel(first, by=company.mara, at=AT)
    assert run_trial(first.pk) == "over"

    told = []
    kept = trials._tell

    def tell(trial, progress):
        told.append(progress)
        if progress > 20:
            trials.cancel(second, by=company.mara, at=AT)
        kept(trial, progress)

    monkeypatch.setattr(trials, "_tell", tell)
    assert run_trial(second.pk) == "cancelled"
    second.refresh_from_db()
    assert (second.result, second.cancelled_by, second.ended_at) == (None, company.mara, None)
    assert 20 < max(told) < 99


def test_a_trial_that_a_worker_died_over_is_begun_anew(asked, now):
    trial = asked()
    Trial.objects.filter(pk=trial.pk).update(begun_at=AT - timedelta(minutes=5), progress=40)
    assert run_trial(trial.pk) == "done"
    trial.refresh_from_db()
    assert trial.begun_at == AT


def test_what_is_raised_over_a_trial_is_its_failure_and_it_can_be_started_again(asked, company, monkeypatch):
    trial = asked()
    monkeypatch.setattr(trials, "replay", broken := Mock(side_effect=ZeroDivisionError))
    with pytest.raises(ZeroDivisionError):
        run_trial(trial.pk)
    trial.refresh_from_db()
    assert (trial.failed_at, trial.ended_at, trial.is_over) == (AT, None, True)
    assert run_trial(trial.pk) == "over"
    assert trials.ahead_of(asked()) == 0

    monkeypatch.undo()
    ProcrastinateJob.objects.all().delete()
    assert trials.again(trial, by=company.mara)
    assert [job.args for job in ProcrastinateJob.objects.all()] == [{"trial": trial.pk}]
    assert (trial.is_over, trial.begun_at, trial.progress) == (False, None, 0)
    assert not trials.again(trial, by=company.mara)
    assert run_trial(trial.pk) == "done"
    assert not trials.again(trial, by=company.mara)
    assert ProcrastinateJob.objects.count() == 1
    assert broken.called


def test_a_trial_over_which_workers_die_is_begun_three_times_and_then_fails(asked, company, monkeypatch):
    trial = asked()
    monkeypatch.setattr(trials, "replay", Mock(side_effect=KeyboardInterrupt))
    for tries in (1, 2, 3):
        with pytest.raises(KeyboardInterrupt):
            run_trial(trial.pk)
        trial.refresh_from_db()
        assert (trial.tries, trial.is_over) == (tries, False)
    assert run_trial(trial.pk) == "failed"
    trial.refresh_from_db()
    assert trial.failed_at == AT
    monkeypatch.undo()
    trials.again(trial, by=company.mara)
    assert run_trial(trial.pk) == "done"


def test_a_worker_that_was_thought_dead_writes_nothing_into_what_another_one_does(asked, monkeypatch):
    trial, kept = asked(), trials.replay

    def slow(*told, **more):
        monkeypatch.setattr(trials, "replay", kept)
        assert run_trial(trial.pk) == "done"
        Trial.objects.filter(pk=trial.pk).update(result={"of": "the other"})
        return kept(*told, **more)

    monkeypatch.setattr(trials, "replay", slow)
    assert run_trial(trial.pk) == "cancelled"
    trial.refresh_from_db()
    assert (trial.result, trial.tries) == ({"of": "the other"}, 2)


def test_a_trial_without_a_job_fails_and_those_with_one_wait(asked, now):
    ProcrastinateJob.objects.all().delete()
    lost, over, dying = asked(), asked(), asked()
    trials.cancel(over, by=over.asked_by, at=AT)
    ProcrastinateJob.objects.filter(args__trial=lost.pk).update(status="failed")
    ProcrastinateJob.objects.filter(args__trial=dying.pk).update(status="doing")
    assert tell_of_lost_trials(0) == 0
    now.at = AT + timedelta(minutes=6)
    fresh = trials.ask(by=lost.asked_by, at=now.at)
    ProcrastinateJob.objects.filter(args__trial=fresh.pk).delete()
    assert tell_of_lost_trials(0) == 1
    assert list(Trial.objects.exclude(failed_at=None)) == [lost]


def test_only_managers_try_and_only_what_makes_sense(company):
    for verb in (
        lambda: trials.ask(by=company.ada, at=AT),
        lambda: trials.cancel(Trial(pk=1), by=company.ada, at=AT),
        lambda: trials.again(Trial(pk=1), by=company.ada),
    ):
        with pytest.raises(NotAManager):
            verb()
    for refused, more in (
        (DocumentRefused, {"source": "version = 1"}),
        (CalendarRefused, {"calendar": "version = 1"}),
        (trials.NoRotaToTry, {"rota_before": 1}),
        (StaffingRefused, {"target": 1.5}),
        (StaffingRefused, {"target": 0.9, "growth": 0.0}),
        (StaffingRefused, {"target": 0.9, "handling": 100_000}),
    ):
        with pytest.raises(refused):
            trials.ask(by=company.mara, at=AT, **more)
    with pytest.raises(NothingInForce):
        trials.ask(by=company.mara, at=AT - timedelta(days=3_000))
    assert not Trial.objects.exists()


def test_the_same_question_has_the_same_answer(asked):
    found = []
    for _ in range(2):
        trial = asked(target=0.9, handling=600)
        run_trial(trial.pk)
        trial.refresh_from_db()
        found.append(trial.result["staffing"])
    assert found[0] == found[1]


def test_both_sides_are_over_the_same_tickets(asked):
    trial = asked(source=STANDARD.replace("professional", "premium"))
    run_trial(trial.pk)
    trial.refresh_from_db()
    found = trial.result
    left_out = found["left_out"]["after"]
    assert 0 < left_out == found["unknown"]
    for side in ("before", "after"):
        counted = sum(found[side][name] for name in ("kept", "missed", "waiting", "no_guarantee"))
        assert counted == found["tickets"] - left_out


def test_with_no_rota_to_try_nobody_is_on_call_on_either_side(asked, oncall):
    trial = asked()
    Trial.objects.filter(pk=trial.pk).update(rota_before=oncall.rota.pk)
    run_trial(trial.pk)
    trial.refresh_from_db()
    assert trial.result["before"]["people"] == trial.result["after"]["people"] == []


def test_one_runs_at_a_time_and_the_others_know_how_many_are_before_them(asked):
    first, second, third = asked(), asked(), asked()
    assert [trials.ahead_of(one) for one in (first, second, third)] == [0, 1, 2]
    run_trial(first.pk)
    trials.cancel(second, by=second.asked_by, at=AT)
    assert trials.ahead_of(third) == 0


def test_what_was_tried_is_deleted_after_ninety_days_and_with_its_author(asked, company, now):
    old, kept = asked(), asked()
    Trial.objects.filter(pk=old.pk).update(asked_at=AT - timedelta(days=90, seconds=1))
    Trial.objects.filter(pk=kept.pk).update(asked_at=AT - timedelta(days=90))
    forget_what_is_over_age(0)
    assert list(Trial.objects.all()) == [kept]
    Trial.objects.filter(pk=kept.pk).update(asked_by=company.ada)
    erasing.erase(company.ada, by=company.mara, at=AT)
    assert not Trial.objects.exists()
