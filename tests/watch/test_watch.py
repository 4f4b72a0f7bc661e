"""The watch follows promises from the act that makes them to the act that ends them, and rings what is reached."""

from datetime import timedelta
from uuid import uuid4

import pytest

from puntuale.agreements.publication import publish
from puntuale.guarantee.facts import Phase
from puntuale.people.models import Person, Role
from puntuale.sending.models import Intent
from puntuale.tickets import assignment, classification, conversation, merging, resolution
from puntuale.tickets.models import Cancellation, Grounds
from puntuale.watch import heartbeat, listeners, reading, ringing, watching
from puntuale.watch.letters import no_longer_owed
from puntuale.watch.models import Alarm, Heartbeat, Watched
from tests.guarantee.documents import STANDARD
from tests.guarantee.test_story import on

AT = on("fri 16:00")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def urgent(company):
    """Day and night, due on Friday at 17:00."""
    return company.ticket(company.anna, "1", AT)


def rung(ticket):
    return [(alarm.level, alarm.ring_at, alarm.rung_at) for alarm in ticket.alarms.order_by("pk")]


def told(ticket, level, channel="desk"):
    alarm = ticket.alarms.get(level=level)
    rows = Intent.objects.filter(kind="alarm", about=alarm.pk, channel=channel)
    return {row.person.first_name for row in rows.select_related("person")}


def watched(ticket):
    return list(Watched.objects.filter(ticket=ticket).values_list("promise__number", "ring_at"))


def test_a_promise_is_watched_from_the_moment_it_is_made(urgent):
    assert watched(urgent) == [(1, AT + 30 * MINUTE)]
    assert ringing.next_ring_at() == AT + 30 * MINUTE


def test_without_a_guarantee_nothing_is_watched(company):
    assert watched(company.ticket(company.bruno, "1", AT)) == []


def test_each_level_rings_once_at_its_time(urgent):
    minutes = [29, 30, 31, 45, 54, 60, 89, 90, 500]
    counts = [ringing.go_round(at=AT + n * MINUTE) for n in minutes]
    assert counts == [0, 1, 0, 1, 1, 1, 0, 1, 0]
    assert rung(urgent) == [
        (level, AT + n * MINUTE, AT + n * MINUTE)
        for level, n in (("50%", 30), ("75%", 45), ("90%", 54), ("due", 60), ("+1800s", 90))
    ]
    assert watched(urgent) == [(1, None)], "missed, still owed, and nothing more to ring"


def test_business_time_rings_in_hours_only(company):
    ticket = company.ticket(company.paola, "1", on("fri 16:30"))
    assert ringing.go_round(at=on("sun 12:00")) == 0
    assert watched(ticket) == [(1, on("mon 10:00"))]


@pytest.mark.parametrize(
    "ends",
    [
        lambda ticket, company, at: conversation.answer(ticket, body="Yes.", by=company.ada, at=at),
        lambda ticket, company, at: resolution.cancel(
            ticket, because=Cancellation.Because.SPAM, telling="", by=company.ada, at=at
        ),
        lambda ticket, company, at: merging.merge(
            ticket, into=company.ticket(company.anna, "1", AT - timedelta(minutes=10)), by=company.ada, at=at
        ),
    ],
    ids=["answered", "cancelled", "merged"],
)
def test_what_ends_a_promise_ends_its_watch_and_cancels_what_is_on_its_way(company, urgent, ends, settings):
    settings.EMAIL_IS_SET = True
    ringing.go_round(at=AT + 30 * MINUTE)
    waits = Intent.objects.filter(kind="alarm", try_at__isnull=False)
    assert waits.count() == 2, "to the two agents, since nobody has taken it"
    ends(urgent, company, AT + 31 * MINUTE)
    assert watched(urgent) == []
    assert waits.count() == 0
    mailed = Intent.objects.filter(kind="alarm", channel="email")
    assert set(mailed.values_list("cancelled_because", flat=True)) == {"no_longer_owed"}


