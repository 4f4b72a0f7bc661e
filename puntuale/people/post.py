"""Letters about accounts. Those with a code are sent at once, since somebody waits for it; all others by the worker."""

import logging
from collections.abc import Callable
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage

SMTP = "django.core.mail.backends.smtp.EmailBackend"

AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, DR, RN, NRN, AutoReply"}
"""What a letter says that no person wrote, so that no absence answers it. Servers still tell us when it bounces."""

log = logging.getLogger("puntuale.people")


class NotPosted(RuntimeError):
    """The mail server did not take a letter, or there is none."""


def post(address: str, subject: str, text: str) -> None:
    """Hand a letter to the mail server. Raises NotPosted."""
    if settings.EMAIL_BACKEND == SMTP and not settings.EMAIL_IS_SET:
        raise NotPosted("no mail server is set")
    try:
        EmailMessage(" ".join(subject.split()), text, settings.DEFAULT_FROM_EMAIL, [address], headers=AUTOMATIC).send()
    except (SMTPException, OSError, ValueError) as problem:
        log.warning("a letter about an account could not be sent: %s", type(problem).__name__)
        raise NotPosted(type(problem).__name__) from problem


def later(address: str, subject: str, text: str) -> None:
    """Let a letter be sent when the transaction is through, again and again until it is. It carries no secret."""
    carriers[-1](address, subject, text)


carriers: list[Callable[[str, str, str], None]] = [post]
"""How letters that can wait are sent. Wired where everything is put together."""
