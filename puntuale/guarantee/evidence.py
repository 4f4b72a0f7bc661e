"""The bundle of a ticket's evidence, checked without the desk: the chain, the due times, the sums and the verdicts.

Whoever has the bundle needs to trust neither the database nor whoever sent it for what is in here to fit together. That
the desk recorded these events, and not others, is shown by an anchor that was written down at the time.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from puntuale.guarantee import anchors, chain, document, shape
from puntuale.guarantee import bundle as shape_of
from puntuale.guarantee.agreement import Agreement
from puntuale.guarantee.facts import Fact
from puntuale.guarantee.parsing import Unreadable, parse_json
from puntuale.guarantee.promise import Course, Ending, Promise
from puntuale.guarantee.reckoning import reckon, utc_text
from puntuale.guarantee.recorded import Recorded, as_facts
from puntuale.guarantee.retargeting import AgreementOf
from puntuale.guarantee.story import Story, fold

FORMAT = 1
LARGEST = 100_000_000
"""Bytes of a bundle that is read."""
SUMS_IN = "en"
"""The language in which a bundle names the holidays of its sums."""

ANCHORED_WITHIN = timedelta(days=2)
"""How long an event may be without an anchor: a day until the next one, and another for a worker that failed."""


class BundleRefused(ValueError):
    """What was given is not a bundle of evidence that this version reads."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked: whether it holds, what was seen, and whether that proves all that it should."""

    is_sound: bool
    what: str
    is_proof: bool = True

    @property
    def mark(self) -> str:
        """Return the word for it: ok, warning or bad."""
        if not self.is_sound:
            return "bad"
        return "ok" if self.is_proof else "warning"


def read(source: str | bytes) -> dict[str, Any]:
    """Return the bundle in a JSON text. Raises BundleRefused."""
    try:
        bundle = parse_json(source, largest=LARGEST)
    except Unreadable as problem:
        raise BundleRefused(f"it is not JSON: {problem}") from problem
    if not isinstance(bundle, dict):
        raise BundleRefused(f"it is {shape.shown(bundle)}, and a bundle of evidence has to be an object")
    if "format" not in bundle:
        raise BundleRefused("format is not told, and a bundle of evidence has to tell it")
    if type(bundle["format"]) is not int or bundle["format"] != FORMAT:
        raise BundleRefused(f"format is {shape.shown(bundle['format'])}, and this version reads {FORMAT}")
    return bundle


def written(bundle: Mapping[str, Any]) -> str:
    """Return a bundle as the text of its file."""
    return json.dumps(bundle, ensure_ascii=False, indent=1) + "\n"


def check(bundle: Mapping[str, Any]) -> list[Finding]:
    """Return what was checked in a bundle. What follows from something broken is not looked at."""
    if found := list(shape_of.faults(bundle)):
        return [Finding(False, fault) for fault in found]
    foundations = [*_chain(bundle), *_agreements(bundle), *_anchors(bundle), *_beyond(bundle)]
    if not all(finding.is_sound for finding in foundations):
        return foundations
    if impossible := _first_impossible(bundle):
        return [*foundations, Finding(False, impossible)]
    return [*foundations, *_promises(bundle)]


IMPOSSIBLE = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, AssertionError)
"""What folding events that somebody made up may raise."""


def told_of_course(course: Course) -> list[dict[str, object]]:
    """Return the promises of one metric as a bundle tells them."""
    endings: list[Ending | None] = [*course.endings, *[None] * (len(course.promises) - len(course.endings))]
    return [_told(made, ending) for made, ending in zip(course.promises, endings, strict=True)]


def _told(promise: Promise, ending: Ending | None) -> dict[str, object]:
    target = promise.target
    return {
        "version": promise.version,
        "plan": promise.plan,
        "priority": promise.priority,
        "basis": promise.basis.value,
        "made_at": utc_text(promise.made_at),
        "start_at": utc_text(promise.start_at),
        "due_at": utc_text(promise.due_at) if promise.due_at else None,
        "target": str(target) if target else None,
        "target_seconds": target.seconds if target else None,
        "no_guarantee": promise.reason.value if promise.reason else None,
        "pauses": [[utc_text(pause.start), utc_text(pause.end)] for pause in promise.pauses],
        "ending": {"verdict": ending.verdict.value, "at": utc_text(ending.at)} if ending else None,
    }


