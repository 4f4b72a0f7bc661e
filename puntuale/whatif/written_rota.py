"""A rota in a file: layers of people who take turns, with the hours of duty as an agreement writes its hours."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from puntuale.guarantee.document import opening
from puntuale.guarantee.document.findings import Findings
from puntuale.guarantee.document.sections import Section
from puntuale.guarantee.hours import HoursTable
from puntuale.guarantee.parsing import Unreadable, parse_toml
from puntuale.guarantee.rota import Layer, Rota, RotaRefused, Who
from puntuale.guarantee.zones import UnknownZone

USUAL_HANDOVER, USUAL_DAYS = "09:00", 7
MOST_LAYERS, MOST_PEOPLE = 10, 50
LIMITS = {
    "layer.handover_in_day": "handover: should be a time of day, such as 09:00",
    "layer.days": "days: {days} should be from 1 to 366",
    "layer.person_twice": "people: a person is there twice",
}


class WrittenRotaRefused(ValueError):
    """A text that is no rota, with why."""


@dataclass(frozen=True, slots=True)
class WrittenRota:
    """A rota, and what its people are called."""

    rota: Rota
    names: Mapping[Who, str]


def read(written: str) -> WrittenRota:
    """Return the rota that `[[layer]]` tables tell: `people`, `zone`, `since`, `handover`, `days`, `hours`.

    `hours` names a table `[hours.<key>]`; without it a layer is on duty day and night. Raises WrittenRotaRefused.
    """
    try:
        table = parse_toml(written)
    except Unreadable as problem:
        raise WrittenRotaRefused(str(problem)) from problem
    findings = Findings()
    document = Section(table, "", findings, ())
    hours = opening.hours_tables(_named(document.section("hours")), {}) if "hours" in table else {}
    people: dict[str, Who] = {}
    layers = [_layer(number, entry, hours, people) for number, entry in enumerate(document.sections("layer"))]
    document.finish()
    if findings.has_errors:
        raise WrittenRotaRefused("; ".join(str(finding) for finding in findings.found if not finding.is_warning))
    if not 1 <= len(layers) <= MOST_LAYERS:
        raise WrittenRotaRefused(f"a rota has from 1 to {MOST_LAYERS} layers: [[layer]]")
    found = Rota(tuple(layer for layer in layers if layer is not None))
    return WrittenRota(found, {key: name for name, key in people.items()})


def _named(hours: Section) -> Section:
    """Return hours of which each has a name: nobody reads it."""
    table = {key: {"name": {"en": key}, **one} if isinstance(one, Mapping) else one for key, one in hours.table.items()}
    return Section(table, "hours", hours.findings, ())


def _layer(number: int, entry: Section, hours: Mapping[str, HoursTable | None], people: dict[str, Who]) -> Layer | None:
    names = entry.strings("people", required=True) or ()
    zone_name, since = entry.string("zone", required=True), entry.take("since", required=True)
    day = None if since is None else entry.date("since", since)
    handover, days = _minute(entry), entry.take("days")
    duty = entry.string("hours")
    if duty is not None and duty not in hours:
        known = ", ".join(f"[hours.{key}]" for key in hours) or "no [hours.*]"
        raise WrittenRotaRefused(
            f'layer[{number + 1}].hours: "{duty}" should be a table of this file, which has {known}'
        )
    if days is not None and type(days) is not int:
        entry.report("days", days, "value.type", wanted="a number of days")
    if not 1 <= len(names) <= MOST_PEOPLE:
        entry.report("people", None, "value.empty")
    entry.finish()
    if entry.findings.has_errors or zone_name is None or day is None:
        return None
    keys = tuple(people.setdefault(name, len(people)) for name in names)
    turns = days if isinstance(days, int) else USUAL_DAYS
    try:
        return Layer(number, keys, zone_name, day, handover, turns, hours.get(duty) if duty else None)
    except RotaRefused as problem:
        raise WrittenRotaRefused(f"layer[{number + 1}].{LIMITS[problem.rule].format(days=turns)}") from problem
    except UnknownZone as problem:
        raise WrittenRotaRefused(
            f'layer[{number + 1}].zone: "{zone_name}" is no time zone; write Europe/Rome'
        ) from problem


def _minute(entry: Section) -> int:
    """Return the time of day at which a layer hands over, in minutes."""
    written = entry.string("handover") or USUAL_HANDOVER
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", written, re.ASCII)
    if found is None:
        entry.report("handover", written, "value.type", wanted='a time of day, "09:00"')
        return 0
    return int(found[1]) * 60 + int(found[2])
