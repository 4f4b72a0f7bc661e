"""What is known about a mail that was read: who sent it, where it leads, and how much came from there lately."""

from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from puntuale.mail import threads
from puntuale.mail.incoming import origins
from puntuale.mail.incoming.contents import Contents
from puntuale.mail.incoming.deciding import Facts, Sender, Way
from puntuale.mail.models import Incoming, Outcome, Proof
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


def seen_through(contents: Contents) -> Contents:
    """Return what a mail says as from the one who wrote it, where a list or a form put its own address into From.

    Nothing proves who that is, as what the server vouches for is the list. Only of a list of ours the name is taken as
    that of a sender is whom no server vouches for; else anybody could get round the word of the sender's own domain.
    """
    is_ours = _is_ours(contents)
    if not contents.behind or not (is_ours or (contents.hint == "list" and person_of(contents) is None)):
        return contents
    by_our_list = is_ours and (contents.vouched == "pass" or not settings.MAIL_TRUSTED_HOST)
    behind = replace(
        contents,
        sender=contents.behind,
        sender_name="",
        vouched="fail" if contents.vouched == "fail" else "",
        hint="rewritten" if by_our_list else "behind",
    )
    return contents if _is_ours(behind) else behind


def letters_of(contents: Contents) -> list[Intent]:
    """Return the letters of ours that a mail answers or gives back, the latest named first."""
    keys = keys_in(f"{contents.given_back} {contents.references}")
    found = {}
    letters = Intent.objects.filter(Q(key__in=keys) | Q(digest__in=keys), channel="email")
    for letter in letters.select_related("person") if keys else ():
        found[letter.key] = found[letter.digest] = letter
    named = dict.fromkeys(found[key] for key in reversed(keys) if key in found)
    return list(named)


def gather(mail: Incoming, contents: Contents, *, person: Person | None, letters: list[Intent]) -> Facts:
    """Return the facts by which it is decided about a mail."""
    ways, subjects = _ways(contents, letters, person)
    facts = Facts(
        has_sender=bool(contents.sender),
        sender=Sender(person.pk, person.is_active, person.works_for_vendor) if person else None,
        vouched=contents.vouched,
        automatic=contents.automatic,
        hint=contents.hint,
        is_absence=_is_absence(contents, subjects),
        is_given_back=contents.is_given_back,
        letter=letters[0].pk if letters else None,
        from_us=_is_our_letter(contents),
        poses_as_us=_is_ours(contents),
        echoes=person is not None and _echoes(mail, contents, person),
        came_before=_came_before(mail),
        refused=contents.refused or ("mail.empty" if not mail.size else ""),
        ways=ways,
        answers_other_letter=any(one.kind != TICKET for one in letters) and not ways,
    )
    return replace(
        facts,
        of_sender_lately=_lately(mail, facts.proof, sender=normalised(contents.sender)) if contents.sender else 0,
        on_ticket_lately=_lately(mail, facts.proof, ticket=ways[0].ticket) if ways else 0,
    )


def _ways(contents: Contents, letters: list[Intent], person: Person | None) -> tuple[tuple[Way, ...], dict[int, str]]:
    """Return where a mail leads, sealed addresses first, with whether its sender takes part there, and the subjects."""
    sealed = [thread for thread in map(threads.thread_of, contents.to) if thread is not None]
    told = {one.pk: one for one in Event.objects.filter(pk__in=[one.about for one in letters if one.kind == TICKET])}
    named = [
        (told[one.about].ticket_id, _recipient(one), told[one.about].kind == Kind.NOTED)
        for one in letters
        if one.kind == TICKET and one.about in told
    ]
    tickets = {thread.ticket for thread in sealed} | {ticket for ticket, _, _ in named}
    known = dict(Ticket.objects.filter(pk__in=tickets).values_list("pk", "subject"))
    hers = _hers(person, set(known))
    ways = [Way(one.ticket, one.person, True, one.ticket in hers) for one in sealed if one.ticket in known]
    ways += [Way(ticket, to, False, ticket in hers, of_note) for ticket, to, of_note in named]
    return tuple(ways), known


def _is_absence(contents: Contents, subjects: dict[int, str]) -> bool:
    """Tell whether a mail is a notice of absence. One that repeats its ticket's subject says nothing of itself."""
    if contents.absence != "subject":
        return bool(contents.absence)
    said = origins.bare_subject(contents.subject).casefold()
    return all(said != origins.bare_subject(subject).casefold() for subject in subjects.values())


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


def _is_our_letter(contents: Contents) -> bool:
    """Tell whether it is a letter of ours that came back as it was, or was sent on.

    Mail programs make Message-IDs at the domain of whoever writes, so that only one that we wrote is ours.
    """
    keys = keys_in(contents.message_id) if contents.from_us else []
    return bool(keys) and Intent.objects.filter(Q(key__in=keys) | Q(digest__in=keys)).exists()


def _echoes(mail: Incoming, contents: Contents, person: Person) -> bool:
    """Tell whether a subject names a ticket that its sender opened just before, as a program does that answers us."""
    number = origins.NUMBER.search(contents.subject)
    recent = Ticket.objects.filter(requester=person, submitted_at__gt=mail.received_at - LATELY)
    return number is not None and recent.filter(pk=int(number[1])).exists()


def _came_before(mail: Incoming) -> bool:
    """Tell whether the same mail came before by another way. Without a Message-ID each delivery is a mail."""
    same = Incoming.objects.filter(message_id=mail.message_id, content=mail.content, pk__lt=mail.pk)
    return same.exists()


def _lately(mail: Incoming, proof: Proof, **which: object) -> int:
    """Return how many mails of people, as well proven, came from a sender or to a ticket in the hour before."""
    since = mail.received_at - LATELY
    recent = Incoming.objects.filter(received_at__gt=since, received_at__lte=mail.received_at, outcome__in=OF_PEOPLE)
    return recent.exclude(pk=mail.pk).filter(proof=proof, **which).count()
