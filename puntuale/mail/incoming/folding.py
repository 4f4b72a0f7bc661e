"""How much of a text is its writer's own: where the quote of our letter, and a signature, begin at its end.

Nothing is taken away; what follows is folded when it is shown. Only what is certain is folded: a quote that nothing
follows, in an answer to one of our letters. Quotes between which something was written, what was forwarded, and what
only looks like a quote or a signature are shown whole.
"""

import re

CUT = "##-"
"""How the line of a letter begins above which one is to answer, whatever language the rest of it speaks."""
QUOTE = re.compile(r"^\s{0,3}>")
RULE = re.compile(
    r"^\s*(?:[-_*=]{3,}|[-_]{2,}\s*(?:original[ -]?(?:message|nachricht|appointment)|messaggio originale"
    r"|urspr(?:ü|ue)ngliche nachricht|(?:message|mail|courriel) (?:d.origine|original|initial)|mensaje original"
    r")\s*[-_]{2,})\s*$",
    re.IGNORECASE,
)
WROTE = re.compile(r"\b(?:wrote|ha scritto|schrieb|geschrieben|a (?:é|e)crit|escribi(?:ó|o))\b", re.IGNORECASE)
ON_DATE = re.compile(r"^(?:On|Il(?: giorno)?|Am|Le|El)\s", re.IGNORECASE)
MAIL_ADDRESS = re.compile(r"<?[^\s<>@]{1,64}@[^\s<>@]{1,253}>?")
DATED = re.compile(
    r"\d{1,2}[:.h]\d{2}|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\b\d{4}\b"
    r"|^(?:On|Il(?: giorno)?|Am|Le|El)\s+(?:(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|gio|ven|sab|dom|jeu|sam|dim"
    r"|mi(?:é|e)|jue|vie|s(?:á|a)b|mo|di|mi|do|fr|sa|so)\b|(?:s(?:á|a)b|dom|dim)\w{3,5}\b"
    r"|\w{3,7}(?:day|d(?:ì|i)|tag|woch|nes|rtes|coles|ves)\b)",
    re.IGNORECASE,
)
LINES_OF_HEADING = 4
FORWARD_PREFIX = re.compile(r"^\s*(?:\[[^\]]{1,40}\]\s*)?(?:fwd?|wg|i|tr|rv|inoltro|weitergeleitet)\s*:", re.IGNORECASE)
FORWARDED = re.compile(
    r"^[>\s]*(?:[-_*]{2,}\s*(?:(?:begin |original )?forwarded (?:message|mail)|weitergeleitete (?:nachricht|e-?mail)"
    r"|messaggio inoltrato|(?:message|courriel) (?:transf(?:é|e)r(?:é|e)|r(?:é|e)exp(?:é|e)di(?:é|e))"
    r"|mensaje reenviado)"
    r"|begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-?mail)|inizio messaggio inoltrato"
    r"|d(?:é|e)but du message (?:transf(?:é|e)r(?:é|e)|r(?:é|e)exp(?:é|e)di(?:é|e))"
    r"|inicio del mensaje reenviado)\b",
    re.IGNORECASE,
)
FIELDS = (
    {"from": "from", "sent": "date", "date": "date", "to": "to", "subject": "subject"},
    {"von": "from", "gesendet": "date", "datum": "date", "an": "to", "betreff": "subject"},
    {"da": "from", "inviato": "date", "data": "date", "a": "to", "oggetto": "subject"},
    {"de": "from", "envoyé": "date", "date": "date", "à": "to", "objet": "subject"},
    {"de": "from", "enviado": "date", "enviado el": "date", "fecha": "date", "para": "to", "asunto": "subject"},
)
FIELD = re.compile(r"^\s*\*{0,2}([A-Za-zÀ-ÿ ]{1,15}?)\s*:\*{0,2}\s(.{1,500})$")
REFERS_BELOW = re.compile(
    r"\b(?:below|in[ -]?line|interleaved|between (?:the|your)|in (?:red|blue|green|bold|capitals)"
    r"|unten(?:stehend)?|im text|zwischen|in (?:rot|blau|gr(?:ü|ue)n|fett)"
    r"|sotto|di seguito|in calce|nel testo|tra le righe|in (?:rosso|blu|verde|grassetto)"
    r"|ci-dessous|plus bas|dans le texte|entre les lignes|en (?:rouge|bleu|vert|gras)"
    r"|abajo|debajo|a continuaci(?:ó|o)n|en el texto|en (?:rojo|azul|verde|negrita))\b",
    re.IGNORECASE,
)
PREFIXES = re.compile(r"^(?:\s*(?:re|aw|antw|r|rif|sv|ref|rép|resp)\s*(?:\[\d{1,3}\])?\s*:)+", re.IGNORECASE)
SIGNATURE = re.compile(r"^-- ?$")
LONGEST_SIGNATURE = 12
LIST_ITEM = re.compile(r"^\s*(?:[-*+\u2022\u2013]|\d{1,3}[.)]|[a-z][.)])\s")
WORD = re.compile(r"[^\W\d_]{2,}")
PLACE = re.compile(r"\S*(?:@|://|www\.)\S*")
UNSPACED = re.compile(r"[\u2e80-\uffef]{9}")
"""Nine characters of a script that sets no spaces between words are more than a name."""
DEVICE = re.compile(
    r"^(?:sent from my|get outlook for|inviato da|von meinem|gesendet (?:von|mit)|envoy(?:é|e) de(?:puis)?"
    r"|enviado desde)\s[^.!?:]{1,40}$",
    re.IGNORECASE,
)


