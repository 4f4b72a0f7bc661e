"""What was looked at, in words: a sentence, and what to do about it."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop

from puntuale.agreements.reading import NothingInForce, agreement_in_force
from puntuale.guarantee.texts import Text
from puntuale.office.assurance import Finding
from puntuale.wording import durations, moments
from puntuale.wording.languages import words

SENTENCES = {
    "covered": gettext_noop("%(plan)s: answers within %(target)s are covered day and night by the chain %(chain)s."),
    "no_chain": gettext_noop("%(plan)s: answers within %(target)s are promised, and no chain says whom to wake."),
    "gaps": gettext_noop("%(plan)s: nobody is on call at times in the next 30 days. The chain is %(chain)s."),
    "gap": gettext_noop("%(plan)s: nobody is on call from %(from)s until %(until)s."),
    "slow_chain": gettext_noop(
        "%(plan)s: the chain needs %(takes)s to reach its last step, more than half of the %(target)s promised."
    ),
    "reached": gettext_noop("%(name)s can be reached in two ways or more."),
    "hard_to_reach": gettext_noop("%(name)s may be woken, and can be reached in fewer than two ways (%(count)s)."),
    "no_agreement": gettext_noop("No agreement is in force, so nothing can be promised."),
    "holidays": gettext_noop("The holidays of the list %(list)s are known up to the end of %(year)s."),
    "watch": gettext_noop("The watch is alive."),
    "watch_silent": gettext_noop("The watch has been silent since %(since)s: nothing rings. Start a worker."),
    "lag": gettext_noop("The watch lags behind: something has been due since %(since)s."),
    "set_aside": gettext_noop("Set aside because they could not be dealt with: %(count)s. The log says why."),
    "no_mail": gettext_noop("No mail server is set, so that nobody is told anything by e-mail."),
    "failed": gettext_noop("The last delivery to %(name)s by %(channel)s failed: %(problem)s"),
    "delivered": gettext_noop("The last deliveries all arrived."),
    "no_monitor": gettext_noop("No outside monitor would notice that everything here stands still."),
    "monitor": gettext_noop("The outside monitor heard from us %(since)s."),
    "monitor_unheard": gettext_noop("The outside monitor has not heard from us: %(problem)s"),
}
REMEDIES = {
    "no_chain": gettext_noop("Make a chain."),
    "gap": gettext_noop("Fill the rota, or arrange a cover."),
    "slow_chain": gettext_noop("Shorten the waits between its steps."),
    "hard_to_reach": gettext_noop("Another way can be added on the page On call."),
    "holidays": gettext_noop("Publish a version of the agreement with the holidays of the next twelve months."),
    "no_monitor": gettext_noop("Set PUNTUALE_HEARTBEAT_URL."),
    "no_mail": gettext_noop("Set PUNTUALE_SMTP."),
}


def sentence(finding: Finding, language: str, zone: ZoneInfo, *, at: datetime) -> str:
    """Return what was seen, in a language and on the clock of a zone."""
    told = {name: _told(name, value, language, zone, at) for name, value in finding.facts.items()}
    return words(language).gettext(SENTENCES[finding.key]) % told


def remedy(finding: Finding, language: str) -> str:
    """Return what to do about it; nothing when all is well or it goes without saying."""
    if finding.verdict == "ok" or finding.key not in REMEDIES:
        return ""
    return words(language).gettext(REMEDIES[finding.key])


def _told(name: str, value: object, language: str, zone: ZoneInfo, at: datetime) -> str:
    if isinstance(value, datetime):
        return moments.near(value, language, zone, now=at)
    if isinstance(value, Text):
        return value.in_language(language)
    return TELLING.get(name, _as_it_is)(value, language, at)


def _as_it_is(value: object, language: str, at: datetime) -> str:  # noqa: ARG001
    return str(value)


def _seconds(value: object, language: str, at: datetime) -> str:  # noqa: ARG001
    return durations.plain(int(str(value)), language)


def _plan(value: object, language: str, at: datetime) -> str:
    try:
        plans = {plan.key: plan.name.in_language(language) for plan in agreement_in_force(at).plans}
    except NothingInForce:
        return str(value)
    return plans.get(str(value), str(value))


TELLING: dict[str, Callable[[object, str, datetime], str]] = {"plan": _plan, "target": _seconds, "takes": _seconds}
