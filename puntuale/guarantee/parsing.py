"""Reading TOML and JSON that somebody else wrote: bounded before a parser sees it, and told in words when refused.

Parsers take what fits their grammar, however much time or memory that needs, and JSON's takes what its grammar leaves
open: a key twice, numbers that are none, half letters, any encoding. All doors read through here.
"""

import json
import re
import tomllib
from collections import Counter
from typing import Any

LARGEST = 1_000_000
"""Bytes of a document: an agreement, a calendar, a rota, a mapping."""
DEEPEST = 60
MOST_PIECES = 100_000
MOST_PARTS, LONGEST_BARE = 10, 200
MOST_DIGITS = 40

_TOML_TEXT = re.compile(
    r'''"""(?:[^"\\]|\\.|"{1,2}(?!"))*+(?:"{3,5}|\Z)|"(?:[^"\\\n]|\\.)*+"?'''
    r"""|'''(?:[^']|'{1,2}(?!'))*+(?:'{3,5}|\Z)|'[^'\n]*+'?|\#[^\n]*+""",
    re.DOTALL,
)
_JSON_TEXT = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_BETWEEN = re.compile(r"[=\n\[\]{},]")
_NESTING = re.compile(r"[\[\]{}]")
_HALF_LETTER = re.compile(r"\\u[dD][89a-fA-F]")


class Unreadable(ValueError):
    """A text that is not read, and why; `place` leads to the value in which it is wrong, as in `messages.0.body`."""

    def __init__(self, why: str, place: str = "") -> None:
        super().__init__(why)
        self.place = place


def parse_toml(source: str | bytes) -> dict[str, Any]:
    """Return the table that a TOML text in UTF-8 says. Raises Unreadable.

    Python's parser takes time and memory by the square of the parts of a key, so keys are looked at before it is asked.
    """
    text = _decoded(source, LARGEST)
    bare = _TOML_TEXT.sub("_", text)
    pieces = _BETWEEN.split(bare)
    if len(pieces) + bare.count(".") > MOST_PIECES:
        raise Unreadable(f"more than {MOST_PIECES:,} keys and values")
    for number, piece in enumerate(pieces):
        if piece.count(".") >= MOST_PARTS or len(piece.strip()) > LONGEST_BARE:
            line = 1 + bare[: sum(map(len, pieces[:number])) + number].count("\n")
            limits = f"more than {MOST_PARTS} parts or {LONGEST_BARE} characters"
            raise Unreadable(f"a key or a value has {limits} (at line {line}, column 1)")
    _refuse_deep(bare)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as problem:
        raise Unreadable(str(problem) or "nested too deep") from problem


def parse_json(source: str | bytes, *, largest: int = LARGEST, most_pieces: int | None = None) -> Any:
    """Return what a JSON text in UTF-8 says. Raises Unreadable, also for a key that is there twice.

    `most_pieces` bounds keys and values where each of them is looked at, and told when it is refused.
    """
    text = _decoded(source, largest)
    if most_pieces and text.count(",") >= most_pieces <= _JSON_TEXT.sub("", text).count(","):
        raise Unreadable(f"more than {most_pieces:,} keys and values")
    if text.count("[") + text.count("{") > DEEPEST:
        _refuse_deep(_JSON_TEXT.sub("", text))
    try:
        found = json.loads(
            text, object_pairs_hook=_once, parse_int=_whole, parse_float=_fraction, parse_constant=_no_number
        )
    except Unreadable:
        raise
    except (ValueError, RecursionError) as problem:
        raise Unreadable(str(problem)) from problem
    if _HALF_LETTER.search(text):
        _refuse_halves(found)
    return found


def _decoded(source: str | bytes, largest: int) -> str:
    if len(source) > largest:
        raise Unreadable(f"larger than {largest:,} bytes")
    if isinstance(source, str):
        if not source.isascii():
            _refuse_halves(source)
        return source.removeprefix("\ufeff")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Unreadable(f"not UTF-8: byte {problem.start + 1}: {problem.reason}") from problem


def _refuse_deep(bare: str) -> None:
    depth = 0
    for sign in _NESTING.finditer(bare):
        depth += 1 if sign[0] in "[{" else -1
        if depth > DEEPEST:
            raise Unreadable(f"nested more than {DEEPEST} deep")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise Unreadable(f"the key {twice[:LONGEST_BARE]!r} is there twice")
    return table


def _whole(written: str) -> int:
    if len(written) > MOST_DIGITS:
        raise Unreadable(f"a number has more than {MOST_DIGITS} digits")
    return int(written)


def _fraction(written: str) -> float:
    number = float(written)
    if number in {float("inf"), float("-inf")}:
        raise Unreadable(f"the number {written[:MOST_DIGITS]} is too large")
    return number


def _no_number(written: str) -> float:
    raise Unreadable(f"{written} is no number")


def _refuse_halves(value: object) -> None:
    """Refuse halves of letters (lone surrogates), which no file and no database takes."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as problem:
        raise Unreadable("half of a letter stands alone (a lone surrogate)", _place_of_half(value)) from problem


def _place_of_half(value: object) -> str:
    """Return where the text stands that has half of a letter in it; nothing where that is the name of a value."""
    if isinstance(value, dict):
        inner = [(str(name), one) for name, one in value.items()]
    else:
        inner = [(str(number), one) for number, one in enumerate(value)] if isinstance(value, list) else []
    for name, one in inner:
        if not _is_whole(name):
            return ""
        if not _is_whole(json.dumps(one, ensure_ascii=False)):
            return f"{name}.{_place_of_half(one)}" if isinstance(one, dict | list) else name
    return ""


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)
