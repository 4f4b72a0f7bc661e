"""Comparing two versions: what is said otherwise, what is new and what is gone, part by part."""

from collections.abc import Mapping
from dataclasses import dataclass

from puntuale.guarantee.agreement import Agreement, NoGuarantee
from puntuale.guarantee.document.cells import NONE
from puntuale.guarantee.document.writing import as_document

PARTS = ("cells", "priority", "plan", "environment", "stage", "hours", "holidays", "alarm", "note", "other")
"""The parts of a document, what matters most to customers first."""
UNTOLD = ("format", "version", "holidays", "alarm", "note", "environment", "stage", "plan", "priority", "hours")
Leaves = dict[tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is said otherwise: `was` is None for what is new, `now` for what is gone.

    `where` leads to it within its part: metric, plan and priority of a cell, the day of a holiday.
    """

    part: str
    where: tuple[str, ...]
    was: str | None
    now: str | None


def changes(before: Agreement, after: Agreement) -> list[Change]:
    """Return how one agreement differs from another, in the order of the parts. The version itself is no difference."""
    old, new = _leaves(before), _leaves(after)
    found = [
        Change(where[0], where[1:], old.get(where), new.get(where))
        for where in {**old, **new}
        if old.get(where) != new.get(where)
    ]
    return sorted(found, key=lambda change: PARTS.index(change.part))


def _leaves(agreement: Agreement) -> Leaves:
    """Return everything an agreement says, one text a place, independent of how its author wrote it down."""
    written = as_document(agreement)
    found: Leaves = {}
    for (metric, plan, priority), cell in agreement.cells.items():
        found["cells", metric.value, plan, priority] = NONE if isinstance(cell, NoGuarantee) else str(cell)
    for part, terms in (
        ("priority", agreement.priorities),
        ("plan", agreement.plans),
        ("environment", agreement.environments),
        ("stage", agreement.stages),
    ):
        found[part, "", "order"] = ", ".join(term.key for term in terms)
        entries = written[part]
        assert isinstance(entries, list)
        for entry in entries:
            _spread(found, (part, entry["key"]), {key: said for key, said in entry.items() if key != "key"})
    _spread(found, ("hours",), written["hours"])
    for key, days in agreement.holiday_lists.items():
        found["holidays", key, "years"] = f"{days.first_year}\N{EN DASH}{days.last_year}"
        _spread(found, ("holidays", key, "name"), days.name.as_mapping())
        for day, name in days.days.items():
            found["holidays", key, day.isoformat()] = next(iter(name.as_mapping().values()), "")
    for level in agreement.alarms:
        found["alarm", str(level)] = ", ".join(level.tell)
    for number, note in enumerate(agreement.notes, start=1):
        _spread(found, ("note", str(number)), note.as_mapping())
    metrics = {metric.value for metric, _plan, _priority in agreement.cells}
    _spread(found, ("other",), {key: said for key, said in written.items() if key not in {*UNTOLD, *metrics}})
    return found


def _spread(found: Leaves, where: tuple[str, ...], value: object) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _spread(found, (*where, str(key)), inner)
    elif isinstance(value, list):
        found[where] = ", ".join(str(entry) for entry in value)
    elif isinstance(value, bool):
        found[where] = "true" if value else "false"
    else:
        found[where] = str(value)
