"""Ways to spoil a sound desk, each with the check that must notice."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from django.db import connection

from puntuale.oncall.models import Page, Paging
from puntuale.sending.models import Intent
from puntuale.tickets import attachments
from puntuale.tickets.models import Ticket
from puntuale.watch.models import Alarm
from tests.torture.sound import ACKNOWLEDGED, AT, IN_VAIN, LAPSED, MINUTE

SECOND = timedelta(seconds=1)


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
    Intent.objects.filter(kind="alarm", about=desk.alarm.pk).delete()
    desk.alarm.delete()


def tell_nobody(desk):
    Intent.objects.filter(kind="alarm", about=desk.alarm.pk).delete()


def ring_late(desk):
    Alarm.objects.filter(pk=desk.alarm.pk).update(rung_at=desk.alarm.ring_at + timedelta(seconds=11))


def ring_early(desk):
    Alarm.objects.filter(pk=desk.alarm.pk).update(rung_at=desk.alarm.ring_at - timedelta(seconds=1))


def ring_after_the_answer(desk):
    Alarm.objects.filter(pk=desk.alarm.pk).update(rung_at=AT + 41 * MINUTE)


def give_up(desk):
    Intent.objects.filter(kind="alarm", about=desk.alarm.pk).update(sent_at=None, given_up_at=AT, problem="550 no")


def keep_waiting(desk):
    Intent.objects.filter(kind="alarm", about=desk.alarm.pk).update(sent_at=None, try_at=AT)


def cancel_for_nothing(desk):
    Intent.objects.filter(kind="alarm", about=desk.alarm.pk).update(
        sent_at=None, cancelled_at=AT, cancelled_because="whim"
    )


def lose_a_letter(desk):
    desk.seen.letters.remove(desk.letter)
    more(desk)


def send_what_nobody_meant(desk):
    more(desk, letters=[desk.letter | {"key": str(uuid4())}])


def send_to_another(desk):
    desk.letter["to"] = "eve@example.test"


def send_under_two_keys(desk):
    Intent.objects.filter(kind="alarm", about=desk.alarm.pk).update(digest=uuid4())


def send_again(desk):
    more(desk, letters=[desk.letter | {"began": desk.letter["began"] + 60}])


def begin_after_the_answer(desk):
    desk.letter["began"] = desk.ack("answer")["at"] + 4


def send_from_two_hands(desk):
    more(desk, letters=[desk.letter | {"began": desk.letter["began"] + 1}])


def lose_an_acknowledgement(desk):
    desk.paging.acknowledgements.all().delete()


def acknowledge_too_late(desk):
    desk.paging.acknowledgements.update(at=AT + 4 * MINUTE)


def lose_a_paging(desk):
    desk.paging.acknowledgements.all().delete()
    desk.paging.pages.all().delete()
    desk.paging.in_vain.all().delete()
    desk.paging.delete()


def page_nobody(desk):
    Intent.objects.filter(kind="page", about=desk.page.pk).delete()


def page_by_one_way_only(desk):
    Intent.objects.filter(kind="page", about=desk.page.pk, channel="webhook").delete()


def lose_a_step(desk):
    desk.paging.pages.filter(round=0, step=1, at__lt=AT + ACKNOWLEDGED * MINUTE).delete()


def lose_the_last_step(desk):
    desk.paging.pages.filter(round=1, step=1, at__gt=AT + LAPSED * MINUTE).delete()


def page_early(desk):
    desk.paging.pages.filter(round=0, step=1).update(at=AT + MINUTE - SECOND)


def page_late(desk):
    last = desk.paging.pages.filter(round=1, step=1, at__gt=AT + LAPSED * MINUTE)
    last.update(at=AT + (LAPSED + 3) * MINUTE + 11 * SECOND)
    desk.paging.in_vain.update(at=AT + IN_VAIN * MINUTE + 11 * SECOND)


def tell_no_manager(desk):
    Intent.objects.filter(kind="paged_in_vain").delete()


def tell_managers_late(desk):
    desk.paging.in_vain.update(at=AT + IN_VAIN * MINUTE + 11 * SECOND)


def hold_too_long(desk):
    desk.paging.acknowledgements.update(until=AT + (LAPSED - 1) * MINUTE)


def never_begin_anew(desk):
    desk.paging.pages.filter(at__gte=AT + LAPSED * MINUTE).delete()


def page_who_is_on_it(desk):
    Page.objects.filter(pk=desk.page.pk).update(at=AT + ACKNOWLEDGED * MINUTE + 2 * SECOND)


def set_aside(desk):
    Paging.objects.filter(pk=desk.paging.pk).update(set_aside_at=AT, problem="KeyError: 'why'")


def begin_after_the_acknowledgement(desk):
    desk.page_letter["began"] = desk.ack("acknowledgement")["at"] + 4


def begin_a_page_after_the_answer(desk):
    key = Intent.objects.filter(kind="page").order_by("pk").last().key
    desk.seen.copies[str(key)][0]["began"] = desk.ack("answer")["at"] + 4


def lose_a_page(desk):
    desk.seen.letters.remove(desk.page_letter)
    more(desk)


def point_nowhere(desk):
    at_the_database("UPDATE tickets_message SET author_id = 999999 WHERE ticket_id = %s", desk.free.pk)


def go_on_though_told_to_end(desk):
    more(desk, faults=[{"what": "does not end", "at": 0, "log": "worker-1.log"}])


def end_the_desk_in_error(desk):
    more(desk, faults=[{"what": "desk ended", "at": 0, "status": 1}])


def end_unasked(desk):
    more(desk, faults=[{"what": "ended by itself", "at": 0, "log": "worker-1.log", "status": 70}])


SPOILT = [
    ("i01_what_was_acknowledged_exists", lose_a_ticket),
    ("i01_what_was_acknowledged_exists", lose_an_answer),
    ("i01_what_was_acknowledged_exists", change_what_was_sent),
    ("i01_what_was_acknowledged_exists", lose_an_acknowledgement),
    ("i01_what_was_acknowledged_exists", acknowledge_too_late),
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
    ("i06_every_promise_day_and_night_is_paged", lose_a_paging),
    ("i06_every_promise_day_and_night_is_paged", page_nobody),
    ("i06_every_promise_day_and_night_is_paged", page_by_one_way_only),
    ("i10_chains_are_gone_through_in_time", lose_a_step),
    ("i10_chains_are_gone_through_in_time", lose_the_last_step),
    ("i10_chains_are_gone_through_in_time", page_early),
    ("i10_chains_are_gone_through_in_time", page_late),
    ("i10_chains_are_gone_through_in_time", tell_no_manager),
    ("i10_chains_are_gone_through_in_time", tell_managers_late),
    ("i10_chains_are_gone_through_in_time", hold_too_long),
    ("i10_chains_are_gone_through_in_time", never_begin_anew),
    ("an_acknowledgement_stops_the_pages", page_who_is_on_it),
    ("nothing_was_set_aside", set_aside),
    ("i07_everything_that_was_meant_has_ended", give_up),
    ("i07_everything_that_was_meant_has_ended", keep_waiting),
    ("i07_everything_that_was_meant_has_ended", cancel_for_nothing),
    ("i08_what_was_sent_arrived_and_is_known_by_its_key", lose_a_letter),
    ("i08_what_was_sent_arrived_and_is_known_by_its_key", lose_a_page),
    ("i08_what_was_sent_arrived_and_is_known_by_its_key", send_what_nobody_meant),
    ("i08_what_was_sent_arrived_and_is_known_by_its_key", send_to_another),
    ("i08_what_was_sent_arrived_and_is_known_by_its_key", send_under_two_keys),
    ("letters_come_again_only_for_a_reason", send_again),
    ("i09_nothing_is_begun_about_what_is_over", begin_after_the_answer),
    ("i09_nothing_is_begun_about_what_is_over", begin_a_page_after_the_answer),
    ("i09_nothing_is_begun_about_what_is_over", begin_after_the_acknowledgement),
    ("i19_one_letter_is_in_one_hand", send_from_two_hands),
    ("i23_the_database_is_sound", point_nowhere),
    ("everybody_ended_when_told", go_on_though_told_to_end),
    ("everybody_ended_when_told", end_the_desk_in_error),
    ("nobody_ended_unasked", end_unasked),
]
