"""Whoever is to be woken is woken, step by step, in time, by every way, and nobody after somebody has said that she is on it."""

from collections import defaultdict
from datetime import timedelta

from puntuale.oncall import contacts
from puntuale.oncall.models import Page, Paging
from puntuale.oncall.paging import IN_VAIN, PAGE, pages
from puntuale.sending.models import Intent
from puntuale.tickets.models import PromiseMade
from puntuale.watch.models import Watched
from tests.torture.checks.alarms import LATEST, without_excuse
from tests.torture.seen import instant, page_of


def check_i06_every_promise_day_and_night_is_paged(seen):
    """Over every ticket with such a promise there is a paging, and each page is meant for its person by every way of hers."""
    there = set(Paging.objects.values_list("ticket_id", flat=True))
    owed = PromiseMade.objects.filter(due_at__isnull=False)
    found = [f"nobody is paged over {made}" for made in owed if pages(made) and made.ticket_id not in there]
    told = defaultdict(set)
    for intent in Intent.objects.filter(kind=PAGE):
        told[intent.about].add(contacts.Way(intent.channel, intent.address))
    written = list(Page.objects.select_related("person", "paging"))
    ways = contacts.ways_to({page.person for page in written})
    return found + [
        f"{page} is meant for {told[page.pk]}, and can be reached by {ways[page.person_id]}"
        for page in written
        if told[page.pk] != set(ways[page.person_id])
    ]


def check_i10_chains_are_gone_through_in_time(seen):
    """Every step is taken once the one before it has had its time, none earlier, and none more than ten seconds late.

    So are telling the managers once everybody was paged in vain, and beginning anew once an acknowledgement has lapsed.
    """
    told = set(Intent.objects.filter(kind=IN_VAIN).values_list("about", flat=True))
    found = []
    for paging in Paging.objects.prefetch_related("chain__steps", "pages", "in_vain", "acknowledgements"):
        for since, until in _turns(paging, seen):
            at = _gone_through(paging, since, until, seen, found)
            if at is not None:
                times = [time.at for time in paging.in_vain.all() if time.pk in told and at <= time.at < until]
                if _is_late(seen, at, min(times, default=until)):
                    found.append(f"{paging} was in vain at {at}, and managers were told at {times}")
        found += [
            f"{held} should have lapsed at {held.until}, and did at {held.lapsed_at}"
            for held in paging.acknowledgements.all()
            if _is_late(seen, held.until, held.lapsed_at or _over(paging, seen))
        ]
    return found


def check_an_acknowledgement_stops_the_pages(seen):
    """Nobody was paged between the moment when a client was told that somebody is on it and its lapse."""
    written, found = {page.pk: page for page in _pages()}, []
    for ack in seen.told("acknowledgement"):
        page = written.get(page_of(ack["link"]))
        for held in page.paging.acknowledgements.all() if page else ():
            if held.person_id != page.person_id or held.at > instant(ack["at"]):
                continue
            found += [
                f"{other} at {other.at}, while {held}, since {held.at}"
                for other in page.paging.pages.all()
                if instant(ack["at"]) < other.at and (held.lapsed_at is None or other.at < held.lapsed_at)
            ]
    return found


def check_nothing_was_set_aside(seen):
    """No row was set aside because it could not be dealt with."""
    aside = [*Watched.objects.exclude(set_aside_at=None), *Paging.objects.exclude(set_aside_at=None)]
    return [f"{row} was set aside: {row.problem}" for row in aside]


def _turns(paging, seen):
    """The spans in which nobody was on it while it was owed. In each, the chain is gone through from its first step on."""
    since = paging.opened_at
    for held in paging.acknowledgements.all():
        if since is not None and since < held.at:
            yield since, held.at
        since = held.lapsed_at
    if since is not None:
        yield since, _over(paging, seen)


def _over(paging, seen):
    return paging.ended_at or seen.told_at


def _gone_through(paging, since, until, seen, found):
    """Add what is wrong with the steps that were taken, and return when the last one had had its time, None when it had not."""
    taken = {}
    for page in paging.pages.all():
        if since <= page.at < until:
            taken.setdefault((page.round, page.step), page.at)
    at = since
    for turn in range(paging.chain.rounds):
        for step in paging.chain.steps.all():
            when = taken.pop((turn, step.position), None)
            if _is_late(seen, at, when or until):
                found.append(f"{paging}: {step}, round {turn + 1}, was due at {at} and taken at {when}")
            if when is None:
                found += [f"{paging}: page {place} at {early} left others out" for place, early in taken.items()]
                return None
            if when < at:
                found.append(f"{paging}: {step}, round {turn + 1}, was due at {at} and taken at {when}")
            at = when + timedelta(seconds=step.wait)
    return at


def _is_late(seen, since, until):
    return without_excuse(seen, since.timestamp(), until.timestamp()) > LATEST


def _pages():
    return Page.objects.select_related("paging").prefetch_related("paging__acknowledgements", "paging__pages")
