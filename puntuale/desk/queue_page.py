"""A page of a queue: looked at cheaply first, told whole only when it has changed."""

from collections.abc import Iterable
from dataclasses import dataclass

from puntuale.agreements.models import Product
from puntuale.agreements.reading import NothingInForce, agreement_in_force
from puntuale.desk import summary
from puntuale.desk.agents import offered
from puntuale.desk.fresh import tag_of
from puntuale.desk.menu import TITLES, menu
from puntuale.desk.rows import rows
from puntuale.desk.summary import Summary
from puntuale.desk.trail import Trail
from puntuale.looks.requests import Admitted, language
from puntuale.people.models import Organisation
from puntuale.tickets import presence, queues, saved_filters
from puntuale.tickets.queues import Counts, Page
from puntuale.tickets.reading import visible_to

MOST_OFFERED = 300


@dataclass(frozen=True)
class Glance:
    """What a page of a queue depends on, without a promise looked up or a word rendered."""

    trail: Trail
    found: Page
    counts: Counts
    summary: Summary
    watched: dict[int, list[str]]
    tag: str


def glance(request: Admitted, trail: Trail, *, whole: bool = True) -> Glance:
    """Return what a page of a queue depends on; `whole` with all that its rows show."""
    tickets = visible_to(request.person)
    narrowed = trail.narrowed.narrowed(tickets, request.person)
    after = request.GET.get("after", "")
    found = queues.page(narrowed, trail.view, by=request.person, at=request.at, after=after, at_a_glance=not whole)
    counts = queues.counts(by=request.person, at=request.at)
    if trail.narrowed.asked:
        above = summary.of_some(narrowed, trail.view, by=request.person, at=request.at)
    else:
        above = summary.of_all(trail.view, counts)
    watched = presence.watched(found.tickets, by_others_than=request.person, at=request.at)
    facts = [(one.pk, one.last_event, one.due_at, one.phase, one.assignee_id) for one in found.tickets]
    minute = request.at.replace(second=0, microsecond=0)
    tag = tag_of(facts, found.following, counts, above, sorted(watched.items()), minute, language(), str(request.zone))
    return Glance(trail, found, counts, above, watched, tag)


def told(request: Admitted, seen: Glance) -> dict[str, object]:
    """Return what the changing part of the page shows."""
    return {
        "trail": seen.trail,
        "view": seen.trail.view,
        "menu": menu(seen.counts),
        "summary": summary.summed(seen.summary),
        "rows": rows(seen.found.tickets, request, view=seen.trail.view, watched=seen.watched),
        "following": seen.found.following,
        "is_first": not request.GET.get("after"),
        "tag": seen.tag,
        "checkable": True,
    }


def framed(request: Admitted, seen: Glance) -> dict[str, object]:
    """Return what the whole page shows."""
    wants_filter = seen.trail.narrowed.asked or "filter" in request.GET or request.method == "POST"
    return told(request, seen) | {
        "title": TITLES[seen.trail.view],
        "filters": saved_filters.of(request.person),
        "agents": offered(),
        "columns": _columns(request) if wants_filter else {},
    }


def narrowing(request: Admitted, trail: Trail) -> dict[str, object]:
    """Return what narrowing a queue shows."""
    return {"trail": trail, "view": trail.view, "agents": offered(), "columns": _columns(request)}


def _columns(request: Admitted) -> dict[str, list[tuple[str, str]]]:
    """Return what each column of the filter can be narrowed to, as keys with names."""
    return _terms(request) | {
        "organisation": _named(Organisation.objects.values_list("pk", "name").order_by("name")[:MOST_OFFERED]),
        "product": _named(Product.objects.values_list("pk", "name").order_by("name")[:MOST_OFFERED]),
    }


def _terms(request: Admitted) -> dict[str, list[tuple[str, str]]]:
    """Return the columns whose words the agreement in force gives; none before there is one."""
    try:
        agreement, said = agreement_in_force(request.at), language()
    except NothingInForce:
        return {}
    return {
        "priority": [(one.key, f"{one.key} · {one.name.in_language(said)}") for one in agreement.priorities],
        "plan": [(one.key, one.name.in_language(said)) for one in agreement.plans],
        "environment": [(one.key, one.name.in_language(said)) for one in agreement.environments],
    }


def _named(found: Iterable[tuple[int, str]]) -> list[tuple[str, str]]:
    return [(str(key), name) for key, name in found]
