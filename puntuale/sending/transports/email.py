"""Letters by e-mail."""

from email.encoders import encode_base64
from email.mime.base import MIMEBase
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException
from socket import gaierror
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email

from puntuale.people.post import AUTOMATIC
from puntuale.sending.letters import Enclosure, Letter
from puntuale.sending.transports import AddressRefused, NeverLeft, NotDelivered, Undeliverable

PERMANENT = range(500, 600)


def send(address: str, letter: Letter, key: UUID) -> None:
    """Hand a letter to the mail server. Raises NotDelivered, Undeliverable, with the server's own words.

    Every try carries the same Message-ID, so that a letter that was accepted before the connection broke is known when
    it comes again. One that no person wrote says so, so that nobody's absence answers it.
    """
    message = dressed(address, letter, key)
    try:
        message.send()
    except SMTPRecipientsRefused as problem:
        code, said = next(iter(problem.recipients.values()))
        raise _refused(code, said) from problem
    except SMTPDataError as problem:
        raise _refused(problem.smtp_code, problem.smtp_error) from problem
    except SMTPResponseException as problem:
        # It refuses us, not this letter: a password that has changed, a sender that is not let through.
        raise NeverLeft(_told(problem.smtp_code, problem.smtp_error)) from problem
    except (ConnectionRefusedError, gaierror) as problem:
        raise NeverLeft(f"{type(problem).__name__}: {problem}") from problem
    except (SMTPException, OSError) as problem:
        raise NotDelivered(f"{type(problem).__name__}: {problem}") from problem


def dressed(address: str, letter: Letter, key: UUID) -> EmailMultiAlternatives:
    """Return a letter as the mail it is sent as, with text and HTML where it has both.

    Letters about one thing refer to one name, which is no letter, and to what the reader wrote about it, so that mail
    programs show them together. What a person wrote is no automatic mail, only because we carry it: programs of its
    readers, such as a ticket system, would drop it.
    """
    headers = {"Message-ID": f"<{key}@{settings.MAIL_DOMAIN}>"}
    if not letter.is_by_person:
        headers |= AUTOMATIC
    if letter.is_reply and not letter.is_by_person:
        headers["Auto-Submitted"] = "auto-replied"
    if letter.thread:
        name = f"<{letter.thread}@{settings.MAIL_DOMAIN}>"
        headers["References"] = " ".join(dict.fromkeys([*letter.refers_to[:1], name, *letter.refers_to[1:]]))
        headers["In-Reply-To"] = letter.refers_to[-1] if letter.refers_to else name
    message = EmailMultiAlternatives(
        subject=" ".join(letter.subject.split()),
        body=letter.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        reply_to=[letter.answers_to] if letter.answers_to else None,
        headers=headers,
        connection=get_connection(),
    )
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    for one in letter.enclosures:
        message.attach(_part(one))
    return message


def _part(enclosure: Enclosure) -> MIMEBase:
    """Return a file as a part of a mail. Django takes no parameters of a type, and would name the charset twice."""
    part = MIMEBase("application", "octet-stream")
    part.replace_header("Content-Type", enclosure.kind)
    if part.get_content_maintype() == "text":
        part.set_param("charset", "utf-8")
    part.set_payload(enclosure.content)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=enclosure.name)
    return part


def check(address: str) -> None:
    """Raise AddressRefused for what is no e-mail address."""
    try:
        validate_email(address)
    except ValidationError as problem:
        raise AddressRefused("address.email") from problem


def _refused(code: int, said: bytes | str) -> NeverLeft | Undeliverable:
    told = _told(code, said)
    return Undeliverable(told) if code in PERMANENT else NeverLeft(told)


def _told(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {words}"
