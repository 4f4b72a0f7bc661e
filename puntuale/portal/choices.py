"""The priorities as the form offers them: what each means, and by when a ticket sent now would be answered."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from puntuale.agreements.models import Product
from puntuale.agreements.reading import agreement_in_force
from puntuale.guarantee.agreement import Agreement, NoGuarantee, Priority
from puntuale.people.models import Person
from puntuale.tickets.submission import quote_for
from puntuale.wording import durations, moments
from puntuale.wording.languages import words


@dataclass(frozen=True)
class Choice:
    """One priority. `due` is empty without a guarantee; `barred` says why it cannot be chosen, when it cannot.

    `is_wanted` marks the one that was chosen and cannot be, until another is chosen or it can be again.
    """

    key: str
    name: str
    meaning: str
    due: str
    due_exactly: str
    target: str
    barred: str
    checked: bool
    is_wanted: bool


def choices(
    person: Person,
    *,
    environment: str,
    product: Product | None,
    chosen: str | None,
    language: str,
    zone: ZoneInfo,
    at: datetime,
) -> list[Choice]:
    """Return the priorities for a person, an environment and a product, one of them checked.

    What she chose stays checked where it may be chosen; else the default is.
    """
    agreement = agreement_in_force(at)
    allowed = {level.key for level in agreement.priorities if agreement.allows(level, environment)}
    checked = chosen if chosen in allowed else agreement.default_priority
    found = []
    for priority in agreement.priorities:
        barred = "" if priority.key in allowed else _barred(priority, agreement, language)
        due, exactly, target = "", "", ""
        if not barred:
            promise = quote_for(person, environment=environment, product=product, priority=priority.key, at=at)
            if promise.due_at and promise.target:
                due = _with_zone(promise.due_at, language, zone, at)
                exactly = moments.exact(promise.due_at, language, zone)
                target = durations.target(promise.target, agreement, language)
            elif promise.reason:
                target = durations.no_guarantee(NoGuarantee(promise.reason), language)
        found.append(
            Choice(
                priority.key,
                priority.name.in_language(language),
                priority.meaning.in_language(language),
                due,
                exactly,
                target,
                barred,
                priority.key == checked,
                is_wanted=bool(barred) and priority.key == chosen,
            )
        )
    return found


def _barred(priority: Priority, agreement: Agreement, language: str) -> str:
    places = [agreement.environment(key).name.in_language(language) for key in priority.environments or ()]
    return words(language).gettext("Only for: %(environments)s") % {"environments": ", ".join(places)}


def _with_zone(due_at: datetime, language: str, zone: ZoneInfo, at: datetime) -> str:
    return moments.near(due_at, language, zone, now=at)
