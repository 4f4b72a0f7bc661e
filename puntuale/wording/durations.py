"""Durations and targets in words."""

from datetime import timedelta

from puntuale.guarantee.agreement import Agreement, NoGuarantee, Reason
from puntuale.guarantee.targets import Target
from puntuale.wording.languages import words


def clock(seconds: int) -> str:
    """Return a duration as hours and minutes, `2:30`, with seconds only when there are any."""
    minutes, rest = divmod(abs(seconds), 60)
    sign = "-" if seconds < 0 else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")


def countdown(seconds: int) -> str:
    """Return what is left as `2:10`, and in the last ten minutes with seconds, `0:09:30`. Browsers do the same."""
    minutes, rest = divmod(seconds, 60)
    return f"0:{minutes:02}:{rest:02}" if seconds < 600 else f"{minutes // 60}:{minutes % 60:02}"


def rough(gone: timedelta, language: str) -> str:
    """Return how long ago something was: `0:42` within a day, `3 days` after that."""
    if gone < timedelta(days=1):
        seconds = int(gone.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}"
    return words(language).ngettext("%(count)d day", "%(count)d days", gone.days) % {"count": gone.days}


def target(owed: Target, agreement: Agreement, language: str) -> str:
    """Return a target as it is published: `3 business hours`, `1 hour, day and night`.

    Where an agreement has several tables that are not always open, the table's own name is added.
    """
    table = agreement.hours[owed.hours]
    if table.is_always_open:
        return words(language).gettext("%(duration)s, day and night") % {
            "duration": _listed([_plain(amount, unit, language) for amount, unit in owed.parts], language)
        }
    said = _listed([_business(amount, unit, language) for amount, unit in owed.parts], language)
    limited = [key for key, other in agreement.hours.items() if not other.is_always_open]
    return said if len(limited) == 1 else f"{said} ({table.name.in_language(language)})"


def plain_target(owed: Target, agreement: Agreement, language: str) -> str:
    """Return a target without its hours where they are always open: `1 hour`; else as `target` does."""
    if agreement.hours[owed.hours].is_always_open:
        return _listed([_plain(amount, unit, language) for amount, unit in owed.parts], language)
    return target(owed, agreement, language)


def plain(seconds: int, language: str) -> str:
    """Return a duration in whole hours, else in minutes: `1 hour`, `90 minutes`."""
    return _plain(seconds // 3600, "h", language) if seconds % 3600 == 0 else _plain(seconds // 60, "m", language)


def no_guarantee(owed: NoGuarantee, language: str) -> str:
    """Return in a few words why there is no guarantee."""
    said = words(language)
    if owed.reason is Reason.PRODUCT_STAGE:
        return said.gettext("No guaranteed time for a product at this stage")
    if owed.reason is Reason.NO_CONTRACT:
        return said.gettext("No guaranteed time without a contract in force")
    return said.gettext("No guaranteed time on this plan")


def _business(amount: int, unit: str, language: str) -> str:
    said = words(language)
    if unit == "d":
        return said.ngettext("%(count)d business day", "%(count)d business days", amount) % {"count": amount}
    if unit == "h":
        return said.ngettext("%(count)d business hour", "%(count)d business hours", amount) % {"count": amount}
    return said.ngettext("%(count)d business minute", "%(count)d business minutes", amount) % {"count": amount}


def _plain(amount: int, unit: str, language: str) -> str:
    said = words(language)
    if unit == "d":
        return said.ngettext("%(count)d day", "%(count)d days", amount) % {"count": amount}
    if unit == "h":
        return said.ngettext("%(count)d hour", "%(count)d hours", amount) % {"count": amount}
    return said.ngettext("%(count)d minute", "%(count)d minutes", amount) % {"count": amount}


def _listed(parts: list[str], language: str) -> str:
    if len(parts) == 1:
        return parts[0]
    return words(language).gettext("%(parts)s and %(last)s") % {"parts": ", ".join(parts[:-1]), "last": parts[-1]}
