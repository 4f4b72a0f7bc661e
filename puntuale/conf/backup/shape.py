"""What a manifest has to look like. Somebody may have cut something out of one, or written it by hand."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

FORMAT = 1
DUMP = "database.dump"
PLACE = re.compile(r"database\.dump|secret_key|files/(?:mail/)?[0-9a-f]{2}/[0-9a-f]+")
HASH = re.compile(r"[0-9a-f]{64}")
LONGEST = 60


def faults(told: object) -> Iterator[str]:
    """Yield everything by which a JSON value is no manifest: the key, its value, and the rule."""
    if not isinstance(told, dict):
        yield f"it is {shown(told)}, and has to be an object"
        return
    if "format" in told and (not _is_count(told["format"]) or told["format"] != FORMAT):
        yield f"format is {shown(told['format'])}, and this version reads {FORMAT}"
        return
    for key in sorted(KEYS - told.keys()):
        yield f"{key} is not told, and has to be"
    for key in sorted(told.keys() - KEYS):
        yield f"{key} is {shown(told[key])}, and a manifest has no such key"
    for key in sorted(RULES.keys() & told.keys()):
        yield from RULES[key](key, told[key])


def shown(value: object) -> str:
    """Return a value as a manifest has it, shortened."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _made_at(key: str, value: object) -> Iterator[str]:
    try:
        is_instant = isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        is_instant = False
    if not is_instant:
        yield f"{key} is {shown(value)}, and has to be an instant with its offset"


def _program(key: str, value: object) -> Iterator[str]:
    if not isinstance(value, str) or not value:
        yield f"{key} is {shown(value)}, and has to be the version of the program"


def _rows(key: str, value: object) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{key} is {shown(value)}, and has to be an object, with the number of rows of each table"
        return
    for table, count in value.items():
        if not _is_count(count):
            yield f"{key}.{table} is {shown(count)}, and has to be a whole number, 0 or more"


def _parts(key: str, value: object) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{key} is {shown(value)}, and has to be an object, with size and sha256 of each file"
        return
    if DUMP not in value:
        yield f"{key}.{DUMP} is not told, and a backup has the database"
    for place, part in value.items():
        if not PLACE.fullmatch(place):
            yield f"{key}.{place} is no place that a backup has"
        elif not _is_part(part):
            yield f"{key}.{place} is {shown(part)}, and has to be a size and a sha256"


def _is_part(value: object) -> bool:
    if not isinstance(value, dict) or set(value) != {"size", "sha256"}:
        return False
    digest = value["sha256"]
    return _is_count(value["size"]) and isinstance(digest, str) and HASH.fullmatch(digest) is not None


def _missing(key: str, value: object) -> Iterator[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        yield f"{key} is {shown(value)}, and has to be a list of places"


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


RULES: Mapping[str, Callable[[str, Any], Iterator[str]]] = {
    "made_at": _made_at,
    "program": _program,
    "rows": _rows,
    "parts": _parts,
    "missing": _missing,
}
KEYS = {*RULES, "format"}
