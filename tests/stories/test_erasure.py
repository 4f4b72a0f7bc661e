"""The story of Anna, who wants to know what is kept about her, leaves, and is erased; and of what stays."""

import json
import zipfile

import pytest

from puntuale.people.models import AuditEntry, Person
from puntuale.tickets import conversation
from puntuale.tickets.models import PromiseMade
from tests.guarantee.tables import at

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


def test_she_gets_everything_leaves_no_trace_and_the_promise_stays(visitor, company, now, tmp_path):
    ticket = company.ticket(company.anna, "1", at("2026-11-20T15:30:00+01:00"), subject="Zanzibar is down")
    conversation.answer(ticket, body="Hello Anna, restart it.", by=company.ada, at=at("2026-11-20T15:40:00+01:00"))
    due = PromiseMade.objects.get(ticket=ticket).due_at
    anna = visitor(width=390).signs_in("anna@northwind.test").opens("/en/preferences/")
    with anna.page.expect_download() as download:
        anna.page.click("text=Download everything that is kept about you")
    file = tmp_path / "about.zip"
    download.value.save_as(file)
    with zipfile.ZipFile(file) as archive:
        told = json.loads(archive.read("about-you.json"))
    assert told["person"]["email"] == "anna@northwind.test"
    assert [one["subject"] for one in told["tickets_sent"]] == ["Zanzibar is down"]

    mara = visitor(width=1280).signs_in("mara@puntuale.test").opens(f"/en/office/people/{company.anna.pk}/")
    mara.page.click("summary >> text=Erase for good")
    mara.page.fill("#erase-email", "somebody@else.test")
    mara.page.click("form >> text=Erase for good")
    mara.sees("That is not the address of this person, so nothing was erased.")
    mara.page.click("summary >> text=Erase for good")
    mara.page.fill("#erase-email", "Anna@Northwind.test")
    mara.page.click("form >> text=Erase for good")
    mara.sees("The person is erased.").is_content()
    assert "Anna" not in mara.page.locator("main").inner_text()

    anna.opens("/en/tickets/")
    assert "sign-in" in anna.page.url
    mara.opens(f"/en/desk/{ticket.number}/")
    mara.sees("Hello […], restart it.", "answered in time").is_content()
    assert "Zanzibar" not in mara.page.content() and "Anna" not in mara.page.content()
    assert PromiseMade.objects.get(ticket=ticket).due_at == due
    mara.opens("/en/desk/search/?q=Zanzibar")
    assert f"#{ticket.number}" not in mara.page.locator("main").inner_text()
    mara.opens("/en/office/audit/")
    mara.sees("person_erased", f"person {company.anna.pk}").is_content()
    assert AuditEntry.objects.filter(action="data_exported", by=company.anna).exists()
    assert not Person.objects.filter(email__icontains="anna").exists()
