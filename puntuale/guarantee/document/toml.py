"""Writing a document as TOML, for whoever goes on editing what a program wrote. tomllib only reads."""

import json
import re
from collections.abc import Mapping

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def as_toml(document: Mapping[str, object]) -> str:
    """Return a document as TOML. Reading it gives the same document; texts in languages stand on one line each."""
    lines = [f"{_key(key)} = {inline(said)}" for key, said in document.items() if not _is_table(said)]
    for key, said in document.items():
        if _is_table(said):
            lines += _table(_key(key), said)
    return "\n".join(lines) + "\n"


def inline(value: object) -> str:
    """Return a value as it stands behind a key."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {inline(said)}" for key, said in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(inline(entry) for entry in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and _DATE.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _table(path: str, value: object) -> list[str]:
    if isinstance(value, list):
        lines = []
        for entry in value:
            lines += ["", f"[[{path}]]", *(f"{_key(key)} = {inline(said)}" for key, said in entry.items())]
        return lines
    assert isinstance(value, Mapping)
    plain = {key: said for key, said in value.items() if not _is_deep(said)}
    lines = ["", f"[{path}]", *(f"{_key(key)} = {inline(said)}" for key, said in plain.items())]
    for key, said in value.items():
        if _is_deep(said):
            lines += _table(f"{path}.{_key(key)}", said)
    return lines


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))


def _is_deep(value: object) -> bool:
    """Tell whether a table gets a heading of its own: all but texts in languages and lists of shifts."""
    if not isinstance(value, Mapping):
        return False
    return not value or any(not isinstance(said, str | list) for said in value.values()) or "dates" in value


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False)
