"""Mail is forgotten with whom and what it is about, and that it came stays known."""

from datetime import timedelta

import pytest

from puntuale.mail.incoming import forgetting, keeping
from puntuale.mail.models import Incoming
from puntuale.mail.threads import Thread, reply_address
from puntuale.privacy import erasing, exporting, retention
from puntuale.tickets import conversation, resolution
from puntuale.tickets.models import Message
from tests.mail.post import mail, taken
from tests.tickets.deeds import FRIDAY, MONDAY

WORD = "zanzibar"


@pytest.fixture
def mails(company, reader):
    """A ticket of Anna by mail, an absence of hers on it, and a mail of hers from a time before she had an account."""
    opened = taken(mail(Subject=WORD, body=f"It is {WORD}."), FRIDAY, reader)
    sealed = reply_address(Thread(opened.ticket_id, company.anna.pk))
    return opened, taken(mail(To=sealed, Auto_Submitted="auto-replied", Subject=WORD, body=WORD), FRIDAY, reader)


def on_disk():
    return [path for path in keeping._folder().glob("??/*") if WORD.encode() in path.read_bytes()]


def in_rows():
    told = [*Incoming.objects.values_list("sender", "subject", "text"), *Message.objects.values_list("body")]
    return [one for row in told for one in row if WORD in one or "anna" in one]


def test_with_a_person_her_mail_goes(mails, company, django_capture_on_commit_callbacks):
    assert len(on_disk()) == 2
    assert in_rows()
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(company.anna, by=company.mara, at=MONDAY)
    assert on_disk() == in_rows() == []
    assert Incoming.objects.filter(forgotten_at=MONDAY).count() == 2


def test_with_a_ticket_its_mail_goes(mails, company, django_capture_on_commit_callbacks):
    ticket = mails[0].ticket
    conversation.answer(ticket, body="So.", by=company.ada, at=FRIDAY)
    resolution.resolve(ticket, by=company.ada, at=FRIDAY)
    retention.keep_for(6, by=company.mara, at=FRIDAY)
    with django_capture_on_commit_callbacks(execute=True):
        assert retention.forget(at=FRIDAY + timedelta(days=300)) == 1
    assert on_disk() == in_rows() == []


def test_what_came_to_nothing_goes_after_ninety_days(mails, django_capture_on_commit_callbacks):
    assert forgetting.forget_old(at=FRIDAY + timedelta(days=89)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert forgetting.forget_old(at=FRIDAY + timedelta(days=91)) == 1
    assert len(on_disk()) == 1


def test_a_forgotten_mail_is_shown_and_cannot_be_had(mails, signed_in):
    forgetting.forget_tickets([mails[0].ticket_id], at=FRIDAY)
    ada = signed_in("ada")
    assert "the mail itself" not in ada.get(f"/en/desk/{mails[0].ticket_id}/").content.decode()
    assert ada.get(f"/en/desk/mail/{mails[0].pk}/").status_code == 404


def test_she_gets_what_is_kept_of_her_mail(mails, company):
    told = exporting.everything(company.anna, at=MONDAY)["mails"]
    assert [one["subject"] for one in told] == [WORD, WORD]
    assert exporting.everything(company.bruno, at=MONDAY)["mails"] == []


def test_files_without_a_row_are_swept_after_a_day(mails, settings):
    stray = keeping._folder() / "ab" / "cdef"
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"x")
    now = stray.stat().st_mtime
    soon, later = (FRIDAY.fromtimestamp(now + hours * 3_600, tz=FRIDAY.tzinfo) for hours in (1, 25))
    assert keeping.sweep(at=soon) == 0
    assert keeping.sweep(at=later) == 1
    assert len(on_disk()) == 2
