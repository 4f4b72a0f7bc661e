"""After a load: whether everything that was acknowledged is there, once, and follows from its events."""

from collections import Counter
from collections.abc import Iterable, Sequence

from puntuale.tickets.models import Message, Ticket
from puntuale.tickets.replay import differences
from puntuale.watch.models import Alarm

AT_A_TIME = 1_000


def wrong(tickets: Sequence[str], messages: Sequence[str]) -> list[str]:
    """Return what is lost, doubled or inconsistent, in words: nothing where all is well.

    Both are the keys of forms that the server said it took.
    """
    sent = _found(Ticket.objects.values_list("submission_key", "pk"), "submission_key__in", tickets)
    written = _found(Message.objects.values_list("key", "ticket_id"), "key__in", messages)
    found = [*_told("ticket", tickets, sent), *_told("message", messages, written)]
    touched = {number for _, number in [*sent, *written]}
    found += map(str, differences(Ticket.objects.filter(pk__in=touched)))
    rung = Counter(Alarm.objects.filter(ticket__in=touched).values_list("promise_id", "level"))
    return found + [f"alarm {level} of promise {promise} rang {times} times"
                    for (promise, level), times in rung.items() if times > 1]  # fmt: skip


def _found(rows, condition: str, keys: Sequence[str]) -> list[tuple[str, int]]:  # type: ignore[no-untyped-def]
    portions = (keys[start : start + AT_A_TIME] for start in range(0, len(keys), AT_A_TIME))
    return [(str(key), number) for portion in portions for key, number in rows.filter(**{condition: portion})]


def _told(what: str, keys: Sequence[str], found: Iterable[tuple[str, int]]) -> Iterable[str]:
    there = Counter(key for key, _ in found)
    for key in keys:
        if there[key] != 1:
            yield f"the {what} with the key {key} is there {there[key]} times"
