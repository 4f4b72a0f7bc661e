"""Mail that is sent to do harm: contained, and the next one is taken as ever."""

import io
import time
from base64 import b64encode
from datetime import timedelta

import psutil
import pytest
from django.core import mail as outbox

from puntuale.mail.incoming import handling, keeping, parsing, reader, reviewing
from puntuale.mail.incoming.limits import MOST_PARTS
from puntuale.mail.incoming.parsing import Wanted
from puntuale.mail.models import Incoming, Outcome
from puntuale.mail.threads import Thread, reply_address
from puntuale.oncall import paging
from puntuale.oncall.models import Paging
from puntuale.sending.letters import Letter
from puntuale.sending.models import Intent
from puntuale.sending.transports import email
from puntuale.tickets.models import Event, Ticket
from tests.mail.post import FAILED, HOST, PASSED, kept, letter, mail, taken
from tests.tickets.deeds import FRIDAY, MONDAY, fresh

EMPTY_PART = "--b\n\n\n"


def read(raw, folder):
    return parsing.read(io.BytesIO(raw), folder, Wanted(HOST, "vendor.example"))


def multipart(body, kind="mixed"):
    return mail(body=body, Content_Type=f"multipart/{kind}; boundary=b")


def nested(depth):
    head = "".join(f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(depth))
    return mail(body=f"{head}--b{depth}\n\nDeep.\n", Content_Type="multipart/mixed; boundary=b0")


