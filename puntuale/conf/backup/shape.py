"""What a manifest has to look like. Somebody may have cut something out of one, or written it by hand."""

from collections.abc import Iterator

from puntuale.guarantee.shape import (
    digest,
    each,
    entries,
    instant,
    known,
    matching,
    named,
    tangle,
    text,
    whole,
    word,
)

FORMAT = 1
DUMP = "database.dump"
PLACE = matching(
    r"database\.dump|secret_key|erasures\.jsonl|files/(?:mail/)?[0-9a-f]{2}/[0-9a-f]+", "a place that a backup has"
)


def faults(told: object) -> Iterator[str]:
    """Yield everything by which a JSON value is no manifest: the key, its value, and the rule."""
    if reason := tangle(told):
        yield reason
    elif isinstance(told, dict) and (other := list(THIS_FORMAT("format", told.get("format", FORMAT)))):
        yield from other
    else:
        yield from MANIFEST("", told)
        if isinstance(told, dict) and isinstance(told.get("parts"), dict) and DUMP not in told["parts"]:
            yield f"parts.{DUMP} is not told, and a backup has the database"


THIS_FORMAT = known(f"{FORMAT}, which this version reads", lambda told: type(told) is int and told == FORMAT)
MANIFEST = entries(
    {
        "format": THIS_FORMAT,
        "made_at": instant,
        "program": word,
        "rows": named(whole(0)),
        "parts": named(entries({"size": whole(0), "sha256": digest}, of="a part"), names=PLACE),
        "missing": each(text),
    },
    of="a manifest",
)
