"""The story of version 2: written, checked while it is written, looked at from all sides, published, read by everybody."""

import pytest

from puntuale.agreements.models import Publication
from puntuale.tickets.renewal import renew
from tests.guarantee.documents import STANDARD
from tests.guarantee.tables import at

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]

DRAFT = "/en/office/agreement/draft/"
NEXT = STANDARD.replace("version = 1\n", "version = 2\n").replace('1 = "3h business"', '1 = "2h business"')


def test_a_version_is_written_looked_at_and_published(visitor, company, now):
    ticket = company.ticket(company.paola, "1", at("2026-11-20T15:55:00+01:00"), subject="Phones are dead")
    mara = visitor(width=1280).signs_in("mara@puntuale.test").opens("/en/office/agreement/")
    mara.page.click("text=Write the next version")
    mara.sees("All is well with version 2.")
    mara.page.fill("#source", NEXT.replace('zone = "Europe/Brussels"', 'zone = "CET"'))
    mara.sees("It cannot be published yet", "hours.business.zone").is_content()
    line = mara.page.locator("button[data-line]").first
    line.click()
    selected = (
        "() => { const s = document.getElementById('source'); return s.value.slice(s.selectionStart, s.selectionEnd) }"
    )
    assert mara.page.evaluate(selected) == 'zone = "CET"'
    mara.page.fill("#source", NEXT)
    mara.sees("All is well with version 2.")
    mara.page.click("main form >> text=Save")
    mara.sees("Saved.")
    mara.page.click("nav >> text=Preview")
    mara.sees("When we answer", "2 business hours")
    mara.page.click("main >> text=DE")
    mara.sees("Wann wir antworten", "Betrieb steht still").is_content()
    mara.page.click("nav >> text=Differences")
    mara.sees(
        "First response · Professional · 1 Business critical", "3 business hours", "2 business hours"
    ).is_content()
    mara.page.click("nav >> text=What would change")
    mara.sees("1 earlier", "Phones are dead").is_content()
    mara.page.click("nav >> text=Publish")
    mara.sees("1 difference to the version in force", "1 open promise would be due at another time").is_content()
    mara.page.click("main form >> text=Publish")
    mara.sees("Version 2 is published.", "in force", "Bring 1 promise forward")
    assert ticket.promises.count() == 1
    mara.page.click("text=Bring 1 promise forward")
    mara.sees("Asked for.").is_content()
    assert renew(Publication.objects.get(version=2), by=company.mara, at=now.at) == [ticket]
    customer = visitor(width=390).opens("/en/guarantee/versions/2/")
    customer.sees("Version 2", "in force since", "2 business hours").is_content()
    customer.page.click("text=All versions >> nth=0")
    customer.sees("Version 1", "past").is_content()


def test_publishing_works_without_scripts(visitor, company, now):
    mara = visitor(scripts=False).signs_in("mara@puntuale.test").opens(DRAFT)
    mara.page.fill("#source", NEXT.replace('zone = "Europe/Brussels"', 'zone = "CET"'))
    mara.page.click("main form >> text=Save")
    mara.sees("It cannot be published yet", "hours.business.zone")
    mara.page.fill("#source", NEXT)
    mara.page.click("main form >> text=Save")
    mara.opens(f"{DRAFT}publication/")
    mara.page.fill("#effective", "2026-12-01T00:00")
    mara.page.click("main form >> text=Publish")
    mara.sees("Version 2 is published.", "planned", "takes effect Tue 1 Dec 00:00 CET")
