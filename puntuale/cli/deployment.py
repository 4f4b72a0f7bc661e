"""What is unsafe about how the desk is set up, for `puntuale doctor --deploy`."""

import os
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from puntuale.cli.finding import Finding

OTHERS = stat.S_IRWXG | stat.S_IRWXO
LOCAL = {"localhost", "127.0.0.1", "[::1]", "::1"}


def findings(at: datetime) -> Iterator[Finding]:
    """Yield what is safe and what is not, setting by setting."""
    yield from _web()
    yield from _people()
    yield from _mail_and_monitor()
    yield from _home()
    yield from _old_invitations(at)


def _web() -> Iterator[Finding]:
    from django.conf import settings  # noqa: PLC0415

    yield _verdict(
        not settings.DEBUG, "debug pages are off", "PUNTUALE_DEBUG is on: debug pages show settings and code"
    )
    yield _verdict(
        settings.BEHIND_HTTPS,
        "PUNTUALE_HTTPS is on: cookies go over HTTPS only, and browsers are told so for a year",
        "PUNTUALE_HTTPS is off: whoever sits on the way reads passwords; put a proxy that speaks HTTPS in front",
    )
    names = sorted(settings.ALLOWED_HOSTS)
    yield _verdict(
        "*" not in names,
        f"answers to {', '.join(names)} only",
        "PUNTUALE_HOSTS is *: any name is believed, in links too",
    )
    host = urlsplit(settings.BASE_URL)
    yield _verdict(
        host.scheme == "https" and host.hostname not in LOCAL,
        f"links in letters lead to {settings.BASE_URL}",
        f"links in letters lead to {settings.BASE_URL}; set PUNTUALE_URL to the address people use, with https",
    )
    is_own = bool(os.environ.get("PUNTUALE_DATA_KEYS", "").strip())
    yield _verdict(
        is_own,
        "secrets in the database are sealed with a key of their own",
        "secrets in the database are sealed with the key that signs sessions; PUNTUALE_DATA_KEYS sets one of their own",
        bad="warning",
    )


def _people() -> Iterator[Finding]:
    from django.conf import settings  # noqa: PLC0415

    from puntuale.people.models import Person  # noqa: PLC0415
    from puntuale.people.models.person import MANAGING_ROLES  # noqa: PLC0415

    yield _verdict(
        settings.REQUIRE_MFA != "off",
        f"a second factor is required of {settings.REQUIRE_MFA}",
        "PUNTUALE_REQUIRE_MFA is off: a stolen password is enough to run the desk",
        bad="warning",
    )
    managers = Person.objects.filter(role__in=MANAGING_ROLES, left_at=None).count()
    yield _verdict(
        managers > 1, f"{managers} people can run the desk", "fewer than two people can run the desk", bad="warning"
    )
    yield _verdict(
        not settings.TEST_DOMAINS,
        "only real domains can sign up",
        "PUNTUALE_TEST_DOMAINS is on: addresses that nobody can have may sign up",
    )


def _mail_and_monitor() -> Iterator[Finding]:
    from django.conf import settings  # noqa: PLC0415

    yield _verdict(
        settings.EMAIL_IS_SET, "letters can be sent", "PUNTUALE_SMTP is not set: nobody is told anything by mail"
    )
    if settings.EMAIL_IS_SET:
        yield _verdict(
            settings.EMAIL_USE_SSL or settings.EMAIL_USE_TLS or settings.EMAIL_HOST in LOCAL,
            "letters go to the mail server encrypted"
            if settings.EMAIL_USE_SSL or settings.EMAIL_USE_TLS
            else "letters go to the mail server on this machine, in the clear",
            "letters go to the mail server in the clear; use smtps:// or smtp+starttls://",
        )
    yield _verdict(
        bool(settings.HEARTBEAT_URL),
        "an outside monitor hears that the watch is alive",
        "PUNTUALE_HEARTBEAT_URL is not set: when the whole desk is down, nobody is told",
        bad="warning",
    )
    yield _verdict(
        not settings.PRIVATE_TARGETS,
        "webhooks cannot reach private networks",
        "PUNTUALE_PRIVATE_TARGETS is on: whoever sets a webhook may look around in your network",
        bad="warning",
    )


def _home() -> Iterator[Finding]:
    """Look who else on the machine could read what is kept in files."""
    from django.conf import settings  # noqa: PLC0415

    home = Path(settings.HOME)
    secrets = [home / name for name in ("secret_key", "files", "database")]
    open_ones = [str(path) for path in secrets if path.exists() and stat.S_IMODE(path.stat().st_mode) & OTHERS]
    yield _verdict(
        not open_ones,
        f"secrets and files under {home} are their owner's alone",
        f"others on this machine can read {', '.join(open_ones)}",
    )


def _old_invitations(at: datetime) -> Iterator[Finding]:
    from puntuale.people.models import Invitation, Role  # noqa: PLC0415

    waiting = Invitation.objects.filter(role=Role.MANAGER, address="", accepted_at=None, expires_at__gt=at).exists()
    yield _verdict(
        not waiting,
        "no link waits that makes somebody a manager",
        "the link for the first manager has not been used: whoever finds it runs the desk",
        bad="warning",
    )


def _verdict(is_well: bool, well: str, unwell: str, *, bad: str = "bad") -> Finding:
    return Finding("ok", well) if is_well else Finding(bad, unwell)
