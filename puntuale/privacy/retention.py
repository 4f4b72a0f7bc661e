"""Forgetting in time what people wrote: texts and files of a ticket go some months after it ended."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from puntuale.guarantee.facts import Phase
from puntuale.mail.incoming import forgetting as mail
from puntuale.people import audit
from puntuale.people.models import Organisation, Person
from puntuale.privacy.models import Forgotten, Retention
from puntuale.privacy.texts import REMOVED, TEXTS
from puntuale.tickets import attachments, searching
from puntuale.tickets.models import Attachment, Draft, Event, Ticket
from puntuale.tickets.rights import managers_only

OVER = (Phase.RESOLVED, Phase.CANCELLED, Phase.MERGED)
AT_A_TIME = 200
MONTHS_OF_A_YEAR = 12
LAST_DAY_OF_ALL_MONTHS = 28


def keep_for(
    months: int | None, *, organisation: Organisation | None = None, held: bool = False, by: Person, at: datetime
) -> Retention:
    """Return the rule for an organisation, or for all that have none. No months are for ever. Raises NotAManager."""
    managers_only(by)
    before = Retention.objects.filter(organisation=organisation).first()
    since = (before.held_since if before and before.held_since else at) if held else None
    with transaction.atomic():
        rule, _ = Retention.objects.update_or_create(
            organisation=organisation, defaults={"months": months, "held_since": since, "made_by": by, "made_at": at}
        )
        about = f"organisation {organisation.pk}" if organisation else ""
        audit.record("retention_set", by=by, about=about, at=at, months=months, held=held)
    return rule


def over_age(*, at: datetime) -> Iterator[QuerySet[Ticket]]:
    """Yield the tickets to be forgotten by now, rule by rule: ended, and nothing happened to them for that long."""
    rules = {rule.organisation_id: rule for rule in Retention.objects.all()}
    general = rules.pop(None, None)
    for organisation, rule in rules.items():
        if rule.months is not None and rule.held_since is None:
            yield _quiet_since(_months_before(at, rule.months)).filter(organisation=organisation)
    if general is not None and general.months is not None and general.held_since is None:
        yield _quiet_since(_months_before(at, general.months)).exclude(organisation__in=rules)


def count(*, at: datetime) -> int:
    """Return how many tickets would be forgotten now."""
    return sum(tickets.count() for tickets in over_age(at=at))


def forget(*, at: datetime) -> int:
    """Forget the texts and files of all tickets that are over age, and return how many tickets those were."""
    done = 0
    for tickets in over_age(at=at):
        while batch := list(tickets.order_by("pk")[:AT_A_TIME]):
            with transaction.atomic():
                _forget(batch, at)
            done += len(batch)
    if done:
        audit.record("tickets_forgotten", by=None, at=at, count=done)
    return done


def _forget(batch: list[Ticket], at: datetime) -> None:
    keys = [ticket.pk for ticket in batch]
    for table, way, column, _ in TEXTS:
        table._default_manager.filter(**{f"{way}__in": keys}).exclude(**{column: ""}).update(**{column: REMOVED})
    attachments.remove(Attachment.objects.filter(message__ticket__in=keys))
    Draft.objects.filter(ticket__in=keys).delete()
    mail.forget_tickets(keys, at=at)
    for ticket in Ticket.objects.filter(pk__in=keys).select_related("organisation", "requester"):
        searching.rebuild(ticket)
    Forgotten.objects.bulk_create([Forgotten(ticket_id=key, at=at) for key in keys])


def _quiet_since(then: datetime) -> QuerySet[Ticket]:
    later = Event.objects.filter(ticket=OuterRef("pk"), at__gt=then)
    ended = Ticket.objects.filter(phase__in=OVER, submitted_at__lte=then, forgotten=None)
    return ended.filter(~Exists(later))


def _months_before(at: datetime, months: int) -> datetime:
    """Return the same day so many months before, or the 28th where a month may be shorter."""
    years, month = divmod(at.year * MONTHS_OF_A_YEAR + at.month - 1 - months, MONTHS_OF_A_YEAR)
    return at.replace(year=years, month=month + 1, day=min(at.day, LAST_DAY_OF_ALL_MONTHS))
