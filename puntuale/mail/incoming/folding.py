"""How much of a text is its writer's own: where quotes of what was there before, and signatures, begin.

Nothing is taken away; what follows is folded when it is shown. Where it is not clear, all of it is her own.
"""

import re

from mailparser_reply import EmailReplyParser

CUT = "##-"
"""How the line of a letter begins above which one is to answer, whatever language the rest of it speaks."""
SPOKEN = ["en", "it", "de", "fr", "es"]
LONGEST_LOOKED_AT = 60_000
QUOTE = re.compile(r"^\s*>")
SIGNATURE = re.compile(r"^-- ?$")
RULE = re.compile(r"^\s*(?:-{3,}.*-{3,}|_{5,}|-{5,})\s*$")
WROTE = re.compile(
    r"^.{0,300}\b(?:wrote|ha scritto|schrieb|a (?:é|e)crit|escribi(?:ó|o))\b.{0,120}:\s*$", re.IGNORECASE
)
ON_DATE = re.compile(r"^(?:On|Il(?: giorno)?|Am|Le|El)\s.{0,300}$", re.IGNORECASE)
LINES_OF_HEADING = 4
LONGEST_SIGNATURE = 16


def own_lines(text: str) -> int:
    """Return how many lines at the beginning of a text are its writer's own."""
    lines = text.split("\n")
    found = min(_before_our_mark(lines), _before_the_last_quote(lines), _as_the_parser_reads(text, lines))
    found = min(found, _before_signature(lines[:found]))
    is_cut = found < len(lines)
    while found and (not lines[found - 1].strip() or (is_cut and RULE.match(lines[found - 1]))):
        found -= 1
    # Somebody who only quotes, or only signs, still said something by it.
    return found if any(line.strip() for line in lines[:found]) else len(lines)


def _before_our_mark(lines: list[str]) -> int:
    """Return where what our letter said begins: before the line above which one is to write, and who wrote it."""
    for number, line in enumerate(lines):
        if CUT in line:
            return _before_heading(lines, number)
    return len(lines)


def _before_the_last_quote(lines: list[str]) -> int:
    """Return where a quote begins that goes on to the end, but for a signature; the end where words follow it."""
    end = _before_signature(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    while start and (QUOTE.match(lines[start - 1]) or not lines[start - 1].strip()):
        start -= 1
    if not any(QUOTE.match(line) for line in lines[start:end]):
        return len(lines)
    while start < end and not lines[start].strip():
        start += 1
    return _before_heading(lines, start)


def _before_heading(lines: list[str], number: int) -> int:
    """Return where the sentence begins that says who wrote what is quoted, if there is one right before it."""
    first = number
    while first and not QUOTE.sub("", lines[first - 1]).strip():
        first -= 1
    if first and WROTE.match(lines[first - 1]):
        for start in range(first - 1, max(-1, first - 1 - LINES_OF_HEADING), -1):
            if ON_DATE.match(lines[start]):
                return start
        return first - 1
    return number


def _before_signature(lines: list[str]) -> int:
    """Return where a signature begins, which is short; what is longer is no signature."""
    for number in range(len(lines) - 1, max(-1, len(lines) - LONGEST_SIGNATURE), -1):
        if SIGNATURE.match(lines[number]):
            return number
    return len(lines)


def _as_the_parser_reads(text: str, lines: list[str]) -> int:
    """Return where a library that knows the mail programs of many languages sees the first reply end."""
    if len(text) > LONGEST_LOOKED_AT:
        return len(lines)
    latest = EmailReplyParser(languages=SPOKEN).read(text).latest_reply
    said = [line.strip() for line in (latest or "").split("\n") if line.strip()]
    if not said:
        return len(lines)
    left = iter(said)
    wanted = next(left, None)
    for number, line in enumerate(lines):
        if wanted is None:
            return number
        if line.strip() == wanted:
            wanted = next(left, None)
        elif line.strip():
            # It reads the text in another way than it stands here.
            return len(lines)
    return len(lines)
