"""The differences between two versions in words: what part, what of it, what it said and what it says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from puntuale.guarantee.agreement import Agreement, Metric, NoGuarantee
from puntuale.guarantee.document import Change, changes
from puntuale.looks.promises import METRICS
from puntuale.wording import durations, moments
from puntuale.wording.languages import LANGUAGES, words

TITLES: dict[str, Lazy | str] = {
    "cells": _("Times"),
    "priority": _("Priorities"),
    "plan": _("Plans"),
    "environment": _("Environments"),
    "stage": _("Product stages"),
    "hours": _("Opening hours"),
    "holidays": _("Holidays"),
    "alarm": _("Alarms"),
    "note": _("Notes"),
    "other": _("Everything else"),
}
TERMS: dict[str, Lazy | str] = {
    "name": _("name"),
    "summary": _("in short"),
    "meaning": _("meaning"),
    "explanation": _("explanation"),
    "environments": _("environments"),
    "guaranteed": _("guaranteed"),
    "order": _("order"),
    "zone": _("time zone"),
    "weekly": _("week"),
    "overrides": _("special day"),
    "open": _("open"),
    "holidays": _("holidays"),
    "business_day": _("length of a business day"),
    "years": _("years"),
    "title": _("title"),
    "introduction": _("introduction"),
    "languages": _("languages"),
    "default_priority": _("priority where none is chosen"),
    "reopen_within_days": _("reopens within, in days"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One difference: what it is about, what was said and what is said now; empty for nothing."""

    label: str
    was: str
    now: str


@dataclass(slots=True)
class Group:
    """The differences of one part."""

    title: Lazy | str
    lines: list[Line] = field(default_factory=list)


def told(before: Agreement, after: Agreement, language: str) -> list[Group]:
    """Return how one version differs from another, part by part, in a language."""
    groups: dict[str, Group] = {}
    for change in changes(before, after):
        group = groups.setdefault(change.part, Group(TITLES[change.part]))
        group.lines.append(_LINES.get(change.part, _plain)(change, before, after, language))
    return list(groups.values())


def _cell(change: Change, before: Agreement, after: Agreement, language: str) -> Line:
    metric, plan, priority = change.where
    names = [words(language).gettext(METRICS[Metric(metric)]), _name_of("plans", plan, before, after, language)]
    names.append(f"{priority} {_name_of('priorities', priority, before, after, language)}")
    said = [_target(one, metric, plan, priority, language) for one in (before, after)]
    return Line(" · ".join(names), *said)


def _target(agreement: Agreement, metric: str, plan: str, priority: str, language: str) -> str:
    owed = agreement.cells.get((Metric(metric), plan, priority))
    if owed is None:
        return ""
    if isinstance(owed, NoGuarantee):
        return words(language).gettext("no guarantee")
    return durations.target(owed, agreement, language)


def _name_of(kind: str, key: str, before: Agreement, after: Agreement, language: str) -> str:
    for agreement in (after, before):
        for term in getattr(agreement, kind):
            if term.key == key:
                name: str = term.name.in_language(language)
                return name
    return key


def _holiday(change: Change, before: Agreement, after: Agreement, language: str) -> Line:
    key, what, *more = change.where
    lists = (after.holiday_lists.get(key), before.holiday_lists.get(key))
    name = next((one.name.in_language(language) for one in lists if one and one.name), key)
    try:
        day = moments.long_day(date.fromisoformat(what), language)
    except ValueError:
        return _plain(change, before, after, language)
    return Line(" · ".join([name, day, *more]), change.was or "", change.now or "")


def _plain(change: Change, before: Agreement, after: Agreement, language: str) -> Line:  # noqa: ARG001
    label = " · ".join(_term(step) for step in change.where if step)
    return Line(label, change.was or "", change.now or "")


def _term(step: str) -> str:
    return str(TERMS.get(step) or LANGUAGES.get(step) or step)


_LINES: dict[str, Callable[[Change, Agreement, Agreement, str], Line]] = {"cells": _cell, "holidays": _holiday}
