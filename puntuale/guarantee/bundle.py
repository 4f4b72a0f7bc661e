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


def versions_in(kind: str, facts: Mapping[str, Any]) -> list[Any]:
    """Return the versions of the agreement that an event speaks of."""
    told = [facts, *(facts.get("owed", ()) if kind == "took_over" else ())]
    return [said["version"] for said in told if said.get("version") is not None]


def _loose_ends(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield what events, promises and anchors speak of, and the bundle does not have."""
    versions = [one["version"] for one in told["agreements"]]
    for position, event in enumerate(told["events"]):
        where = f"events[{position}].facts"
        misshapen = list(FACTS.get(event["kind"], anything)(where, event["facts"]))
        yield from misshapen
        for version in [] if misshapen else versions_in(event["kind"], event["facts"]):
            if version not in versions:
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


_DEBT = _facts(
    {
        "of": NUMBER,
        "version": NUMBER,
        "start_at": instant,
        "due_at": maybe(instant),
        "target": maybe(word),
        "no_guarantee": maybe(word),
    }
)
_RESTORED = _facts({}, answered_at=maybe(instant), waits=yes_or_no)

FACTS: Mapping[str, Rule] = {
    "submitted": _facts(
        {"version": NUMBER, "plan": maybe(word), "priority": word, "environment": word, "stage": word},
        since=maybe(instant),
    ),
    "answered": _facts({}, then=maybe(PHASE)),
    "customer_wrote": _facts({}, reopens=yes_or_no),
    "reclassified": _facts(
        {"priority": word}, claimed_at=maybe(instant), version=NUMBER, plan=word, counts_from=instant
    ),
    "covered": _facts({"version": NUMBER, "plan": word}),
    "renewed": _facts({"version": NUMBER}),
    "restored": _RESTORED,
    "unmerged": _RESTORED,
    "took_over": _facts({"from": NUMBER}, owed=each(_DEBT)),
    "gave_back": _facts({"to": NUMBER}, of=each(NUMBER)),
}
"""What the clock reads of the facts of an event, by its kind."""
