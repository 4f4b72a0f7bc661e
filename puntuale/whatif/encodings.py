"""In which encoding a text file is written, found from the file itself."""

import re
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE, getincrementaldecoder
from dataclasses import dataclass
from typing import IO

MARKS = (
    (BOM_UTF8, "utf-8-sig"), (BOM_UTF32_LE, "utf-32"), (BOM_UTF32_BE, "utf-32"), (BOM_UTF16_LE, "utf-16"),
    (BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
WESTERN = ("cp1252", "iso8859-15", "mac_roman", "cp850", "cp1250")
"""What programs of western and central Europe write, the likeliest first."""
CHUNK, SAMPLE = 1_000_000, 20_000
LONGEST_RUN = 2
"""Accents in a row within a word, as in créée. More are letters of another script, read wrongly."""
ALPHABETS = tuple(
    map(
        frozenset,
        ("äöüÄÖÜß", "åäöæøÅÄÖÆØ", "àèéìòùÀÈÉÌÒÙ", "áéíóúüñÁÉÍÓÚÜÑ", "àâçéèêëîïôùûÀÂÇÉÈÊËÎÏÔÙÛ", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"),
    )
)
"""Accents of one language each: a row of these is what people write to try out whether they come through."""
SURE = 6
"""Where more than one of so many words looks wrong, in the encoding in which fewest do, none of them is the file's."""
LOST = "\N{REPLACEMENT CHARACTER}"
WITHIN_WORDS, SELDOM = "'’-–‐_.,:;/@", "ªºƒŸıþÞðÐ"  # noqa: RUF001 -- these very signs
"""Signs that stand between letters, and letters that hardly stand between others: accents, read wrongly."""
NEVER = f"{LOST}¤¨¯´¸¬¦"  # noqa: RUF001 -- these very signs
BESIDE = "«»“”„‘’‚‹›…–—¿¡§€£¥°ªº²³®©™\xa0\xad"  # noqa: RUF001 -- these very signs
"""Signs that stand beside letters with accents; of all others that is a sign of another script."""
_WORD = re.compile(r"[^\x00-/:-@\[-`{-\x7f]*[^\x00-\x7f][^\x00-/:-@\[-`{-\x7f]*")
_RUN = re.compile(rf"[^\x00-\x7f{BESIDE}]{{2,}}")


class Unclear(ValueError):
    """A text of which nobody can tell for certain how it is written; `seen` is how a piece of it would look."""

    def __init__(self, seen: str) -> None:
        super().__init__(seen)
        self.seen = seen


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding, and whether it was guessed: nothing in the file says so for sure."""

    name: str
    is_guess: bool = False


def encoding_of(file: IO[bytes]) -> Encoding:
    """Return the encoding of a file, which is read from its beginning and left there.

    A mark at the beginning counts, then what is sound UTF-8, or UTF-8 in which little is broken. Everything else is
    guessed by how words look in it, among what programs write where letters are Latin. Raises Unclear where it is none
    of these: the encodings of other scripts take almost any bytes, so that no guess between them can be trusted.
    """
    file.seek(0)
    start = file.read(CHUNK)
    named = next((name for mark, name in MARKS if start.startswith(mark)), None) or _utf_16(start)
    file.seek(0)
    if named is not None:
        return Encoding(named)
    sample = _beyond_utf_8(file)
    file.seek(0)
    return Encoding("utf-8") if sample is None else Encoding(_guessed(sample), is_guess=True)


def _utf_16(start: bytes) -> str | None:
    """Return which UTF-16 a file without a mark is written in: every other byte of most texts is zero there."""
    zeros = [start[offset:4_000:2].count(0) for offset in (0, 1)]
    if max(zeros) * 4 < min(len(start), 4_000) // 2:
        return None
    return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"


def _beyond_utf_8(file: IO[bytes]) -> bytes | None:
    """Return the surroundings of what is no UTF-8 in a file, or None where it is written in that."""
    decoder = getincrementaldecoder("utf-8")("replace")
    lost = others = 0
    sample = b""
    while chunk := file.read(CHUNK):
        text = decoder.decode(chunk)
        if text.isascii():
            continue
        damaged = text.count(LOST) - chunk.count(LOST.encode())
        if damaged > 0 and len(sample) < SAMPLE:
            sample += b"\n".join(line for line in chunk.splitlines() if not line.isascii())[:SAMPLE]
        lost += max(damaged, 0)
        others += len(text) - len(text.encode("ascii", "ignore")) - text.count(LOST)
    return None if lost * 2 <= others else sample


def _guessed(sample: bytes) -> str:
    """Return the encoding in which words look most like words. Raises Unclear where they do in none."""
    wrong = {name: _oddities(sample.decode(name, "replace")) for name in WESTERN}
    best = min(wrong, key=lambda name: wrong[name])
    words = _words(sample, best)
    if (wrong[best] + sum(map(_is_of_another_script, words))) * SURE > len(words):
        raise Unclear(next(iter(_words(sample, "cp1252")), "")[:20])
    return best


def _words(sample: bytes, name: str) -> list[str]:
    """Return the words that are not of ASCII alone, without the signs around them."""
    return [word for found in _WORD.findall(sample.decode(name, "replace")) if (word := found.strip(BESIDE))]


def _is_of_another_script(word: str) -> bool:
    """Tell whether a word has more accents than any has, or longer rows of them, or signs that stand in no word."""
    beyond = [letter for letter in word if not letter.isascii()]
    if any(alphabet.issuperset(beyond) for alphabet in ALPHABETS):
        return False
    runs = _RUN.findall(word)
    has_many = len(word) > LONGEST_RUN and len(beyond) * 3 > len(word) * 2
    return has_many or any(len(run) > LONGEST_RUN or not run.isalpha() for run in runs)


def _oddities(text: str) -> int:
    """Return how often a text looks wrong: signs within words, capitals after small letters, what is no character."""
    found = 0
    for before, one, after in zip(f" {text}", text, f"{text} "[1:], strict=False):
        if not one.isascii():
            found += _is_odd(before, one, after)
    return found


def _is_odd(before: str, one: str, after: str) -> bool:
    if one.isalpha():
        is_inside = before.isalpha() and after.isalpha()
        return (one.isupper() and before.islower()) or (is_inside and one in SELDOM)
    if one in NEVER or unicodedata.category(one) in {"Cc", "Cn", "Co"}:
        return True
    if one in "‚„":  # noqa: RUF001 -- these very signs
        return before.isalpha()
    if one in "†‡ˆ‰":  # noqa: RUF001 -- these very signs
        return before.isalpha() or after.isalpha()
    return before.isalpha() and after.isalpha() and one not in WITHIN_WORDS
