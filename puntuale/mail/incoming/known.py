"""Whether the desk knows what a mail quotes: every line of it stands on the ticket, or in a letter of ours about it.

Anything else is its writer's own, and stays so: answers within a quote, what was pasted in the form of a mail, a thread
between colleagues that the desk never saw. Lines are compared by their words, as mail programs wrap, mark and decorate
them anew.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby

from puntuale.guarantee import visible
from puntuale.mail import letters as drawn
from puntuale.mail.contents import NothingToTell
from puntuale.mail.incoming.folding import BREAK
from puntuale.mail.incoming.html import as_plain
from puntuale.mail.telling import TICKET
from puntuale.people.models import Person
from puntuale.sending.models import Intent
from puntuale.tickets.models import Event, Message

WORD = re.compile(r"[^\W_]+")
RUN = 4
"""So many words in a row are found wherever a line begins; fewer only as a line of their own."""
RULERS = "|+-=_~*:> \t"
MOST_LETTERS = 10
MOST_MESSAGES = 200


class Known:
    """What is known, by its lines and by its words in a row."""

    def __init__(self, said: Iterable[str]) -> None:
        self.lines: set[tuple[str, ...]] = set()
        self.runs: set[tuple[str, ...]] = set()
        self.signs: set[str] = set()
        for text in said:
            lines = [_words(line) for line in text.split("\n")]
            self.lines.update(lines)
            self.signs.update(
                line.strip("> ") for line, words in zip(text.split("\n"), lines, strict=True) if not words
            )
            self.runs.update(_runs([*chain.from_iterable(lines)]))

    def holds(self, lines: Iterable[str]) -> bool:
        """Tell whether all of some lines are known, and stand beside what they stand beside there.

        A line that was said before may have been written once more between others: "Yes" is no quote for that.
        """
        return all(self._holds(list(part)) for is_break, part in groupby(lines, BREAK.__eq__) if not is_break)

    def _holds(self, lines: Sequence[str]) -> bool:
        rows = [_words(line) for line in lines]
        signs = (line.strip() for line, words in zip(lines, rows, strict=True) if not words)
        if any(visible.says_something(sign.strip(RULERS)) and sign not in self.signs for sign in signs):
            return False
        told, end = [*chain.from_iterable(rows)], 0
        for words in filter(None, rows):
            start, end = end, end + len(words)
            if not (self._has(words, told[max(0, start - RUN + 1) : start]) and self._in_place(told, start, end)):
                return False
        return True

    def _has(self, words: tuple[str, ...], before: list[str]) -> bool:
        return words in self.lines or any(map(self._runs_on, ([*before, *words], words)))

    def _in_place(self, told: list[str], start: int, end: int) -> bool:
        """Tell whether a line goes on from what stands before it, or what stands behind goes on from it."""
        if len(told) < RUN or (start, end) == (0, len(told)):
            return True
        first, last = max(0, start - RUN + 1), min(len(told), end + RUN - 1)
        goes_on = start > 0 and self._runs_on(told[first : max(end, first + RUN)])
        return goes_on or (end < len(told) and self._runs_on(told[min(start, last - RUN) : last]))

    def _runs_on(self, row: Sequence[str]) -> bool:
        return len(row) >= RUN and self.runs.issuperset(_runs(row))


def on_ticket(ticket: int, reader: Person, letters: Sequence[Intent]) -> Known:
    """Return what somebody who writes on a ticket may quote of it."""
    messages = Message.objects.filter(ticket=ticket).order_by("-pk").values_list("body", flat=True)[:MOST_MESSAGES]
    events = Event.objects.filter(ticket=ticket).values("pk")
    about = Intent.objects.filter(kind=TICKET, channel="email", about__in=events, sent_at__isnull=False)
    named = [one for one in letters if one.kind == TICKET] or list(about.filter(person=reader).order_by("-pk"))
    return Known(chain(messages, *map(_letter, named[:MOST_LETTERS])))


def _letter(sent: Intent) -> Iterator[str]:
    """Give the text of a letter as it was sent, and what its HTML has more."""
    together = [sent]
    if sent.digest:
        together = list(Intent.objects.filter(digest=sent.digest, kind=TICKET).select_related("person").order_by("pk"))
    try:
        letter = drawn.write(together, sent.sent_at or sent.made_at)
    except NothingToTell:
        return
    yield f"{letter.subject}\n{letter.text}"
    if letter.html:
        yield as_plain(letter.html)


def _words(line: str) -> tuple[str, ...]:
    return tuple(WORD.findall(line.casefold()))


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))
