"""A ticket whose subject names another one of the same requester offers itself to be merged into that."""

import pytest

from puntuale.tickets.models import Ticket
from tests.tickets.deeds import FRIDAY, fresh


@pytest.fixture
def first(company):
    return company.ticket(at=FRIDAY)


@pytest.mark.parametrize("subject", ["Re: [#{n}] Calls drop", "AW: #{n}", "About ticket #{n}: still broken", "(#{n})"])
def test_one_click_merges_it_into_the_ticket_it_names(signed_in, company, first, subject, now):
    now.at = FRIDAY
    second = company.ticket(at=FRIDAY, subject=subject.format(n=first.number))
    ada = signed_in("ada")
    page = ada.get(f"/en/desk/{second.number}/").content.decode()
    assert f"Merge into #{first.number}" in page
    assert second.promises.get().due_at
    ada.post(f"/en/desk/{second.number}/merge/", {"into": first.number})
    assert fresh(second).merged_into == first
    assert "Merge into #" not in ada.get(f"/en/desk/{second.number}/").content.decode()


@pytest.mark.parametrize("subject", ["Calls drop {n}", "#{n}0000", "#{n}x", "# {n}", "#99999999999999999", "#{own}"])
def test_what_names_no_ticket_offers_nothing(signed_in, company, first, subject):
    second = company.ticket(at=FRIDAY, subject="x")
    Ticket.objects.filter(pk=second.pk).update(subject=subject.format(n=first.number, own=second.number))
    assert "Merge into #" not in signed_in("ada").get(f"/en/desk/{second.number}/").content.decode()


def test_the_ticket_of_another_requester_is_not_offered(signed_in, company, first):
    second = company.ticket(company.paola, at=FRIDAY, subject=f"Re: [#{first.number}] Calls drop")
    assert "Merge into #" not in signed_in("ada").get(f"/en/desk/{second.number}/").content.decode()
