"""The alarm levels of a document: when somebody must be told, and who."""

import re

from puntuale.guarantee.agreement import AlarmLevel
from puntuale.guarantee.document.phrases import gettext_lazy
from puntuale.guarantee.document.sections import Section
from puntuale.guarantee.targets import TargetRefused, seconds_of

LISTENERS = ("assignee", "team", "on_call", "manager")


def alarm_levels(document: Section) -> tuple[AlarmLevel, ...]:
    """Return the `[[alarm]]` entries: `75%` of the counted time, `due`, `-15m` before due, `+1h` after it."""
    found: list[AlarmLevel] = []
    for entry in document.sections("alarm"):
        written = entry.string("at", required=True)
        tell = entry.strings("tell", required=True)
        for listener in tell or ():
            entry.reference("tell", listener, gettext_lazy("people to tell"), LISTENERS)
        if tell == ():
            entry.report("tell", tell, "value.empty")
        if written and (level := _level(entry, written, tell or ())):
            if any((other.kind, other.amount) == (level.kind, level.amount) for other in found):
                entry.report("at", written, "alarm.duplicate")
            found.append(level)
        entry.finish()
    return tuple(found)


def _level(entry: Section, written: str, tell: tuple[str, ...]) -> AlarmLevel | None:
    if written == "due":
        return AlarmLevel("due", 0, tell)
    if share := re.fullmatch(r"([0-9]{1,4})\s*%", written):
        if 1 <= int(share[1]) <= 99:
            return AlarmLevel("share", int(share[1]), tell)
        entry.report("at", written, "alarm.share", first="1%", last="99%")
        return None
    try:
        if written[0] in "+-":
            return AlarmLevel("before" if written[0] == "-" else "after", seconds_of(written[1:]), tell)
    except TargetRefused:
        pass
    entry.report("at", written, "alarm.form")
    return None
