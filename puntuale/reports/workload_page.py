"""What the page of the workload shows: the backlog, and what falls due ahead, as figures that open their tickets."""

from collections.abc import Mapping
from datetime import date, datetime
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from puntuale.reports import drawing, naming
from puntuale.reports.counting import Grouping
from puntuale.reports.page import Figure, Query
from puntuale.reports.piles import LATE
from puntuale.reports.workload import Due, State
from puntuale.wording import moments


def backlog(
    found: Mapping[tuple[str, State], int], query: Query, names: Mapping[str, str]
) -> list[tuple[str, list[Figure]]]:
    """Return a row for each priority with how many tickets stand in each way."""
    return [
        (
            names[priority],
            [
                Figure(
                    found.get((priority, state), 0),
                    urlencode({**query, "pile": "backlog", "state": state.value, "priority": priority}),
                )
                for state in State
            ],
        )
        for priority in sorted({priority for priority, _ in found}, key=lambda key: (len(key), key))
    ]


def ahead(found: list[Due], query: Query, language: str) -> dict[str, object]:
    """Return what falls due, day by day: drawn, and as figures."""
    rows = [
        (
            _("due before now") if due.day is None else moments.plain_day(due.day, language),
            [
                _figure(due.day, due.promises, query, goals=False),
                _figure(due.day, due.goals, query, goals=True),
            ],
        )
        for due in found
    ]
    columns = [
        drawing.Column("late" if due.day is None else "plain", due.promises + due.goals, name=_below(due.day, language))
        for due in found
    ]
    told = "; ".join(f"{name}: {sum(figure.count for figure in figures)}" for name, figures in rows)
    title = _("Falling due in the coming days")
    return {"chart": drawing.columns(columns, key="ahead", title=title, description=told), "rows": rows}


def priorities(found: Mapping[tuple[str, State], int], language: str, *, at: datetime) -> dict[str, str]:
    """Return what the priorities of a backlog are called."""
    return naming.keys(Grouping.PRIORITY, {priority for priority, _ in found}, language, at=at)


def _figure(day: date | None, count: int, query: Query, *, goals: bool) -> Figure:
    asked = {**query, "pile": "due", "day": LATE if day is None else day.isoformat()}
    return Figure(count, urlencode(asked | ({"goals": "yes"} if goals else {})))


def _below(day: date | None, language: str) -> list[str]:
    return [_("before")] if day is None else [moments.weekday_in_short(day.weekday(), language), str(day.day)]
