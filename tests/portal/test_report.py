"""The service report: what an organisation's administrators see of how its promises were kept."""

import re
from html import unescape

import pytest

from tests.office.test_reports import history  # noqa: F401 -- the same history, read by a customer
from tests.pages import words

PAGE = "/en/tickets/organisation/report/"


@pytest.fixture
def report(signed_in, history):  # noqa: F811
    andrea = signed_in("andrea")
    return lambda asked="": andrea.get(f"{PAGE}?{asked}")


def test_it_tells_what_was_promised_and_what_was_done(report):
    said = words(report())
    assert "Northwind Telephony" in said and "What we promised, and what we did." in said
    assert "0.0% (0 / 2 )" in said and "50.0% ( 1 / 2 )" in said and "0.0% (0 / 1 )" in said
    assert said.count("Calls drop") == 2 and "2 tickets" in said


def test_nobody_sees_what_another_organisation_was_promised(report, company):
    for organisation in (company.professional.pk, company.basic.pk):
        said = words(report(f"organisation={organisation}&by=organisation"))
        assert "Fabrikam" not in said and "Litware" not in said and said.count("Calls drop") == 2


def test_every_figure_opens_as_many_tickets_as_it_says(report):
    page = report().content.decode()
    opened = re.findall(r'href="([^"]*/report/\?[^"]*)#tickets">(\d+)</a>', page)
    assert len(opened) > 8
    for address, count in opened:
        assert words(report(unescape(address).partition("?")[2])).count("Calls drop") == int(count), address


def test_it_tells_which_priorities_were_changed_and_opens_nobody_elses_tickets(report, company):
    page = report()
    assert "Changed priorities lowered raised customer disagreed customer was right all together 1 0 0 0" in words(page)
    other = company.professional.pk
    for asked in (
        f"pile=changes&party=organisation&key={other}&sort=lowered",
        "pile=backlog&state=unanswered&priority=3",
        "pile=ratings&party=nonsense&key=&good=yes",
    ):
        assert "0 tickets" in words(report(asked)), asked


def test_another_period_has_other_tickets(report):
    assert "No ticket was submitted in these days." in words(report("period=last_month"))


@pytest.mark.parametrize("name", ["anna", "ada"])
def test_only_administrators_of_an_organisation_read_it(signed_in, company, name):
    assert signed_in(name).get(PAGE).status_code in {403, 404}
