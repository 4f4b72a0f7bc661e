"""Holidays as the python-holidays library proposes them. It only proposes: what is published is a stored list."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from puntuale.guarantee.texts import Text

if TYPE_CHECKING:
    from holidays import HolidayBase


def propose(source: str, years: Sequence[int], languages: Sequence[str]) -> Mapping[date, Text]:
    """Return the closed days of a calendar such as `financial:XECB`, `country:IT` or `country:IT-BZ`.

    Each has its name in those of the languages that the library knows for this calendar, or in its one language. Raises
    LookupError, with the library's words, for a calendar it does not know.
    """
    try:
        calendar = _calendar(source, years, None)
        codes = {language: _spoken(calendar.supported_languages, language) for language in languages}
        named = {language: _calendar(source, years, code) for language, code in codes.items() if code}
    except NotImplementedError as problem:
        raise LookupError(str(problem)) from problem
    spoken = named or {"en": calendar}
    return {day: Text.of({language: days[day] for language, days in spoken.items()}) for day in sorted(calendar)}


def _calendar(source: str, years: Sequence[int], language: str | None) -> "HolidayBase":
    import holidays  # noqa: PLC0415 -- large, and needed when an agreement is written

    kind, _, code = source.partition(":")
    place, _, subdivision = code.partition("-")
    if kind == "financial":
        return holidays.financial_holidays(place, years=years)
    return holidays.country_holidays(place, subdiv=subdivision or None, years=years, language=language)


def _spoken(supported: Sequence[str], language: str) -> str | None:
    """Return the library's code for a language: it wants `it_IT`, and quietly falls back to English for `it`."""
    base = language.split("-", maxsplit=1)[0]
    return next((code for code in supported if code.split("_", maxsplit=1)[0] == base), None)
