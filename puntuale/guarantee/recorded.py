"""Recorded events: as they are kept and handed out, and as the clock understands them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from puntuale.guarantee.facts import (
    Answered,
    Covered,
    CustomerWrote,
    Debt,
    Fact,
    GaveBack,
    Moved,
    Phase,
    Reclassified,
    Renewed,
    Restored,
    Submitted,
    Terms,
    TookOver,
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event: what kind it is, when it happened, and the facts of it, keys and instants as texts."""

    kind: str
    at: datetime
    facts: Mapping[str, Any]


def as_facts(events: Iterable[Recorded]) -> list[Fact]:
    """Return events as the clock understands them, without those that do not concern it."""
    told = [_FACTS[event.kind](event) for event in events if event.kind in _FACTS]
    return [fact for fact in told if fact is not None]


def _submitted(event: Recorded) -> Fact:
    said = event.facts
    return Submitted(
        at=event.at,
        version=said["version"],
        plan=said["plan"],
        priority=said["priority"],
        environment=said["environment"],
        stage=said["stage"],
        since=_instant(said.get("since")),
    )


def _answered(event: Recorded) -> Fact:
    then = event.facts.get("then")
    return Answered(at=event.at, then=Phase(then) if then else None)


def _customer_wrote(event: Recorded) -> Fact:
    return CustomerWrote(at=event.at, reopens=event.facts.get("reopens", False))


def _took_over(event: Recorded) -> Fact:
    return TookOver(at=event.at, source=event.facts["from"], owed=_debts(event))


def _debts(event: Recorded) -> tuple[Debt, ...]:
    return tuple(map(_debt, event.facts.get("owed", ())))


def _debt(owed: Mapping[str, Any]) -> Debt:
    return Debt(
        of=owed["of"],
        version=owed["version"],
        start_at=datetime.fromisoformat(owed["start_at"]),
        due_at=_instant(owed["due_at"]),
        target=owed["target"] or "",
        reason=owed["no_guarantee"] or "",
    )


def debt_as_facts(debt: Debt) -> dict[str, object]:
    """Return what a ticket owes of a merged one as an event tells it."""
    return {
        "of": debt.of,
        "version": debt.version,
        "start_at": debt.start_at.isoformat(),
        "due_at": debt.due_at.isoformat() if debt.due_at else None,
        "target": debt.target or None,
        "no_guarantee": debt.reason or None,
    }


def _gave_back(event: Recorded) -> Fact:
    return GaveBack(at=event.at, of=frozenset(event.facts.get("of") or [event.facts["to"]]))


def _reclassified(event: Recorded) -> Fact:
    said, claimed_at = event.facts, _instant(event.facts.get("claimed_at"))
    in_force = None
    if said.get("plan"):
        since = _instant(said.get("counts_from")) or event.at
        in_force = Terms(version=said["version"], plan=said["plan"], since=since)
    return Reclassified(at=event.at, priority=said["priority"], claimed_at=claimed_at, in_force=in_force)


def _covered(event: Recorded) -> Fact:
    return Covered(at=event.at, version=event.facts["version"], plan=event.facts["plan"], owed=_debts(event))


def _restored(event: Recorded) -> Fact:
    said = event.facts
    return Restored(at=event.at, answered_at=_instant(said.get("answered_at")), waits=said.get("waits", False))


def _moved(to: Phase) -> Callable[[Recorded], Fact]:
    return lambda event: Moved(at=event.at, to=to)


def _instant(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


_FACTS: dict[str, Callable[[Recorded], Fact | None]] = {
    "submitted": _submitted,
    "answered": _answered,
    "customer_wrote": _customer_wrote,
    "reclassified": _reclassified,
    "covered": _covered,
    "renewed": lambda event: Renewed(at=event.at, version=event.facts["version"], owed=_debts(event)),
    "waited": _moved(Phase.WAITING),
    "resumed": _moved(Phase.OPEN),
    "resolved": _moved(Phase.RESOLVED),
    "reopened": _moved(Phase.OPEN),
    "cancelled": _moved(Phase.CANCELLED),
    "merged": _moved(Phase.MERGED),
    "restored": _restored,
    "unmerged": _restored,
    "took_over": _took_over,
    "gave_back": _gave_back,
}

CONCERNING = tuple(_FACTS)
"""The kinds of events that concern the promises."""
