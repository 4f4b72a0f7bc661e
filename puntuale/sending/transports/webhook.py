"""Letters as JSON to an address on the web, in the manner of Standard Webhooks."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from puntuale.sending.letters import Letter
from puntuale.sending.transports import AddressRefused, NotDelivered, Undeliverable

if TYPE_CHECKING:
    from requests import Session

TIMEOUT = (5, 10)
LONGEST_ANSWER = 300
SUCCESS = range(200, 300)


def send(address: str, letter: Letter, key: UUID) -> None:
    """Post a letter. Raises NotDelivered unless the answer is a success, Undeliverable for an address that is none.

    `webhook-id` is the same in every try. Redirects are not followed, and addresses of private networks are refused
    unless PUNTUALE_PRIVATE_TARGETS allows them: whoever sets an address must not look around in our network.
    """
    from requests import RequestException  # noqa: PLC0415 -- slow to load, and needed by few desks

    check_again(address)
    told = {"id": str(key), "subject": letter.subject, "text": letter.text, "link": letter.link}
    try:
        with session_for_strangers() as session:
            answer = session.post(address, json=told, headers={"webhook-id": str(key)}, stream=True)
            with answer:
                if answer.status_code in SUCCESS:
                    return
                said = answer.raw.read(LONGEST_ANSWER, decode_content=True).decode("utf-8", "replace")
    except RequestException as problem:
        raise NotDelivered(f"{type(problem).__name__}: {problem}") from problem
    raise NotDelivered(f"{answer.status_code} {answer.reason or ''} {' '.join(said.split())}".strip())


def session_for_strangers() -> "Session":
    """Return a session for addresses that others choose: it refuses private networks, and follows no redirect."""
    from requests_hardened import Config, Manager  # noqa: PLC0415 -- slow to load, and needed by few desks

    config = Config(
        ip_filter_enable=not settings.PRIVATE_TARGETS,
        ip_filter_allow_loopback_ips=False,
        never_redirect=True,
        default_timeout=TIMEOUT,
        user_agent_override="Puntuale",
    )
    session: Session = Manager(config).get_session()
    return session


def check(address: str) -> None:
    """Raise AddressRefused for what is no address on the web."""
    try:
        parts = urlsplit(address)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine or not address.isprintable() or " " in address:
        raise AddressRefused("address.web")


def check_again(address: str) -> None:
    """Raise Undeliverable for what is no address on the web."""
    try:
        check(address)
    except AddressRefused as problem:
        raise Undeliverable(problem.rule) from problem
