"""The checks of the torture notice what they are there for: each holds on a sound desk, and not once that is spoilt."""

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from puntuale.sending.models import Intent
from puntuale.tickets import attachments, classification, conversation
from puntuale.tickets.models import Grounds, Ticket
from puntuale.watch import ringing
from puntuale.watch.models import Alarm
from tests.guarantee.test_story import on
from tests.torture.checks import CHECKS
from tests.torture.seen import Seen

AT = on("fri 16:00")
MINUTE = timedelta(minutes=1)
TOKENS = {"answer": "answer 1", "message": "message 2", "reclassification": "reclassification 3"}


@dataclass
class Desk:
    """A sound desk of three tickets: one that was answered after it had rung, one that was raised, one without a guarantee."""

    seen: Seen
    answered: Ticket
    raised: Ticket
    free: Ticket

    def ack(self, what, number=None):
        """What a client was told of a ticket, or of the only deed of a kind."""
        return next(ack for ack in self.seen.told(what) if number is None or ack["number"] == number)

    @property
    def alarm(self):
        """An alarm of the answered ticket."""
        return Alarm.objects.filter(ticket=self.answered).order_by("pk").first()

    @property
    def letter(self):
        """The letter about it, as it came."""
        key = Intent.objects.filter(about=self.alarm.pk, channel="email").first().key
        return self.seen.copies[str(key)][0]


@pytest.fixture
def desk(company, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "FILES", tmp_path / "files")
    file = attachments.take_in("log.txt", [b"line"], by=company.anna, at=AT)
    answered = company.ticket(company.anna, "1", AT, subject="one", files=[file.key])
    raised = company.ticket(company.anna, "3", AT, subject="two")
    free = company.ticket(company.bruno, "1", AT, subject="three")
    ringing.go_round(at=AT + 30 * MINUTE)
    conversation.answer(answered, body=TOKENS["answer"], by=company.ada, at=AT + 40 * MINUTE)
    conversation.follow_up(free, body=TOKENS["message"], by=company.bruno, at=AT + MINUTE)
    because, telling = Grounds.IMPACT_GREW, TOKENS["reclassification"]
    classification.reclassify(raised, to="2", because=because, telling=telling, by=company.ada, at=AT + MINUTE)
    Intent.objects.all().delete()
    for alarm in Alarm.objects.all():
        told_by_mail(alarm, company.ada)
    return Desk(told_of(company, answered, raised, free), answered, raised, free)


def told_by_mail(alarm, person):
    Intent.objects.create(
        kind="alarm", about=alarm.pk, channel="email", address=person.email, person=person, rank=0,
        made_at=alarm.rung_at, try_at=None, sent_at=alarm.rung_at, fence=1, attempts=1,
    )  # fmt: skip


def told_of(company, answered, raised, free):
    seconds = AT.timestamp()
    tickets = [
        {
            "what": "ticket", "at": seconds + 1, "key": str(ticket.submission_key), "number": ticket.number,
            "subject": ticket.subject, "by": ticket.requester.email, "promised": ticket != free,
            "file": hashlib.sha256(b"line").hexdigest() if ticket == answered else None,
        }
        for ticket in (answered, raised, free)
    ]  # fmt: skip
    deeds = [
        {"what": what, "number": ticket.number, "token": TOKENS[what], "at": seconds + at, "by": "answer"}
        for what, ticket, at in (("answer", answered, 2401), ("message", free, 61), ("reclassification", raised, 61))
    ]
    letters = [
        {
            "what": "letter", "key": str(intent.key), "to": intent.address, "way": "well",
            "began": intent.made_at.timestamp(), "at": intent.made_at.timestamp() + 1,
        }
        for intent in Intent.objects.all()
    ]  # fmt: skip
    return Seen([*tickets, *deeds], letters, [{"what": "all is told", "at": seconds + 2700}])


