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

from puntuale.guarantee import anchors, chain, dates, document, shape
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
    """One thing that was looked at: whether it holds, what was seen, and what that shows.

    `ok` is what the bundle itself shows. A `note` is what it says and nothing shows, as it has to be; a `warning` is
    what should be shown by now, and is not.
    """

    is_sound: bool
    what: str
    holds: str = "ok"

    @property
    def mark(self) -> str:
        """Return the word for it: ok, note, warning or bad."""
        return self.holds if self.is_sound else "bad"


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


def check(bundle: Mapping[str, Any], *, at: datetime | None = None) -> list[Finding]:
    """Return what was looked at in a bundle. What follows from something broken is not looked at.

    `at` is the verifier's present. Without it, nothing is said of what lies in the future.
    """
    if found := list(shape_of.faults(bundle)):
        return [Finding(False, fault) for fault in found]
    foundations = [*_chain(bundle), *_agreements(bundle), *_anchors(bundle)]
    foundations += [Finding(False, fault) for fault in dates.faults(bundle, at)]
    if not all(finding.is_sound for finding in foundations):
        return foundations
    foundations += [*_beyond(bundle, at), _own_word(bundle)]
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
    before, events = "", bundle["events"]
    faults = [] if events else ["events is empty, and the first one has to be there: submitted"]
    for position, event in enumerate(events, start=1):
        at = datetime.fromisoformat(event["at"])
        said = {key: event[key] for key in ("number", "kind", "by", "facts")}
        digest = chain.link(before, ticket=bundle["ticket"], at=at, **said)
        wrong = f"event {position} is not what was recorded"
        if event["number"] != position:
            faults.append(f"{wrong}: its number is {event['number']}, and has to be {position}")
        if event["at"] != chain.instant(at):
            faults.append(f"{wrong}: its instant is written {event['at']}, and has to be {chain.instant(at)}")
        if digest != event["digest"]:
            faults.append(f"{wrong}: its digest is {event['digest']}, and what it says leads to {digest}")
        before = event["digest"]
    if bundle["last_digest"] != before:
        faults.append(f"last_digest is {bundle['last_digest']}, and the chain ends with {before}")
    yield from (Finding(False, fault) for fault in faults)
    if not faults:
        yield Finding(True, f"ticket {bundle['ticket']}: the chain of {len(events)} events is whole")


def _agreements(bundle: Mapping[str, Any]) -> Iterator[Finding]:
    anchored = {version for anchor in bundle["anchors"] for version in anchor["agreements"]}
    for said in bundle["agreements"]:
        version, text = said["version"], said["document"]
        agreement, digest = document.read(text).agreement, hashlib.sha256(text.encode()).hexdigest()
        wrong = f"version {version} of the agreement is not what was published"
        if digest != said["digest"]:
            yield Finding(False, f"{wrong}: its digest is {said['digest']}, and its text leads to {digest}")
        elif agreement is None or agreement.version != version:
            found = f"version {agreement.version}" if agreement else "no agreement"
            yield Finding(False, f"{wrong}: its text is {found}, and has to be version {version}")
        else:
            yield Finding(True, f"version {version} of the agreement is the one with the digest {digest}")
            if str(version) not in anchored:
                unshown = f"no anchor here holds version {version} of the agreement: that it was published is not shown"
                yield Finding(True, unshown, "note")


