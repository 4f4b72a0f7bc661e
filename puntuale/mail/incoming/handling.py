"""Looking into mail that was kept: read, decided about and acted on, one at a time, whatever one of them does.

A mail that cannot be handled is tried again, and then set aside with its problem, where somebody sees it. It never
holds up the others, and it is never lost. Nothing is locked while a mail is read, which may take a minute: who reads it
has it in hand until `try_at`, and what became of it is written down only while nobody else took it in hand since.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from puntuale.mail.incoming import facts, keeping
from puntuale.mail.incoming.acting import act
from puntuale.mail.incoming.contents import Contents
from puntuale.mail.incoming.deciding import decide
from puntuale.mail.incoming.limits import MOST_HEADERS
from puntuale.mail.incoming.reader import Reader
from puntuale.mail.models import Incoming, Outcome
from puntuale.tickets.conflicts import retrying

RETRIES = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 600, 3600))
IN_HAND = timedelta(seconds=90)
"""Longer than reading takes at most: twice as long as the process that reads is waited for, and some more."""
SLEEP = 1.0
AT_A_TIME = 20

log = logging.getLogger("puntuale.mail")

takers: list[Callable[[bytes, datetime], str]] = []
"""Asked first, each with the beginning of a mail: one that takes it says in a word what it did, others nothing."""


def new_reader() -> Reader:
    """Return a reader for this desk's mail."""
    return Reader(settings.MAIL_TRUSTED_HOST, settings.MAIL_DOMAIN, settings.MAIL_CARRIERS)


def go_round(at: datetime, reader: Reader) -> float:
    """Look into what is to be looked into by now, the oldest first, and return for how long to sleep."""
    due = Incoming.objects.filter(try_at__lte=at).order_by("try_at", "pk").values_list("pk", flat=True)
    keys = list(due[:AT_A_TIME])
    for key in keys:
        handle(key, reader, at=at)
    return 0.0 if len(keys) == AT_A_TIME else SLEEP


def handle(key: int, reader: Reader, *, at: datetime) -> Incoming | None:
    """Return a mail after looking into it, or None when somebody else has it in hand or it is done.

    Whatever goes wrong, but for the database being away, stays with this mail.
    """
    attempt = _taken_in_hand(key, at)
    if not attempt:
        return None
    try:
        return _handled(key, attempt, reader, at)
    except Exception as problem:
        if isinstance(problem, DatabaseError) and not _answers():
            raise
        log.exception("mail %d could not be handled", key)
        return _again_later(key, attempt, f"{type(problem).__name__}: {problem}", at)


def _taken_in_hand(key: int, at: datetime) -> int:
    """Return which try this is, or 0 when it is not to be looked into now.

    It is counted before it is made, so that a mail that ends the process itself is set aside as well. Nobody waits for
    the disk over that: a count that is lost with the machine does no harm.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO OFF")
        waiting = Incoming.objects.filter(pk=key, try_at__lte=at)
        if not waiting.update(attempts=F("attempts") + 1, try_at=at + IN_HAND):
            return 0
        return Incoming.objects.values_list("attempts", flat=True).get(pk=key)


def _answers() -> bool:
    """Tell whether the database still answers, so that it was the mail and not the connection that failed."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _handled(key: int, attempt: int, reader: Reader, at: datetime) -> Incoming | None:
    mail = Incoming.objects.get(pk=key)
    if attempt > len(RETRIES) + 1:
        return _set_aside(mail, "it ended the process that looked into it")
    if _is_taken(mail, at):
        return mail
    with reader.read(keeping.path_of(mail.digest)) as (said, folder):
        return _settled(key, attempt, said, folder, at)


@retrying
@transaction.atomic
def _settled(key: int, attempt: int, said: Contents, folder: Path, at: datetime) -> Incoming | None:
    """Decide about a mail that was read and do it, in one transaction."""
    mail = Incoming.objects.select_for_update().filter(pk=key, attempts=attempt, try_at__isnull=False).first()
    if mail is None:
        # It took so long that another worker has it in hand, or a manager has said what becomes of it.
        return None
    contents = facts.seen_through(said)
    person, letters = facts.person_of(contents), facts.letters_of(contents)
    _one_after_the_other(mail)
    known = facts.gather(mail, contents, person=person, letters=letters)
    mail.proof = known.proof
    act(mail, decide(known), contents, folder, person=person, letters=letters, at=at)
    return mail


def _is_taken(mail: Incoming, at: datetime) -> bool:
    """Tell whether somebody else took a mail, as that is whom it was meant for."""
    start = keeping.start_of(mail, MOST_HEADERS)
    with transaction.atomic():
        said = next((word for word in (take(start, at) for take in takers) if word), "")
        if said:
            mail.outcome, mail.because, mail.try_at, mail.settled_at = Outcome.TAKEN, said, None, at
            mail.save(update_fields=["outcome", "because", "try_at", "settled_at"])
    return bool(said)


def _one_after_the_other(mail: Incoming) -> None:
    """Let the same mail that came by two ways be looked into once at a time, in the order in which it came."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [mail.content])


def _again_later(key: int, attempt: int, problem: str, at: datetime) -> Incoming | None:
    mail = Incoming.objects.filter(pk=key, attempts=attempt, try_at__isnull=False).first()
    if mail is None:
        return None
    if attempt > len(RETRIES):
        return _set_aside(mail, problem)
    mail.try_at, mail.problem = at + RETRIES[attempt - 1], problem[:2_000].replace("\0", "")
    mail.save(update_fields=["try_at", "problem"])
    return mail


def _set_aside(mail: Incoming, problem: str) -> Incoming:
    log.error("mail %d is set aside: %s", mail.pk, problem)
    mail.try_at, mail.problem = None, problem[:2_000].replace("\0", "")
    mail.save(update_fields=["try_at", "problem"])
    return mail
