"""How promises were kept, beside the guarantee: only when the vendor wants it, by whole months, as promised."""

from datetime import timedelta

from puntuale.people.models import AuditEntry
from puntuale.tickets import conversation
from tests.pages import words
from tests.tickets.deeds import FRIDAY

SETTINGS = "/en/office/settings/attainment/"


def history(company):
    for minutes in (5, 6, 7, 300):
        ticket = company.ticket(company.anna, "1", FRIDAY)
        conversation.answer(ticket, body="Here.", by=company.ada, at=FRIDAY + timedelta(minutes=minutes))
    company.ticket(company.bruno, "1", FRIDAY)


def test_nobody_reads_it_until_the_vendor_wants_it_and_nobody_afterwards(client, signed_in, company, now):
    history(company)
    now.is_("2026-12-10T12:00:00+01:00")
    assert "How we kept it" not in words(client.get("/en/guarantee/"))
    mara = signed_in("mara")
    mara.post(SETTINGS, {"published": "yes"})
    assert "Published since" in words(mara.get("/en/office/settings/"))
    client.logout()
    said = words(client.get("/en/guarantee/"))
    assert "How we kept it" in said and said.count("3 4 75.0%") == 2, "November, and twelve months together"
    facts = client.get("/en/guarantee.json").json()["attainment"]
    assert facts[0] == {"first": "2026-11-01", "last": "2026-11-30", "kept": 3, "decided": 4, "rate": 0.75}
    assert [one["first"] for one in facts] == ["2026-11-01", "2026-10-01", "2026-09-01", "2025-12-01"]
    assert facts[1]["rate"] is None
    assert "December 2025 - November 2026" in said
    mara = signed_in("mara")
    mara.post(SETTINGS, {"published": "no"})
    assert "How we kept it" not in words(mara.get("/en/guarantee/"))
    assert "attainment" not in mara.get("/en/guarantee.json").json()
    assert list(
        AuditEntry.objects.filter(action__startswith="attainment").order_by("pk").values_list("action", flat=True)
    ) == [
        "attainment_published",
        "attainment_withdrawn",
    ]


def test_the_month_that_is_not_over_is_not_published(client, signed_in, company, now):
    history(company)
    now.is_("2026-11-30T12:00:00+01:00")
    mara = signed_in("mara")
    mara.post(SETTINGS, {"published": "yes"})
    assert "How we kept it" not in words(mara.get("/en/guarantee/"))
