"""How a promise ends, answered or not, and what comes before what at one instant (rule 14)."""

from dataclasses import replace
from datetime import UTC, datetime

from puntuale.guarantee.pauses import joined
from puntuale.guarantee.promise import Basis, Course, Ending, Promise, Verdict
from puntuale.guarantee.retargeting import Change, around, is_earlier
from puntuale.guarantee.spans import Span


def gives_way(course: Course, other: Promise, at: datetime) -> bool:
    """Tell whether another promise counts before the one of a course: it is due earlier, and that was not missed."""
    is_missed = course.lapsed_at is not None or course.current.lapsed_by(at)
    return not is_missed and is_earlier(other, course.current)


def running(course: Course, change: Change) -> Course:
    """Return a course that stands still as it would be if it ran again."""
    assert course.ending is not None
    resumed = replace(course.current, made_at=change.at.astimezone(UTC), basis=Basis.RESUMED)
    pauses = joined(
        [*course.pauses, Span(course.ending.at, change.at)] if change.at > course.ending.at else course.pauses
    )
    counted = around(resumed, pauses, change.agreement_of(resumed.version))
    return Course((*course.promises, counted), course.endings)


def verdict_of(course: Course, at: datetime) -> Verdict:
    """Return how an answer ends the current promise. At the same instant it comes before a change of it (rule 14)."""
    if course.current.due_at is None:
        return Verdict.ANSWERED
    in_time = (made.due_at is not None and at <= made.due_at for made in _standing(course, at))
    return Verdict.MET if any(in_time) else Verdict.MET_LATE


def gone(course: Course, verdict: Verdict, at: datetime) -> Ending:
    """Return how the current promise ends unanswered. At the same instant that comes before a miss (rule 14).

    So does it before a change at that instant, which may have brought a time back that was over already.
    """
    promise = course.current
    if promise.due_at is not None and all(made.lapsed_by(at) for made in _standing(course, at)):
        return Ending(Verdict.MISSED, promise.due_at)
    return Ending(verdict, at)


def _standing(course: Course, at: datetime) -> tuple[Promise, Promise]:
    """Return the promise that counts, and the one that counted before an instant, where another has come just then.

    What a merge brings was due when it was, whatever counted before.
    """
    current = course.current
    if current.basis is Basis.TAKEN_OVER:
        return current, current
    question = course.promises[course.question :]
    return current, next((made for made in reversed(question) if made.made_at < at), current)
