"""What a bundle of evidence has to look like, before anything is reckoned from it (`docs/evidence.md`)."""

from collections.abc import Iterator, Mapping
from typing import Any

from puntuale.guarantee.agreement import Metric
from puntuale.guarantee.facts import Phase
from puntuale.guarantee.promise import Verdict
from puntuale.guarantee.shape import (
    Rule,
    anything,
    day,
    digest,
    each,
    entries,
    instant,
    known,
    maybe,
    named,
    one_of,
    shown,
    tangle,
    text,
    whole,
    word,
    yes_or_no,
)


def faults(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield everything by which an object is no bundle, or by which one part of it speaks of what another has not."""
    if reason := tangle(told):
        yield reason
        return
    found = list(BUNDLE("", told))
    yield from found or _loose_ends(told)


def _loose_ends(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield what events, promises and anchors speak of, and the bundle does not have."""
    versions = [one["version"] for one in told["agreements"]]
    for position, event in enumerate(told["events"]):
        where = f"events[{position}].facts"
        yield from FACTS.get(event["kind"], anything)(where, event["facts"])
        version = event["facts"].get("version")
        if version is not None and version not in versions:
            yield f"{where}.version is {shown(version)}, and agreements have no such version"
    for metric, promises in told["promises"].items():
        for position, one in enumerate(promises):
            if one["version"] not in versions:
                yield f"promises.{metric}[{position}].version is {one['version']}, and agreements have no such version"
    numbers = {event["number"] for event in told["events"]}
    for position, anchor in enumerate(told["anchors"]):
        if anchor["event"] not in numbers:
            yield f"anchors[{position}].event is {anchor['event']}, and no event has that number"
    yield from _surplus(told, versions)


def _surplus(told: Mapping[str, Any], versions: list[int]) -> Iterator[str]:
    """Yield the agreements and anchors that are there without need, or twice."""
    used = [event["facts"].get("version") for event in told["events"]]
    used += [one["version"] for promises in told["promises"].values() for one in promises]
    for position, version in enumerate(versions):
        if version not in used or version in versions[:position]:
            yield f"agreements[{position}].version is {version}, and each has to be used, and to be there once"
    covered = [anchor["event"] for anchor in told["anchors"]]
    if covered != sorted(set(covered)):
        yield f"anchors hold events {shown(covered)}, and each has to hold later ones than the one before"


NUMBER = whole(1)
PHASE = one_of(*(phase.value for phase in Phase))
METRIC = one_of(*(metric.value for metric in Metric))
VERDICT = one_of(*(verdict.value for verdict in Verdict))
STEP = known(
    "a side, left or right, and a digest",
    lambda step: (
        isinstance(step, list) and len(step) == 2 and step[0] in {"left", "right"} and not list(digest("", step[1]))
    ),
)

EVENT = entries(
    {
        "number": NUMBER,
        "kind": word,
        "at": instant,
        "by": maybe(NUMBER),
        "facts": named(anything),
        "digest": digest,
    },
    of="an event",
)
AGREEMENT = entries({"version": NUMBER, "digest": digest, "document": text}, of="an agreement")
PROMISE = entries({"version": NUMBER}, others=True)
ANCHOR = entries(
    {
        "day": day,
        "before": known("a SHA-256, or empty for the first", lambda said: said == "" or not list(digest("", said))),
        "up_to": NUMBER,
        "count": NUMBER,
        "root": digest,
        "agreements": named(digest),
        "digest": digest,
        "event": NUMBER,
        "path": each(STEP),
    },
    of="an anchor",
)
BUNDLE = entries(
    {
        "format": NUMBER,
        "ticket": NUMBER,
        "last_digest": digest,
        "events": each(EVENT),
        "agreements": each(AGREEMENT),
        "promises": named(each(PROMISE), names=METRIC),
        "verdicts": named(maybe(VERDICT), names=METRIC),
        "anchors": each(ANCHOR),
    },
    {"exported_at": instant, "next_anchor_at": maybe(instant)},
    of="a bundle",
)


def _facts(needed: Mapping[str, Rule], **may: Rule) -> Rule:
    return entries(needed, may, others=True)


def _took_over(where: str, facts: Mapping[str, Any]) -> Iterator[str]:
    """What came with a merge has all of a promise, or nothing of it."""
    if "due_at" in facts:
        yield from _TAKEN(where, facts)


_TAKEN = _facts({"from": NUMBER, "version": NUMBER, "start_at": instant, "due_at": instant, "target": word})
_RESTORED = _facts({}, answered_at=maybe(instant))

FACTS: Mapping[str, Rule] = {
    "submitted": _facts(
        {"version": NUMBER, "plan": maybe(word), "priority": word, "environment": word, "stage": word},
        since=maybe(instant),
    ),
    "answered": _facts({}, then=maybe(PHASE)),
    "customer_wrote": _facts({}, reopens=yes_or_no),
    "reclassified": _facts({"priority": word}, claimed_at=maybe(instant)),
    "covered": _facts({"version": NUMBER, "plan": word}),
    "renewed": _facts({"version": NUMBER}),
    "restored": _RESTORED,
    "unmerged": _RESTORED,
    "took_over": _took_over,
    "gave_back": _facts({"to": NUMBER}),
}
"""What the clock reads of the facts of an event, by its kind."""
