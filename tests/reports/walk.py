"""The second answer: how each ticket counts, walked in plain Python from what happened to it, and to what it went into.

It shares nothing with the statement: what was promised to the ticket itself, when somebody answered it, there or where
a merge had brought it, and when it was called off. Only at one instant does it ask the clock what comes before what.
"""

from collections import Counter

from puntuale.guarantee.promise import Basis, Verdict
from puntuale.reports.counting import Outcome
from puntuale.tickets.models import Reclassification, Ticket
from puntuale.tickets.reading import standings


def own(course):
    """Each promise that was made to the ticket itself, with how it ended."""
    endings = [*course.endings, *[None] * (len(course.promises) - len(course.endings))]
    pairs = zip(course.promises, endings, strict=True)
    return [(made, ending) for made, ending in pairs if made.basis is not Basis.TAKEN_OVER]


def answers(ticket, *, after=0):
    """When a ticket was answered, by the events with a higher number than `after`, there or where it went."""
    for event in ticket.events.order_by("number"):
        if event.number <= after:
            continue
        if event.kind == "answered":
            yield event.at
        elif event.kind == "unmerged" and event.facts["answered_at"]:
            yield type(event.at).fromisoformat(event.facts["answered_at"])
    if ticket.merged_into_id is not None:
        into = Ticket.objects.get(pk=ticket.merged_into_id)
        came = max(event.number for event in into.events.filter(kind="took_over") if event.facts["from"] == ticket.pk)
        yield from answers(into, after=came)


def called_off(ticket):
    """When it was cancelled, or what it was merged into; None while it is alive."""
    while ticket.merged_into_id is not None:
        ticket = Ticket.objects.get(pk=ticket.merged_into_id)
    return ticket.phase_since if ticket.phase == "cancelled" else None


def outcome(due, answered, gone, *, was_missed, at):
    """How a promise that was due at an instant turned out."""
    if answered is not None:
        return Outcome.LATE if was_missed or answered > due else Outcome.KEPT
    if was_missed or (gone or at) > due:
        return Outcome.MISSED
    return Outcome.CANCELLED if gone is not None else Outcome.RUNNING


def readings(standing):
    """As promised: by the earliest time ever promised to it. As finally classified: by the last one, if none lapsed."""
    course, at = standing.course, standing.at
    promises = own(course)
    dues = [made.due_at for made, _ in promises if made.due_at is not None]
    last, ending = promises[-1]
    answered, gone = min(answers(standing.ticket), default=None), called_off(standing.ticket)
    was_missed = any(one is not None and one.verdict is Verdict.MISSED for _, one in promises)
    # An answer by the earliest time is in time, also where the clock had noted a miss of a later one.
    first = outcome(min(dues), answered, gone, was_missed=was_missed and answered is None, at=at) if dues else None
    if ending is not None and ending.verdict in {Verdict.MET, Verdict.CANCELLED} and not was_missed:
        final = Outcome.KEPT if ending.verdict is Verdict.MET else Outcome.CANCELLED
    elif last.due_at is None and not was_missed:
        final = Outcome.CANCELLED if gone is not None and answered is None else Outcome.NO_GUARANTEE
    else:
        final = outcome(last.due_at, answered, gone, was_missed=was_missed, at=at)
    return first or Outcome.NO_GUARANTEE, final


def agreed(standing):
    """Whether a ticket is an agreed misclassification."""
    rows = [row for row in standing.rows if row.basis != "taken_over"]
    moved = [row for row in rows if row.basis in {"lowered", "raised", "restored"}]
    if not moved or moved[-1].basis != "lowered" or rows[-1].priority == rows[0].priority:
        return False
    if any(ending is not None and ending.verdict is Verdict.MISSED for _, ending in own(standing.course)):
        return False
    change = Reclassification.objects.filter(event=moved[-1].made_by).first()
    return (
        change is not None
        and change.grounds in {"not_production", "how_to", "workaround"}
        and not hasattr(change, "disagreement")
    )


def walked(at):
    """How each ticket counts: its number to both readings and whether the third leaves it out."""
    found = standings(list(Ticket.objects.order_by("pk")), at=at)
    return {one.ticket.pk: (*readings(one), agreed(one)) for one in found}


def tallies(at):
    """The three tallies and the moves, counted from the walk."""
    seen = walked(at).values()
    return (
        Counter(first for first, _, _ in seen),
        Counter(last for _, last, _ in seen),
        Counter(first for first, _, out in seen if not out),
        Counter((first, last) for first, last, _ in seen if first is not last),
    )
