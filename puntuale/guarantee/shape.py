"""What a JSON value from outside has to look like, said by rules that name the key, its value, and what it has to be.

>>> list(entries({"day": day})("anchors[0]", {"day": "soon"}))
['anchors[0].day is "soon", and has to be a day, as in 2026-11-20']
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

Rule = Callable[[str, Any], Iterator[str]]
"""Yields what is wrong with a value, given where it stands."""

DEEPEST, LONGEST = 60, 60
FIRST_YEAR, LAST_YEAR = 1970, 2200
UNTOLD = object()
NOTHING: Mapping[str, Rule] = {}


def shown(value: object) -> str:
    """Return a value as JSON has it, shortened."""
    text = json.dumps(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def tangle(value: object) -> str | None:
    """Return why a value cannot even be looked at, or None: it is nested too deeply, or has letters that are none."""
    level = [value]
    for _ in range(DEEPEST):
        if any(not _is_written(text) for one in level for text in _texts(one)):
            return "it has half of a letter in it (a lone surrogate), and texts have to be whole"
        level = [inner for one in level for inner in _inner(one)]
        if not level:
            return None
    return f"it is nested more than {DEEPEST} deep, and nothing has to be"


def differences(where: str, found: object, wanted: object) -> Iterator[str]:
    """Yield in words where a value is not what events and agreement lead to: to the letter, so 1 is not true."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        for key in sorted(found.keys() | wanted.keys()):
            yield from differences(_at(where, key), found.get(key, UNTOLD), wanted.get(key, UNTOLD))
    elif isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        for position, (one, other) in enumerate(zip(found, wanted, strict=True)):
            yield from differences(f"{where}[{position}]", one, other)
    elif isinstance(found, list) and isinstance(wanted, list):
        yield f"{where} has {len(found)} entries, and the events lead to {len(wanted)}"
    elif type(found) is not type(wanted) or found != wanted:
        said, led = ("not told" if one is UNTOLD else shown(one) for one in (found, wanted))
        yield f"{where} is {said}, and the events lead to {led}"


def known(has_to_be: str, test: Callable[[Any], bool]) -> Rule:
    """Return the rule that a value passes a test. What the test trips over does not pass it."""

    def rule(where: str, value: object) -> Iterator[str]:
        try:
            passes = test(value)
        except (ValueError, TypeError, ArithmeticError):
            passes = False
        if not passes:
            yield f"{where} is {shown(value)}, and has to be {has_to_be}"

    return rule


def whole(least: int) -> Rule:
    """Return the rule that a value is a whole number, at least some."""
    return known(f"a whole number, {least} or more", lambda value: type(value) is int and value >= least)


def matching(pattern: str, has_to_be: str) -> Rule:
    """Return the rule that a value is a text that matches a pattern as a whole."""
    return known(has_to_be, lambda value: re.fullmatch(pattern, value, re.ASCII) is not None)


def one_of(*words: str) -> Rule:
    """Return the rule that a value is one of some words."""
    return known(f"one of {', '.join(words)}", lambda value: value in words)


def maybe(rule: Rule) -> Rule:
    """Return the rule that a value is null, or obeys another."""
    return lambda where, value: iter(()) if value is None else rule(where, value)


def each(rule: Rule) -> Rule:
    """Return the rule that a value is a list, each of which obeys another."""

    def of_all(where: str, value: object) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{where} is {shown(value)}, and has to be a list"
            return
        for position, one in enumerate(value):
            yield from rule(f"{where}[{position}]", one)

    return of_all


def named(rule: Rule, *, names: Rule | None = None) -> Rule:
    """Return the rule that a value is an object, whose values obey another; and its names one of their own."""

    def of_all(where: str, value: object) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where} is {shown(value)}, and has to be an object"
            return
        for key, one in value.items():
            yield from names(f"a key of {where}", key) if names else ()
            yield from rule(f"{where}.{key}", one)

    return of_all


def entries(
    needed: Mapping[str, Rule], may: Mapping[str, Rule] = NOTHING, *, others: bool = False, of: str = ""
) -> Rule:
    """Return the rule that a value is an object with keys it needs and keys it may have; `others` lets in any more."""

    def of_all(where: str, value: object) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where or 'it'} is {shown(value)}, and has to be an object"
            return
        for key in sorted(needed.keys() - value.keys()):
            yield f"{_at(where, key)} is not told, and has to be"
        if not others:
            for key in sorted(value.keys() - needed.keys() - may.keys()):
                yield f"{_at(where, key)} is {shown(value[key])}, and {of or 'an object there'} has no such key"
        for key, rule in {**needed, **may}.items():
            if key in value:
                yield from rule(_at(where, key), value[key])

    return of_all


def _at(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _is_instant(value: Any) -> bool:
    at = datetime.fromisoformat(value)
    return at.tzinfo is not None and FIRST_YEAR <= at.astimezone(UTC).year < LAST_YEAR


def _is_day(value: Any) -> bool:
    return bool(date.fromisoformat(value).isoformat() == value)


def _is_written(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return list(value)
    return [value] if isinstance(value, str) else []


def _inner(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


text = known("a text", lambda value: isinstance(value, str))
word = known("a text that is not empty", lambda value: isinstance(value, str) and bool(value))
yes_or_no = known("true or false", lambda value: isinstance(value, bool))
anything = known("anything", lambda _: True)
instant = known("an instant with its offset, as in 2026-11-20T15:00:00.000000Z", _is_instant)
day = known("a day, as in 2026-11-20", _is_day)
digest = matching(r"[0-9a-f]{64}", "a SHA-256, in 64 digits of 0-9 and a-f")
