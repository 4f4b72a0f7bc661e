"""Logs name rows, never people: neither when all goes well, nor when it does not."""

import logging
import smtplib

import pytest
from django.db import IntegrityError
from django.test import Client

from puntuale.people import post
from puntuale.people.joining import add_person
from puntuale.people.models import Role
from puntuale.tickets import conversation
from tests.company import LONG_AGO

CANARIES = ("kanarienvogel", "zitronenfalter", "brombeerkuchen")
EMAIL, TEXT, SECRET = "kanarienvogel@canary.test", "zitronenfalter everywhere", "brombeerkuchen-am-abend"


@pytest.fixture
def log(caplog):
    """Everything that is logged, but what Django tells of its own questions when it is being developed."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, "django.db.backends")

    def seen():
        return [word for word in CANARIES if word in caplog.text.lower()]

    return seen


def test_what_people_write_and_are_called_is_in_no_log(company, now, log):
    her = add_person(
        name="Kanarienvogel",
        email=EMAIL,
        password=SECRET,
        role=Role.CUSTOMER,
        organisation=company.advanced,
        at=LONG_AGO,
    )
    browser = Client(raise_request_exception=False)
    browser.post("/en/sign-in/", {"username": EMAIL, "password": f"wrong {SECRET}"})
    browser.post("/en/sign-in/", {"username": EMAIL, "password": SECRET})
    browser.post("/en/sign-up/", {"email": EMAIL})
    browser.post("/en/password/forgotten/", {"email": EMAIL})
    browser.force_login(her)
    browser.post("/en/tickets/new/", {"key": "x", "subject": TEXT, "body": TEXT, "environment": TEXT})
    browser.get(f"/en/tickets/found/?q={TEXT}")
    browser.get(f"/en/nothing/?q={TEXT}")
    browser.post("/en/drafts/", {"place": TEXT, "body": TEXT})
    assert log() == []


def test_a_page_that_breaks_logs_where_and_not_what(company, now, log, signed_in, monkeypatch, caplog):
    ticket = company.ticket()

    def breaks(*_, **__):
        raise IntegrityError("no good")

    monkeypatch.setattr(conversation, "follow_up", breaks)
    browser = signed_in("anna")
    browser.raise_request_exception = False
    answer = browser.post(f"/en/tickets/{ticket.number}/messages/", {"body": TEXT, "key": "0" * 32})
    assert answer.status_code == 500
    assert "IntegrityError" in caplog.text and log() == []


def test_a_letter_that_fails_logs_no_address(settings, log, monkeypatch, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_IS_SET = True

    def refuses(*_, **__):
        raise smtplib.SMTPRecipientsRefused({EMAIL: (550, f"{EMAIL} is unknown".encode())})

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuses)
    with pytest.raises(post.NotPosted):
        post.post(EMAIL, TEXT, TEXT)
    assert "could not be sent" in caplog.text and log() == []
