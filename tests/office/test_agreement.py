"""Writing the next version of the agreement, seeing what it changes, and publishing it."""

from datetime import UTC, datetime, timedelta

import pytest

from puntuale.agreements import drafting
from puntuale.agreements.models import Publication
from puntuale.people.models import AuditEntry
from tests.guarantee.documents import STANDARD
from tests.pages import words

DRAFT = "/en/office/agreement/draft/"
NEXT = STANDARD.replace("version = 1\n", "version = 2\n").replace('1 = "3h business"', '1 = "2h business"')


@pytest.fixture
def mara(signed_in):
    return signed_in("mara")


@pytest.fixture
def drafted(company, now):
    return drafting.save(company.mara, NEXT, at=now.at)


def test_the_text_is_kept_sound_or_not(mara, company):
    assert mara.post(DRAFT, {"source": "nonsense = ["}).status_code == 302
    said = words(mara.get(DRAFT))
    assert "It cannot be published yet" in said and "nonsense = [" in said


def test_what_is_wrong_is_told_with_its_line_while_one_writes_and_nothing_is_kept(mara, company):
    wrong = NEXT.replace('zone = "Europe/Brussels"', 'zone = "CET"')
    line = wrong.splitlines().index('zone = "CET"') + 1
    response = mara.post(f"{DRAFT}findings/", {"source": wrong.replace("\n", "\r\n")})
    assert f"line {line} hours.business.zone" in words(response)
    assert b"<html" not in response.content
    assert "All is well with version 2." in words(mara.post(f"{DRAFT}findings/", {"source": NEXT}))
    assert drafting.draft_of(company.mara) is None


def test_the_page_is_previewed_in_each_of_its_languages(mara, drafted):
    assert "When we answer" in words(mara.get(f"{DRAFT}preview/?in=en"))
    german = words(mara.get(f"{DRAFT}preview/?in=de"))
    assert "Wann wir antworten" in german and "Betrieb steht still" in german
    assert "When we answer" in words(mara.get(f"{DRAFT}preview/?in=tlh"))


def test_the_difference_to_the_version_in_force_can_be_read(mara, drafted):
    said = words(mara.get(f"{DRAFT}differences/"))
    assert "First response · Professional · 1 Business critical was: 3 business hours is now: 2 business hours" in said


def test_what_would_have_changed_is_told_with_the_direction(mara, company, drafted, now):
    earlier = company.ticket(company.paola, "1", at=now.at - timedelta(minutes=5), subject="Sooner")
    company.ticket(company.paola, "2", at=now.at, subject="Same")
    said = words(mara.get(f"{DRAFT}consequences/"))
    assert "1 earlier" in said and "1 unchanged" in said and "0 later" in said
    assert f"#{earlier.number} Sooner" in said and "Same" not in said
    assert "Sooner" not in words(mara.get(f"{DRAFT}consequences/?direction=later&page=9"))


def test_a_draft_with_errors_shows_no_consequences(mara, company, now):
    drafting.save(company.mara, "version = 2", at=now.at)
    for page in ("preview", "differences", "consequences", "publication"):
        assert "The text has errors. Mend them first." in words(mara.get(f"{DRAFT}{page}/"))
    assert mara.post(f"{DRAFT}publication/").status_code == 422


def test_a_version_is_published_on_the_clock_of_the_desk(mara, drafted, company):
    response = mara.post(f"{DRAFT}publication/", {"effective": "2027-03-28T02:30"}, REMOTE_ADDR="192.0.2.5")
    assert response["Location"] == "/en/office/agreement/versions/2/"
    made = Publication.objects.get(version=2)
    assert made.effective_from == datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "in the hour that the clock skips"
    assert made.published_by == company.mara
    assert drafting.draft_of(company.mara) is None
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.about, entry.address) == ("agreement_published", "agreement version 2", "192.0.2.5")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"effective": "soon"}, "This is no date and time."),
        ({"effective": "2026-11-01T10:00"}, "A version cannot take effect in the past"),
        ({"effective": "2036-11-01T10:00"}, "No version is planned for more than two years ahead."),
    ],
)
def test_what_cannot_be_published_is_told(mara, drafted, sent, said):
    response = mara.post(f"{DRAFT}publication/", sent)
    assert response.status_code == 422 and said in words(response)
    assert Publication.objects.count() == 1


def test_warnings_have_to_be_seen(mara, company, now):
    drafting.save(company.mara, NEXT.replace('3 = "9h business"', '3 = "1h business"'), at=now.at)
    response = mara.post(f"{DRAFT}publication/")
    assert "It has warnings." in words(response)
    assert mara.post(f"{DRAFT}publication/", {"allows_warnings": "on"}).status_code == 302


def test_promises_come_forward_only_when_it_is_asked_for(mara, company, drafted, now):
    ticket = company.ticket(company.paola, "1", at=now.at - timedelta(minutes=5))
    mara.post(f"{DRAFT}publication/")
    assert ticket.promises.count() == 1
    assert "Bring 1 promise forward" in words(mara.get("/en/office/agreement/versions/2/"))
    said = words(mara.post("/en/office/agreement/versions/2/renewal/", follow=True))
    assert "Asked for." in said
    assert AuditEntry.objects.first().action == "promises_brought_forward"
    said = words(mara.post("/en/office/agreement/versions/1/renewal/", follow=True))
    assert "This version is not in force" in said


def test_somebody_else_published_meanwhile(mara, company, drafted, now):
    from puntuale.agreements.publication import publish  # noqa: PLC0415

    publish(NEXT, effective_from=now.at, at=now.at)
    assert "A newer version was published since you began." in words(mara.get(DRAFT))
    assert "A newer version is published already." in words(mara.post(f"{DRAFT}publication/"))


def test_every_version_has_a_public_page_for_good(client, company, drafted, signed_in):
    signed_in("mara").post(f"{DRAFT}publication/", {"effective": "2026-12-01T00:00"})
    client.logout()
    old, planned = words(client.get("/en/guarantee/versions/1/")), words(client.get("/en/guarantee/versions/2/"))
    assert "3 business hours sent now: Mon" in old and "in force since" in old
    assert "2 business hours" in planned and "takes effect Tue 1 Dec 00:00 CET" in planned and "sent now" not in planned
    listed = words(client.get("/en/guarantee/versions/"))
    assert "Version 2" in listed and "Version 1" in listed
    assert client.get("/en/guarantee/versions/7/").status_code == 404


def test_a_promise_leads_to_the_version_it_was_made_under(company, signed_in, now):
    ticket = company.ticket(company.anna, at=now.at)
    assert 'href="/en/guarantee/versions/1/"' in signed_in("anna").get(f"/en/tickets/{ticket.number}/").content.decode()
    assert 'href="/en/guarantee/versions/1/"' in signed_in("ada").get(f"/en/desk/{ticket.number}/").content.decode()
