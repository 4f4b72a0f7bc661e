"""When tickets arrive: how many in each hour of the week, on the clock of the desk."""

from puntuale.reports.counting import KEYS, Asked, Grouping, rows

HOURS = 24
WEEK = 7 * HOURS


def arrivals(asked: Asked) -> list[list[int]]:
    """Return for each day from Monday on how many tickets were submitted in each of its hours.

    An hour that a day has twice counts once; one that it skips stays empty.
    """
    hour, _ = KEYS[Grouping.HOUR]
    statement = f"SELECT {hour}, count(*) FROM counted GROUP BY 1"  # noqa: S608 -- our keys
    found = {int(str(key)): int(str(count)) for key, count in rows(statement, asked.parameters)}
    return [[found.get(day * HOURS + hour, 0) for hour in range(HOURS)] for day in range(WEEK // HOURS)]
