"""The evidence of a ticket: all that somebody needs who checks without our database whether we kept our word."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from puntuale.agreements.models import Publication
from puntuale.agreements.reading import agreement_of
from puntuale.guarantee import chain, evidence
from puntuale.guarantee.bundle import versions_in
from puntuale.guarantee.promise import Course
from puntuale.tickets.anchoring import anchors_of, next_at
from puntuale.tickets.models import Event, Ticket
from puntuale.tickets.stored import by_metric, course_of


def bundle_of(ticket: Ticket, *, at: datetime) -> dict[str, Any]:
    """Return the bundle of a ticket as `docs/evidence.md` describes it, with what is stored, be it right or wrong.

    It is of `at`, or of its last event, where that came in while the bundle was being asked for.
    """
    events = list(ticket.events.order_by("number"))
    made_at = max([at, *(event.at for event in events)])
    rows = by_metric(ticket.promises.select_related("ending"))
    courses = {metric.value: course_of(made) for metric, made in rows.items()}
    anchors = anchors_of(ticket)
    is_anchored = bool(anchors) and anchors[-1]["event"] == events[-1].number
    return {
        "format": evidence.FORMAT,
        "ticket": ticket.number,
        "exported_at": chain.instant(made_at),
        "last_digest": ticket.last_digest,
        "events": [_event(event) for event in events],
        "agreements": _agreements(events, list(courses.values())),
        "promises": {metric: _promises(course) for metric, course in courses.items()},
        "verdicts": {metric: course.verdict.value if course.verdict else None for metric, course in courses.items()},
        "anchors": anchors,
        "next_anchor_at": None if is_anchored else chain.instant(next_at(at=made_at)),
    }


def _event(event: Event) -> dict[str, object]:
    return {
        "number": event.number,
        "kind": event.kind,
        "at": chain.instant(event.at),
        "by": event.by_id,
        "facts": event.facts,
        "digest": event.digest,
    }


def _agreements(events: Sequence[Event], courses: Sequence[Course]) -> list[dict[str, object]]:
    """Return every version that an event or a promise rests on."""
    versions = {version for event in events for version in versions_in(event.kind, event.facts)}
    versions |= {promise.version for course in courses for promise in course.promises}
    found = Publication.objects.filter(version__in=versions).order_by("version")
    return [{"version": one.version, "digest": one.digest, "document": one.document} for one in found]


def _promises(course: Course) -> list[dict[str, object]]:
    """Return the promises of one metric, each with its worked sum; with none where the row does not add up."""
    told = evidence.told_of_course(course)
    for one, promise in zip(told, course.promises, strict=True):
        try:
            one["sum"] = evidence.sum_of(promise, agreement_of(promise.version))
        except (ValueError, LookupError):
            one["sum"] = []
    return told