def sum_of(promise: Promise, agreement: Agreement) -> list[dict[str, object]]:
    """Return the worked sum of a promise as a bundle tells it; empty without a guarantee."""
    if promise.due_at is None or promise.target is None:
        return []
    calendar = agreement.calendar(promise.target.hours)
    worked = reckon(calendar, start=promise.start_at, due=promise.due_at, target=promise.target, pauses=promise.pauses)
    return worked.as_facts(SUMS_IN)


def verdicts(story: Story) -> dict[str, str | None]:
    """Return how each metric of a story ended, None for what is owed."""
    return {metric.value: course.verdict.value if course.verdict else None for metric, course in story.courses.items()}


def _chain(bundle: Mapping[str, Any]) -> Iterator[Finding]:
    before, sound = "", True
    for position, event in enumerate(bundle["events"], start=1):
        at = datetime.fromisoformat(event["at"])
        said = {key: event[key] for key in ("number", "kind", "by", "facts")}
        digest = chain.link(before, ticket=bundle["ticket"], at=at, **said)
        fits = digest == event["digest"] and event["number"] == position and event["at"] == chain.instant(at)
        if not fits or set(event) != {"at", "digest", *said}:
            sound = False
            yield Finding(False, f"event {position} is not what was recorded")
        before = event["digest"]
    if bundle["last_digest"] != before or not bundle["events"]:
        sound = False
        yield Finding(False, "the chain does not end as it was left")
    if sound:
        yield Finding(True, f"ticket {bundle['ticket']}: the chain of {len(bundle['events'])} events is whole")


def _agreements(bundle: Mapping[str, Any]) -> Iterator[Finding]:
    for said in bundle["agreements"]:
        version, text = said["version"], said["document"]
        read = document.read(text).agreement
        if hashlib.sha256(text.encode()).hexdigest() != said["digest"] or read is None or read.version != version:
            yield Finding(False, f"version {version} of the agreement is not what was published")
        else:
            yield Finding(True, f"version {version} of the agreement is the one with the digest {said['digest']}")


def _anchors(bundle: Mapping[str, Any]) -> Iterator[Finding]:
    """Look whether each anchor is the one with its digest, and whether an event and the agreements were under it."""
    digests = {event["number"]: event["digest"] for event in bundle["events"]}
    used = {str(said["version"]): said["digest"] for said in bundle["agreements"]}
    for said in bundle["anchors"]:
        told = {key: said[key] for key in ("up_to", "count", "root", "agreements")}
        digest = anchors.digest(said["before"], day=date.fromisoformat(said["day"]), **told)
        is_under = anchors.climb(digests[said["event"]], said["path"]) == said["root"]
        if digest != said["digest"] or not is_under:
            yield Finding(False, f"the anchor of {said['day']} does not hold event {said['event']}")
        elif any(used[version] != said["agreements"][version] for version in used.keys() & said["agreements"].keys()):
            yield Finding(False, f"the anchor of {said['day']} holds another agreement")
        else:
            yield Finding(True, f"the events up to {said['event']} are anchored on {said['day']} by {digest}")


def _beyond(bundle: Mapping[str, Any]) -> Iterator[Finding]:
    """Tell which events only the chain speaks for. Old ones should have an anchor: it may have been cut out."""
    anchored = max((said["event"] for said in bundle["anchors"]), default=0)
    beyond = [event for event in bundle["events"] if event["number"] > anchored]
    told = bundle.get("exported_at")
    if told and beyond and datetime.fromisoformat(beyond[-1]["at"]) > datetime.fromisoformat(told):
        yield Finding(False, f"exported_at is {told}, and has to be no earlier than the last event, {beyond[-1]['at']}")
        return
    old = [event["number"] for event in beyond if told is None or _is_old(event, told)]
    if old:
        when = f"is of {told}" if told else "does not tell when it was exported"
        yield Finding(
            True,
            f"no anchor holds events {old[0]} to {old[-1]}, and one is made within two days; the bundle {when}. "
            "Only the chain speaks for them, which whoever has all rights to the database can write anew",
            is_proof=False,
        )
    elif beyond:
        numbers = f"{beyond[0]['number']} to {beyond[-1]['number']}"
        following = bundle.get("next_anchor_at")
        until = f"; the next is made at {following}, ask again then" if following else ""
        unshown = "that they were not all written anew is not shown"
        yield Finding(True, f"no anchor yet for events {numbers} as of {told}: {unshown}{until}")


