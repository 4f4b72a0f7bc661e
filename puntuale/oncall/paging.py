"""Paging: opened with a promise that counts day and night, taken a step further by the rounds, over with the promise.

An acknowledgement stops it at once and for a while; it keeps no promise (rule 7).
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from django.db import DatabaseError, transaction

from puntuale.agreements.reading import agreement_of
from puntuale.guarantee.agreement import Metric
from puntuale.guarantee.retargeting import rank
from puntuale.oncall import contacts, reading
from puntuale.oncall.models import Acknowledgement, Chain, InVain, Page, Paging, Step
from puntuale.people.models import MANAGING_ROLES, Person
from puntuale.sending import intents
from puntuale.sending.hands import taking
from puntuale.sending.models import Intent
from puntuale.sending.transports import ON_THE_DESK
from puntuale.tickets.models import PromiseMade, Ticket

PAGE, IN_VAIN = "page", "paged_in_vain"
AT_A_TIME = 20
"""So few that a database which dies every few seconds lets some through each time: what is begun is done again."""
IN_OTHER_HANDS = 0.05
LOOKED_FOR_EVERY, ONCE_MORE_AFTER = timedelta(hours=1), timedelta(minutes=1)
RESPONSES = frozenset({Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE})
"""What pages as soon as it is owed. Updates and resolutions are for alarms: somebody is on the ticket already."""

log = logging.getLogger("puntuale.oncall")


def follow(ticket: Ticket, owed: Sequence[PromiseMade], at: datetime) -> None:
    """Page over what a ticket owes day and night, and stop over what it no longer owes, in the caller's transaction.

    A promise that takes the place of another of its metric takes over its paging as it stands: whoever acknowledged is
    not woken again because the due time moved.
    """
    wanted = {promise.pk: promise for promise in owed if pages(promise)}
    if ticket.last_event == 1:
        open_all(wanted.values(), at)
        return
    standing = list(Paging.objects.select_for_update().filter(ticket=ticket, ended_at=None).select_related("promise"))
    fresh = [promise for key, promise in wanted.items() if key not in {paging.promise_id for paging in standing}]
    for paging in standing:
        if paging.promise_id in wanted:
            continue
        heir = next((promise for promise in fresh if promise.metric == paging.promise.metric), None)
        if heir is None:
            _end(paging, at)
        else:
            fresh.remove(heir)
            paging.promise = heir
            paging.save(update_fields=["promise"])
    open_all(fresh, at)


def pages(promise: PromiseMade) -> bool:
    """Tell whether a promise is one over which people are woken: an answer owed by a time, day and night."""
    if promise.due_at is None or Metric(promise.metric) not in RESPONSES:
        return False
    return agreement_of(promise.publication_id).hours[promise.hours].is_always_open


def open_all(promises: Iterable[PromiseMade], at: datetime) -> int:
    """Open the paging over some promises, where there is a chain for their plan, and return over how many."""
    rows, chain_for = [], cache(reading.chain_for)
    for promise in promises:
        chain = chain_for(promise.plan or "")
        if chain is not None:
            rows.append(
                Paging(
                    promise=promise,
                    ticket_id=promise.ticket_id,
                    chain=chain,
                    rank=rank(agreement_of(promise.publication_id), promise.priority),
                    opened_at=at,
                    next_at=at,
                )
            )
    return len(Paging.objects.bulk_create(rows, ignore_conflicts=True))


def page_the_unpaged(at: datetime) -> int:
    """Open the paging over owed promises that have none, and return over how many: there was no chain before.

    Nearly all that are owed count by day only, so no more than that is read of them.
    """
    owed = PromiseMade.objects.filter(ending=None, due_at__isnull=False, paging=None, watched__isnull=False)
    owed = owed.filter(metric__in=RESPONSES)
    counts_always = cache(lambda version, hours: agreement_of(version).hours[hours].is_always_open)
    rows = owed.values_list("pk", "publication_id", "hours")
    found = [key for key, version, hours in rows.iterator() if counts_always(version, hours)]
    return open_all(PromiseMade.objects.filter(pk__in=found).order_by("pk"), at)


@dataclass(slots=True)
class Lookout:
    """Looks for promises that nobody is paged over: at first, when a chain has changed, and every hour.

    Once more a minute after a change, since a ticket that was sent meanwhile may not have known of it.
    """

    _chains: Sequence[tuple[int, datetime]] | None = None
    _again_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    def look(self, at: datetime) -> int:
        """Open the paging over those there are, and return over how many."""
        chains = list(reading.chains().order_by("pk").values_list("pk", "shaped_at"))
        if chains == self._chains and at < self._again_at:
            return 0
        found = page_the_unpaged(at)
        self._again_at = at + (LOOKED_FOR_EVERY if chains == self._chains else ONCE_MORE_AFTER)
        self._chains = chains
        return found


def go_round(at: datetime) -> float:
    """Take the step that is due in every paging, the most urgent first, and return how many seconds may then pass.

    Whatever others have in hand is left to them.
    """
    waiting = Paging.objects.filter(next_at__isnull=False, set_aside_at=None).order_by("next_at")
    next_at = waiting.values_list("next_at", flat=True).first()
    if next_at is None:
        return 1.0
    if next_at > at:
        return min((next_at - at).total_seconds(), 1.0)
    with taking():
        due = Paging.objects.select_for_update(of=("self",), skip_locked=True)
        due = due.filter(next_at__lte=at, set_aside_at=None).order_by("rank", "next_at", "pk")
        rows = list(due.select_related("promise__ending", "ticket", "chain")[:AT_A_TIME])
        for paging in rows:
            _go_on_or_set_aside(paging, at)
    return 0.0 if rows else IN_OTHER_HANDS


def standing_acknowledgement(paging: Paging) -> Acknowledgement | None:
    """Return the acknowledgement that holds, or None."""
    return paging.acknowledgements.filter(lapsed_at=None).select_related("person").last()


def stop_pages(paging: Paging, *, because: str, at: datetime) -> None:
    """Stop every page of a paging, and every word that it was in vain, that is still on its way."""
    intents.cancel(PAGE, list(paging.pages.values_list("pk", flat=True)), because=because, at=at)
    intents.cancel(IN_VAIN, list(paging.in_vain.values_list("pk", flat=True)), because=because, at=at)


def _end(paging: Paging, at: datetime) -> None:
    paging.ended_at, paging.next_at = at, None
    paging.save(update_fields=["ended_at", "next_at"])
    stop_pages(paging, because="no_longer_owed", at=at)


def _go_on_or_set_aside(paging: Paging, at: datetime) -> None:
    """Take the next step of a paging. One that cannot be dealt with is set aside and reported."""
    try:
        with transaction.atomic():
            _go_on(paging, at)
    except DatabaseError:
        raise
    except Exception as problem:
        log.exception("%s is set aside", paging)
        paging.set_aside_at, paging.problem = at, f"{type(problem).__name__}: {problem}"
        paging.save(update_fields=["set_aside_at", "problem"])


def _go_on(paging: Paging, at: datetime) -> None:
    if hasattr(paging.promise, "ending"):
        _end(paging, at)
        return
    lapsed = paging.acknowledgements.filter(lapsed_at=None)
    if lapsed.update(lapsed_at=at):
        paging.round, paging.step = 0, 0
    steps = list(paging.chain.steps.prefetch_related("targets__rota", "targets__person"))
    while paging.round < paging.chain.rounds:
        for position in range(paging.step, len(steps)):
            if _page(paging, steps[position], position, at):
                paging.step, paging.next_at = position + 1, at + timedelta(seconds=steps[position].wait)
                paging.save(update_fields=["round", "step", "next_at"])
                return
        if paging.step == 0:
            break  # A whole round reached nobody, and the next one would not either.
        paging.round, paging.step = paging.round + 1, 0
    _give_up(paging, at)


def _page(paging: Paging, step: Step, position: int, at: datetime) -> bool:
    """Page whoever a step reaches, and tell whether it reached anybody: an empty step is passed over at once."""
    people = people_of(step, at=at)
    ways = contacts.ways_to(people)
    rows = []
    for person in people:
        if ways[person.pk]:
            page = Page.objects.create(paging=paging, round=paging.round, step=position, person=person, at=at)
            rows += [_intent(PAGE, page.pk, way, person=person, paging=paging, at=at) for way in ways[person.pk]]
    intents.intend(rows)
    return bool(rows)


def people_of(step: Step, *, at: datetime) -> list[Person]:
    """Return whom a step reaches at an instant, each once: whoever is on call, and whoever is named and still here."""
    found: dict[int, Person] = {}
    for target in step.targets.all():
        person = target.person if target.rota is None else reading.on_call(target.rota, at=at)
        if person is not None and person.is_active:
            found[person.pk] = person
    return list(found.values())


def on_call_for(ticket: Ticket, at: datetime) -> list[Person]:
    """Return who is on call for a ticket: whoever the first step of its chain reaches, passing over empty ones."""
    chain = reading.chain_for(ticket.plan or "")
    steps = chain.steps.prefetch_related("targets__rota", "targets__person") if chain else ()
    return next((people for step in steps if (people := people_of(step, at=at))), [])


def _give_up(paging: Paging, at: datetime) -> None:
    """Write down that the chain was gone through in vain, and tell the managers by every way there is."""
    paging.exhausted_at, paging.next_at = at, None
    paging.save(update_fields=["round", "step", "exhausted_at", "next_at"])
    log.error("%s reached nobody who acknowledged it", paging)
    time = InVain.objects.create(paging=paging, at=at)
    managers = list(Person.objects.filter(role__in=MANAGING_ROLES, left_at=None))
    ways = contacts.ways_to(managers)
    intents.intend(
        _intent(IN_VAIN, time.pk, way, person=person, paging=paging, at=at)
        for person in managers
        for way in [contacts.Way(ON_THE_DESK, str(person.pk)), *ways[person.pk]]
    )


def _intent(kind: str, about: int, way: contacts.Way, *, person: Person, paging: Paging, at: datetime) -> Intent:
    return Intent(
        kind=kind,
        about=about,
        channel=way.channel,
        address=way.address,
        person=person,
        rank=paging.rank,
        made_at=at,
        try_at=at,
    )


def longest(chain: Chain) -> int:
    """Return how many seconds pass from the first page to the last step of a chain's first round."""
    return sum(step.wait for step in list(chain.steps.all())[:-1])
