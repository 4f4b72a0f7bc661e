"""What verbs refuse, told to programs: which kind of problem it is, which field, and why in words."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from puntuale.agreements.contracts import ContractOverlaps, EndRefused, NotCovered
from puntuale.agreements.reading import NothingInForce
from puntuale.api.problems import FieldProblem, Refused
from puntuale.guarantee.agreement import PriorityBarred, UnknownTerm
from puntuale.guarantee.calendars import BeyondHorizon
from puntuale.looks.files import why_file_refused, why_files_refused
from puntuale.looks.requests import language
from puntuale.looks.words import why_contradicting, why_refused, why_too_many
from puntuale.people.organisations import NameRefused
from puntuale.tickets.attachments import FileRefused, FilesRefused
from puntuale.tickets.classification import AlreadyDecided, DisagreedAlready, NotARaise, NotOpen, SecondPersonNeeded
from puntuale.tickets.conversation import NewerMessages
from puntuale.tickets.limits import TooMany
from puntuale.tickets.merging import CannotMerge
from puntuale.tickets.once import KeySpent
from puntuale.tickets.priorities import NoChange, PriorityChanged, ReasonContradicts
from puntuale.tickets.resolution import NotADuplicate, TooLateToReopen
from puntuale.tickets.rights import ClosedForGood, NotAManager, NotAnAgent, NotTheCustomer
from puntuale.tickets.splitting import NotACustomersMessage
from puntuale.tickets.submission import NotACustomer, SubmittedByAnother
from puntuale.tickets.texts import TextRefused
from puntuale.tickets.waiting import NotAnsweredYet

__all__ = ["REFUSALS", "understood"]

_CONFLICTS: dict[type[Exception], str] = {
    AlreadyDecided: gettext_noop("Somebody has decided this a moment ago."),
    SecondPersonNeeded: gettext_noop(
        "A lowering of this ticket waits for a manager already. Until it is decided the promise stays."
    ),
    DisagreedAlready: gettext_noop("You have disagreed with this change already."),
    PriorityChanged: gettext_noop("The priority of this ticket was changed meanwhile. Please look again."),
    NotOpen: gettext_noop("This ticket is no longer open."),
    NotAnsweredYet: gettext_noop("Nobody has answered this ticket yet."),
    TooLateToReopen: gettext_noop("It is too late to reopen this ticket. Write to us, and a new one is opened."),
    ClosedForGood: gettext_noop("This ticket is closed for good."),
    ContractOverlaps: gettext_noop("Another contract is in force at that time. End it first, or choose another time."),
    NothingInForce: gettext_noop("No agreement is published yet."),
}
"""What is not possible as things stand."""

_NOT_ALLOWED: dict[type[Exception], str] = {
    NotAnAgent: gettext_noop("Only people who work for the vendor do that."),
    NotAManager: gettext_noop("A manager decides this, and not whoever proposed it."),
    NotTheCustomer: gettext_noop("Only people of the customer's organisation do that."),
    NotACustomer: gettext_noop("Only people of an organisation send tickets."),
}
"""What is not for whoever asks."""

_MERGING = {
    "same": gettext_noop("A ticket cannot be merged into itself."),
    "organisation": gettext_noop("Only tickets of the same organisation can be merged."),
    "closed": gettext_noop("Tickets that were merged or cancelled cannot be merged."),
    "not_merged": gettext_noop("This ticket is not merged into another one."),
}
_ENDS = {
    "contract.ended": gettext_noop("This contract has ended already. What was in force stays as it was."),
    "end.past": gettext_noop("A contract cannot end in the past: promises were made under it."),
    "end.before_start": gettext_noop("A contract ends after it starts."),
}


def understood(problem: Exception) -> Refused:
    """Return what a verb refused as the problem that a program is told."""
    if (said := _CONFLICTS.get(type(problem))) is not None:
        return Refused("conflict", _(said))
    if (said := _NOT_ALLOWED.get(type(problem))) is not None:
        return Refused("not-allowed", _(said))
    if isinstance(problem, NewerMessages):
        return Refused("newer-messages")
    if isinstance(problem, KeySpent | SubmittedByAnother):
        return Refused("key-spent")
    if (too_many := _too_many(problem)) is not None:
        return too_many
    field, rule, detail = next(tell(problem) for kind, tell in _FIELDS.items() if isinstance(problem, kind))
    return Refused("refused", detail, [FieldProblem(field=field, rule=rule, detail=detail)])


def _too_many(problem: Exception) -> Refused | None:
    """Return what a limit of an hour refused, with when to come back, or None for any other problem."""
    if isinstance(problem, TooMany):
        return Refused("too-many", why_too_many(problem), headers={"Retry-After": str(problem.seconds)})
    if isinstance(problem, FileRefused) and "seconds" in problem.details:
        retry = {"Retry-After": str(problem.details["seconds"])}
        return Refused("too-many", why_file_refused(problem), headers=retry)
    return None


def _unknown(problem: UnknownTerm) -> tuple[str, str, str]:
    these = ", ".join(problem.known)
    return f"body.{problem.kind}", "term.unknown", _("Please choose one of these: %(these)s.") % {"these": these}


def _barred(problem: PriorityBarred) -> tuple[str, str, str]:
    detail = _("Priority %(priority)s is not available for %(environment)s. Possible: %(offers)s.") % {
        "priority": problem.priority.key,
        "environment": problem.environment.name.in_language(language()),
        "offers": ", ".join(one.key for one in problem.offers),
    }
    return "body.priority", "priority.environment", detail


def _name(problem: NameRefused) -> tuple[str, str, str]:
    taken = problem.rule == "name.taken"
    detail = (
        _("There is an organisation of that name.")
        if taken
        else _("An organisation needs a name of at most 200 characters.")
    )
    return "body.name", problem.rule, detail


_FIELDS: Mapping[type[Exception], Callable[..., tuple[str, str, str]]] = {
    TextRefused: lambda problem: (f"body.{problem.field}", problem.rule, why_refused(problem)),
    FileRefused: lambda problem: ("query.name", problem.rule, why_file_refused(problem)),
    FilesRefused: lambda problem: ("body.files", problem.rule, why_files_refused(problem)),
    UnknownTerm: _unknown,
    PriorityBarred: _barred,
    NameRefused: _name,
    NoChange: lambda _problem: ("body.priority", "priority.same", _("The ticket has this priority already.")),
    NotARaise: lambda _problem: ("body.priority", "priority.no_raise", _("Please choose one of these priorities.")),
    ReasonContradicts: lambda problem: ("body.because", f"reason.{problem.rule}", why_contradicting(problem)),
    CannotMerge: lambda problem: ("body.into", f"merge.{problem.rule}", _(_MERGING[problem.rule])),
    NotACustomersMessage: lambda _problem: (
        "key", "message.of_customer", _("Only what the customer wrote can become a ticket of its own.")
    ),
    NotADuplicate: lambda _problem: (
        "body.of", "duplicate.of", _("Please give the number of another ticket of the same organisation.")
    ),
    EndRefused: lambda problem: ("body.ends_at", problem.rule, _(_ENDS[problem.rule])),
    NotCovered: lambda _problem: (
        "body.plan",
        "plan.uncovered",
        _("This plan promises answers day and night, and at times nobody is on call."),
    ),
    BeyondHorizon: lambda _problem: ("at", "instant.range", _("This is too far away to be reckoned.")),
}  # fmt: skip
"""What whoever asks can put right: which field, the rule, and why in words."""

REFUSALS: tuple[type[Exception], ...] = (
    *_CONFLICTS,
    *_NOT_ALLOWED,
    NewerMessages,
    KeySpent,
    SubmittedByAnother,
    TooMany,
    *_FIELDS,
)
"""What verbs raise when they refuse something."""
