"""Opening tickets for what other programs tell: an alarm of a monitoring, a call that nobody took."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from puntuale.agreements.models import Product
from puntuale.agreements.reading import agreement_in_force
from puntuale.guarantee.agreement import PriorityBarred, UnknownTerm
from puntuale.guarantee.facts import Phase
from puntuale.guarantee.visible import one_line
from puntuale.people import audit
from puntuale.people.models import MANAGING_ROLES, Person
from puntuale.tickets import conversation, texts
from puntuale.tickets.limits import TooMany
from puntuale.tickets.models import Audience, Ticket
from puntuale.tickets.submission import submit
from puntuale.tickets.texts import LONGEST_SUBJECT, is_seen, uniform
from puntuale.webhooks import phones
from puntuale.webhooks.models import IncomingCall, IncomingHook
from puntuale.webhooks.reports import Report

LONGEST_NAME = 100
BEGINNING, SHOWN = "hook_", 10
LONGEST_TOLD, LONGEST_RAW = 20_000, 5_000
MOST_A_MINUTE = 120
LOGGED_FOR = timedelta(days=30)
ALIVE = {Phase.OPEN, Phase.WAITING}
MOST_TIMES = 1_000
Outcome = IncomingCall.Outcome


class HookRefused(ValueError):
    """A hook that cannot be, with the rule it breaks."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


class TooManyCalls(ValueError):
    """More calls in a minute than anybody could look at."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a call: a new ticket, one that is open already, or nothing, and why."""

    outcome: IncomingCall.Outcome
    ticket: Ticket | None = None
    because: str = ""


def add(
    *,
    name: str,
    kind: str,
    person: Person | None,
    priority: str,
    environment: str,
    product: Product | None,
    by: Person,
    at: datetime,
    address: str = "",
) -> tuple[IncomingHook, str]:
    """Return a new hook and its secret, which nobody can be shown again. Raises HookRefused, NothingInForce."""
    said = one_line(name)
    if not 1 <= len(said) <= LONGEST_NAME:
        raise HookRefused("name.length")
    if kind not in IncomingHook.Kind.values:
        raise HookRefused("kind.unknown")
    if person is None or person.organisation is None or not person.is_active:
        raise HookRefused("person.customer")
    try:
        agreement_in_force(at).choose(priority=priority or None, environment=environment)
    except PriorityBarred as problem:
        raise HookRefused("priority.barred") from problem
    except UnknownTerm as problem:
        raise HookRefused("priority.unknown") from problem
    secret = BEGINNING + secrets.token_urlsafe(32)
    with transaction.atomic():
        hook = IncomingHook.objects.create(
            kind=kind, name=said, digest=_digest(secret), begins=secret[:SHOWN], person=person, priority=priority,
            environment=environment, product=product, made_by=by, made_at=at,
        )  # fmt: skip
        audit.record("incoming_hook_added", by=by, at=at, about=f"hook {hook.pk}", address=address)
    return hook, secret


def retire(hook: IncomingHook, *, by: Person, at: datetime, address: str = "") -> None:
    """Let an address open no more tickets."""
    with transaction.atomic():
        if IncomingHook.objects.filter(pk=hook.pk, retired_at=None).update(retired_at=at):
            audit.record("incoming_hook_retired", by=by, at=at, about=f"hook {hook.pk}", address=address)


def known_to_former_managers() -> QuerySet[IncomingHook]:
    """Return the hooks whose address somebody knows who does not manage the desk any more.

    They go on, because a monitoring that falls silent is worse than a ticket that should not be.
    """
    managers = Person.objects.filter(role__in=MANAGING_ROLES, left_at=None)
    return IncomingHook.objects.filter(retired_at=None).exclude(made_by__in=managers)


def hook_of(secret: str) -> IncomingHook | None:
    """Return the hook that an address belongs to, or None for one that is unknown or retired."""
    found = IncomingHook.objects.filter(digest=_digest(secret), retired_at=None)
    return found.select_related("person__organisation", "product").first()


