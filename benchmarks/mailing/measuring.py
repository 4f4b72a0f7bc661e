"""Taking mail: kept as from a pipe, looked into as by the worker, while somebody looks at the memory."""

import shutil
import sys
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from time import perf_counter

import psutil
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from puntuale.agreements.contracts import sign
from puntuale.agreements.publication import publish
from puntuale.mail.incoming import handling, keeping
from puntuale.mail.models import Incoming, Outcome
from puntuale.people.joining import found_organisation
from puntuale.people.models import Person, Role
from puntuale.tickets.models import Ticket
from tests.guarantee.documents import STANDARD

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
A_LARGE_ONE_EVERY = 1_000
SENDERS = 1_000
LARGE = (37_000_000,), (18_000_000, 18_000_000)
"""The files of large mails by turns, which make 50 MB of each: one too large to keep, or two that are kept."""
DISK_FOR_EACH = 120_000
DISK_FOR_LARGE = 90_000_000
CHUNK = 57 * 10_000
QUOTED = "\n".join(f"> line {n} of what was said before, as long as such lines are" for n in range(40))


def measure(wanted: int) -> None:
    """Print how fast so many mails were taken, and the most memory and disk it took."""
    large = -(-wanted // A_LARGE_ONE_EVERY)
    _refuse_a_small_disk(wanted * DISK_FOR_EACH + large * DISK_FOR_LARGE)
    call_command("migrate", verbosity=0)
    _customers()
    memory = _Memory()
    memory.start()
    started = perf_counter()
    slowest = 0.0
    largest = 0
    for number in range(wanted):
        before = perf_counter()
        mail = keeping.keep(_mail(number), mailbox="pipe", at=AT + timedelta(seconds=number))
        slowest, largest = max(slowest, perf_counter() - before), max(largest, mail.size)
    kept = perf_counter() - started
    reader = handling.new_reader()
    later = AT + timedelta(days=1)
    while handling.go_round(later, reader) == 0.0:
        continue
    handled = perf_counter() - started - kept
    reader.stop()
    memory.stop()
    opened = Incoming.objects.filter(outcome=Outcome.OPENED).count()
    print(f"{wanted} mails, {large} of them of {largest / 1e6:.0f} MB: {opened} tickets, {_left()} left over")
    print(f"kept      {wanted / kept:7.1f} a second, the slowest in {slowest:.2f} s")
    print(f"looked at {wanted / handled:7.1f} a second")
    print(f"together  {wanted / (kept + handled):7.1f} a second")
    print(f"memory    {memory.most / 1e6:7.1f} MB at most, in the intake and the process that reads")
    print(f"disk      {_on_disk() / 1e6:7.1f} MB of mails and files")
    assert opened == wanted == Ticket.objects.count()


class _Memory:
    """Looks at the memory of this process and of those it started, but for the database."""

    def __init__(self) -> None:
        self.most = 0
        self._ended = Event()
        self._thread = Thread(target=self._look, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        own = psutil.Process()
        while not self._ended.wait(0.05):
            total = own.memory_info().rss
            for child in own.children():
                try:
                    if "puntuale.mail.incoming.child" in child.cmdline():
                        total += child.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.most = max(self.most, total)


def _customers() -> None:
    publish(STANDARD, effective_from=LONG_AGO, at=LONG_AGO)
    company = found_organisation(name="Northwind", at=LONG_AGO)
    mara = Person.objects.create(name="Mara", email="mara@vendor.example", role=Role.MANAGER, joined_at=LONG_AGO)
    sign(company, plan="advanced", starts_at=LONG_AGO, at=LONG_AGO, answering=mara)
    Person.objects.bulk_create(
        Person(name=f"Person {n}", email=f"person{n}@northwind.test", organisation=company, joined_at=LONG_AGO)
        for n in range(SENDERS)
    )
    connection.close()


def _mail(number: int) -> Iterator[bytes]:
    """Give a mail: a question with a quote below it, every fifth with HTML and a picture, some with a very large file."""
    head = (
        f"From: Person <person{number % SENDERS}@northwind.test>\nTo: support@vendor.example\n"
        f"Subject: Question {number}\nMessage-ID: <{number}@northwind.test>\nMIME-Version: 1.0\n"
    )
    if number % A_LARGE_ONE_EVERY == 0:
        yield f"{head}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee the files.\n".encode()
        for place, size in enumerate(LARGE[number // A_LARGE_ONE_EVERY % len(LARGE)]):
            yield _part(f"large{place}.bin").encode()
            for start in range(0, size, CHUNK):
                block = (b"%08d" % (number + start + place)) * (CHUNK // 8)
                yield _lines(block[: min(CHUNK, size - start)])
        yield b"--b--\n"
    elif number % 5 == 0:
        html = f"<p>Question {number}</p><blockquote>{QUOTED}</blockquote><img src='cid:x'>"
        picture = _lines(b"%d" % number * 5_000).decode()
        yield (
            f"{head}Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n{html}\n"
            f"{_part('picture.png')}{picture}--b--\n"
        ).encode()
    else:
        yield f"{head}\nQuestion {number}\n\nOn Monday somebody wrote:\n{QUOTED}\n".encode()


def _part(name: str) -> str:
    kind = "Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64"
    return f"--b\n{kind}\nContent-ID: <x>\nContent-Disposition: attachment; filename={name}\n\n"


def _lines(block: bytes) -> bytes:
    return b"".join(b64encode(block[start : start + 57]) + b"\n" for start in range(0, len(block), 57))


def _refuse_a_small_disk(wanted: int) -> None:
    settings.FILES.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.FILES).free
    if free < 2 * wanted:
        sys.exit(f"this takes {wanted / 1e9:.1f} GB of disk, and {free / 1e9:.1f} GB are free: ask for fewer mails")


def _on_disk() -> int:
    return sum(file.stat().st_size for file in settings.FILES.rglob("*") if file.is_file())


def _left() -> int:
    return Incoming.objects.filter(try_at__isnull=False).count()
