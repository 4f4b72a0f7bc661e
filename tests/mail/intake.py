"""One intake of a mail in a process of its own, which dies at the point it is told to: before or after a step."""

import itertools
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

import django

STEPS = [
    ("puntuale.mail.incoming.keeping", "_flush"),
    ("puntuale.mail.incoming.handling", "handle"),
    ("puntuale.mail.incoming.handling", "decide"),
    ("puntuale.mail.incoming.handling", "act"),
    ("puntuale.mail.incoming.acting", "open_ticket"),
    ("puntuale.tickets.attachments", "take_in"),
    ("puntuale.mail.incoming.acting", "remember"),
    ("puntuale.mail.incoming.acting", "settle"),
    ("django.db.backends.postgresql.base", "DatabaseWrapper._commit"),
]


def die_at(point):
    """Let this process be killed when it comes to a point for the first time: each call of a step has two."""
    passed = itertools.count()

    def pass_by():
        if next(passed) == point:
            os.kill(os.getpid(), signal.SIGKILL)

    def dangerous(step):
        def taken(*args, **kwargs):
            pass_by()
            found = step(*args, **kwargs)
            pass_by()
            return found

        return taken

    for module, name in STEPS:
        holder, _, last = name.rpartition(".")
        where = sys.modules[module]
        where = getattr(where, holder) if holder else where
        setattr(where, last, dangerous(getattr(where, last)))


def main(files, at, point):
    django.setup()
    from django.conf import settings  # noqa: PLC0415

    from puntuale.mail.incoming import handling, keeping  # noqa: PLC0415

    settings.FILES = Path(files)
    settings.MAIL_TO, settings.MAIL_DOMAIN = "support@vendor.example", "vendor.example"
    die_at(int(point))
    at = datetime.fromisoformat(at)
    mail = keeping.keep([sys.stdin.buffer.read()], mailbox="pipe", at=at)
    sys.stdout.write("kept\n")
    sys.stdout.flush()
    reader = handling.new_reader()
    try:
        handling.handle(mail.pk, reader, at=at)
    finally:
        reader.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
