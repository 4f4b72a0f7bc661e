"""Can we keep our promises? Everything that must be so for the next thirty days, looked at now."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings

from puntuale.agreements.reading import NothingInForce, agreement_in_force
from puntuale.oncall import coverage
from puntuale.oncall.coverage import PlanCovered
from puntuale.oncall.models import Paging
from puntuale.sending.models import Intent
from puntuale.sending.transports import ON_THE_DESK
from puntuale.watch import heartbeat, outside, reading
from puntuale.watch.models import Watched

HOLIDAYS_AHEAD = timedelta(days=365)
LATE_AFTER = timedelta(seconds=5)
LOOKED_BACK = timedelta(days=7)
MOST_GAPS = 10


class Verdict(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: how bad it is, what it is by its key, and the facts of the case."""

    verdict: Verdict
    key: str
    facts: dict[str, object] = field(default_factory=dict)


def findings(at: datetime) -> list[Finding]:
    """Return all that was looked at, the plans first."""
    return [*_plans(at), *_people(at), *_holidays(at), *_watch(at), *_channels(at), *_outside(at)]


def worst(found: list[Finding]) -> Verdict:
    """Return the worst verdict of some findings."""
    verdicts = {finding.verdict for finding in found}
    return next((one for one in (Verdict.BAD, Verdict.WARNING) if one in verdicts), Verdict.OK)


def _plans(at: datetime) -> Iterator[Finding]:
    for plan in coverage.plans_covered(at=at):
        yield _covered(plan)
        for gap in plan.gaps[:MOST_GAPS]:
            verdict = Verdict.BAD if plan.is_sold else Verdict.WARNING
            yield Finding(verdict, "gap", {"plan": plan.plan, "from": gap.start, "until": gap.end})
        if plan.chain is not None and plan.is_too_slow:
            facts = {"plan": plan.plan, "takes": plan.takes, "target": plan.target}
            yield Finding(Verdict.WARNING, "slow_chain", facts)


def _covered(plan: PlanCovered) -> Finding:
    facts: dict[str, object] = {"plan": plan.plan, "target": plan.target}
    if plan.chain is None:
        return Finding(Verdict.BAD if plan.is_sold else Verdict.WARNING, "no_chain", facts)
    facts |= {"chain": plan.chain.name, "count": len(plan.gaps)}
    return Finding(Verdict.OK if plan.is_covered else Verdict.WARNING, "covered" if plan.is_covered else "gaps", facts)


def _people(at: datetime) -> Iterator[Finding]:
    for reach in coverage.reaches(at=at):
        facts: dict[str, object] = {"name": reach.person.name, "count": reach.ways}
        if reach.is_enough:
            yield Finding(Verdict.OK, "reached", facts)
        else:
            yield Finding(Verdict.WARNING if reach.ways else Verdict.BAD, "hard_to_reach", facts)


def _holidays(at: datetime) -> Iterator[Finding]:
    try:
        agreement = agreement_in_force(at)
    except NothingInForce:
        yield Finding(Verdict.BAD, "no_agreement")
        return
    for days in agreement.holiday_lists.values():
        known = days.last_year >= (at + HOLIDAYS_AHEAD).year
        facts: dict[str, object] = {"list": days.name, "year": days.last_year}
        yield Finding(Verdict.OK if known else Verdict.WARNING, "holidays", facts)


def _watch(at: datetime) -> Iterator[Finding]:
    silent = heartbeat.silent_since(at=at)
    yield Finding(Verdict.OK, "watch") if silent is None else Finding(Verdict.BAD, "watch_silent", {"since": silent})
    before = at - LATE_AFTER
    alarms = Watched.objects.filter(ring_at__lt=before, set_aside_at=None).order_by("ring_at").first()
    pages = Paging.objects.filter(next_at__lt=before, set_aside_at=None).order_by("next_at").first()
    since = [one for one in (alarms and alarms.ring_at, pages and pages.next_at) if one]
    if since:
        yield Finding(Verdict.BAD, "lag", {"since": min(since)})
    aside = reading.set_aside().count() + Paging.objects.exclude(set_aside_at=None).count()
    if aside:
        yield Finding(Verdict.BAD, "set_aside", {"count": aside})


def _channels(at: datetime) -> Iterator[Finding]:
    """Look how the last delivery by each way went: what was given up, or has failed and is tried again."""
    if not settings.EMAIL_IS_SET:
        yield Finding(Verdict.BAD, "no_mail")
    recent = Intent.objects.filter(made_at__gt=at - LOOKED_BACK, cancelled_at=None).exclude(channel=ON_THE_DESK)
    latest = recent.exclude(attempts=0).order_by("channel", "address", "-pk").distinct("channel", "address")
    failed = [intent for intent in latest.select_related("person") if intent.sent_at is None]
    for intent in failed:
        name = intent.person.name if intent.person else intent.address
        facts: dict[str, object] = {"channel": intent.channel, "name": name, "problem": intent.problem}
        yield Finding(Verdict.WARNING, "failed", facts)
    if settings.EMAIL_IS_SET and not failed:
        yield Finding(Verdict.OK, "delivered")


def _outside(at: datetime) -> Iterator[Finding]:
    if not settings.HEARTBEAT_URL:
        yield Finding(Verdict.WARNING, "no_monitor")
        return
    last = outside.last()
    if last is None or last.heard_at is None or at - last.heard_at > outside.UNHEARD_AFTER:
        yield Finding(Verdict.BAD, "monitor_unheard", {"problem": last.problem if last else ""})
    else:
        yield Finding(Verdict.OK, "monitor", {"since": last.heard_at})
