"""When tickets arrive: how many in each hour of the week, on the clock of the desk."""

from puntuale.reports.attainment import Reading, attainment
from puntuale.reports.counting import Asked, Grouping

HOURS = 24
WEEK = 7 * HOURS


def arrivals(asked: Asked) -> list[list[int]]:
    """Return for each day from Monday on how many tickets were submitted in each of its hours.

    An hour that a day has twice counts once; one that it skips stays empty.
    """
    found = {int(line.key): line[Reading.PROMISED].total for line in attainment(asked, by=Grouping.HOUR).lines}
    return [[found.get(day * HOURS + hour, 0) for hour in range(HOURS)] for day in range(WEEK // HOURS)]
