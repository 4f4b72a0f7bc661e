"""The search: words in Italian and English, with or without accents, ticket numbers, organisations and people.

What was written is kept as stems beside the ticket. A word is looked for in both languages, since nobody says which one
a ticket is in. Agents search notes too; customers find only what they may read, so not even a count gives notes away.
"""

import re
from collections.abc import Iterable, Sequence

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVectorField
from django.db import connection
from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce

from puntuale.people.models import Person
from puntuale.tickets.models import Audience, Ticket, TicketWords

CONFIGURATIONS = ("puntuale_it", "puntuale_en")
MOST_CHARACTERS = 100_000
LONGEST_QUESTION = 200
CANDIDATES = 300
MOST_FOUND = 50
FIRST_WINDOW = 2_000

NUMBER = re.compile(r"#?(\d{1,18})")
"""A ticket's number as people write it. At most as many digits as a key can have."""


class _Char(TextField):  # type: ignore[type-arg]
    """PostgreSQL's type of a single letter."""

    def db_type(self, connection: object) -> str:  # noqa: ARG002
        """Return its name."""
        return '"char"'


class _Stems(Func):
    """The stems of a text in both languages, made by a function of the database."""

    function = "puntuale_stems"
    output_field = SearchVectorField()

    def __init__(self, said: str, weight: str) -> None:
        super().__init__(Value(said, TextField()), Cast(Value(weight, TextField()), _Char()))


def begin(ticket: Ticket, body: str) -> None:
    """Remember a new ticket: its subject, its people, and the first message."""
    people = f"{ticket.organisation.name} {ticket.requester.name} {ticket.requester.email}"
    words = _both(_Stems(ticket.subject, "A"), _Stems(people, "B"), _Stems(body[:MOST_CHARACTERS], "C"))
    characters = len(body)
    TicketWords.objects.create(ticket=ticket, public=words, whole=words, characters=min(characters, MOST_CHARACTERS))


def remember(ticket: Ticket, said: str, *, audience: Audience) -> None:
    """Remember a further message, as long as the ticket has not said more than anybody looks for."""
    words = TicketWords.objects.filter(ticket=ticket)
    room = MOST_CHARACTERS - (words.values_list("characters", flat=True).first() or 0)
    if room <= 0:
        return
    stems = _Stems(said[:room], "C")
    changes = {"whole": _both(F("whole"), stems), "characters": F("characters") + min(len(said), room)}
    if audience == Audience.PUBLIC:
        changes["public"] = _both(F("public"), stems)
    words.update(**changes)


_BEGIN_ALL = """
    INSERT INTO tickets_ticketwords (ticket_id, public, whole, characters)
    SELECT ticket, known, known || puntuale_stems(notes, 'C'), characters
    FROM (
        SELECT ticket, notes, characters,
            puntuale_stems(subject, 'A') || puntuale_stems(people, 'B') || puntuale_stems(said, 'C') AS known
        FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::integer[])
            AS told (ticket, subject, people, said, notes, characters)
    ) AS stems
"""


def begin_all(told: Iterable[tuple[Ticket, Sequence[tuple[str, Audience]]]]) -> None:
    """Remember many new tickets with everything that was written on each."""
    columns: tuple[list[object], ...] = ([], [], [], [], [], [])
    for ticket, messages in told:
        public = "\n".join(body for body, audience in messages if audience == Audience.PUBLIC)[:MOST_CHARACTERS]
        notes = "\n".join(body for body, audience in messages if audience == Audience.INTERNAL)[:MOST_CHARACTERS]
        people = f"{ticket.organisation.name} {ticket.requester.name} {ticket.requester.email}"
        count = min(len(public) + len(notes), MOST_CHARACTERS)
        for column, value in zip(columns, (ticket.pk, ticket.subject, people, public, notes, count), strict=True):
            column.append(value)
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN_ALL, columns)


def rebuild(ticket: Ticket) -> None:
    """Remember a ticket anew, as its texts are now."""
    TicketWords.objects.filter(ticket=ticket).delete()
    first, *others = ticket.messages.order_by("written_at", "pk").values_list("body", "audience") or [("", "")]
    begin(ticket, first[0])
    for body, audience in others:
        remember(ticket, body, audience=Audience(audience))


def find(tickets: QuerySet[Ticket], asked: str, *, by: Person) -> list[Ticket]:
    """Return what somebody looks for among tickets she may see, the most fitting first, at most fifty.

    A number finds that ticket before all others. Words are ANDed; a question of nothing finds nothing. Never raises for
    what people type.
    """
    asked = " ".join(asked.replace("\0", " ").split())[:LONGEST_QUESTION]
    by_number = _by_number(tickets, asked)
    if not re.search(r"\w", asked):
        return []
    query = _query(asked)
    words = "words__whole" if by.works_for_vendor else "words__public"
    # The latest few hundred that match, so that a word everybody uses costs little more than a rare one; then the best.
    ranked = (
        Ticket.objects.filter(pk__in=_latest(tickets, {words: query}))
        .annotate(rank=Coalesce(SearchRank(F(words), query), Value(0.0)))
        .select_related("organisation", "assignee", "requester")
        .order_by("-rank", "-pk")
    )
    return [*by_number, *(ticket for ticket in ranked[:MOST_FOUND] if ticket not in by_number)][:MOST_FOUND]


def _latest(tickets: QuerySet[Ticket], matching: dict[str, SearchQuery]) -> list[int]:
    """Return the latest tickets that match, at most as many as are ranked.

    Asked for the latest of all, the database reads backwards through everything as long as too few match: for ever,
    when the word is rare. So it is asked for all the matches among the latest few thousand tickets, and among four
    times as many before these only if they were too few.
    """
    upper, width = Ticket.objects.order_by("-pk").values_list("pk", flat=True).first() or 0, FIRST_WINDOW
    first, found = Ticket.objects.order_by("pk").values_list("pk", flat=True).first() or 0, list[int]()
    while upper >= first and len(found) < CANDIDATES:
        # Said of both tables, so that neither is read beyond the window, whichever the database begins with.
        window = {"pk__gt": upper - width, "pk__lte": upper}
        part = tickets.filter(**matching, **window, **{f"words__{which}": key for which, key in window.items()})
        found += sorted(part.values_list("pk", flat=True), reverse=True)
        upper, width = upper - width, width * 4
    return found[:CANDIDATES]


def _both(*words: F | Func) -> Func:
    """Return several lists of stems as one."""
    return Func(*words, template="(%(expressions)s)", arg_joiner=" || ", output_field=SearchVectorField())


def _by_number(tickets: QuerySet[Ticket], asked: str) -> list[Ticket]:
    found = NUMBER.fullmatch(asked)
    if not found:
        return []
    return list(tickets.filter(pk=int(found[1])).select_related("organisation", "assignee", "requester"))


def _query(asked: str) -> SearchQuery:
    italian, english = (SearchQuery(asked, config=name, search_type="plain") for name in CONFIGURATIONS)
    return italian | english
