"""Drafts of one form in two windows or on two devices: nothing that only one of them has is lost."""

from datetime import timedelta
from uuid import uuid4

import pytest

from puntuale.tickets import attachments, drafts
from puntuale.tickets.attachments import FilesRefused
from puntuale.tickets.drafts import ChangedMeanwhile, Place, Written
from puntuale.tickets.merging import merge
from puntuale.tickets.models import Attachment, Draft
from tests.tickets.deeds import FRIDAY

LATER = FRIDAY + timedelta(seconds=5)
ANSWER = "Please look at the log."


@pytest.fixture
def ticket(company):
    return company.ticket(at=FRIDAY)


@pytest.fixture
def keys(company):
    files = ((f"{number}.log", [b"%d" % number]) for number in range(12))
    return [attachments.take_in(*file, by=company.ada, at=FRIDAY).key for file in files]


def save(company, ticket, written, at, known=None, place=Place.ANSWER, **of):
    return drafts.save(company.ada, written, place=place, ticket=ticket, at=at, known=known, **of)


def files_of(draft):
    return [one.key for one in attachments.of_draft(draft)]


@pytest.mark.parametrize("second", [[], [1], [1, 2]], ids=["no file", "another", "two others"])
def test_the_same_words_with_other_files_are_another_version(company, ticket, keys, second):
    save(company, ticket, Written(ANSWER, files=keys[:1]), FRIDAY)
    with pytest.raises(ChangedMeanwhile) as refused:
        save(company, ticket, Written(ANSWER, files=[keys[number] for number in second]), LATER, known="")
    assert files_of(refused.value.draft) == keys[:1]
    assert files_of(Draft.objects.get()) == keys[:1]


def test_the_same_words_with_a_further_file_are_kept(company, ticket, keys):
    first = save(company, ticket, Written(ANSWER, files=keys[:1]), FRIDAY)
    save(company, ticket, Written(ANSWER, files=keys[:2]), LATER, known="")
    assert files_of(Draft.objects.get()) == keys[:2]
    save(company, ticket, Written(ANSWER), LATER, known=Draft.objects.get().version)
    assert files_of(Draft.objects.get()) == [], "whoever has seen the files takes them out"
    assert first.version != Draft.objects.get().version


def test_a_file_attached_elsewhere_stays_when_the_same_words_are_sent(company, ticket, keys):
    key = uuid4()
    save(company, ticket, Written(ANSWER, files=keys[:1], key=key), FRIDAY)
    drafts.forget_sent(company.ada, Written(ANSWER, key=key), place=Place.ANSWER, ticket=ticket, known="")
    draft = Draft.objects.get()
    assert (draft.body, draft.key, files_of(draft)) == ("", None, keys[:1])


def test_words_of_a_further_field_that_were_written_elsewhere_stay(company):
    story = Written("Calls drop.", "Calls", {"answer": "Please restart it.", "priority": "1"})
    about = {"place": Place.PHONE, "ticket": None, "caller": company.anna}
    sent = {"": False, "Please restart": False, "Please restart it. Then call us.": True}
    for answer, is_gone in sent.items():
        drafts.save(company.ada, story, at=FRIDAY, **about)
        drafts.forget_sent(company.ada, Written("Calls drop.", "Calls", {"answer": answer}), known="", **about)
        assert Draft.objects.exists() is not is_gone


@pytest.mark.parametrize(
    ("left", "there"),
    [(ANSWER, None), ("", None), (ANSWER, "was there"), ("", "was there")],
    ids=["words", "a file alone", "words behind words", "a file to words"],
)
def test_files_go_with_an_answer_to_where_its_ticket_was_merged(company, ticket, keys, left, there):
    other = company.ticket(at=FRIDAY)
    save(company, ticket, Written(left, files=keys[:1]), FRIDAY)
    if there:
        save(company, other, Written(there, files=keys[1:2]), FRIDAY)
    merge(ticket, into=other, by=company.grace, at=FRIDAY)
    ticket.refresh_from_db()
    drafts.carry_over(company.ada, ticket=ticket, at=LATER)
    draft = Draft.objects.get()
    assert draft.ticket == other
    assert draft.body == "\n\n".join(filter(None, [there, left]))
    assert files_of(draft) == (keys[:2] if there else keys[:1])


def test_two_answers_with_too_many_files_together_stay_where_they_are(company, ticket, keys):
    other = company.ticket(at=FRIDAY)
    save(company, ticket, Written(ANSWER, files=keys[:6]), FRIDAY)
    save(company, other, Written(ANSWER, files=keys[6:]), FRIDAY)
    merge(ticket, into=other, by=company.grace, at=FRIDAY)
    ticket.refresh_from_db()
    with pytest.raises(FilesRefused):
        drafts.carry_over(company.ada, ticket=ticket, at=LATER)
    assert Draft.objects.count() == 2
    assert Attachment.objects.exclude(draft=None).count() == 12