def at_the_database(statement, *values):
    """Spoil something that the database would not let anybody touch."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def more(desk, **lines):
    """Let more have been seen."""
    desk.seen = replace(desk.seen, **{book: [*getattr(desk.seen, book), *some] for book, some in lines.items()})


def lose_a_ticket(desk):
    more(desk, acks=[desk.ack("ticket") | {"number": 9999, "key": str(uuid4())}])


def lose_an_answer(desk):
    desk.ack("answer")["token"] = "answer that nobody has"


def change_what_was_sent(desk):
    Ticket.objects.filter(pk=desk.free.pk).update(subject="something else")


def tell_two_numbers(desk):
    more(desk, acks=[desk.ack("ticket") | {"number": desk.raised.number}])


def write_it_twice(desk):
    Ticket.objects.filter(pk=desk.free.pk).update(subject=desk.raised.subject)


def tell_a_number_twice(desk):
    more(desk, acks=[desk.ack("ticket") | {"key": str(uuid4())}])


def lose_a_file(desk):
    attachments.path_of(desk.ack("ticket")["file"]).unlink()


def change_a_file(desk):
    attachments.path_of(desk.ack("ticket")["file"]).write_bytes(b"other")


def leave_a_file(_desk):
    attachments.path_of("ab" * 32).parent.mkdir(parents=True)
    attachments.path_of("ab" * 32).write_bytes(b"whose?")


def lose_what_was_attached(desk):
    desk.ack("ticket", desk.raised.number)["file"] = "cd" * 32


def refuse(desk):
    more(desk, acks=[{"what": "refused", "deed": "ticket", "key": "k", "status": 403, "at": 0}])


def move_the_due_time(desk):
    Ticket.objects.filter(pk=desk.raised.pk).update(due_at=AT + 900 * MINUTE)


def move_the_phase(desk):
    Ticket.objects.filter(pk=desk.raised.pk).update(phase="resolved")


def lose_an_event(_desk):
    at_the_database("UPDATE tickets_event SET number = 5 WHERE number = 2")


def lose_the_trigger(_desk):
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER only_added_to ON tickets_event")


def call_a_miss_kept(desk):
    at_the_database("UPDATE tickets_promisemade SET due_at = %s WHERE ticket_id = %s", AT + MINUTE, desk.answered.pk)


def forget_the_answer(desk):
    Ticket.objects.filter(pk=desk.answered.pk).update(answered_at=None)


def ring_without_a_guarantee(desk):
    desk.ack("ticket", desk.answered.number)["promised"] = False


def promise_nothing(desk):
    desk.ack("ticket", desk.free.number)["promised"] = True


def lose_an_alarm(desk):
    Intent.objects.filter(about=desk.alarm.pk).delete()
    desk.alarm.delete()


def tell_nobody(desk):
    Intent.objects.filter(about=desk.alarm.pk).delete()


def ring_late(desk):
    Alarm.objects.filter(pk=desk.alarm.pk).update(rung_at=desk.alarm.ring_at + timedelta(seconds=11))


def ring_early(desk):
    Alarm.objects.filter(pk=desk.alarm.pk).update(rung_at=desk.alarm.ring_at - timedelta(seconds=1))


def ring_after_the_answer(desk):
    Alarm.objects.filter(pk=desk.alarm.pk).update(rung_at=AT + 41 * MINUTE)


def give_up(desk):
    Intent.objects.filter(about=desk.alarm.pk).update(sent_at=None, given_up_at=AT, problem="550 no")


def keep_waiting(desk):
    Intent.objects.filter(about=desk.alarm.pk).update(sent_at=None, try_at=AT)


def cancel_for_nothing(desk):
    Intent.objects.filter(about=desk.alarm.pk).update(sent_at=None, cancelled_at=AT, cancelled_because="whim")


def lose_a_letter(desk):
    desk.seen.letters.remove(desk.letter)
    more(desk)


def send_what_nobody_meant(desk):
    more(desk, letters=[desk.letter | {"key": str(uuid4())}])


def send_to_another(desk):
    desk.letter["to"] = "eve@example.test"


def send_under_two_keys(desk):
    Intent.objects.filter(about=desk.alarm.pk).update(digest=uuid4())


def send_again(desk):
    more(desk, letters=[desk.letter | {"began": desk.letter["began"] + 60}])


def begin_after_the_answer(desk):
    desk.letter["began"] = desk.ack("answer")["at"] + 4


def send_from_two_hands(desk):
    more(desk, letters=[desk.letter | {"began": desk.letter["began"] + 1}])


def point_nowhere(desk):
    at_the_database("UPDATE tickets_message SET author_id = 999999 WHERE ticket_id = %s", desk.free.pk)


SPOILT = [
    ("i01_what_was_acknowledged_exists", lose_a_ticket),
    ("i01_what_was_acknowledged_exists", lose_an_answer),
    ("i01_what_was_acknowledged_exists", change_what_was_sent),
    ("i02_a_submission_key_is_one_ticket", tell_two_numbers),
    ("i02_a_submission_key_is_one_ticket", write_it_twice),
    ("i16_a_number_is_one_ticket", tell_a_number_twice),
    ("i17_files_and_their_rows_agree", lose_a_file),
    ("i17_files_and_their_rows_agree", change_a_file),
    ("i17_files_and_their_rows_agree", leave_a_file),
    ("i17_files_and_their_rows_agree", lose_what_was_attached),
    ("nothing_good_was_refused", refuse),
    ("i03_what_is_owed_follows_from_the_events", move_the_due_time),
    ("i04_what_is_stored_follows_from_the_events", move_the_phase),
    ("i05_events_are_only_added_to", lose_an_event),
    ("i05_events_are_only_added_to", lose_the_trigger),
    ("i11_a_verdict_is_the_answer_against_the_due_time", call_a_miss_kept),
    ("i11_a_verdict_is_the_answer_against_the_due_time", forget_the_answer),
    ("i15_without_a_guarantee_nothing_is_due_and_nothing_rings", ring_without_a_guarantee),
    ("i15_without_a_guarantee_nothing_is_due_and_nothing_rings", promise_nothing),
    ("i06_every_level_rings_once_and_is_told", lose_an_alarm),
    ("i06_every_level_rings_once_and_is_told", tell_nobody),
    ("i10_alarms_ring_in_time", ring_late),
    ("i10_alarms_ring_in_time", ring_early),
    ("nothing_rings_that_is_no_longer_owed", ring_after_the_answer),
    ("i07_everything_that_was_meant_has_ended", give_up),
    ("i07_everything_that_was_meant_has_ended", keep_waiting),
    ("i07_everything_that_was_meant_has_ended", cancel_for_nothing),
    ("i08_what_was_sent_arrived_and_is_known_by_its_key", lose_a_letter),
    ("i08_what_was_sent_arrived_and_is_known_by_its_key", send_what_nobody_meant),
    ("i08_what_was_sent_arrived_and_is_known_by_its_key", send_to_another),
    ("i08_what_was_sent_arrived_and_is_known_by_its_key", send_under_two_keys),
    ("letters_come_again_only_for_a_reason", send_again),
    ("i09_nothing_is_begun_about_what_is_answered", begin_after_the_answer),
    ("i19_one_letter_is_in_one_hand", send_from_two_hands),
    ("i23_the_database_is_sound", point_nowhere),
]


def test_all_checks_hold_on_a_sound_desk(desk):
    assert Alarm.objects.exists()
    assert desk.seen.letters
    assert {name: check(desk.seen) for name, check in CHECKS.items()} == {key: [] for key in CHECKS}


@pytest.mark.parametrize(("name", "spoil"), SPOILT, ids=lambda value: getattr(value, "__name__", ""))
def test_a_check_notices(desk, name, spoil):
    spoil(desk)
    assert CHECKS[f"check_{name}"](desk.seen) != []


def test_every_check_is_seen_to_notice_something():
    assert {f"check_{name}" for name, _ in SPOILT} == CHECKS.keys()


def test_a_letter_may_come_again_when_a_worker_was_killed(desk):
    send_again(desk)
    more(desk, faults=[{"what": "worker killed", "at": 0, "since": 0}])
    assert CHECKS["check_letters_come_again_only_for_a_reason"](desk.seen) == []


def test_time_without_a_database_is_no_lateness(desk):
    ring_late(desk)
    since = desk.alarm.ring_at.timestamp()
    more(desk, faults=[{"what": "database killed", "at": 0, "since": since, "until": since + 3}])
    assert CHECKS["check_i10_alarms_ring_in_time"](desk.seen) == []
