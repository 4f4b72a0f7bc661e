"""Letters as JSON to an address on the web, in the manner of Standard Webhooks."""

from urllib.parse import urlsplit
from uuid import UUID

from puntuale.people import egress
from puntuale.sending.letters import Letter
from puntuale.sending.transports import AddressRefused, NotDelivered, Undeliverable

LONGEST_ANSWER = 300
SUCCESS = range(200, 300)


def send(address: str, letter: Letter, key: UUID) -> None:
    """Post a letter. Raises NotDelivered unless the answer is a success, Undeliverable for an address that is none.

    `webhook-id` is the same in every try. Redirects are not followed, and addresses of private networks are refused
    unless PUNTUALE_PRIVATE_TARGETS allows them: whoever sets an address must not look around in our network.
    """
    from requests import RequestException  # noqa: PLC0415 -- slow to load, and needed by few desks

    if not _is_web(address):
        raise Undeliverable("address.web")
    told = {"id": str(key), "subject": letter.subject, "text": letter.text, "link": letter.link}
    try:
        with egress.session() as session:
            answer = session.post(address, json=told, headers={"webhook-id": str(key)})
    except (RequestException, OSError, ValueError) as problem:
        raise NotDelivered(egress.why(problem)) from problem
    if answer.status_code in SUCCESS:
        return
    said = answer.content[:LONGEST_ANSWER].decode("utf-8", "replace")
    raise NotDelivered(f"{answer.status_code} {answer.reason or ''} {' '.join(said.split())}".strip())


def check(address: str) -> None:
    """Raise AddressRefused for what is no address on the web, or leads to a private network."""
    if not _is_web(address):
        raise AddressRefused("address.web")
    try:
        egress.check(address)
    except egress.PrivateTarget as problem:
        raise AddressRefused("address.private") from problem


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
        fine = parts.scheme in {"http", "https"} and egress.is_name(parts.hostname or "") and parts.port != 0
    except ValueError:
        return False
    return fine and address.isprintable() and " " not in address