BOMBS = {
    "100,000 empty parts": (lambda: multipart(EMPTY_PART * 100_000), "mail.too_many_parts"),
    "parts within parts": (lambda: nested(500), "mail.too_deep"),
    "a header of 10 MB": (lambda: mail(X_Long="x" * 10_000_000), "mail.headers_too_long"),
    "100,000 headers": (lambda: mail(X_Many="\n".join(f"x\nX-{n}: y" for n in range(100_000))), "mail.headers_too_long"),
    "20,000 recipients": (lambda: mail(To=",\n ".join(f"p{n}@x.it" for n in range(15_000))), "mail.too_many_recipients"),
    "nested comments": (lambda: mail("(" * 5_000 + ")" * 5_000 + " <anna@northwind.test>"), ""),
    "quotes without end": (lambda: mail('"' + '\\"' * 30_000), ""),
    "a line of 20 MB": (lambda: mail(body="x" * 20_000_000), ""),
    "a million quoted lines": (lambda: mail(body="> x\n" * 1_000_000), ""),
    "lines that look like headings": (lambda: mail(body="On Monday, somebody wrote\n" * 20_000), ""),
    "endless spaces": (lambda: mail(body=" " * 500_000 + "\n-- \n" + "_" * 100_000), ""),
    "tags within tags": (lambda: mail(body="<div>" * 200_000, Content_Type="text/html"), ""),
    "other tags closed": (lambda: mail(body="<div><b x=1></i>" * 50_000, Content_Type="text/html"), ""),
    "half tags": (lambda: mail(body="<a href=" * 100_000, Content_Type="text/html"), ""),
    "encoded words": (lambda: mail(Subject="=?utf-8?b?" * 6_000), ""),
    "base64 of nothing": (lambda: mail(body="=\n" * 500_000, Content_Transfer_Encoding="base64"), ""),
    "names without end": (lambda: multipart(f'--b\nContent-Disposition: attachment; filename="{"x/" * 20_000}"\n\nx\n--b--'), ""),
    "many boundaries": (lambda: multipart("--b-\n--bb\n--" * 200_000), ""),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_sec_s17_a_bomb_is_read_or_refused_soon(tmp_path, name):
    make, refused = BOMBS[name]
    raw, started, before = make(), time.process_time(), psutil.Process().memory_info().rss
    assert read(raw, tmp_path).refused == refused
    assert time.process_time() - started < 3
    assert psutil.Process().memory_info().rss - before < 200_000_000


def test_sec_s17_after_each_bomb_the_next_mail_is_taken(company, reader):
    for name, (make, refused) in BOMBS.items():
        one = taken(make(), FRIDAY, reader)
        assert one.outcome, (name, one.problem)
        if refused:
            assert (one.outcome, one.because) == (Outcome.REVIEW, refused.removeprefix("mail."))
        assert taken(mail("nora@elsewhere.test", body=name), FRIDAY, reader).because == "stranger"


def test_as_many_parts_as_are_allowed_are_read(tmp_path):
    assert read(multipart(EMPTY_PART * (MOST_PARTS - 1)), tmp_path).refused == ""


@pytest.fixture
def dying(monkeypatch, company):
    """A reader whose process dies over every mail that says so."""
    ask = reader.Reader._ask

    def ask_and_die(self, path, folder, *, simply):
        said = path.read_bytes()
        if b"DIE" in said or (b"FAINT" in said and not simply):
            self._running().kill()
            self.stop()
            raise reader.Unreadable("it ended")
        return ask(self, path, folder, simply=simply)

    monkeypatch.setattr(reader.Reader, "_ask", ask_and_die)
    one = handling.new_reader()
    yield one
    one.stop()


def test_a_mail_over_which_the_reader_dies_is_read_more_simply(dying):
    one = taken(mail(body="<p>FAINT</p>", Content_Type="text/html"), FRIDAY, dying)
    assert (one.outcome, one.mailed.message.body.strip()) == (Outcome.OPENED, "FAINT")


def test_a_mail_that_cannot_be_read_is_set_aside_and_can_be_tried_again(dying, company, monkeypatch):
    bad, good = kept(mail(body="DIE"), FRIDAY), kept(mail(body="Well."), FRIDAY)
    for minute in (0, 1, 5, 30, 120, 240):
        handling.go_round(FRIDAY + timedelta(minutes=minute), dying)
    bad, good = (Incoming.objects.get(pk=one.pk) for one in (bad, good))
    assert good.outcome == Outcome.OPENED
    assert bad.is_set_aside
    assert "Unreadable" in bad.problem
    assert bad in reviewing.waiting()
    monkeypatch.undo()
    reviewing.look_again(bad, by=company.mara, at=MONDAY)
    handling.go_round(MONDAY, dying)
    assert Ticket.objects.count() == 2
    assert Ticket.objects.latest("pk").submitted_at == FRIDAY


def test_a_reader_that_hangs_is_replaced(company, monkeypatch):
    one = handling.new_reader()
    with monkeypatch.context() as patch:
        patch.setattr(reader, "SECONDS", 0.0)
        late = taken(mail(), FRIDAY, one)
    assert (late.outcome, late.problem, one._child) == ("", "Unreadable: it took too long", None)
    handling.go_round(MONDAY, one)
    one.stop()
    assert Incoming.objects.get().outcome == Outcome.OPENED


def test_the_reader_takes_no_secrets_along(dying):
    pid = dying._running().pid
    known = psutil.Process(pid).environ()
    assert not {name for name in known if "SECRET" in name or "DATABASE" in name or name.startswith("PUNTUALE")}


def test_sec_s09_a_forged_sender_neither_writes_nor_reads_nor_hastens(company, oncall, reader):
    ticket = company.ticket(at=FRIDAY)
    told = letter(ticket.events.get(), company.anna, FRIDAY)
    sealed = reply_address(Thread(ticket.pk, company.anna.pk))
    for headers in (
        {"To": sealed, "Authentication_Results": FAILED},
        {"In_Reply_To": f"<{told.key}@vendor.example>", "Authentication_Results": FAILED},
        {"To": sealed.replace("a", "b").replace("support", "support")},
        {"Subject": f"Re: [#{ticket.number}] Calls drop"},
    ):
        taken(mail(**headers), FRIDAY, reader)
    assert ticket.messages.count() == 1
    assert fresh(ticket).last_event == 1
    # What may be forged opens a ticket of the usual priority, over which nobody is woken.
    opened = Ticket.objects.exclude(pk=ticket.pk)
    assert {one.priority for one in opened} <= {"3"}
    paging.go_round(FRIDAY)
    assert not Paging.objects.filter(ticket__in=opened).exists()


def test_sec_s09_a_copy_makes_nobody_a_reader(company, reader):
    one = taken(mail(Cc="mallory@evil.test, bruno@litware.test", Authentication_Results=PASSED), FRIDAY, reader)
    assert not one.ticket.followers.exists()


def test_sec_s10_a_forged_answer_of_an_agent_stops_no_clock(company, reader):
    ticket = company.ticket(at=FRIDAY)
    hers = letter(ticket.events.get(), company.ada, FRIDAY)
    sealed, key = reply_address(Thread(ticket.pk, company.ada.pk)), f"<{hers.key}@vendor.example>"
    for sender in ("ada@puntuale.test", "mallory@evil.test", '"Ada Byron" <mallory@evil.test>', "mara@puntuale.test"):
        for vouched in (
            None,
            f"{HOST}; dmarc=fail",
            "mx.evil.test; dmarc=pass",
            f"{HOST}; spf=pass smtp.mailfrom=evil.test",
        ):
            headers = {"To": sealed, "In_Reply_To": key, "Authentication_Results": vouched}
            assert taken(mail(sender, **headers), FRIDAY, reader).outcome == Outcome.REVIEW
    assert (
        taken(
            mail("ada@puntuale.test", In_Reply_To=key, Authentication_Results=f"{HOST}; dmarc=pass"), FRIDAY, reader
        ).outcome
        == Outcome.REVIEW
    )
    assert fresh(ticket).answered_at is None
    assert ticket.messages.count() == 1


def test_sec_s11_taking_mail_sends_nothing_to_anybody(company, reader):
    for raw in (mail("nora@elsewhere.test"), mail(), mail(Auto_Submitted="auto-replied"), mail(None), b""):
        taken(raw, FRIDAY, reader)
    assert outbox.outbox == []
    assert not Intent.objects.filter(address__contains="elsewhere").exists()


def test_sec_s12_two_desks_that_write_to_each_other_fall_silent(company, reader, settings):
    """Ours tells Anna of her ticket; her address is another desk, which answers everything, day after day."""
    ticket = company.ticket(at=FRIDAY)
    told = letter(ticket.events.get(), company.anna, FRIDAY)
    exchanged = 0
    for day in range(10):
        # Their answer comes as ours would be written: it says that no person wrote it.
        email.send("support@vendor.example", Letter("Your ticket", "We have received your mail."), told.key)
        raw = outbox.outbox.pop().message().as_bytes()
        theirs = raw.replace(b"vendor.example>", b"northwind.test>").replace(
            b"From: ", b"From: anna@northwind.test\nX-Was: "
        )
        theirs = theirs.replace(
            b"To: support@vendor.example", b"To: " + reply_address(Thread(ticket.pk, company.anna.pk)).encode()
        )
        one = taken(theirs + b"%d" % day, FRIDAY + timedelta(days=day), reader)
        assert (one.outcome, one.because) == (Outcome.IGNORED, "auto_submitted")
        exchanged += Intent.objects.filter(kind="ticket").count() - 1
    assert exchanged == 0
    assert Event.objects.count() == 1
    assert outbox.outbox == []


def test_sec_s12_a_desk_that_says_nothing_of_itself_is_stopped_by_the_number_of_its_mails(company, reader):
    ticket = company.ticket(at=FRIDAY)
    sealed = reply_address(Thread(ticket.pk, company.anna.pk))
    outcomes = [taken(mail(To=sealed, body=f"We have received mail {n}."), FRIDAY, reader).outcome for n in range(40)]
    assert outcomes.count(Outcome.JOINED) == 20
    assert outcomes[20:] == [Outcome.REVIEW] * 20


@pytest.mark.parametrize("inside", ["\r\nBcc: x@evil.test", "\nX: y", "\0", "\u2028", "\u202e"], ids=range(5))
def test_sec_s13_lines_in_headers_become_no_lines_of_ours(company, reader, inside):
    word = f"=?utf-8?b?{b64encode(('Hello' + inside + ' there').encode()).decode()}?="
    one = taken(mail(f"{word} <anna@northwind.test>", Subject=word, Message_ID=f"<{word} x>"), FRIDAY, reader)
    subject = one.ticket.subject
    assert len(subject.splitlines()) == 1
    assert "\0" not in subject + one.subject
    email.send("anna@northwind.test", Letter(subject, "Text."), one.mailed.message.key or Intent().key)
    sent = outbox.outbox.pop().message()
    assert sent["Bcc"] is None and sent["X"] is None


def test_sec_s15_the_names_of_files_are_no_paths(company, reader):
    names = [
        "../../etc/passwd",
        "C:\\x.txt",
        "a/b.txt",
        ".htaccess",
        "con.txt",
        "\u202egpj.exe",
        "=?utf-8?q?..=2F..=2Fx.txt?=",
    ]
    parts = "".join(f'--b\nContent-Disposition: attachment; filename="{name}"\n\n{name}\n' for name in names)
    one = taken(multipart(parts + "--b--"), FRIDAY, reader)
    shown = [file.name for file in one.mailed.message.attachments.order_by("pk")]
    assert not [name for name in [*shown, *one.mailed.left_out] if "/" in name or "\\" in name or "\u202e" in name]
    assert "htaccess" in one.mailed.left_out


def test_nothing_of_a_mail_is_ever_dropped_silently(company, reader):
    raws = [b"", b"\n", b"From: anna@northwind.test", b"\xff" * 5_000, b"From: anna@northwind.test\n\n", mail(None)]
    outcomes = [taken(raw, FRIDAY, reader) for raw in raws]
    assert [(one.outcome, one.because) for one in outcomes] == [
        (Outcome.REVIEW, "empty"),
        (Outcome.REVIEW, "no_sender"),
        (Outcome.OPENED, ""),
        (Outcome.REVIEW, "no_sender"),
        (Outcome.OPENED, ""),
        (Outcome.REVIEW, "no_sender"),
    ]
    assert outcomes[2].ticket.messages.get().body == "(no text)"
    assert keeping.path_of(outcomes[3].digest).read_bytes() == raws[3]
