"""The words of a document: priorities, plans, environments, product stages."""

from puntuale.guarantee.agreement import Environment, Plan, Priority, Stage
from puntuale.guarantee.document.phrases import gettext_lazy
from puntuale.guarantee.document.sections import Section


def environments(section: Section) -> tuple[Environment, ...]:
    """Return the `[[environment]]` entries."""
    seen: set[str] = set()
    found = []
    for entry in section.sections("environment", required=True):
        found.append(Environment(entry.key(seen), entry.text("name", required=True)))
        entry.finish()
    return tuple(found)


def stages(section: Section) -> tuple[Stage, ...]:
    """Return the `[[stage]]` entries. At least one must be guaranteed."""
    seen: set[str] = set()
    found = []
    for entry in section.sections("stage", required=True):
        guaranteed = entry.flag("guaranteed", otherwise=True)
        explanation = entry.text("explanation", required=not guaranteed)
        found.append(Stage(entry.key(seen), entry.text("name", required=True), guaranteed, explanation))
        entry.finish()
    if found and not any(stage.guaranteed for stage in found):
        section.report("stage", None, "stage.none_guaranteed")
    return tuple(found)


def plans(section: Section) -> tuple[Plan, ...]:
    """Return the `[[plan]]` entries, the least first."""
    seen: set[str] = set()
    found = []
    for entry in section.sections("plan", required=True):
        found.append(Plan(entry.key(seen), entry.text("name", required=True)))
        entry.finish()
    return tuple(found)


def priorities(section: Section, places: tuple[Environment, ...]) -> tuple[Priority, ...]:
    """Return the `[[priority]]` entries, the most urgent first."""
    seen: set[str] = set()
    known = [place.key for place in places]
    found = []
    for entry in section.sections("priority", required=True):
        key, name = entry.key(seen), entry.text("name", required=True)
        summary, meaning = entry.text("summary"), entry.text("meaning", required=True)
        allowed = entry.strings("environments")
        for place in allowed or ():
            entry.reference("environments", place, gettext_lazy("environments"), known)
        if allowed == ():
            entry.report("environments", allowed, "value.empty")
        found.append(Priority(key, name, summary, meaning, allowed))
        entry.finish()
    return tuple(found)


def default_priority(section: Section, levels: tuple[Priority, ...], places: tuple[Environment, ...]) -> str:
    """Return the priority of whoever chooses none. It must be open to every environment."""
    key = section.string("default_priority", required=True) or ""
    if key and section.reference("default_priority", key, gettext_lazy("priorities"), [level.key for level in levels]):
        chosen = next(level for level in levels if level.key == key)
        barred = [place.key for place in places if chosen.environments and place.key not in chosen.environments]
        if barred:
            section.report("default_priority", key, "default_priority.barred", barred=", ".join(barred))
    return key
