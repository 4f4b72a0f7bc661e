"""What of a text can be seen, decided by the properties that Unicode gives its characters (rule 7)."""

import re
import unicodedata

# Of the characters that are ignored by default only these count as letters, and these symbols are drawn as nothing.
_BLANK = re.compile(r"HANGUL( \w+)? FILLER|PATTERN BLANK|(FULL|HALF) BLANK|NULL NOTEHEAD|REPLACEMENT CHARACTER")
_RULE = re.compile(r"BOX DRAWINGS .*|HORIZONTAL (BAR|LINE|SCAN LINE).*")
_TONE = re.compile(r"(QUESTION|EXCLAMATION) (AND \w+ )?MARK")
_EMOJI = range(0x1F000, 0x1FB00)
"""Kept free for pictures: one that is newer than this Python's tables is seen all the same."""


def is_visible(text: str) -> bool:
    """Tell whether anything of a text can be seen: a letter, a digit, a symbol or a punctuation mark.

    Spaces, controls, joiners, fillers, variation selectors, tags, and marks without a letter to stand on cannot.
    """
    return any(_is_drawn(character) for character in text)


def says_something(text: str) -> bool:
    """Tell whether a text has a visible letter, digit or symbol.

    Punctuation and what draws lines say nothing; a question mark asks, and an exclamation mark exclaims.
    """
    return any(_is_drawn(character) and not _only_separates(character) for character in text)


def one_line(text: str) -> str:
    """Return a name or a title on one line, and nothing for one that cannot be seen."""
    line = " ".join(text.replace("\0", "").split())
    return line if is_visible(line) else ""


def _is_drawn(character: str) -> bool:
    kind = unicodedata.category(character)
    if kind == "Cn":
        return ord(character) in _EMOJI
    return kind[0] in "LNSP" and not _BLANK.search(unicodedata.name(character, ""))


def _only_separates(character: str) -> bool:
    kind, name = unicodedata.category(character)[0], unicodedata.name(character, "")
    if kind == "P":
        return not _TONE.search(name)
    # The symbols of ASCII are what markup is made of: < > = | ~ ^ ` + and the dollar.
    return kind == "S" and (character.isascii() or bool(_RULE.fullmatch(name)))
