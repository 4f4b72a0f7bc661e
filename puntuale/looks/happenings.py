"""What happened to a ticket besides what was written, in a few words and with an icon."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from puntuale.guarantee.promise import Verdict
from puntuale.looks.requests import language
from puntuale.tickets.models import Kind
from puntuale.tickets.timeline import Entry
from puntuale.wording import durations, notices


@dataclass(frozen=True)
class Happening:
    """An icon and a sentence without its full stop."""

    icon: str
    text: str


def happening(entry: Entry) -> Happening:
    """Return what happened, told to whoever reads in the page's language."""
    icon, sentence = _TOLD[Kind(entry.kind)]
    return Happening(icon, sentence(entry))


def outcome(entry: Entry) -> Happening | None:
    """Return what an answer did to the promise of the first response, or None when it did nothing."""
    ending, row = entry.ended, entry.ended.promise if entry.ended else None
    if ending is None or row is None or row.due_at is None:
        return None
    apart = durations.rough(abs(row.due_at - ending.at), language())
    if ending.verdict == Verdict.MET:
        return Happening("circle-check", _("The promise was kept, %(time)s before it was due") % {"time": apart})
    if ending.verdict == Verdict.MET_LATE:
        return Happening("clock-alert", _("The answer came %(time)s after it was due") % {"time": apart})
    return None


def _by(entry: Entry) -> str:
    return entry.by.name if entry.by else ""


def _assigned(entry: Entry) -> str:
    to = entry.event.facts["to"]
    if to is None:
        return _("%(by)s gave it back") % {"by": _by(entry)} if entry.by else _("It came back to the queue")
    if entry.by is not None and to == entry.by.pk:
        return _("%(by)s took it") % {"by": _by(entry)}
    return _("%(by)s gave it to %(to)s") % {"by": _by(entry), "to": entry.names.get(to, "")}


def _cancelled(entry: Entry) -> str:
    because = notices.cancellation(entry.event.facts["because"], language())
    of = entry.event.facts.get("of")
    told = _("Cancelled by %(by)s: %(because)s") % {"by": _by(entry), "because": because}
    return f"{told} (#{of})" if of else told


def _took_over(entry: Entry) -> str:
    told = {"number": f"#{entry.event.facts['from']}"}
    if "was" in entry.event.facts:
        return _("%(number)s was merged into this ticket, which is open again") % told
    return _("%(number)s was merged into this ticket") % told


def _with_person(sentence: str) -> Callable[[Entry], str]:
    return lambda entry: _(sentence) % {"by": _by(entry), "who": entry.names.get(entry.event.facts["person"], "")}


def _simply(sentence: str) -> Callable[[Entry], str]:
    return lambda entry: _(sentence) % {"by": _by(entry)}


def _with_ticket(sentence: str, fact: str) -> Callable[[Entry], str]:
    return lambda entry: _(sentence) % {"by": _by(entry), "number": f"#{entry.event.facts[fact]}"}


def _with_priority(sentence: str) -> Callable[[Entry], str]:
    return lambda entry: _(sentence) % {"by": _by(entry), "priority": entry.event.facts["to"]}


def _decided(entry: Entry) -> str:
    if entry.event.facts["upheld"]:
        return _("%(by)s agreed with the customer") % {"by": _by(entry)}
    return _("%(by)s let the change stand") % {"by": _by(entry)}


def _rated(entry: Entry) -> str:
    if entry.event.facts["good"]:
        return _("%(by)s was content with the answer") % {"by": _by(entry)}
    return _("%(by)s was not content with the answer") % {"by": _by(entry)}


_TOLD: dict[Kind, tuple[str, Callable[[Entry], str]]] = {
    Kind.SUBMITTED: ("message-square", _simply(gettext_noop("Sent by %(by)s"))),
    Kind.ANSWERED: ("reply", _simply(gettext_noop("Answered by %(by)s"))),
    Kind.CUSTOMER_WROTE: ("message-square", _simply(gettext_noop("%(by)s wrote"))),
    Kind.NOTED: ("sticky-note", _simply(gettext_noop("Note by %(by)s"))),
    Kind.ASSIGNED: ("hand", _assigned),
    Kind.RECLASSIFIED: ("scale", _simply(gettext_noop("%(by)s changed the priority"))),
    Kind.LOWERING_PROPOSED: (
        "scale",
        _with_priority(gettext_noop("%(by)s proposed priority %(priority)s; a manager must confirm")),
    ),
    Kind.LOWERING_DECLINED: ("scale", _simply(gettext_noop("%(by)s kept the priority as it is"))),
    Kind.IMPACT_REPORTED: (
        "trending-up",
        _with_priority(gettext_noop("%(by)s reported that the impact grew to priority %(priority)s")),
    ),
    Kind.IMPACT_DECLINED: ("scale", _simply(gettext_noop("%(by)s kept the priority as it is"))),
    Kind.DISAGREED: ("hand", _simply(gettext_noop("%(by)s disagrees with the change"))),
    Kind.DISAGREEMENT_DECIDED: ("scale", _decided),
    Kind.COVERED: ("circle-check", _simply(gettext_noop("A plan was bought: the promise counts from now on"))),
    Kind.RENEWED: ("circle-check", _simply(gettext_noop("A new version of the agreement brought the promise forward"))),
    Kind.WAITED: ("pause", _simply(gettext_noop("Waiting for the customer"))),
    Kind.RESUMED: ("arrow-right", _simply(gettext_noop("%(by)s goes on without waiting"))),
    Kind.RESOLVED: ("circle-check", _simply(gettext_noop("Resolved by %(by)s"))),
    Kind.REOPENED: ("rotate-ccw", _simply(gettext_noop("Reopened by %(by)s"))),
    Kind.CANCELLED: ("ban", _cancelled),
    Kind.RESTORED: ("rotate-ccw", _simply(gettext_noop("Brought back by %(by)s"))),
    Kind.MERGED: ("git-merge", _with_ticket(gettext_noop("%(by)s merged it into %(number)s"), "into")),
    Kind.UNMERGED: ("split", _with_ticket(gettext_noop("%(by)s took the merge into %(number)s back"), "from")),
    Kind.TOOK_OVER: ("git-merge", _took_over),
    Kind.GAVE_BACK: ("split", _with_ticket(gettext_noop("%(number)s is a ticket of its own again"), "to")),
    Kind.SPLIT_OFF: ("split", _with_ticket(gettext_noop("A message became ticket %(number)s"), "to")),
    Kind.FOLLOWED: ("eye", _with_person(gettext_noop("%(who)s reads along"))),
    Kind.UNFOLLOWED: ("eye", _with_person(gettext_noop("%(who)s no longer reads along"))),
    Kind.RATED: ("thumbs-up", _rated),
}
