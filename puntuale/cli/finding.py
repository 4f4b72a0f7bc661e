"""What the doctor tells."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: `ok`, `warning` or `bad`, and what was seen."""

    verdict: str
    what: str
