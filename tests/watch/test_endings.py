"""A contract that ends is told to the managers thirty days ahead, once."""

from datetime import UTC, datetime, timedelta

import pytest

from puntuale.agreements.contracts import change_plan, end
from puntuale.sending.models import Intent
from puntuale.watch import endings

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def ending(company, settings):
    settings.EMAIL_IS_SET, settings.BASE_URL = True, "https://desk.example"
    return end(company.professional.contracts.get(), ends_at=NOW + 40 * DAY, by=company.mara, at=NOW)


def test_the_managers_are_told_once_and_in_time(company, ending):
    assert endings.tell_ahead(NOW) == 0
    assert [endings.tell_ahead(NOW + 12 * DAY) for _ in range(2)] == [1, 0]
    told = Intent.objects.filter(kind="contract_ends")
    assert {intent.person for intent in told} == {company.mara}
    letter = endings.write(list(told.filter(channel="email")), NOW + 12 * DAY)
    assert "Fabrikam" in letter.subject
    assert letter.link == "https://desk.example/it/office/organisations/?ending=on"


def test_another_end_is_told_anew_and_the_old_one_no_more(company, ending):
    endings.tell_ahead(NOW + 12 * DAY)
    end(ending, ends_at=NOW + 20 * DAY, by=company.mara, at=NOW + 12 * DAY)
    old = list(Intent.objects.filter(kind="contract_ends"))
    assert set(endings.no_longer_ending(old).values()) == {"ends_at_another_time"}
    assert endings.tell_ahead(NOW + 12 * DAY) == 1


def test_a_contract_that_another_one_follows_needs_nobody(company, ending):
    change_plan(company.professional, plan="basic", starts_at=NOW + 40 * DAY, by=company.mara, at=NOW)
    assert endings.tell_ahead(NOW + 12 * DAY) == 0
