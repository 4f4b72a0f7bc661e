"""Files: on disk before anybody is told, given to whoever may see them, and to nobody else."""

import hashlib
import stat
from datetime import timedelta

import pytest
from django.conf import settings

from puntuale.tickets import attachments, conversation, merging, splitting
from puntuale.tickets.attachments import FileRefused, FilesRefused
from puntuale.tickets.models import Attachment
from tests.tickets.deeds import FRIDAY

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.FILES = tmp_path / "files"
    return settings.FILES


@pytest.fixture
def ticket(company):
    return company.ticket(at=FRIDAY)


def taken(by, name="log.txt", content=b"line\n"):
    return attachments.take_in(name, [content], by=by, at=FRIDAY)


def test_sec_s39_a_file_is_kept_under_its_hash_readable_by_its_owner_only_and_once_however_often_it_is_sent(
    company, folder
):
    one, other = taken(company.anna), taken(company.paola, "copy.txt")
    assert one.digest == other.digest == hashlib.sha256(b"line\n").hexdigest()
    kept = [path for path in folder.rglob("*") if path.is_file()]
    assert kept == [attachments.path_of(one.digest)]
    assert kept[0].read_bytes() == b"line\n"
    assert stat.S_IMODE(kept[0].stat().st_mode) == 0o600
    assert one.key != other.key


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("empty.txt", b"", "file.empty"),
        ("run.exe", b"MZ", "file.kind"),
        ("x.PS1", b"x", "file.kind"),
        (".htaccess", b"x", "file.kind"),
        ("shell.phar", b"x", "file.kind"),
        ("C:\\x\\page.hta", b"x", "file.kind"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_name_and_leaves_nothing(company, folder, name, content, rule):
    with pytest.raises(FileRefused) as refused:
        taken(company.anna, name, content)
    assert refused.value.rule == rule
    assert not Attachment.objects.exists()
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_sec_s17_a_file_that_is_too_large_is_refused_while_it_comes(company, folder, monkeypatch):
    monkeypatch.setattr(attachments, "LARGEST", 10)
    read = []

    def chunks():
        for number in range(100):
            read.append(number)
            yield b"1234"

    with pytest.raises(FileRefused) as refused:
        attachments.take_in("big.bin", chunks(), by=company.anna, at=FRIDAY)
    assert (refused.value.rule, refused.value.details, len(read)) == ("file.too_large", {"limit": 10}, 3)
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_an_upload_that_breaks_off_leaves_nothing(company, folder):
    def breaks():
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        attachments.take_in("half.txt", breaks(), by=company.anna, at=FRIDAY)
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_a_process_that_dies_while_taking_a_file_leaves_nothing_for_ever(company, folder, monkeypatch):
    class Died(BaseException):
        pass

    def die(*_arguments, **_named):
        raise Died

    for moment in ("_written", "_flush_folder"):
        with monkeypatch.context() as patch:
            patch.setattr(attachments, moment, die)
            with pytest.raises(Died):
                taken(company.anna, content=moment.encode())
    with monkeypatch.context() as patch:
        patch.setattr(Attachment.objects, "create", die)
        with pytest.raises(Died):
            taken(company.anna, content=b"row")
    attachments.forget_unsent(at=FRIDAY + 2 * DAY)
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x", "x"),
        ("a/b", "b"),
        ("evil\u202etxt.zip", "eviltxt.zip"),
        ("a\x00b\nc.txt", "abc.txt"),
        ("", "file"),
        ("...", "file"),
        ("è" * 300 + ".pdf", "è" * 196 + ".pdf"),
        ("con.txt", "con.txt"),
    ],
)
def test_sec_s15_a_name_is_shown_and_never_a_path(company, name, shown):
    assert taken(company.anna, name).name == shown


def test_files_go_with_their_message_once_and_only_their_uploaders(company, ticket):
    mine, theirs = taken(company.anna), taken(company.paola)
    message = conversation.follow_up(ticket, body="See file.", by=company.anna, at=FRIDAY, files=[mine.key, mine.key])
    assert list(message.attachments.all()) == [mine]
    for keys in ([theirs.key], [mine.key], ["nowhere"]):
        with pytest.raises(FilesRefused):
            conversation.follow_up(ticket, body="x", by=company.anna, at=FRIDAY, files=keys)
    many = [taken(company.anna).key for _ in range(11)]
    with pytest.raises(FilesRefused):
        conversation.follow_up(ticket, body="x", by=company.anna, at=FRIDAY, files=many)
    assert ticket.messages.count() == 2


def test_sec_s05_who_may_have_a_file_is_who_may_read_its_message(company, ticket):
    unsent, public, internal = taken(company.anna), taken(company.ada), taken(company.ada)
    conversation.answer(ticket, body="a", by=company.ada, at=FRIDAY, files=[public.key])
    conversation.note(ticket, body="n", by=company.ada, at=FRIDAY, files=[internal.key])

    def have(person):
        return {one.pk for one in (unsent, public, internal) if attachments.visible(person, one.key)}

    assert have(company.anna) == {unsent.pk, public.pk}
    assert have(company.andrea) == {public.pk}
    assert have(company.paola) == set()
    assert have(company.grace) == {public.pk, internal.pk}
    assert attachments.visible(company.ada, "nothing") is None


def test_sec_s05_a_file_of_a_merged_ticket_is_for_those_who_see_where_it_went(company, ticket):
    mine = taken(company.anna)
    conversation.follow_up(ticket, body="f", by=company.anna, at=FRIDAY, files=[mine.key])
    other = company.ticket(company.anna, at=FRIDAY)
    merging.merge(ticket, into=other, by=company.ada, at=FRIDAY)
    assert attachments.visible(company.anna, mine.key)
    assert attachments.visible(company.paola, mine.key) is None


def test_a_message_that_is_split_off_brings_its_files(company, ticket):
    mine = taken(company.anna)
    message = conversation.follow_up(ticket, body="f", by=company.anna, at=FRIDAY, files=[mine.key])
    new = splitting.split(message, subject="Else", by=company.ada, at=FRIDAY)
    copied = new.messages.get().attachments.get()
    assert (copied.digest, copied.key != mine.key) == (mine.digest, True)


def test_what_was_never_sent_is_dropped_after_a_day_but_not_content_that_another_file_needs(company, ticket, folder):
    shared, alone = taken(company.anna), taken(company.anna, content=b"alone")
    sent = taken(company.anna)
    conversation.follow_up(ticket, body="f", by=company.anna, at=FRIDAY, files=[sent.key])
    assert attachments.forget_unsent(at=FRIDAY + DAY) == 0
    assert attachments.forget_unsent(at=FRIDAY + DAY + timedelta(seconds=1)) == 2
    assert attachments.path_of(shared.digest).exists()
    assert not attachments.path_of(alone.digest).exists()
    assert folder == settings.FILES
