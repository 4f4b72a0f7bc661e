"""Whether a sender is who it says: what the receiving server that we trust found, and nothing that others wrote."""

import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime

from puntuale.mail.incoming.headers import QUOTED, Headers

NESTED = 5
PASSED, FAILED, UNKNOWN = "pass", "fail", ""
COMMENT = re.compile(r"\([^()]*\)")
RESULT = re.compile(r"^\s*(dmarc|spf|dkim)\s*=\s*([a-z]+)", re.IGNORECASE)
NAMED = re.compile(r"\b(?:header\.d|header\.i|header\.from|smtp\.mailfrom)\s*=\s*([^\s;]+)", re.IGNORECASE)
FROM = re.compile(r"\bheader\.from\s*=\s*([^\s;]+)", re.IGNORECASE)
BY = re.compile(r"\bby\s+([^\s;()]+)", re.IGNORECASE)


def verdict(headers: Headers, *, sender: str, host: str) -> str:
    """Return whether the trusted host vouches for the sender: pass, fail, or nothing when it does not say.

    What a mail brings along under its name is told from what the host wrote by its place: a host that is worth trusting
    removes whatever claims to be its own, and writes above all else. So only the first such field is read.
    """
    domain = sender.rpartition("@")[2].lower()
    said = _of_host(headers, host)
    if said is None or not domain:
        return UNKNOWN
    found = UNKNOWN
    for method, result, names in _results(said):
        if method == "dmarc":
            # It is about the sender that it names: the server may have read another one than we do.
            is_other = any(not _aligned(name, domain) for name in names)
            return FAILED if result == "fail" else PASSED if result == "pass" and not is_other else UNKNOWN
        if result == "pass" and any(_aligned(name, domain) for name in names):
            found = PASSED
    return found


def stamped_at(headers: Headers, *, host: str) -> datetime | None:
    """Return when the trusted host received a mail, by the first trace that is its own; None without one."""
    if not host:
        return None
    for said in headers.all("received")[:10]:
        trace, _, written = said.rpartition(";")
        by = BY.search(trace)
        if by and by[1].lower().rstrip(".") == host.lower():
            try:
                at = parsedate_to_datetime(written.strip())
            except (ValueError, TypeError, IndexError, OverflowError):
                return None
            return at if at.tzinfo is not None else None
    return None


def _of_host(headers: Headers, host: str) -> str | None:
    """Return what the trusted host said, or None: the topmost field, if it is its own."""
    said = headers.first("authentication-results")
    bare = _bare(said)
    name, _, results = bare.partition(";")
    words = name.split()
    return results if host and words and words[0].lower() == host.lower() else None


def _bare(said: str) -> str:
    """Return a field without comments and quoted texts, in which anything could stand."""
    bare = QUOTED.sub(" ", said[:10_000])
    for _ in range(NESTED):
        bare = COMMENT.sub(" ", bare)
    return bare


def _results(said: str) -> Iterator[tuple[str, str, list[str]]]:
    parts = said.split(";")
    # The verdict of DMARC is the last word, wherever it stands.
    for part in sorted(parts, key=lambda part: not part.strip().lower().startswith("dmarc")):
        if found := RESULT.match(part):
            named = FROM if found[1].lower() == "dmarc" else NAMED
            yield found[1].lower(), found[2].lower(), named.findall(part)


def _aligned(name: str, domain: str) -> bool:
    """Tell whether what was proven is the domain that the sender shows, exactly."""
    return name.strip().strip('"').lower().rpartition("@")[2].rstrip(".") == domain
