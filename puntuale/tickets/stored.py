"""The rows of a ticket's events and promises as the values the clock reckons with."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from puntuale.guarantee import chain
from puntuale.guarantee.agreement import Metric, Reason
from puntuale.guarantee.pauses import Pauses
from puntuale.guarantee.promise import Basis, Course, Ending, Promise, Verdict
from puntuale.guarantee.spans import Span
from puntuale.guarantee.targets import Target
from puntuale.tickets.models import Event, PromiseMade


def target_of(made: PromiseMade) -> Target | None:
    """Return what was promised, or None without a guarantee."""
    if made.target_seconds is None:
        return None
    return Target(made.target_seconds, made.hours, made.target.split(" ", maxsplit=1)[0])


def pauses_of(made: PromiseMade) -> Pauses:
    """Return the spans around which a goal counts."""
    return tuple(Span(datetime.fromisoformat(since), datetime.fromisoformat(until)) for since, until in made.pauses)


def as_texts(pauses: Pauses) -> list[list[str]]:
    """Return pauses as they are stored."""
    return [[pause.start.isoformat(), pause.end.isoformat()] for pause in pauses]


def promise_of(made: PromiseMade) -> Promise:
    """Return a row as a promise."""
    return Promise(
        metric=Metric(made.metric),
        made_at=made.made_at,
        start_at=made.start_at,
        due_at=made.due_at,
        target=target_of(made),
        reason=Reason(made.no_guarantee) if made.no_guarantee else None,
        version=made.publication_id,
        plan=made.plan,
        priority=made.priority,
        basis=Basis(made.basis),
        pauses=pauses_of(made),
    )


def course_of(rows: Sequence[PromiseMade]) -> Course:
    """Return the rows of one ticket and metric, in order, as a course."""
    endings = tuple(Ending(Verdict(row.ending.verdict), row.ending.at) for row in rows if hasattr(row, "ending"))
    return Course(tuple(promise_of(row) for row in rows), endings)


def digest_of(event: Event, before: str) -> str:
    """Return the digest that an event has after the one with the digest `before`."""
    return chain.link(
        before,
        ticket=event.ticket_id,
        number=event.number,
        kind=event.kind,
        at=event.at,
        by=event.by_id,
        facts=event.facts,
    )


def by_metric(rows: Iterable[PromiseMade]) -> dict[Metric, list[PromiseMade]]:
    """Return the rows of one ticket a metric, each in order."""
    found: dict[Metric, list[PromiseMade]] = {}
    for row in sorted(rows, key=lambda row: row.number):
        found.setdefault(Metric(row.metric), []).append(row)
    return found
