"""Nobody gets a promise day and night while nobody is on call at times, unless a manager answers for it."""

import json
from datetime import timedelta

import pytest

from puntuale.agreements.contracts import NotCovered, sign
from puntuale.agreements.models import Contract, Publication
from puntuale.agreements.publication import PublicationRefused, publish
from puntuale.oncall import rotas
from puntuale.people.joining import found_organisation
from tests.guarantee.documents import bent
from tests.guarantee.test_story import on

NOW = on("fri 10:00")
DAY = timedelta(days=1)
NIGHTS_FOR_PROFESSIONAL = {"version": 2, "first_response.professional.1": "4h always"}


@pytest.fixture
def rising(company):
    return found_organisation(name="Rising", at=NOW)


def version(changes):
    return json.dumps(bent(changes), default=str)


def test_without_a_chain_the_plan_is_not_to_be_had(rising):
    with pytest.raises(NotCovered) as refused:
        sign(rising, plan="advanced", starts_at=NOW, at=NOW)
    assert refused.value.plan == "advanced" and not Contract.objects.filter(organisation=rising).exists()


def test_a_plan_of_business_hours_needs_nobody_at_night(rising):
    assert sign(rising, plan="professional", starts_at=NOW, at=NOW).answered_for_by is None


def test_a_full_rota_is_enough(rising, oncall):
    assert sign(rising, plan="advanced", starts_at=NOW, at=NOW).answered_for_by is None


def test_a_gap_within_the_next_thirty_days_is_too_much_and_one_later_is_not(rising, oncall, company):
    for person in (company.ada, company.grace):
        rotas.take_time_off(person, start_at=NOW + 10 * DAY, end_at=NOW + 11 * DAY, by=company.mara, at=NOW)
    with pytest.raises(NotCovered):
        sign(rising, plan="advanced", starts_at=NOW, at=NOW)
    assert sign(rising, plan="advanced", starts_at=NOW + 12 * DAY, at=NOW).answered_for_by is None


def test_a_manager_may_answer_for_it_and_it_is_written_down(rising, company):
    assert sign(rising, plan="advanced", starts_at=NOW, at=NOW, answering=company.mara).answered_for_by == company.mara


@pytest.mark.parametrize("who", ["ada", "anna"])
def test_nobody_but_a_manager_may(rising, company, who):
    with pytest.raises(NotCovered):
        sign(rising, plan="advanced", starts_at=NOW, at=NOW, answering=getattr(company, who))


def test_a_version_that_begins_to_promise_the_night_needs_it_too(company):
    with pytest.raises(PublicationRefused) as refused:
        publish(version(NIGHTS_FOR_PROFESSIONAL), effective_from=NOW, at=NOW, allowing_warnings=True)
    assert refused.value.rule == "plan.uncovered" and "professional" in str(refused.value)
    assert Publication.objects.count() == 1
    publish(
        version(NIGHTS_FOR_PROFESSIONAL), effective_from=NOW, at=NOW, allowing_warnings=True, answering=company.mara
    )
    assert Publication.objects.count() == 2


def test_a_version_that_promises_no_more_than_before_is_published(company):
    publish(version({"version": 2}), effective_from=NOW, at=NOW, allowing_warnings=True)
    assert Publication.objects.count() == 2


def test_the_form_of_a_contract_asks_who_answers_for_it(rising, company, signed_in, now):
    now.at = NOW
    browser = signed_in("mara")
    said = {
        "organisation": rising.pk, "plan": "advanced", "starts_at_0": "2026-11-20", "starts_at_1": "12:00:00",
        "ends_at_0": "", "ends_at_1": "", "signed_at_0": "2026-11-20", "signed_at_1": "10:00:00",
    }  # fmt: skip
    refused = browser.post("/repair/agreements/contract/add/", said)
    assert "at times nobody is on call" in refused.content.decode()
    assert browser.post("/repair/agreements/contract/add/", said | {"i_answer": "on"}).status_code == 302
    contract = Contract.objects.get(organisation=rising)
    assert contract.answered_for_by == company.mara
    later = said | {"ends_at_0": "2027-11-20", "ends_at_1": "10:00:00"}
    assert browser.post(f"/repair/agreements/contract/{contract.pk}/change/", later).status_code == 302
