"""Writing an agreement back as a document: complete, with every holiday spelled out, the same each time."""

from collections.abc import Mapping
from datetime import date

from puntuale.guarantee.agreement import Agreement, AlarmLevel, Cell, HolidayList, Metric, Priority, Stage
from puntuale.guarantee.document.cells import NONE
from puntuale.guarantee.document.opening import WEEKDAYS
from puntuale.guarantee.document.reading import FORMAT
from puntuale.guarantee.hours import DAY, HoursTable
from puntuale.guarantee.targets import Target
from puntuale.guarantee.texts import Text


def as_document(agreement: Agreement) -> dict[str, object]:
    """Return the document of an agreement as plain values that JSON can hold. Reading it gives an equal agreement."""
    return {
        "format": FORMAT,
        "version": agreement.version,
        "languages": list(agreement.languages),
        "title": agreement.title.as_mapping(),
        **_if_said("introduction", agreement.introduction),
        "default_priority": agreement.default_priority,
        "environment": [{"key": place.key, "name": place.name.as_mapping()} for place in agreement.environments],
        "stage": [_stage(stage) for stage in agreement.stages],
        "plan": [{"key": plan.key, "name": plan.name.as_mapping()} for plan in agreement.plans],
        "priority": [_priority(priority) for priority in agreement.priorities],
        "holidays": {key: _holidays(days) for key, days in agreement.holiday_lists.items()},
        "hours": {key: _hours(table) for key, table in agreement.hours.items()},
        **_cells(agreement.cells),
        "alarm": [_alarm(level) for level in agreement.alarms],
        "reopen_within_days": agreement.reopen_within // DAY,
        "note": [{"text": note.as_mapping()} for note in agreement.notes],
    }


def _if_said(key: str, text: Text) -> dict[str, object]:
    return {key: text.as_mapping()} if text else {}


def _stage(stage: Stage) -> dict[str, object]:
    named = {"key": stage.key, "name": stage.name.as_mapping(), "guaranteed": stage.guaranteed}
    return named | _if_said("explanation", stage.explanation)


def _priority(priority: Priority) -> dict[str, object]:
    written: dict[str, object] = {"key": priority.key, "name": priority.name.as_mapping()}
    written |= _if_said("summary", priority.summary) | {"meaning": priority.meaning.as_mapping()}
    if priority.environments is not None:
        written["environments"] = list(priority.environments)
    return written


def _holidays(days: HolidayList) -> dict[str, object]:
    kinds: dict[Text, list[date]] = {}
    for day, name in days.days.items():
        kinds.setdefault(name, []).append(day)
    written = _if_said("name", days.name) | {"years": [days.first_year, days.last_year]}
    if days.source:
        written["source"] = days.source
    written["days"] = {
        f"day-{number}": {"name": name.as_mapping(), "dates": [day.isoformat() for day in dates]}
        for number, (name, dates) in enumerate(kinds.items(), start=1)
    }
    return written


def _hours(table: HoursTable) -> dict[str, object]:
    if table == HoursTable.always(table.key, table.name):
        return {"name": table.name.as_mapping(), "always": True}
    written: dict[str, object] = {
        "name": table.name.as_mapping(),
        "zone": table.zone_name,
        "weekly": {day: [str(shift) for shift in table.weekly[number]] for number, day in enumerate(WEEKDAYS)},
    }
    if table.holiday_list is not None:
        written["holidays"] = table.holiday_list
    if table.overrides:
        written["overrides"] = {
            day.isoformat(): {"open": [str(shift) for shift in override.shifts]} | _if_said("name", override.name)
            for day, override in table.overrides.items()
        }
    if table.business_day is not None:
        minutes = table.business_day // 60
        written["business_day"] = f"{minutes // 60}h{minutes % 60}m" if minutes % 60 else f"{minutes // 60}h"
    return written


def _cells(cells: Mapping[tuple[Metric, str, str], Cell]) -> dict[str, object]:
    written: dict[str, dict[str, dict[str, str]]] = {}
    for (metric, plan, priority), cell in cells.items():
        row = written.setdefault(metric.value, {}).setdefault(plan, {})
        row[priority] = str(cell) if isinstance(cell, Target) else NONE
    return dict(written)


def _alarm(level: AlarmLevel) -> dict[str, object]:
    if level.kind == "share":
        at = f"{level.amount}%"
    elif level.kind == "due":
        at = "due"
    else:
        at = f"{'-' if level.kind == 'before' else '+'}{level.amount // 60}m"
    return {"at": at, "tell": list(level.tell)}
