"""What needs a manager: unfinished first steps, what stands in the way of promises, contracts that end, drafts."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puntuale.agreements import contracts, desk, drafting
from puntuale.mail.incoming import reviewing
from puntuale.office import assurance
from puntuale.office.assurance import Verdict
from puntuale.people.models import Person
from puntuale.tickets.queues import View, in_view
from puntuale.tickets.reading import visible_to
from puntuale.webhooks import endpoints, incoming


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to look at: how bad it is, a sentence, and where it leads."""

    verdict: Verdict
    text: str
    address: str


def needs(person: Person, *, at: datetime) -> list[Need]:
    """Return what needs a manager now, the worst first."""
    found = [
        *_first_steps(),
        *_promises(at),
        *_reviews(person, at),
        *_mail(),
        *_contracts(at),
        *_secrets(),
        *_draft(person),
    ]
    order = [Verdict.BAD, Verdict.WARNING, Verdict.OK]
    return sorted(found, key=lambda need: order.index(need.verdict))


def _first_steps() -> list[Need]:
    if desk.settings().set_up_at is not None:
        return []
    return [Need(Verdict.OK, _("The first steps are not done yet."), reverse("office_set_up"))]


def _promises(at: datetime) -> list[Need]:
    worst = assurance.worst(assurance.findings(at))
    if worst is Verdict.BAD:
        return [Need(worst, _("Not all promises of the next thirty days can be kept."), reverse("office_promises"))]
    if worst is Verdict.WARNING:
        told = _("Not everything is as it should be for the promises of the next thirty days.")
        return [Need(worst, told, reverse("office_promises"))]
    return []


def _reviews(person: Person, at: datetime) -> list[Need]:
    count = in_view(visible_to(person), View.REVIEW, by=person, at=at).count()
    if not count:
        return []
    told = ngettext("%(count)d change of priority waits for you.", "%(count)d changes of priority wait for you.", count)
    return [Need(Verdict.WARNING, told % {"count": count}, reverse("desk_queue", args=["review"]))]


def _mail() -> list[Need]:
    count = reviewing.waiting().count()
    if not count:
        return []
    told = ngettext("%(count)d mail waits for somebody.", "%(count)d mails wait for somebody.", count)
    return [Need(Verdict.WARNING, told % {"count": count}, reverse("office_mail"))]


def _contracts(at: datetime) -> list[Need]:
    count = contracts.ending_soon(at).count()
    if not count:
        return []
    told = ngettext(
        "%(count)d contract ends within thirty days, and none follows it.",
        "%(count)d contracts end within thirty days, and none follows them.",
        count,
    )
    return [Need(Verdict.WARNING, told % {"count": count}, f"{reverse('office_organisations')}?ending=on")]


def _secrets() -> list[Need]:
    """Return what people set up who do not manage the desk any more, and know the secrets of."""
    off, known = endpoints.waiting_for_review().count(), incoming.known_to_former_managers().count()
    found = []
    if off:
        told = ngettext(
            "%(count)d webhook is off because whoever set it up no longer manages the desk. Check where it leads.",
            "%(count)d webhooks are off because whoever set them up no longer manages the desk. Check where they lead.",
            off,
        )
        found.append(Need(Verdict.WARNING, told % {"count": off}, reverse("office_webhooks")))
    if known:
        told = ngettext(
            "%(count)d address that opens tickets is known to somebody who no longer manages the desk. Replace it.",
            "%(count)d addresses that open tickets are known to people who no longer manage the desk. Replace them.",
            known,
        )
        found.append(Need(Verdict.WARNING, told % {"count": known}, reverse("office_connectors")))
    return found


def _draft(person: Person) -> list[Need]:
    if drafting.draft_of(person) is None:
        return []
    return [Need(Verdict.OK, _("You have begun to write a version of the agreement."), reverse("office_draft"))]
