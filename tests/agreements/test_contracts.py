"""An organisation has one plan at a time. The database itself refuses a second."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from puntuale.agreements.contracts import ContractOverlaps, EndRefused, NotCovered, change_plan, end, ending_soon, sign
from puntuale.agreements.models import Contract
from puntuale.agreements.publication import publish
from puntuale.agreements.reading import contract_in_force, plan_in_force
from puntuale.guarantee.agreement import UnknownTerm
from puntuale.people.joining import found_organisation
from puntuale.people.models import AuditEntry
from tests.agreements.test_publication import without_basic

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def rising(company):
    return found_organisation(name="Rising", at=NOW)


def test_a_contract_is_in_force_from_its_start_up_to_its_end(rising, company):
    sign(rising, plan="basic", starts_at=NOW, ends_at=NOW + DAY, at=NOW)
    sign(rising, plan="advanced", starts_at=NOW + DAY, at=NOW, answering=company.mara)
    instants = [NOW - timedelta(microseconds=1), NOW, NOW + DAY - timedelta(microseconds=1), NOW + DAY, NOW + 900 * DAY]
    assert [plan_in_force(rising, at) for at in instants] == [None, "basic", "basic", "advanced", "advanced"]
    assert contract_in_force(None, NOW) is None


@pytest.mark.parametrize(
    ("starts", "ends"),
    [(0, 1), (-1, 0.5), (0.5, 2), (-5, None), (0.25, 0.5), (-1, 9)],
    ids=["the same", "into its start", "over its end", "open", "within", "around"],
)
def test_two_plans_at_once_are_refused(rising, company, starts, ends):
    sign(rising, plan="basic", starts_at=NOW, ends_at=NOW + DAY, at=NOW)
    with pytest.raises(ContractOverlaps):
        sign(
            rising,
            plan="advanced",
            starts_at=NOW + starts * DAY,
            ends_at=None if ends is None else NOW + ends * DAY,
            at=NOW,
            answering=company.mara,
        )
    assert Contract.objects.filter(organisation=rising).count() == 1


def test_the_same_time_for_another_organisation_is_fine(rising, company):
    sign(rising, plan="basic", starts_at=NOW, at=NOW)
    assert plan_in_force(company.advanced, NOW) == "advanced"


def test_a_plan_the_agreement_does_not_have_is_refused(rising):
    with pytest.raises(UnknownTerm, match="gold"):
        sign(rising, plan="gold", starts_at=NOW, at=NOW)


def test_a_plan_that_a_planned_version_drops_cannot_be_had_beyond_it(rising, company):
    company.basic.contracts.update(ends_at=NOW)
    publish(without_basic(2), effective_from=NOW + DAY, at=NOW)
    with pytest.raises(UnknownTerm, match="basic"):
        sign(rising, plan="basic", starts_at=NOW, at=NOW)
    assert sign(rising, plan="basic", starts_at=NOW, ends_at=NOW + DAY, at=NOW)


def test_a_plan_that_the_agreement_does_not_have_promises_nothing(rising):
    Contract.objects.create(organisation=rising, plan="gold", starts_at=NOW, signed_at=NOW)
    assert plan_in_force(rising, NOW) is None


def test_a_contract_that_ends_before_it_starts_is_refused(rising):
    with pytest.raises(IntegrityError), transaction.atomic():
        sign(rising, plan="basic", starts_at=NOW, ends_at=NOW, at=NOW)


def test_a_contract_ends_when_it_is_told_to_and_never_in_the_past(company):
    contract = company.professional.contracts.get()
    for ends, rule in ((NOW - DAY, "end.past"), (contract.starts_at - DAY, "end.past")):
        with pytest.raises(EndRefused) as refused:
            end(contract, ends_at=ends, by=company.mara, at=NOW)
        assert refused.value.rule == rule
    end(contract, ends_at=NOW + DAY, by=company.mara, at=NOW, address="192.0.2.9")
    assert plan_in_force(company.professional, NOW + DAY) is None
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.about) == ("contract_ended", f"organisation {company.professional.pk}")
    with pytest.raises(EndRefused, match=r"contract\.ended"):
        end(contract, ends_at=NOW + 9 * DAY, by=company.mara, at=NOW + 2 * DAY)


def test_a_contract_that_has_not_begun_ends_after_its_start(rising, company):
    contract = sign(rising, plan="basic", starts_at=NOW + 5 * DAY, at=NOW)
    with pytest.raises(EndRefused, match=r"end\.before_start"):
        end(contract, ends_at=NOW + 4 * DAY, by=company.mara, at=NOW)


def test_an_end_cannot_be_put_into_the_next_contract(rising, company):
    first = sign(rising, plan="basic", starts_at=NOW, ends_at=NOW + DAY, at=NOW)
    sign(rising, plan="professional", starts_at=NOW + DAY, at=NOW)
    with pytest.raises(ContractOverlaps):
        end(first, ends_at=NOW + 2 * DAY, by=company.mara, at=NOW)


def test_another_plan_takes_the_place_of_the_one_in_force(company):
    change_plan(company.basic, plan="professional", starts_at=NOW + DAY, by=company.mara, at=NOW)
    assert [plan_in_force(company.basic, at) for at in (NOW, NOW + DAY)] == ["basic", "professional"]
    assert company.basic.contracts.count() == 2


def test_a_change_that_is_refused_ends_nothing(company):
    with pytest.raises(NotCovered):
        change_plan(company.basic, plan="advanced", starts_at=NOW + DAY, by=company.mara, at=NOW)
    assert company.basic.contracts.get().ends_at is None
    change_plan(company.basic, plan="advanced", starts_at=NOW + DAY, by=company.mara, at=NOW, answers=True)
    assert company.basic.contracts.first().answered_for_by == company.mara


def test_contracts_that_end_soon_are_found_unless_another_follows(company, rising):
    end(company.professional.contracts.get(), ends_at=NOW + 10 * DAY, by=company.mara, at=NOW)
    change_plan(company.basic, plan="professional", starts_at=NOW + 5 * DAY, by=company.mara, at=NOW)
    sign(rising, plan="basic", starts_at=NOW, ends_at=NOW + 40 * DAY, at=NOW)
    assert [contract.organisation for contract in ending_soon(NOW)] == [company.professional]
    assert [contract.organisation for contract in ending_soon(NOW + 10 * DAY)] == [rising]
