"""A quote in words, for the terminal."""

from datetime import datetime
from zoneinfo import ZoneInfo

from puntuale.cli.quote import reckoning_of
from puntuale.guarantee.agreement import Agreement, NoGuarantee, PriorityBarred
from puntuale.guarantee.promise import Course, Promise, State, Verdict
from puntuale.guarantee.reckoning import Reckoning
from puntuale.wording import durations, moments, opening, sums
from puntuale.wording.languages import words


def quote(promise: Promise, agreement: Agreement, language: str) -> list[str]:
    """Return the lines of a quote: what is promised, the worked sum, and the due instant with its zone."""
    what = f"{priority_name(promise, agreement, language)}, {plan_name(promise, agreement, language)}"
    if promise.target is None or promise.reason is not None:
        return [_headline(what, _reason(promise, language), language)]
    owed = durations.target(promise.target, agreement, language)
    return [_headline(what, owed, language), *_sum(promise, agreement, language)]


def explanation(promise: Promise, agreement: Agreement, language: str, *, environment: str, stage: str) -> list[str]:
    """Return a quote with everything it rests on: agreement, plan, priority, product stage, hours."""
    said = words(language)
    where = agreement.zone
    facts = [
        (said.gettext("Sent"), moments.moment(promise.made_at, language, where, to_the_second=True)),
        (
            said.gettext("Agreement"),
            said.gettext("%(title)s, version %(version)d")
            % {"title": agreement.title.in_language(language), "version": agreement.version},
        ),
        (said.gettext("Plan"), agreement.plan(promise.plan).name.in_language(language) if promise.plan else "-"),
        (said.gettext("Priority"), priority_name(promise, agreement, language)),
        (said.gettext("Environment"), agreement.environment(environment).name.in_language(language)),
        (said.gettext("Product"), agreement.stage(stage).name.in_language(language)),
    ]
    if promise.target is not None:
        hours = agreement.hours[promise.target.hours]
        weekly = "; ".join(opening.weekly(hours, language))
        facts += [
            (said.gettext("Promise"), durations.target(promise.target, agreement, language)),
            (said.gettext("Counted"), weekly if hours.is_always_open else f"{weekly}, {hours.zone_name}"),
        ]
    else:
        facts.append((said.gettext("Promise"), _reason(promise, language)))
    width = max(len(name) for name, _ in facts) + 2
    return [*(f"{name:<{width}}{fact}" for name, fact in facts), *_sum(promise, agreement, language)]


def outcome(course: Course, language: str, where: ZoneInfo, *, at: datetime) -> list[str]:
    """Return how a ticket's promise ended, or that it is missed; nothing while it runs."""
    said = words(language)
    if course.ending is None or course.verdict is None:
        return [said.gettext("missed")] if course.state(at=at) is State.MISSED else []
    when = moments.moment(course.ending.at, language, where, to_the_second=True)
    verdicts = {
        Verdict.MET: said.gettext("answered %(moment)s, in time"),
        Verdict.MET_LATE: said.gettext("answered %(moment)s, late"),
        Verdict.ANSWERED: said.gettext("answered %(moment)s"),
        Verdict.MISSED: said.gettext("missed"),
        Verdict.CANCELLED: said.gettext("cancelled %(moment)s"),
        Verdict.MERGED: said.gettext("merged into another ticket %(moment)s"),
    }
    return [verdicts[course.verdict] % {"moment": when}]


def barred(problem: PriorityBarred, language: str) -> str:
    """Return why a priority may not be chosen, by the words of the agreement, and what may."""
    return words(language).gettext(
        "Priority %(priority)s is not available for %(environment)s. %(meaning)s Available: %(offers)s"
        " [priority.environment]"
    ) % {
        "priority": problem.priority.key,
        "environment": problem.environment.name.in_language(language),
        "meaning": problem.priority.meaning.in_language(language),
        "offers": ", ".join(f"{offer.key} ({offer.name.in_language(language)})" for offer in problem.offers),
    }


def plan_name(promise: Promise, agreement: Agreement, language: str) -> str:
    """Return `Advanced plan`."""
    if promise.plan is None:
        return words(language).gettext("no plan")
    name = agreement.plan(promise.plan).name.in_language(language)
    return words(language).gettext("%(plan)s plan") % {"plan": name}


def priority_name(promise: Promise, agreement: Agreement, language: str) -> str:
    """Return `2 Degraded service`."""
    priority = agreement.priority(promise.priority)
    return f"{priority.key} {priority.name.in_language(language)}"


def _headline(what: str, said: str, language: str) -> str:
    return words(language).gettext("%(what)s: %(said)s") % {"what": what, "said": said}


def _reason(promise: Promise, language: str) -> str:
    return durations.no_guarantee(NoGuarantee(promise.reason), language) if promise.reason else ""


def _sum(promise: Promise, agreement: Agreement, language: str) -> list[str]:
    reckoning = reckoning_of(promise, agreement)
    if reckoning is None:
        return []
    where = _zone_of_sum(reckoning, agreement)
    lines = sums.lines(reckoning, language, where)
    width = max(len(line.when) for line in lines)
    told = [f"  {line.when:<{width}}  {line.counted or line.remark}" for line in lines]
    total = durations.clock(reckoning.seconds)
    due = words(language).gettext("due %(moment)s") % {
        "moment": moments.moment(reckoning.due, language, where, to_the_second=True)
    }
    return [*told, f"  {'':<{width}}  {'-' * len(total)}", f"  {'':<{width}}  {total}", due]


def _zone_of_sum(reckoning: Reckoning, agreement: Agreement) -> ZoneInfo:
    return agreement.zone if agreement.hours[reckoning.target.hours].is_always_open else reckoning.zone
