"""Reports by mail: to whom, about what, once, and not any more when nobody wants or may have them."""

import io
import zipfile
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from puntuale.people.models import Role
from puntuale.reports import mailing
from puntuale.reports.models import Every, MailedReport
from puntuale.sending.models import Intent
from puntuale.tickets import conversation
from tests.tickets.deeds import FRIDAY

ROME = ZoneInfo("Europe/Rome")
DAY = timedelta(days=1)
MONDAY = FRIDAY + 3 * DAY


@pytest.fixture
def history(company, settings):
    """One kept of Northwind, one late of Fabrikam, on Friday 20 November 2026."""
    settings.EMAIL_IS_SET = True
    for who, minutes in ((company.anna, 5), (company.paola, 6 * 60)):
        ticket = company.ticket(who, "1", FRIDAY)
        conversation.answer(
            ticket, body="Here.", by=company.ada, at=FRIDAY + timedelta(minutes=minutes) + 4 * DAY * (minutes > 9)
        )
    Intent.objects.all().delete()
    return company


def sent():
    return Intent.objects.filter(kind=mailing.REPORT).order_by("pk")


def test_a_week_that_is_over_is_sent_once_in_the_readers_language(history):
    mailing.subscribe(history.mara, Every.WEEK, at=FRIDAY)
    assert mailing.send_due(at=FRIDAY + DAY, zone=ROME) == 0, "the week before was over when she asked"
    assert mailing.send_due(at=MONDAY, zone=ROME) == 1
    assert mailing.send_due(at=MONDAY + DAY, zone=ROME) == 0
    (intent,) = sent()
    assert (intent.channel, intent.address) == ("email", history.mara.email)
    letter = mailing.write([intent], MONDAY + 5 * DAY)
    assert (
        "50,0% (1 / 2)" in letter.text.replace("\N{NO-BREAK SPACE}", "")
        and "period=days&since=2026-11-16&until=2026-11-22" in letter.link
    )
    (file,) = letter.enclosures
    assert file.name == "report-2026-11-16-2026-11-22.xlsx"
    with zipfile.ZipFile(io.BytesIO(file.content)) as book:
        assert "Tempi di risposta" in book.read("xl/workbook.xml").decode()


def test_an_administrator_of_an_organisation_reads_of_her_own_tickets_only(history):
    mailing.subscribe(history.andrea, Every.MONTH, at=FRIDAY)
    assert mailing.send_due(at=FRIDAY + 20 * DAY, zone=ROME) == 1
    (intent,) = sent()
    letter = mailing.write([intent], FRIDAY + 20 * DAY)
    assert "Northwind Telephony" in letter.text and "100,0% (1 / 1)" in letter.text.replace("\N{NO-BREAK SPACE}", "")
    assert "/it/ticket/organizzazione/rapporto/?" in letter.link
    assert MailedReport.objects.get().first.isoformat() == "2026-11-01"


def test_what_nobody_wants_any_more_or_may_have_is_not_sent(history):
    for person in (history.mara, history.andrea):
        mailing.subscribe(person, Every.WEEK, at=FRIDAY)
    mailing.send_due(at=MONDAY, zone=ROME)
    assert mailing.unwanted(list(sent())) == {}
    mailing.subscribe(history.mara, None, at=MONDAY)
    history.andrea.role = Role.CUSTOMER
    history.andrea.save()
    assert set(mailing.unwanted(list(sent())).values()) == {"not_wanted"} and len(mailing.unwanted(list(sent()))) == 2
    assert mailing.send_due(at=MONDAY + 7 * DAY, zone=ROME) == 0


def test_there_are_no_reports_for_agents_and_customers(history):
    for person in (history.ada, history.anna):
        with pytest.raises(mailing.NoReport):
            mailing.subscribe(person, Every.WEEK, at=FRIDAY)


def test_without_a_mail_server_nothing_is_meant_to_be_sent(history, settings):
    settings.EMAIL_IS_SET = False
    mailing.subscribe(history.mara, Every.WEEK, at=FRIDAY)
    mailing.send_due(at=MONDAY, zone=ROME)
    assert not sent().exists()


@pytest.mark.parametrize(
    ("who", "page"), [("mara", "/en/office/reports/"), ("andrea", "/en/tickets/organisation/report/")]
)
def test_the_pages_take_and_drop_the_wish(signed_in, history, who, page):
    client = signed_in(who)
    for every, wanted in (("month", "month"), ("decade", "month"), ("", "")):
        assert client.post(f"{page}mail/", {"every": every}).status_code == 302
        assert mailing.subscription_of(getattr(history, who)) == wanted
        assert ('value="month" selected' in client.get(page).content.decode()) is (wanted == "month")
