"""Where in the text of a document something stands: tomllib tells values, not places."""

import re
from bisect import bisect_right
from functools import lru_cache

from puntuale.guarantee.document.findings import Finding

_TABLE = re.compile(r"\s*+\[(?!\[)([^\]#]++)\]\s*+(#.*)?$")
_LIST = re.compile(r"\s*+\[\[([^\]#]++)\]\]\s*+(#.*)?$")
_KEY = re.compile(
    r"""\s*+((?:[A-Za-z0-9_-]++|"[^"]*+"|'[^']*+')(?:\s*+\.\s*+(?:[A-Za-z0-9_-]++|"[^"]*+"|'[^']*+'))*+)\s*+="""
)
_SYNTAX = re.compile(r"at line (\d+), column (\d+)|line (\d+) column (\d+)")
_STEP = re.compile(r"\s*+\.\s*+")


def line_of(finding: Finding, source: str) -> int | None:
    """Return the line, from 1, that a finding is about, the nearest part around it, or None where nothing tells."""
    if finding.rule == "document.syntax":
        return _line_of_syntax(finding, source)
    places = places_of(source)
    # What is not known is told at the table it stands in.
    within = f"{finding.path}.{finding.value}" if finding.path else str(finding.value)
    path = within if within in places else finding.path
    while path:
        if path in places:
            return places[path]
        path = path.rpartition(".")[0] if "." in path else path.partition("[")[0] if "[" in path else ""
    return None


@lru_cache(maxsize=1)
def places_of(source: str) -> dict[str, int]:
    """Return the line of each table and key of a TOML text, by paths such as `priority[2].name`. Comments are none."""
    places: dict[str, int] = {}
    counts: dict[str, int] = {}
    inside = ""
    for number, line in enumerate(source.splitlines(), start=1):
        if found := _LIST.match(line):
            name = _path(found[1])
            counts[name] = counts.get(name, 0) + 1
            inside = f"{name}[{counts[name]}]"
            places.setdefault(name, number)
            places.setdefault(inside, number)
        elif found := _TABLE.match(line):
            inside = _path(found[1])
            _remember(places, "", inside, number)
        elif found := _KEY.match(line):
            _remember(places, inside, _path(found[1]), number)
    return places


def _remember(places: dict[str, int], inside: str, key: str, number: int) -> None:
    """Remember a key and, where they are named nowhere else, the tables around it."""
    path = inside
    for step in key.split("."):
        path = f"{path}.{step}" if path else step
        places.setdefault(path, number)


def _path(written: str) -> str:
    return ".".join(step.strip("\"'") for step in _STEP.split(written.strip()))


def _line_of_syntax(finding: Finding, source: str) -> int | None:
    problem = str(dict(finding.details).get("problem", ""))
    if found := _SYNTAX.search(problem):
        return int(found[1] or found[3])
    if problem.endswith("(at end of document)"):
        return max(1, len(source.splitlines()))
    if twice := re.search(r"the key '(.*)' is there twice", problem):
        starts = [match.start() for match in re.finditer("\n", source)]
        last = source.rfind(f'"{twice[1]}"')
        return bisect_right(starts, last) + 1 if last >= 0 else None
    return None
