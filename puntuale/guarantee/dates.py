"""Whether the dates of a bundle of evidence can be, beside each other and beside the verifier's clock.

A bundle is of some instant by its own word, and nothing shows that. But that word cannot be any: not before what is in
the bundle, not after the present, and the next anchor follows from it.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from puntuale.guarantee import anchors, chain

TWO_CLOCKS = timedelta(minutes=5)
"""By how much the clocks of the desk and of the verifier may differ."""


def faults(bundle: Mapping[str, Any], at: datetime | None) -> Iterator[str]:
    """Yield each date that cannot be. `at` is the verifier's present, None where that is not looked at."""
    if not bundle["events"]:
        return
    yield from _within(bundle)
    if bundle.get("exported_at"):
        yield from _exported(bundle, at)
    elif at is not None:
        yield from _ahead("the last event", max(event["at"] for event in bundle["events"]), at)


def _within(bundle: Mapping[str, Any]) -> Iterator[str]:
    """Yield the anchors that are older than what they hold, and what is told of the next without need."""
    days = {event["number"]: _day(event["at"]) for event in bundle["events"]}
    for position, anchor in enumerate(bundle["anchors"]):
        if date.fromisoformat(anchor["day"]) < days[anchor["event"]]:
            where = f"anchors[{position}].day is {anchor['day']}"
            yield f"{where}, and has to be no earlier than event {anchor['event']}, of {days[anchor['event']]}"
    following, is_anchored = bundle.get("next_anchor_at"), _is_anchored(bundle)
    if following and is_anchored:
        yield f"next_anchor_at is {following}, and has to be null: an anchor holds the last event"
    elif following and not bundle.get("exported_at"):
        yield f"next_anchor_at is {following}, and exported_at, which it follows from, is not told"
    elif not following and "next_anchor_at" in bundle and not is_anchored:
        yield "next_anchor_at is null, and has to be told: no anchor holds the last event"


def _exported(bundle: Mapping[str, Any], at: datetime | None) -> Iterator[str]:
    told, last = bundle["exported_at"], max((event["at"] for event in bundle["events"]), key=datetime.fromisoformat)
    exported_at = datetime.fromisoformat(told)
    if told != chain.instant(exported_at):
        yield f"exported_at is {told}, and has to be written {chain.instant(exported_at)}"
    if exported_at < datetime.fromisoformat(last):
        yield f"exported_at is {told}, and has to be no earlier than the last event, {last}"
    for anchor in bundle["anchors"]:
        if _day(told) < date.fromisoformat(anchor["day"]):
            yield f"exported_at is {told}, and has to be no earlier than the anchor of {anchor['day']}"
    if at is not None:
        yield from _ahead("exported_at", told, at)
    following, looks = bundle.get("next_anchor_at"), _next_looks(bundle, exported_at)
    if following and following not in looks:
        yield f"next_anchor_at is {following}, and from exported_at, {told}, follows {' or '.join(looks)}"


def _next_looks(bundle: Mapping[str, Any], exported_at: datetime) -> list[str]:
    """Return when the next anchor can be made: within the hour, or, where the day has one already, on the next."""
    day = exported_at.astimezone(UTC).date()
    has_one = any(anchor["day"] == day.isoformat() for anchor in bundle["anchors"])
    found = {anchors.first_look(day + timedelta(days=1))} | (set() if has_one else {anchors.next_look(exported_at)})
    return sorted(chain.instant(one) for one in found)


def _ahead(what: str, told: str, at: datetime) -> Iterator[str]:
    if datetime.fromisoformat(told) > at + TWO_CLOCKS:
        yield f"{what} is {told}, and has to be no later than now, {chain.instant(at)} by this machine's clock"


def _is_anchored(bundle: Mapping[str, Any]) -> bool:
    return any(anchor["event"] == len(bundle["events"]) for anchor in bundle["anchors"])


def _day(told: str) -> date:
    return datetime.fromisoformat(told).astimezone(UTC).date()