def _anchors(bundle: Mapping[str, Any]) -> Iterator[Finding]:
    """Look whether each anchor is the one with its digest, and whether an event and the agreements were under it."""
    digests = {event["number"]: event["digest"] for event in bundle["events"]}
    used = {str(said["version"]): said["digest"] for said in bundle["agreements"]}
    for said in bundle["anchors"]:
        told = {key: said[key] for key in ("up_to", "count", "root", "agreements")}
        digest = anchors.digest(said["before"], day=date.fromisoformat(said["day"]), **told)
        root = anchors.climb(digests[said["event"]], said["path"])
        where = f"the anchor of {said['day']}"
        others = [
            key for key in sorted(used.keys() & said["agreements"].keys()) if used[key] != said["agreements"][key]
        ]
        if digest != said["digest"]:
            yield Finding(False, f"{where}: its digest is {said['digest']}, and what it says leads to {digest}")
        elif root != said["root"]:
            wrong = f"{where} does not hold event {said['event']}"
            yield Finding(False, f"{wrong}: its root is {said['root']}, and the path from that event leads to {root}")
        elif others:
            wrong = f"{where} holds another agreement: the digest of version {others[0]} is there"
            yield Finding(False, f"{wrong} {said['agreements'][others[0]]}, and here {used[others[0]]}")
        else:
            yield Finding(True, f"the events up to {said['event']} are anchored on {said['day']} by {digest}")


def _beyond(bundle: Mapping[str, Any], at: datetime | None) -> Iterator[Finding]:
    """Tell which events only the chain speaks for. Old ones should have an anchor: it may have been cut out.

    How old they are goes by the verifier's clock: nothing shows when the bundle was made.
    """
    anchored = max((said["event"] for said in bundle["anchors"]), default=0)
    beyond = [event for event in bundle["events"] if event["number"] > anchored]
    told = bundle.get("exported_at")
    now = chain.instant(at) if at else told
    old = [event["number"] for event in beyond if now is None or _is_old(event, now)]
    if old:
        when = f"says that it is of {told}" if told else "does not tell when it was exported"
        yield Finding(
            True,
            f"no anchor holds events {old[0]} to {old[-1]}, and one is made within two days; the bundle {when}. "
            "Only the chain speaks for them, which whoever has all rights to the database can write anew: "
            "ask for it again",
            "warning",
        )
    elif beyond:
        numbers = f"{beyond[0]['number']} to {beyond[-1]['number']}"
        following = bundle.get("next_anchor_at")
        until = f"; by its own word the next is made at {following}, ask again then" if following else ""
        unshown = "that they were not all written anew is not shown"
        yield Finding(True, f"no anchor yet for events {numbers}: {unshown}{until}", "note")


def _own_word(bundle: Mapping[str, Any]) -> Finding:
    """Return what nothing in a bundle can show of it."""
    told = bundle.get("exported_at")
    when = f"that the bundle is of {told}" if told else "when the bundle was made"
    return Finding(True, f"not shown: {when}, and that nothing was recorded after its last event", "note")


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
    for metric in sorted(bundle["promises"].keys() - {metric.value for metric in story.courses}):
        yield Finding(False, f"promises.{metric} is told, and the events lead to no such promises")
    for metric, course in story.courses.items():
        led = [
            told | {"sum": sum_of(promise, agreement_of(promise.version))}
            for promise, told in zip(course.promises, told_of_course(course), strict=True)
        ]
        faults = list(shape.differences(f"promises.{metric}", bundle["promises"].get(metric, []), led))
        yield from (Finding(False, fault) for fault in faults)
        if not faults:
            yield Finding(True, f"{metric}: {len(led)} promises, their due times and sums follow from the events")
    reckoned = verdicts(story)
    faults = list(shape.differences("verdicts", bundle["verdicts"], reckoned))
    yield from (Finding(False, fault) for fault in faults)
    if not faults:
        told = ", ".join(f"{metric.value} {_stands(course)}" for metric, course in story.courses.items())
        yield Finding(True, f"the verdict is the same: {told}")


def _stands(course: Course) -> str:
    """Return how a question ended; while it is owed, by when, as the events show no later instant."""
    if course.verdict is not None:
        return course.verdict.value
    if course.lapsed_at is not None:
        return f"missed at {utc_text(course.lapsed_at)} and still owed"
    return "owed" if course.owed_by is None else f"owed by {utc_text(course.owed_by)}"


def _published(told: Sequence[Mapping[str, Any]]) -> AgreementOf:
    texts = {one["version"]: one["document"] for one in told}

    @cache
    def agreement_of(version: int) -> Agreement:
        return document.read(texts[version]).sound()

    return agreement_of
