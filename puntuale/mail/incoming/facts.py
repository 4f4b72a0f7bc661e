"""What is known about a mail that was read: who sent it, where it leads, and how much came from there lately."""

from datetime import timedelta

from django.db.models import Q

from puntuale.mail import threads
from puntuale.mail.incoming.contents import Contents
from puntuale.mail.incoming.deciding import Facts, Sender, Way
from puntuale.mail.models import Incoming, Outcome
from puntuale.mail.telling import TICKET
from puntuale.people.email import normalised
from puntuale.people.models import Person
from puntuale.sending.models import Intent
from puntuale.sending.references import keys_in
from puntuale.tickets import reading
from puntuale.tickets.models import Event, Kind, Ticket

LATELY = timedelta(hours=1)
OF_PEOPLE = (Outcome.OPENED, Outcome.JOINED, Outcome.NOTED, Outcome.REVIEW)


def person_of(contents: Contents) -> Person | None:
    """Return whose address a mail is from, or None for a stranger's."""
    return Person.objects.filter(email=normalised(contents.sender)).first() if contents.sender else None


def letters_of(contents: Contents) -> list[Intent]:
    """Return the letters of ours that a mail answers or gives back, the latest named first."""
    keys = keys_in(f"{contents.given_back} {contents.references}")
    found = {}
    letters = Intent.objects.filter(Q(key__in=keys) | Q(digest__in=keys), channel="email")
    for letter in letters.select_related("person"):
        found[letter.key] = found[letter.digest] = letter
    named = dict.fromkeys(found[key] for key in reversed(keys) if key in found)
    return list(named)


def gather(mail: Incoming, contents: Contents, *, person: Person | None, letters: list[Intent]) -> Facts:
    """Return the facts by which it is decided about a mail."""
    ways = _ways(contents, letters, person)
    return Facts(
        has_sender=bool(contents.sender),
        sender=Sender(person.pk, person.is_active, person.works_for_vendor) if person else None,
        vouched=contents.vouched,
        automatic=contents.automatic,
        is_given_back=contents.is_given_back,
        letter=letters[0].pk if letters else None,
        from_us=contents.from_us or _is_ours(contents),
        came_before=_came_before(mail),
        refused=contents.refused or ("mail.empty" if not mail.size else ""),
        ways=ways,
        answers_other_letter=any(one.kind != TICKET for one in letters) and not ways,
        of_sender_lately=_lately(mail, sender=normalised(contents.sender)) if contents.sender else 0,
        on_ticket_lately=_lately(mail, ticket=ways[0].ticket) if ways else 0,
    )


def _ways(contents: Contents, letters: list[Intent], person: Person | None) -> tuple[Way, ...]:
    """Return where a mail leads, sealed addresses first, with whether its sender takes part there."""
    sealed = [thread for thread in map(threads.thread_of, contents.to) if thread is not None]
    told = {one.pk: one for one in Event.objects.filter(pk__in=[one.about for one in letters if one.kind == TICKET])}
    named = [
        (told[one.about].ticket_id, _recipient(one), told[one.about].kind == Kind.NOTED)
        for one in letters
        if one.kind == TICKET and one.about in told
    ]
    tickets = {thread.ticket for thread in sealed} | {ticket for ticket, _, _ in named}
    known = set(Ticket.objects.filter(pk__in=tickets).values_list("pk", flat=True))
    hers = _hers(person, known)
    ways = [Way(one.ticket, one.person, True, one.ticket in hers) for one in sealed if one.ticket in known]
    return tuple(ways + [Way(ticket, to, False, ticket in hers, of_note) for ticket, to, of_note in named])


def _recipient(letter: Intent) -> int:
    """Return to whom a letter went: to nobody when the links that its recipient had were ended since."""
    person = letter.person
    if person is None or (person.credentials_from and letter.made_at < person.credentials_from):
        return 0
    return person.pk


def _hers(person: Person | None, tickets: set[int]) -> set[int]:
    if person is None or not tickets:
        return set()
    return set(reading.visible_to(person).filter(pk__in=tickets).values_list("pk", flat=True))


def _is_ours(contents: Contents) -> bool:
    """Tell whether a mail says it is from an address of the desk itself."""
    return normalised(contents.sender) in threads.own_addresses() or threads.thread_of(contents.sender) is not None


def _came_before(mail: Incoming) -> bool:
    """Tell whether the same mail came before by another way. Without a Message-ID two that say the same are two."""
    if not mail.message_id:
        return False
    same = Incoming.objects.filter(message_id=mail.message_id, content=mail.content, pk__lt=mail.pk)
    return same.exists()


def _lately(mail: Incoming, **which: object) -> int:
    """Return how many mails of people came from a sender, or to a ticket, in the hour before this one."""
    since = mail.received_at - LATELY
    recent = Incoming.objects.filter(received_at__gt=since, received_at__lte=mail.received_at, outcome__in=OF_PEOPLE)
    return recent.exclude(pk=mail.pk).filter(**which).count()
