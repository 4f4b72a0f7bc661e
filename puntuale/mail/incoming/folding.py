"""How much of a text is its writer's own: where the quote of our letter, and a signature, begin at its end.

Nothing is taken away; what follows is folded when it is shown. Only what is certain is folded: a quote that nothing
follows, in an answer to one of our letters. Quotes between which something was written, what was forwarded, and what
only looks like a quote or a signature are shown whole. Whether the desk knows what is quoted is for `known` to tell.
"""

import re
from dataclasses import dataclass

from puntuale.mail.incoming.origins import bare_subject

CUT = "##-"
"""How the line of a letter begins above which one is to answer, whatever language the rest of it speaks."""
CUT_LINE = re.compile(r"^[\s>*]*" + CUT + r" \S[^#\n]{5,150}\S -##[\s*]*$")
MARKS = re.compile(r"^[\s>]*")
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
BREAK = "\f"
"""Stands where another mail begins in what is quoted."""
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
FIELD_NAMES = {name for names in FIELDS for name in names} | {"cc", "bcc", "ccn", "cci", "cco", "kopie", "copie"}
FIELD = re.compile(r"^\s*\*{0,2}([A-Za-zÀ-ÿ ]{1,15}?)\s*:\*{0,2}\s(.{1,500})$")
REFERS_BELOW = re.compile(
    r"\b(?:below|in[ -]?line|interleaved|between (?:the|your)|in (?:red|blue|green|bold|capitals)"
    r"|unten(?:stehend)?|im text|zwischen|in (?:rot|blau|gr(?:ü|ue)n|fett)"
    r"|sotto|di seguito|in calce|nel testo|tra le righe|in (?:rosso|blu|verde|grassetto)"
    r"|ci-dessous|plus bas|dans le texte|entre les lignes|en (?:rouge|bleu|vert|gras)"
    r"|abajo|debajo|a continuaci(?:ó|o)n|en el texto|en (?:rojo|azul|verde|negrita))\b",
    re.IGNORECASE,
)
SIGNATURE = re.compile(r"^-- ?$")
LONGEST_SIGNATURE = 12
LIST_ITEM = re.compile(r"^\s*(?:[-*+\u2022\u2013]|\d{1,3}[.)]|[a-z][.)])\s")
WORD = re.compile(r"[^\W\d_]{2,}")
PLACE = re.compile(r"\S*(?:@|://|www\.)\S*")
UNSPACED = re.compile(r"[\u2e80-\uffef]{9}")
"""Nine characters of a script that sets no spaces between words are more than a name."""
CONTACT = re.compile(
    r"[@/]|www\.|\+?\d[\d /().-]{6,}|^\W*(?:t|m|f|e|w|tel|phone|fax|mob|mobile?|cell?|handy|e-?mail|web|internet|"
    r"t(?:é|e)l(?:é|e)phone|telefono?|tel(?:é|e)fono|p\. ?iva|siret|ust-?id\S*|vat)\b\W*[:.]",
    re.IGNORECASE,
)
GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|dear|good (?:morning|afternoon|day)|ciao|salve|buon\w+|gentil\w+|hallo|guten|liebe\w?|sehr"
    r"|bonjour|salut|ch(?:e|è)re?|hola|buen\w+|estimad\w+)\b[^.!?]{0,60}$",
    re.IGNORECASE,
)
LABEL = re.compile(r"^\W*[^\W\d_][^:]{0,40}[:=]\s*\S")
MIXED = re.compile(r"\b[^\W\d_]{2,}\d")
LONGEST_DEVICE = 120
DEVICE = re.compile(r"^(?:sent|get|inviato|von|gesendet|envoy(?:é|e)|enviado)\s", re.IGNORECASE)
OF_DEVICES = re.compile(
    r"(?:sent|get|from|my|the|for|via|with|on|app|mobile|cell|phone|tablet|device|gesendet|vo[nm]|mit|meine[mr]|der|für"
    r"|handy|telefon|smartphone|mobilgerät|inviato|dal?|dalla|il|mio|per|tramite|con|cellulare|telefono|posta|envoy[ée]"
    r"|de|depuis|mon|ma|l|pour|application|téléphone|portable|enviado|desde|mi|el|la|para|móvil|dispositivo|iphone"
    r"|ip[ao]d|ios|android|outlook|e?mail|gmail|yahoo|gmx|web|aol|proton|samsung|galaxy|huawei|xiaomi|pixel|nokia"
    r"|motorola|blackberry|windows|apple|google|microsoft|orange|libero|telekom|e|t|\w*\d\w*)(?:\W+|$)"
)
"""All that programs say in the line by which they sign. With any other word it may be what somebody has to say."""


@dataclass(frozen=True, slots=True)
class Folding:
    """How many lines are the writer's own, and which ones below, to be looked up, quote what was there before."""

    own_lines: int
    quoted_from: int
    quoted_to: int


def own_lines(text: str, *, subject: str = "", answers_us: bool = True) -> int:
    """Return how many lines at the beginning of a text are its writer's own."""
    return fold(text, subject=subject, answers_us=answers_us).own_lines


def fold(text: str, *, subject: str = "", answers_us: bool = True) -> Folding:
    """Return what of a text can be folded.

    Who does not answer a letter of ours quotes what we never saw: then nothing but a signature is folded.
    """
    lines = text.split("\n")
    end = _without_blank(lines, len(lines))
    signed = start = _before_signature(lines, end)
    if answers_us and not FORWARD_PREFIX.match(subject):
        start = min(start, _before_history(lines, signed, subject))
    found = start
    if found < end:
        found = _before_signature(lines, _without_blank(lines, found))
    found = _without_blank(lines, found)
    # Somebody who only quotes, or only signs, still said something by it.
    return Folding(found if any(line.strip() for line in lines[:found]) else len(lines), start, signed)