def take(hook: IncomingHook, report: Report, *, at: datetime) -> Taken:
    """Return what became of a call. The same matter told again, while its ticket is open, opens no second one.

    Raises TooManyCalls, NothingInForce.
    """
    if hook.calls.filter(at__gt=at - timedelta(minutes=1)).count() >= MOST_A_MINUTE:
        raise TooManyCalls(hook.pk)
    with transaction.atomic():
        # One call of a hook at a time: two that tell the same at once open one ticket.
        IncomingHook.objects.select_for_update().get(pk=hook.pk)
        try:
            taken = (
                _called(hook, report, at) if hook.kind == IncomingHook.Kind.TELEPHONY else _alarmed(hook, report, at)
            )
        except TooMany as problem:
            raise TooManyCalls(hook.pk) from problem
        hook.calls.create(at=at, outcome=taken.outcome, because=taken.because, ticket=taken.ticket)
        return taken


def forget_old(*, at: datetime) -> int:
    """Drop what calls became of more than thirty days ago, and return how many."""
    count, _rows = IncomingCall.objects.filter(at__lt=at - LOGGED_FOR).delete()
    return count


def _alarmed(hook: IncomingHook, report: Report, at: datetime) -> Taken:
    with override(hook.person.language):
        subject = report.subject or _("Alarm: %(name)s") % {"name": hook.name}
        body = f"{report.body[:LONGEST_TOLD]}\n\n```\n{_quoted(report.raw)}\n```".strip()
        further = _("Monitoring reports that this is resolved.") if report.is_over else _("New report from monitoring.")
    if report.name and hook.person.is_active and (found := _free_key(hook, report.name)[1]) is not None:
        _add_report(found, f"{further}\n\n{subject}\n\n{body}", hook.person, at)
        return Taken(Outcome.OVER, found, "resolved") if report.is_over else Taken(Outcome.KNOWN, found)
    if report.is_over:
        return Taken(Outcome.OVER, because="resolved")
    return _opened(hook, hook.person, report.name, (subject, body), at)


def _add_report(ticket: Ticket, body: str, person: Person, at: datetime) -> None:
    """Put a later report on its ticket, for whoever works on it; not one that says what the last one said."""
    last = ticket.messages.filter(author=person, audience=Audience.PUBLIC).order_by("-pk").first()
    if last is None or (last.body != texts.body(body) and not body.endswith(f"\n\n{last.body}")):
        conversation.follow_up(ticket, body=body, by=person, at=at)


def _called(hook: IncomingHook, report: Report, at: datetime) -> Taken:
    if report.was_answered:
        return Taken(Outcome.OVER, because="answered")
    person = phones.caller(report.caller) or hook.person
    with override(person.language):
        told = {"number": phones.normalised(report.caller) or _("an unknown number")}
        subject = _("Missed call from %(number)s") % told
        body = report.body[:LONGEST_TOLD]
        if not is_seen(body):
            body = _("%(number)s called, and nobody could take it. Please call back.") % told
    return _opened(hook, person, report.name, (subject, body), at)


def _opened(hook: IncomingHook, person: Person, name: str, said: tuple[str, str], at: datetime) -> Taken:
    if not person.is_active:
        return Taken(Outcome.REFUSED, because="person_left")
    key = uuid4()
    if name:
        key, found = _free_key(hook, name)
        if found is not None:
            return Taken(Outcome.KNOWN, found)
    # Whoever wrote the program cannot be asked for another text.
    subject, body = map(uniform, said)
    asked = {
        "requester": person,
        "subject": subject[:LONGEST_SUBJECT],
        "body": body,
        "environment": hook.environment,
        "product": hook.product,
        "key": key,
        "at": at,
    }
    try:
        ticket = submit(**asked, priority=hook.priority or None)  # type: ignore[arg-type]
    except (PriorityBarred, UnknownTerm, TooMany):
        # The agreement has changed since the hook was set up, or enough urgent tickets came of it within the hour:
        # rather the usual priority than no ticket.
        ticket = submit(**asked, priority=None)  # type: ignore[arg-type]
    return Taken(Outcome.OPENED, ticket)


def _free_key(hook: IncomingHook, name: str) -> tuple[UUID, Ticket | None]:
    """Return the key for a ticket about a matter, and the one about it that is open already, if there is one."""
    for time in range(MOST_TIMES):
        key = uuid5(NAMESPACE_URL, f"puntuale:hook:{hook.pk}:{time}:{name}")
        found = Ticket.objects.filter(submission_key=key).first()
        if found is None or found.phase in ALIVE:
            return key, found
    return uuid4(), None


def _quoted(raw: str) -> str:
    """Return what was told as it may stand between fences."""
    return raw[:LONGEST_RAW].replace("```", "'''")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