def own_lines(text: str, *, subject: str = "", answers_us: bool = True) -> int:
    """Return how many lines at the beginning of a text are its writer's own.

    Who does not answer a letter of ours quotes what we never saw: then nothing but a signature is folded.
    """
    lines = text.split("\n")
    end = _without_blank(lines, len(lines))
    found = _before_signature(lines, end)
    if answers_us and not FORWARD_PREFIX.match(subject):
        found = min(found, _before_history(lines, found, subject))
    if found < end:
        found = _before_signature(lines, _without_blank(lines, found))
    found = _without_blank(lines, found)
    # Somebody who only quotes, or only signs, still said something by it.
    return found if any(line.strip() for line in lines[:found]) else len(lines)


def is_quote(line: str) -> bool:
    """Tell whether a line is marked as a quote."""
    return QUOTE.match(line) is not None


def _before_history(lines: list[str], end: int, subject: str) -> int:
    """Return where it is certain that only what was there before follows; the end where it is not."""
    if any(FORWARDED.match(line) and not is_quote(line) for line in lines[:end]):
        return end
    if (start := _unmarked_history(lines, end, subject)) is not None:
        above = "\n".join(lines[:start])
        return end if not above.strip() or REFERS_BELOW.search(above) else start
    return _before_last_quote(lines, end)


def _unmarked_history(lines: list[str], end: int, subject: str) -> int | None:
    """Return where a mail program set what it quotes below without marking its lines, or None.

    That is below the line of our letter above which one is to write, or below the header of a mail of this subject.
    """
    for number, line in enumerate(lines[:end]):
        if is_quote(line):
            continue
        if CUT in line:
            return _before_heading(lines, number, certain=True)
        if FIELD.match(line) and _is_header(lines[number : min(end, number + 12)], subject):
            return _without_rules(lines, number)
    return None


def _is_header(lines: list[str], subject: str) -> bool:
    """Tell whether lines begin with the header of the mail that is answered, as Outlook writes it above a quote."""
    said: dict[str, str] = {}
    for line in lines:
        if not (found := FIELD.match(line)):
            break
        said.setdefault(found[1].lower(), found[2].strip())
    for names in FIELDS:
        known = {names[name]: value for name, value in said.items() if name in names}
        if {"from", "date", "to", "subject"} <= known.keys() and next(iter(said)) in names:
            return not subject or _bare_subject(known["subject"]) in _bare_subject(subject)
    return False


def _bare_subject(subject: str) -> str:
    return " ".join(PREFIXES.sub("", subject.strip(" *")).lower().split())


def _before_last_quote(lines: list[str], end: int) -> int:
    """Return where the quote begins, with the sentence above it, after which nothing was written; else the end."""
    start = end
    while start and (is_quote(lines[start - 1]) or not lines[start - 1].strip()):
        start -= 1
    while start < end and not lines[start].strip():
        start += 1
    if start == end or FORWARDED.match(lines[start]):
        return end
    heading = _before_heading(lines, start, certain=any(CUT in line for line in lines[start:end]))
    if heading < start:
        return heading
    above = _without_blank(lines, start)
    is_announced = above > 0 and lines[above - 1].rstrip().endswith(":")
    is_between = any(is_quote(line) for line in lines[:start])
    return end if is_announced or is_between else _without_rules(lines, start)


def _before_heading(lines: list[str], number: int, *, certain: bool) -> int:
    """Return where the sentence begins that says who wrote what is quoted, and when, if there is one right above."""
    last = number
    while last and not QUOTE.sub("", lines[last - 1]).strip():
        last -= 1
    if not last or not lines[last - 1].rstrip(" *").endswith(":"):
        return _without_rules(lines, number) if certain else number
    for start in range(last - 1, max(-1, last - 1 - LINES_OF_HEADING), -1):
        if not lines[start].strip() or is_quote(lines[start]):
            break
        said = " ".join(lines[start:last])
        # A line above may belong to it: who, or when, is still missing. A sentence that has ended does not.
        if lines[start].rstrip()[-1] in ".!?" or (start < last - 1 and not ON_DATE.match(lines[start])):
            continue
        if _names_who_and_when(said):
            return _without_rules(lines, start)
    wrote = certain and WROTE.search(lines[last - 1]) is not None
    return _without_rules(lines, last - 1 if wrote else number) if certain else number


def _names_who_and_when(said: str) -> bool:
    bare = MAIL_ADDRESS.sub("", said)
    return DATED.search(bare) is not None and (bare != said or WROTE.search(bare) is not None)


def _before_signature(lines: list[str], end: int) -> int:
    """Return where a signature begins that goes on to the end: short lines of names and numbers, nothing told."""
    if end and DEVICE.match(lines[end - 1].strip()) and (end == 1 or not lines[end - 2].strip()):
        return _without_blank(lines, end - 1)
    for number in range(end - 1, max(-1, end - LONGEST_SIGNATURE), -1):
        if SIGNATURE.match(lines[number]):
            return number if not any(map(_tells, lines[number + 1 : end])) else end
    return end


def _tells(line: str) -> bool:
    """Tell whether a line may be part of what somebody has to say, and is no name, post, number or address."""
    if LIST_ITEM.match(line) or is_quote(line) or line.rstrip().endswith(("!", "?", ":")) or UNSPACED.search(line):
        return True
    words = WORD.findall(PLACE.sub("", line))
    small = [word for word in words if word[0].islower() and len(word) > 2]
    ends = line.rstrip().endswith((".", ";", ",")) and len(words) > 1 and words[-1].islower()
    return len(small) > 3 or ends


def _without_blank(lines: list[str], end: int) -> int:
    while end and not lines[end - 1].strip():
        end -= 1
    return end


def _without_rules(lines: list[str], start: int) -> int:
    """Return where what is folded begins, with the rules that a mail program drew above it."""
    while start and (not lines[start - 1].strip() or RULE.match(lines[start - 1])):
        start -= 1
    return start
