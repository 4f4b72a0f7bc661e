"""A plan bought while tickets are open brings promises forward, and never puts one back (rule 10)."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from puntuale.agreements.contracts import ContractOverlaps, sign
from puntuale.agreements.models import Contract
from puntuale.conf.worker import cover_organisation
from puntuale.people.models import Person, Role
from puntuale.tickets import conversation, merging, resolution
from puntuale.tickets.coverage import cover
from tests.guarantee.tables import at
from tests.tickets.deeds import FRIDAY, all_is_consistent, due, endings, fresh, kinds

SATURDAY = at("2026-11-21T10:00:00+01:00")


def change_plan(organisation, plan, when):
    Contract.objects.filter(organisation=organisation).update(ends_at=when)
    if plan:
        mara = Person.objects.get(role=Role.MANAGER)
        sign(organisation, plan=plan, starts_at=when, at=when, answering=mara)
    return cover(organisation, at=when)


def test_from_no_guarantee_the_clock_starts_at_the_change(company):
    ticket = company.ticket(company.bruno, at=FRIDAY)
    assert change_plan(company.basic, "professional", SATURDAY) == [ticket]
    assert due(ticket) == at("2026-11-23T12:00:00+01:00")
    promise = ticket.promises.get(number=2)
    assert (promise.start_at, promise.plan, promise.basis) == (SATURDAY, "professional", "covered")
    assert (fresh(ticket).plan, kinds(ticket)) == ("professional", ["submitted", "covered"])
    assert all_is_consistent()


def test_an_upgrade_only_brings_forward(company):
    late, soon = (
        company.ticket(company.paola, "1", at=SATURDAY),
        company.ticket(company.paola, "3", at=at("2026-11-20T09:00:00+01:00")),
    )
    before = due(soon)
    assert change_plan(company.professional, "advanced", at("2026-11-23T08:00:00+01:00")) == [late]
    assert due(late) == at("2026-11-23T09:00:00+01:00")
    assert (due(soon), fresh(soon).plan) == (before, "professional")


@pytest.mark.parametrize("plan", ["basic", "professional", None], ids=["to Basic", "to Professional", "expired"])
def test_a_lesser_plan_or_none_touches_no_open_promise(company, plan):
    ticket = company.ticket(at=SATURDAY)
    assert change_plan(company.advanced, plan, SATURDAY + timedelta(minutes=5)) == []
    assert (due(ticket), kinds(ticket)) == (SATURDAY + timedelta(hours=1), ["submitted"])


def test_what_is_answered_or_of_a_preview_product_stays_as_it_is(company):
    done, preview = (
        company.ticket(company.bruno, at=FRIDAY),
        company.ticket(company.bruno, product=company.transcripts, at=FRIDAY),
    )
    conversation.answer(done, body="Yes.", by=company.ada, at=FRIDAY)
    assert change_plan(company.basic, "advanced", SATURDAY) == []
    assert (endings(done), endings(preview)) == (["answered"], [None])


@pytest.mark.parametrize("gone", ["merged", "cancelled"])
def test_what_was_away_when_a_plan_was_bought_counts_from_when_it_is_back(company, gone):
    ticket, other = (company.ticket(company.bruno, at=FRIDAY) for _ in range(2))
    if gone == "merged":
        merging.merge(ticket, into=other, by=company.ada, at=FRIDAY + timedelta(minutes=1))
    else:
        resolution.cancel(ticket, because=resolution.Because.SPAM, telling="", by=company.ada, at=FRIDAY)
    change_plan(company.basic, "professional", SATURDAY)
    back = merging.unmerge if gone == "merged" else resolution.restore
    back(ticket, by=company.ada, at=SATURDAY + timedelta(hours=1))
    assert (due(ticket), fresh(ticket).plan) == (at("2026-11-23T12:00:00+01:00"), "professional")
    assert all_is_consistent()


def test_covering_twice_changes_nothing_more(company):
    ticket = company.ticket(company.bruno, at=FRIDAY)
    change_plan(company.basic, "professional", SATURDAY)
    assert cover(company.basic, at=SATURDAY + timedelta(hours=1)) == []
    assert len(endings(ticket)) == 2


def test_signing_a_contract_lets_the_worker_cover_the_open_tickets_when_it_begins(company, now):
    ticket = company.ticket(company.bruno, at=FRIDAY)
    Contract.objects.filter(organisation=company.basic).update(ends_at=SATURDAY)
    ProcrastinateJob.objects.all().delete()
    sign(company.basic, plan="professional", starts_at=SATURDAY, at=FRIDAY)
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.scheduled_at, job.args) == (
        "cover_organisation", SATURDAY, {"organisation": company.basic.pk},
    )  # fmt: skip
    now.at = SATURDAY + timedelta(seconds=1)
    assert cover_organisation(**job.args) == 1
    assert due(ticket) == at("2026-11-23T12:00:00+01:00")


def test_a_contract_that_is_refused_tells_the_worker_nothing(company):
    ProcrastinateJob.objects.all().delete()
    with pytest.raises(ContractOverlaps):
        sign(company.basic, plan="professional", starts_at=SATURDAY, at=FRIDAY)
    assert not ProcrastinateJob.objects.exists()