def _is_old(event: Mapping[str, Any], exported_at: str) -> bool:
    return datetime.fromisoformat(exported_at) - datetime.fromisoformat(event["at"]) > ANCHORED_WITHIN


def _first_impossible(bundle: Mapping[str, Any]) -> str:
    """Return which event cannot have come after those before it, by the agreement; nothing when all can."""
    agreement_of, facts = _published(bundle["agreements"]), as_facts(_recorded(bundle))
    if _folds(facts, agreement_of):
        return ""
    for position, event in enumerate(bundle["events"], start=1):
        facts = as_facts(_recorded(bundle)[:position])
        if facts and not _folds(facts, agreement_of):
            said = f"{event['kind']} with {shape.shown(event['facts'])}"
            return f"event {position} is {said}, and has to be possible after those before it, by the agreement"
    return "no event begins the ticket, and one has to: submitted"


def _folds(facts: Sequence[Fact], agreement_of: AgreementOf) -> bool:
    try:
        story = fold(facts, agreement_of)
        for course in story.courses.values():
            for promise in course.promises:
                sum_of(promise, agreement_of(promise.version))
    except IMPOSSIBLE:
        return False
    return True


def _recorded(bundle: Mapping[str, Any]) -> list[Recorded]:
    return [Recorded(one["kind"], datetime.fromisoformat(one["at"]), one["facts"]) for one in bundle["events"]]


def _promises(bundle: Mapping[str, Any]) -> Iterator[Finding]:
    agreement_of = _published(bundle["agreements"])
    story = fold(as_facts(_recorded(bundle)), agreement_of)
    stored = bundle["promises"]
    for metric, course in story.courses.items():
        yield from _course(metric.value, course, stored.get(metric.value, []), agreement_of)
    for metric in sorted(stored.keys() - {metric.value for metric in story.courses}):
        yield Finding(False, f"{metric}: promises are told that the events do not lead to")
    reckoned = verdicts(story)
    if reckoned != bundle["verdicts"]:
        yield Finding(False, f"the verdicts are {bundle['verdicts']}, and the events lead to {reckoned}")
    else:
        told = ", ".join(f"{metric} {verdict or 'owed'}" for metric, verdict in reckoned.items())
        yield Finding(True, f"the verdict is the same: {told}")


def _course(metric: str, course: Course, stored: Sequence[Any], agreement_of: AgreementOf) -> Iterator[Finding]:
    """Compare the promises of one metric with what events and agreement lead to, each with its worked sum."""
    reckoned = [
        told | {"sum": sum_of(promise, agreement_of(promise.version))}
        for promise, told in zip(course.promises, told_of_course(course), strict=True)
    ]
    if len(stored) != len(reckoned):
        yield Finding(False, f"{metric}: {len(stored)} promises are told, and the events lead to {len(reckoned)}")
        return
    sound = True
    for number, (one, other) in enumerate(zip(stored, reckoned, strict=True), start=1):
        for key in sorted(one.keys() | other.keys()):
            if not _is_same(one, other, key):
                sound = False
                said, led = one.get(key, "not told"), other.get(key, "not told")
                yield Finding(False, f"{metric}, promise {number}: {key} is {said}, and the events lead to {led}")
    if sound:
        yield Finding(True, f"{metric}: {len(reckoned)} promises, their due times and sums follow from the events")


def _is_same(one: Mapping[str, Any], other: Mapping[str, Any], key: str) -> bool:
    """Tell whether two values are the same to the letter: 1 is not True, and a key that is missing is not null."""
    return key in one and key in other and chain.canonical(one[key]) == chain.canonical(other[key])


def _published(told: Sequence[Mapping[str, Any]]) -> AgreementOf:
    texts = {one["version"]: one["document"] for one in told}

    @cache
    def agreement_of(version: int) -> Agreement:
        return document.read(texts[version]).sound()

    return agreement_of
