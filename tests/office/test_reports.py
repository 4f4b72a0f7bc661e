"""The page of reports: every figure opens the tickets behind it, and they are as many as it says."""

import csv
import io
import re
import zipfile
from datetime import timedelta
from html import unescape

import pytest

from puntuale.tickets import classification, conversation, rating
from puntuale.tickets.models import Grounds, Ticket
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


def test_a_ticket_that_was_lowered_twice_is_one_ticket(signed_in, company, now):
    ticket = company.ticket(company.anna, "1", FRIDAY)
    for minutes, to in ((1, "2"), (2, "3")):
        classification.reclassify(
            ticket,
            to=to,
            because=Grounds.HOW_TO,
            telling="A question.",
            by=company.ada,
            at=FRIDAY + timedelta(minutes=minutes),
        )
        ticket.refresh_from_db()
    now.is_("2026-11-20T20:00:00+01:00")
    mara = signed_in("mara")
    page = mara.get(f"{PAGE}fairness/")
    assert "all together 1 0 0 0 Northwind Telephony 1 0 0 0" in words(page)
    for count, address in figures(page.content.decode()):
        assert count == 1 and words(mara.get(address)).count("Calls drop") == 1


def test_what_customers_raise_is_nobodys_of_the_vendor(signed_in, company, now):
    ticket = company.ticket(company.anna, "3", FRIDAY)
    classification.report_impact(ticket, to="1", text="It is down.", by=company.anna, at=FRIDAY + timedelta(minutes=1))
    now.is_("2026-11-20T20:00:00+01:00")
    said = words(signed_in("mara").get(f"{PAGE}fairness/"))
    assert "customers themselves 0 1 0 0" in said and "Anna Conti" not in said


def test_days_that_were_typed_count_whatever_period_was_shown(signed_in, history):
    asked = "period=this_month&since=2026-11-10&until=2026-11-12&shown_since=2026-11-01&shown_until=2026-11-30"
    assert "10 November 2026 - 12 November 2026" in words(signed_in("mara").get(f"{PAGE}?{asked}"))
    untouched = "period=last_month&since=2026-11-01&until=2026-11-30&shown_since=2026-11-01&shown_until=2026-11-30"
    assert "opinions October 2026 Period" in words(signed_in("mara").get(f"{PAGE}?{untouched}"))


def test_the_page_of_tickets_says_behind_which_figure_they_are(signed_in, history, company):
    mara = signed_in("mara")
    asked = "by=priority&key=1&reading=promised&promised=kept"
    assert "As promised · kept · 1 · Business critical · November 2026" in words(mara.get(f"{PAGE}tickets/?{asked}"))
    pile = f"pile=changes&party=agent&key={company.ada.pk}&sort=lowered"
    page = mara.get(f"{PAGE}tickets/?{pile}")
    assert "lowered · Ada Byron · November 2026" in words(page) and "reports/fairness/?" in page.content.decode()


@pytest.mark.parametrize("asked", ["promised=bogus", "took=bogus", "final=kept&final=x"])
def test_a_filter_that_means_nothing_shows_no_ticket(signed_in, history, asked):
    assert "0 tickets" in words(signed_in("mara").get(f"{PAGE}tickets/?{asked}"))


def test_an_export_of_days_that_are_none_is_refused(signed_in, history):
    assert signed_in("mara").get(f"{PAGE}attainment.csv?period=days&since=zz&until=zz").status_code == 404
    assert signed_in("mara").get(f"{PAGE}?organisation=99999").status_code == 404


@pytest.mark.parametrize("page", ["workload/", "fairness/"])
def test_every_figure_of_the_other_pages_opens_as_many_too(signed_in, history, company, page):
    lowered = Ticket.objects.get(reclassifications__isnull=False)
    change = lowered.reclassifications.get()
    classification.disagree(change, text="It is not.", by=company.anna, at=FRIDAY + timedelta(hours=3, minutes=1))
    classification.uphold(change.disagreement, telling="Right.", by=company.mara, at=FRIDAY + timedelta(hours=4))
    rating.rate(lowered, good=False, comment="", by=company.anna, at=FRIDAY + timedelta(hours=4))
    mara = signed_in("mara")
    opened = figures(mara.get(f"{PAGE}{page}").content.decode())
    assert len(opened) > 4
    for count, address in opened:
        said = words(mara.get(address))
        assert f"{count} ticket" in said and said.count("Calls drop") == count, address


def test_what_is_open_and_what_falls_due_is_told_day_by_day(signed_in, history, company):
    late = company.ticket(company.anna, "1", FRIDAY)
    said = words(signed_in("mara").get(f"{PAGE}workload/"))
    assert late.due_at < FRIDAY + timedelta(hours=4)
    assert "1 · Business critical 2 2 0" in said and "3 · General issue 1 1 0" in said
    assert "due before now 1 0" in said
    assert "23 November 2026 1 0" in said


def test_who_changed_what_for_whom_and_what_they_thought(signed_in, history, company):
    lowered = Ticket.objects.get(reclassifications__isnull=False)
    classification.disagree(
        lowered.reclassifications.get(), text="No.", by=company.anna, at=FRIDAY + timedelta(hours=3, minutes=1)
    )
    rating.rate(lowered, good=True, comment="", by=company.anna, at=FRIDAY + timedelta(hours=4))
    said = words(signed_in("mara").get(f"{PAGE}fairness/"))
    assert "all together 1 0 1 0 Northwind Telephony 1 0 1 0" in said
    assert "all together 1 0 1 0 Ada Byron 1 0 1 0" in said
    assert "Ada Byron 1 0 100.0%" in said
    assert "A question on how to do something 1" in said
    assert "all together 0 0 0 0" in words(signed_in("mara").get(f"{PAGE}fairness/?period=last_month"))


@pytest.mark.parametrize(
    "asked",
    [
        "pile=x",
        "pile=due",
        "pile=due&day=0001-01-01",
        "pile=due&day=9999-12-31",
        "pile=backlog&state=x&priority=1",
        "pile=changes&party=agent&key=%00&sort=lowered",
        "pile=ratings&party=nobody&key=&good=yes",
        "took=clock:x:",
        "took=clock:999999:",
    ],
)
def test_a_pile_that_makes_no_sense_is_empty_or_all(signed_in, history, asked):
    assert signed_in("mara").get(f"{PAGE}tickets/?{asked}").status_code == 200


def test_the_workbook_has_the_figures_and_no_formula(signed_in, history, company):
    company.professional.name = "=Fabrikam"
    company.professional.save()
    sent = signed_in("mara").get(f"{PAGE}attainment.xlsx?by=organisation")
    assert sent["Content-Type"].endswith("spreadsheetml.sheet")
    with zipfile.ZipFile(io.BytesIO(sent.content)) as book:
        names = set(re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode()))
        sheets = [book.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2, 3)]
        texts = book.read("xl/sharedStrings.xml").decode()
    assert names == {
        "Attainment",
        "Response times",
        "Arrivals by hour",
        "Open now",
        "Falling due",
        "Changed priorities",
        "Opinions",
    }
    assert "<t>=Fabrikam</t>" in texts and not any("<f>" in sheet for sheet in sheets)
    assert len(re.findall("<row ", sheets[2])) == 1 + 168
    counts = re.findall(r'<c r="C(\d+)"><v>(\d+)</v>', sheets[0])
    assert dict(counts)["2"] == "1", "kept as promised, all together"


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