def unfolded(text: str, folding: Folding) -> Folding:
    """Return a folding of which nothing but a signature at the end is left."""
    lines = _without_blank(text.split("\n"), folding.quoted_to)
    return Folding(lines, folding.quoted_to, folding.quoted_to)


def told_before(quoted: list[str], subject: str) -> list[str]:
    """Return the lines of a quote without marks, with a BREAK for what programs write above: who wrote, and when."""
    bare = [MARKS.sub("", line) for line in quoted]
    left, number = [], 0
    while number < len(bare):
        length = _length_of_header(bare[number : number + 12], subject) or _length_of_heading(quoted, bare, number)
        left.append(BREAK if length else bare[number])
        number += length or 1
    return [line for line in left if line and not RULE.match(line)]


def _length_of_header(lines: list[str], subject: str) -> int:
    if not FIELD.match(lines[0]) or not _is_header(lines, subject):
        return 0
    names = (FIELD.match(line) for line in lines)
    return next((at for at, name in enumerate(names) if not name or name[1].lower() not in FIELD_NAMES), len(lines))


def _length_of_heading(quoted: list[str], bare: list[str], number: int) -> int:
    """Return over how many lines a sentence goes that says who wrote, and when, what is quoted deeper below it."""
    for last in range(number, min(number + LINES_OF_HEADING, len(bare))):
        if not bare[last]:
            return 0
        if bare[last].rstrip(" *").endswith(":"):
            below = next((at for at in range(last + 1, len(bare)) if bare[at]), None)
            is_above_a_quote = below is not None and _depth(quoted[below]) > _depth(quoted[last])
            is_first = not any(line and not RULE.match(line) for line in bare[:number])
            said = " ".join(bare[number : last + 1])
            return last + 1 - number if (is_first or is_above_a_quote) and _names_who_and_when(said) else 0
    return 0


def _depth(line: str) -> int:
    marks = MARKS.match(line)
    return marks[0].count(">") if marks else 0


def is_quote(line: str) -> bool:
    """Tell whether a line is marked as a quote."""
    return QUOTE.match(line) is not None


def _before_history(lines: list[str], end: int, subject: str) -> int:
    """Return where it is certain that only what was there before follows; the end where it is not."""
    if any(FORWARDED.match(line) and not is_quote(line) for line in lines[:end]):
        return end
    if (start := _unmarked_history(lines, end, subject)) is not None:
        above = "\n".join(lines[:start])
        return end if REFERS_BELOW.search(above) else start
    return _before_last_quote(lines, end)


def _unmarked_history(lines: list[str], end: int, subject: str) -> int | None:
    """Return where a mail program set what it quotes below without marking its lines, or None.

    That is below the line of our letter above which one is to write, or below the header of a mail of this subject.
    """
    for number, line in enumerate(lines[:end]):
        if is_quote(line):
            continue
        if CUT_LINE.match(line):
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
            return not subject or _bare_subject(known["subject"]) == _bare_subject(subject)
    return False


def _bare_subject(subject: str) -> str:
    return " ".join(bare_subject(subject.strip(" *")).casefold().split())


def _before_last_quote(lines: list[str], end: int) -> int:
    """Return where the quote begins, with the sentence above it, after which nothing was written; else the end."""
    start = end
    while start and (is_quote(lines[start - 1]) or not lines[start - 1].strip()):
        start -= 1
    while start < end and not lines[start].strip():
        start += 1
    if start == end or FORWARDED.match(lines[start]):
        return end
    heading = _before_heading(lines, start, certain=any(map(CUT_LINE.match, lines[start:end])))
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
    if end and _names_a_device(lines[end - 1].strip()) and (end == 1 or not lines[end - 2].strip()):
        return _without_blank(lines, end - 1)
    for number in range(end - 1, max(-1, end - LONGEST_SIGNATURE), -1):
        if SIGNATURE.match(lines[number]):
            return number if _signs(lines, number, end) else end
    return end


def _names_a_device(line: str) -> bool:
    if len(line) > LONGEST_DEVICE or not DEVICE.match(line):
        return False
    return not OF_DEVICES.sub("", PLACE.sub("", line.casefold().replace("<", " <"))).strip(" .")


def _signs(lines: list[str], number: int, end: int) -> bool:
    """Tell whether a block signs what stands above it. Below a mark without its blank it names a way to reach them."""
    above = [line for line in lines[:number] if line.strip()]
    is_complete = (
        bool(above) and not above[-1].rstrip().endswith(":") and not (len(above) == 1 and GREETING.match(above[0]))
    )
    block = [line for line in lines[number + 1 : end] if line.strip()]
    is_marked = lines[number] == "-- " or any(map(CONTACT.search, block))
    return is_complete and is_marked and bool(block) and not any(map(_tells, block))


def _tells(line: str) -> bool:
    """Tell whether a line may be part of what somebody has to say, and is no name, post, number or address."""
    if LIST_ITEM.match(line) or is_quote(line) or line.rstrip().endswith(("!", "?", ":")) or UNSPACED.search(line):
        return True
    if not CONTACT.search(line) and (LABEL.match(line) or MIXED.search(line) or line.strip()[:1].islower()):
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