def test_an_answer_is_looked_at_again_right_before_sending(company, urgent):
    ringing.go_round(at=AT + 30 * MINUTE)
    intents = list(Intent.objects.all())
    assert no_longer_owed(intents) == {}
    conversation.answer(urgent, body="Yes.", by=company.ada, at=AT + 31 * MINUTE)
    assert set(no_longer_owed(intents).values()) == {"no_longer_owed"}


def test_a_change_of_priority_moves_the_alarms(company, urgent):
    classification.reclassify(urgent, to="3", because=Grounds.HOW_TO, telling="Works.", by=company.ada, at=AT + MINUTE)
    # Six business hours from Friday 16:00: due on Monday at 14:00, half of it on Monday at 11:00.
    assert watched(urgent) == [(2, on("mon 11:00"))]


def test_a_goal_that_stands_still_is_not_watched(company):
    goals = '\n[resolution.advanced]\n1 = "4h always"\n2 = "8h business"\n3 = "16h business"\n'
    publish(STANDARD.replace("version = 1", "version = 2") + goals, effective_from=AT, at=AT)
    ticket = company.ticket(company.anna, "1", AT)
    assert {at for _, at in watched(ticket)} == {AT + 30 * MINUTE, AT + 120 * MINUTE}
    conversation.answer(ticket, body="Which one?", by=company.ada, at=AT + 10 * MINUTE, then=Phase.WAITING)
    assert watched(ticket) == []
    ringing.go_round(at=AT + 180 * MINUTE)
    assert not Alarm.objects.exists()
    conversation.follow_up(ticket, body="This one.", by=company.anna, at=AT + 190 * MINUTE)
    assert watched(ticket) == [(2, AT + 300 * MINUTE)], "half of four hours, less the three of waiting"


def test_who_is_told(company, urgent):
    assignment.assign(urgent, to=company.ada, by=company.ada, at=AT)
    for minutes in (30, 45, 54, 60, 90):
        ringing.go_round(at=AT + minutes * MINUTE)
    assert told(urgent, "50%") == {"Ada"}
    assert told(urgent, "75%") == {"Ada", "Grace"}
    assert told(urgent, "90%") == {"Ada", "Grace", "Mara"}, "nobody is on call, so the managers are"
    assert told(urgent, "due") == {"Ada", "Mara"}
    assert told(urgent, "+1800s") == {"Mara"}


def test_sec_s34_whoever_has_left_is_told_nothing_and_her_ticket_is_the_teams(company, urgent):
    assignment.assign(urgent, to=company.ada, by=company.ada, at=AT)
    Person.objects.filter(pk=company.ada.pk).update(left_at=AT)
    ringing.go_round(at=AT + 30 * MINUTE)
    assert told(urgent, "50%") == {"Grace"}


def test_a_desk_of_managers_only_is_told_as_well(company, urgent):
    Person.objects.filter(role=Role.AGENT).update(left_at=AT)
    ringing.go_round(at=AT + 30 * MINUTE)
    assert told(urgent, "50%") == {"Mara"}


def test_who_is_on_call_is_asked_of_those_who_know(company, urgent, monkeypatch):
    monkeypatch.setattr(listeners, "on_call", [listeners.nobody, lambda *_: [company.grace]])
    ringing.go_round(at=AT + 60 * MINUTE)
    assert told(urgent, "due") == {"Grace", "Mara"}


def test_after_a_standstill_each_missed_level_rings_once_and_says_how_late(company, urgent):
    late = AT + 100 * MINUTE
    assert ringing.go_round(at=late) == 1
    assert [(level, at) for level, _, at in rung(urgent)] == [
        (level, late) for level in ("50%", "75%", "90%", "due", "+1800s")
    ]
    # Whoever hears of a later level is not told of the earlier ones at the same moment.
    assert [told(urgent, level) for level in ("50%", "75%", "90%", "due", "+1800s")] == [
        set(), set(), {"Ada", "Grace"}, set(), {"Mara"},
    ]  # fmt: skip
    assert ringing.go_round(at=late) == 0


