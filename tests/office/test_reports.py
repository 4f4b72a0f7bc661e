"""The page of reports: every figure opens the tickets behind it, and they are as many as it says."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest

from puntuale.tickets import classification, conversation
from puntuale.tickets.models import Grounds
from tests.pages import words
from tests.tickets.deeds import FRIDAY

PAGE = "/en/office/reports/"


@pytest.fixture
def history(company, now):
    """One kept, one late, one lowered in time, one running, one without a guarantee."""

    def answer(ticket, **later):
        conversation.answer(ticket, body="Here.", by=company.ada, at=FRIDAY + timedelta(**later))

    answer(company.ticket(company.paola, "1", FRIDAY), minutes=5)
    answer(company.ticket(company.anna, "1", FRIDAY), hours=2)
    lowered = company.ticket(company.anna, "1", FRIDAY)
    classification.reclassify(
        lowered, to="3", because=Grounds.HOW_TO, telling="A question.", by=company.ada, at=FRIDAY + timedelta(minutes=1)
    )
    answer(lowered, hours=3)
    company.ticket(company.paola, "3", FRIDAY)
    company.ticket(company.bruno, "1", FRIDAY)
    now.is_("2026-11-20T20:00:00+01:00")


def figures(page):
    """The figures of a page with the addresses they open."""
    return [
        (int(count), unescape(address))
        for address, count in re.findall(r'href="([^"]*/tickets/\?[^"#]*)#tickets">(\d+)</a>', page)
    ]


def test_the_three_readings_stand_side_by_side_with_what_they_are_made_of(signed_in, history):
    said = words(signed_in("mara").get(PAGE))
    assert "33.3% ( 1 / 3 )" in said and "66.6% ( 2 / 3 )" in said and "50.0% ( 1 / 2 )" in said
    assert "As promised answered late, as finally classified kept" in said


@pytest.mark.parametrize(
    "by", ["", "plan", "priority", "organisation", "product", "agent", "hour", "day", "week", "month"]
)
def test_every_figure_opens_as_many_tickets_as_it_says(signed_in, history, by):
    mara = signed_in("mara")
    opened = figures(mara.get(f"{PAGE}?by={by}").content.decode())
    assert len(opened) > 10
    for count, address in opened:
        page = words(mara.get(address))
        assert f"{count} ticket" in page and page.count("Calls drop") == count, address


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("period=last_month", "Rate – (0 / 0)"),
        ("period=days&since=2026-11-20&until=2026-11-20", "33.3%"),
        ("period=days&since=2026-11-21&until=2026-11-20", "this month is shown"),
        ("period=days&since=0001-01-01&until=x", "this month is shown"),
        ("period=nonsense&by=nonsense&organisation=x", "33.3%"),
    ],
)
def test_what_is_asked_is_shown(signed_in, history, asked, shown):
    assert shown in words(signed_in("mara").get(f"{PAGE}?{asked}"))


def test_response_times_are_told_on_both_clocks_with_the_margin(signed_in, history):
    said = words(signed_in("mara").get(PAGE))
    assert "Wall-clock time 3 2:00 3:00 3:00" in said
    assert "Business time, for what was guaranteed 3 2:00 3:00 3:00" in said
    assert "Margin to the promise 3 \N{MINUS SIGN}1:00 \N{MINUS SIGN}2:00 \N{MINUS SIGN}2:00" in said


def test_one_organisation_alone(signed_in, history, company):
    said = words(signed_in("mara").get(f"{PAGE}?organisation={company.professional.pk}&by=priority"))
    assert "Fabrikam" in said and "100.0% ( 1 / 1 )" in said


@pytest.mark.parametrize("asked", ["promised=x", "key=%00&by=plan", "agreed=maybe", "page=99999999", "key=1"])
def test_a_question_that_makes_no_sense_does_no_harm(signed_in, history, asked):
    assert signed_in("mara").get(f"{PAGE}tickets/?{asked}").status_code == 200


def test_the_chart_says_in_words_what_it_draws(signed_in, history):
    page = signed_in("mara").get(PAGE).content.decode()
    assert 'role="img"' in page and "As promised, 33.3%, 1 of 3" in page


def test_the_table_and_the_facts_say_the_same(signed_in, history, company):
    company.professional.name = "=Fabrikam"
    company.professional.save()
    mara = signed_in("mara")
    sent = b"".join(mara.get(f"{PAGE}attainment.csv?by=organisation").streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(sent)))
    facts = mara.get(f"{PAGE}attainment.json?by=organisation").json()
    assert "'=Fabrikam" in {row["name"] for row in rows}
    told = {("all", reading): facts["total"][reading] for reading in ("promised", "final", "excluding")}
    told |= {
        (one["key"], reading): one[reading] for one in facts["groups"] for reading in ("promised", "final", "excluding")
    }
    assert len(rows) == len(told) == 12
    for row in rows:
        counts = told[row["key"], row["reading"]]
        assert {name: row[name] for name in counts if name != "rate"} == {
            name: str(count) for name, count in counts.items() if name != "rate"
        }
        assert (float(row["rate"]) if row["rate"] else None) == counts["rate"]
    assert facts["moved"] == [{"promised": "late", "final": "kept", "tickets": 1}]
    assert (facts["since"], facts["zone"]) == ("2026-10-31T23:00:00+00:00", "Europe/Brussels")
    assert mara.get(f"{PAGE}attainment.exe").status_code == 404
