"""Saying by mail that one is on it."""

from contextlib import nullcontext
from datetime import timedelta
from io import BytesIO, TextIOWrapper

import pytest
from django.db import OperationalError

from puntuale.cli import receive
from puntuale.cli.asking import Call, Failed
from puntuale.oncall import by_mail, paging
from puntuale.oncall.acknowledging import NothingToAcknowledge
from puntuale.oncall.by_mail import WrittenByNobody
from puntuale.oncall.models import Acknowledgement, Paging
from puntuale.sending.models import Intent
from puntuale.tickets import conversation
from tests.guarantee.test_story import on

AT = on("fri 22:00")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def letter(company, oncall, settings):
    """The page that Ada got by mail on Friday night."""
    settings.MAIL_DOMAIN = "desk.test"
    company.ticket(company.anna, "1", AT)
    paging.go_round(AT)
    Intent.objects.filter(kind="page", channel="email").update(sent_at=AT, try_at=None)
    return Intent.objects.get(kind="page", channel="email")


def mail(letter, sender=None, **headers):
    said = {
        "From": f"Ada <{sender or letter.address}>",
        "In-Reply-To": f"<{letter.key}@desk.test>",
        "Subject": "Re: page",
    }
    said |= {name.replace("_", "-"): text for name, text in headers.items()}
    lines = [f"{name}: {text}" for name, text in said.items() if text]
    return "\r\n".join([*lines, "", "on it", ""]).encode()


def test_her_answer_stops_the_pages_and_keeps_no_promise(letter, company):
    (done,) = by_mail.acknowledge(mail(letter), at=AT + MINUTE)
    assert (done.person, done.via) == (company.ada, Acknowledgement.Via.MAIL)
    assert done.paging.promise.ticket.answered_at is None
    paging.go_round(AT + 7 * MINUTE)
    assert not Intent.objects.filter(kind="page", try_at__isnull=False).exists()


def test_references_do_as_well_and_a_second_answer_is_the_first(letter):
    raw = mail(letter, In_Reply_To="", References=f"<x@elsewhere.test> <{letter.key}@DESK.test>")
    assert by_mail.acknowledge(raw, at=AT + MINUTE) == by_mail.acknowledge(raw, at=AT + 2 * MINUTE)
    assert Acknowledgement.objects.count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; reason=x"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<list.test>"},
        {"Return_Path": "<>"},
    ],
)
def test_an_absence_acknowledges_nothing(letter, headers):
    with pytest.raises(WrittenByNobody):
        by_mail.acknowledge(mail(letter, **headers), at=AT + MINUTE)
    assert not Acknowledgement.objects.exists()


@pytest.mark.parametrize(
    ("sender", "headers"),
    [
        ("mallory@evil.test", {}),
        ("", {"In_Reply_To": "<00000000-0000-4000-8000-000000000000@desk.test>"}),
        ("", {"In_Reply_To": ""}),
        ("", {"In_Reply_To": "nonsense"}),
        ("", {"From": "nobody"}),
        ("", {"From": "=?utf-99?q?=ff?= <x>"}),
    ],
)
def test_sec_s10_a_stranger_or_a_forged_key_acknowledges_nothing(letter, sender, headers):
    with pytest.raises(NothingToAcknowledge):
        by_mail.acknowledge(mail(letter, sender or None, **headers), at=AT + MINUTE)
    assert not Acknowledgement.objects.exists()


def test_a_key_of_another_desk_is_none_of_ours(letter):
    raw = mail(letter, In_Reply_To=f"<{letter.key}@other.test>")
    with pytest.raises(NothingToAcknowledge):
        by_mail.acknowledge(raw, at=AT + MINUTE)


@pytest.mark.parametrize(
    "raw", [b"", b"\0" * 1000, b"\xff\xfe: \xff", b"From: " + b"<" * 200_000, b"In-Reply-To: " + b"<a@b> " * 50_000]
)
def test_hostile_mail_is_only_refused(letter, raw):
    with pytest.raises(NothingToAcknowledge):
        by_mail.acknowledge(raw, at=AT)


def test_too_late_is_told(letter, company):
    conversation.answer(Paging.objects.get().ticket, body="Done.", by=company.grace, at=AT + MINUTE)
    with pytest.raises(NothingToAcknowledge):
        by_mail.acknowledge(mail(letter), at=AT + 2 * MINUTE)


@pytest.fixture
def receives(monkeypatch, capsys):
    """Run the command on a mail."""

    def run(raw, at=AT + MINUTE):
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(raw)))
        receive.command.main([], obj=Call(at, nullcontext), standalone_mode=False)
        return capsys.readouterr().out

    return run


def test_a_mail_server_hands_it_over(letter, company, receives):
    said = receives(mail(letter))
    assert said.startswith(f"Person {company.ada.pk} is on ticket {Paging.objects.get().ticket_id} until 2026-11-20T")
    assert "automatic" in receives(mail(letter, Precedence="bulk"))
    with pytest.raises(Failed, match="no page"):
        receives(b"Subject: hello\n\nhello")


def test_without_a_database_it_must_come_again(letter, receives, monkeypatch):
    def away(*_, **__):
        raise OperationalError("gone")

    monkeypatch.setattr(by_mail, "acknowledge", away)
    with pytest.raises(SystemExit) as left:
        receives(mail(letter))
    assert left.value.code == 75
