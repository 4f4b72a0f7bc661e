"""The second answer: how each ticket counts, walked in plain Python over its promises as the clock tells them."""

from collections import Counter

from puntuale.guarantee.promise import ANSWERED, Basis, State, Verdict
from puntuale.reports.counting import Outcome
from puntuale.tickets.models import Reclassification, Ticket
from puntuale.tickets.reading import standings

FINAL = {
    State.MET: Outcome.KEPT,
    State.MET_LATE: Outcome.LATE,
    State.MISSED: Outcome.MISSED,
    State.RUNNING: Outcome.RUNNING,
    State.NO_GUARANTEE: Outcome.NO_GUARANTEE,
    State.CANCELLED: Outcome.CANCELLED,
    State.MERGED: Outcome.CANCELLED,
}


def promised(course, at):
    """As promised: by the earliest time ever promised, without what a merge brought and a separation took away."""
    endings = [*course.endings, *[None] * (len(course.promises) - len(course.endings))]
    own = [
        promise
        for promise, ending in zip(course.promises, endings, strict=True)
        if not (promise.basis is Basis.TAKEN_OVER and ending and ending.verdict is Verdict.REPLACED)
    ]
    dues = [promise.due_at for promise in own if promise.due_at]
    if not dues:
        return Outcome.NO_GUARANTEE
    ending = course.ending
    if ending is None:
        was_due = min(dues) < at or any(one.verdict is Verdict.MISSED for one in course.endings)
        return Outcome.MISSED if was_due else Outcome.RUNNING
    if ending.verdict in ANSWERED:
        return Outcome.KEPT if ending.at <= min(dues) else Outcome.LATE
    if ending.verdict is Verdict.MISSED or ending.at > min(dues):
        return Outcome.MISSED
    return Outcome.CANCELLED


def agreed(standing):
    """Whether a ticket is an agreed misclassification."""
    rows = standing.rows
    moved = [row for row in rows if row.basis in {"lowered", "raised", "restored"}]
    if not moved or moved[-1].basis != "lowered" or rows[-1].priority == rows[0].priority:
        return False
    if standing.course.lapsed_at is not None:
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
    return {one.ticket.pk: (promised(one.course, at), FINAL[one.state], agreed(one)) for one in found}


def tallies(at):
    """The three tallies and the moves, counted from the walk."""
    seen = walked(at).values()
    return (
        Counter(first for first, _, _ in seen),
        Counter(last for _, last, _ in seen),
        Counter(first for first, _, out in seen if not out),
        Counter((first, last) for first, last, _ in seen if first is not last),
    )