def test_the_most_urgent_rings_first(company):
    general = company.ticket(company.anna, "3", on("mon 09:00"), key=uuid4())
    urgent = company.ticket(company.anna, "1", on("mon 09:00"), key=uuid4())
    assert ringing.go_round(at=on("wed 09:00"), at_most=1) == 1
    assert urgent.alarms.exists()
    assert not general.alarms.exists()


def test_a_row_that_cannot_be_dealt_with_is_set_aside_and_stops_nothing(company, urgent, monkeypatch):
    other = company.ticket(company.anna, "1", AT, key=uuid4())
    real = ringing.levels

    def levels(promise):
        if promise.made_at == poisoned:
            raise ZeroDivisionError("poison")
        return real(promise)

    poisoned = AT + MINUTE
    bad = company.ticket(company.anna, "1", poisoned, key=uuid4())
    monkeypatch.setattr(ringing, "levels", levels)
    ringing.go_round(at=AT + 40 * MINUTE)
    assert urgent.alarms.exists()
    assert other.alarms.exists()
    row = Watched.objects.get(ticket=bad)
    assert (row.set_aside_at, row.problem) == (AT + 40 * MINUTE, "ZeroDivisionError: poison")
    assert list(reading.set_aside()) == [row]
    assert ringing.go_round(at=AT + 41 * MINUTE) == 0


def test_what_nobody_watches_is_found_and_watched(urgent):
    Watched.objects.all().delete()
    assert watching.watch_the_unwatched() == 1
    assert watched(urgent) == [(1, AT + 30 * MINUTE)]
    assert watching.watch_the_unwatched() == 0


def test_a_watch_on_what_has_ended_is_let_go(company, urgent):
    row = Watched.objects.get(ticket=urgent)
    conversation.answer(urgent, body="Yes.", by=company.ada, at=AT + MINUTE)
    row.save(force_insert=True)
    assert watching.let_go_of_the_ended() == 1
    assert watched(urgent) == []


def test_a_restored_ticket_is_watched_again(company, urgent):
    resolution.cancel(urgent, because=Cancellation.Because.SPAM, telling="", by=company.ada, at=AT + MINUTE)
    urgent.refresh_from_db()
    resolution.restore(urgent, by=company.ada, at=AT + 2 * MINUTE)
    assert watched(urgent) == [(2, AT + 30 * MINUTE)]


def test_alarms_are_read_by_those_who_were_told(company, urgent):
    assignment.assign(urgent, to=company.ada, by=company.ada, at=AT)
    ringing.go_round(at=AT + 30 * MINUTE)
    assert [alarm.level for alarm in reading.alarms_told_to(company.ada, at=AT + 31 * MINUTE)] == ["50%"]
    assert not reading.alarms_told_to(company.grace, at=AT + 31 * MINUTE)
    assert [alarm.level for alarm in reading.alarms_of(urgent)] == ["50%"]
    assert reading.rings_next(urgent) == AT + 45 * MINUTE


def test_the_watch_is_silent_when_no_worker_has_beaten_for_a_while(db):
    Heartbeat.objects.all().delete()
    assert heartbeat.silent_since(at=AT) == AT - heartbeat.SILENT_AFTER
    heartbeat.beat("one", at=AT)
    heartbeat.beat("other", at=AT - MINUTE)
    assert heartbeat.silent_since(at=AT + heartbeat.SILENT_AFTER) is None
    assert heartbeat.silent_since(at=AT + MINUTE) == AT
    heartbeat.beat("one", at=AT + timedelta(days=2))
    heartbeat.forget_silent(at=AT + timedelta(days=2))
    assert list(Heartbeat.objects.values_list("worker", flat=True)) == ["one"]


def test_alarms_never_ring_for_a_ticket_that_is_over(company, urgent):
    conversation.answer(urgent, body="Yes.", by=company.ada, at=AT + MINUTE, then=Phase.RESOLVED)
    assert ringing.go_round(at=AT + timedelta(days=1)) == 0
    assert not Alarm.objects.exists()
