"""A worked sum in words: what counted, what was closed, what it comes to."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from puntuale.guarantee.reckoning import Closed, Counted, Paused, Reckoning
from puntuale.guarantee.reckoning import Line as Reckoned
from puntuale.guarantee.spans import Span
from puntuale.wording import durations, moments
from puntuale.wording.languages import words


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sum: when, how much time counted (empty when none), and a remark (`closed: Christmas Day`)."""

    when: str
    counted: str
    remark: str

    @property
    def is_closed(self) -> bool:
        """Tell whether nothing counted."""
        return not self.counted


def lines(reckoning: Reckoning, language: str, zone: ZoneInfo) -> list[Line]:
    """Return the sum line by line, in a zone: that of the hours, or the reader's for hours that are always open."""
    this_year = reckoning.start.astimezone(zone).year
    return [_line(line, language, zone, this_year) for line in reckoning.lines]


def _line(line: Reckoned, language: str, zone: ZoneInfo, this_year: int) -> Line:
    if isinstance(line, Counted):
        when = _stretch(line.span, language, zone, this_year)
        return Line(when, durations.clock(line.span.seconds), line.name.in_language(language))
    if isinstance(line, Paused):
        return Line(
            _stretch(line.span, language, zone, this_year), "", words(language).gettext("waiting for the customer")
        )
    return _closed(line, language)


def _stretch(span: Span, language: str, zone: ZoneInfo, this_year: int) -> str:
    """Return a span as `Thu 24 Dec 15:30-17:00`."""
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    day = moments.short_day(start.date(), language, this_year=this_year)
    since, until = (moments.time_of_day(edge, zone, to_the_second=True) for edge in (span.start, span.end))
    if start.utcoffset() != end.utcoffset():
        # On the night the clocks change, the hour alone would be ambiguous.
        since = f"{since} {moments.zone_letters(span.start, zone)}"
        until = f"{until} {moments.zone_letters(span.end, zone)}"
    if end.date() != start.date():
        until = f"{moments.short_day(end.date(), language, this_year=this_year)} {until}"
    return f"{day} {since}-{until}"


def _closed(line: Closed, language: str) -> Line:
    said, name = words(language), line.name.in_language(language)
    closed = said.gettext("closed: %(name)s") % {"name": name} if name else said.gettext("closed")
    return Line(moments.days(line.first, line.last, language), "", closed)
