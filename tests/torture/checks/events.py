"""Events lead to what is stored, and nobody can change them."""

from django.db import DatabaseError, connection, transaction

from puntuale.guarantee.promise import Verdict
from puntuale.tickets.models import Event, Kind, PromiseEnding, PromiseMade, Ticket
from puntuale.tickets.replay import differences
from puntuale.watch.models import Alarm

OWED = {"due_at", "due_metric", "the list of promises"}
APPEND_ONLY = ("tickets_event", "tickets_promisemade", "tickets_promiseending", "agreements_publication")


def check_i03_what_is_owed_follows_from_the_events(seen):
    """Every promise and due time comes out again when the events are told anew."""
    return [str(difference) for difference in differences(Ticket.objects.all()) if difference.what in OWED]


def check_i04_what_is_stored_follows_from_the_events(seen):
    """So does everything else a ticket's row says."""
    return [str(difference) for difference in differences(Ticket.objects.all()) if difference.what not in OWED]


def check_i05_events_are_only_added_to(seen):
    """The events of a ticket are numbered without a gap, and the database refuses to change or delete what was written."""
    numbers = {}
    for ticket, number in Event.objects.order_by("ticket_id", "number").values_list("ticket_id", "number"):
        numbers.setdefault(ticket, []).append(number)
    found = [
        f"the events of ticket {ticket} are numbered {those}"
        for ticket, those in numbers.items()
        if those != list(range(1, len(those) + 1))
    ]
    return found + [f"{deed} is not refused" for deed in _deeds() if not _is_refused(deed)]


def check_i11_a_verdict_is_the_answer_against_the_due_time(seen):
    """A promise is met exactly when the answer came at or before its due time, and dated by the answer."""
    found = []
    answers = PromiseEnding.objects.filter(ended_by__kind=Kind.ANSWERED, promise__due_at__isnull=False)
    for ending in answers.select_related("promise", "ended_by"):
        in_time = ending.ended_by.at <= ending.promise.due_at
        if (ending.verdict == Verdict.MET) is not in_time or ending.at != ending.ended_by.at:
            found.append(f"promise {ending.promise_id} is {ending.verdict}, answered {ending.ended_by.at}")
    firsts = dict(Event.objects.filter(kind=Kind.ANSWERED).order_by("-number").values_list("ticket_id", "at"))
    return found + [
        f"ticket {ticket.number} was answered at {ticket.answered_at}, and its events say at {firsts.get(ticket.pk)}"
        for ticket in Ticket.objects.all()
        if ticket.answered_at != firsts.get(ticket.pk)
    ]


def check_i15_without_a_guarantee_nothing_is_due_and_nothing_rings(seen):
    """A ticket that was promised nothing has no due time and no alarm; one that was promised something has a due time."""
    due = set(PromiseMade.objects.filter(due_at__isnull=False).values_list("ticket_id", flat=True))
    rung = set(Alarm.objects.values_list("ticket_id", flat=True))
    found = []
    for ack in seen.told("ticket"):
        if (ack["number"] in due) is not ack["promised"]:
            found.append(f"ticket {ack['number']} should {'' if ack['promised'] else 'not '}be due")
        if ack["number"] in rung and not ack["promised"]:
            found.append(f"ticket {ack['number']} rang without a guarantee")
    return found


def _deeds():
    for table in APPEND_ONLY:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            if cursor.fetchone()[0]:
                yield from (f"UPDATE {table} SET id = id", f"DELETE FROM {table}")


def _is_refused(deed):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(deed)
            transaction.set_rollback(True)
    except DatabaseError as problem:
        return "only ever added to" in str(problem)
    return False
