"""Time zones: IANA names only, by the newest rules on this machine."""

import re
import zoneinfo
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

_AMBIGUOUS = {
    "CET": "Europe/Brussels",
    "CEST": "Europe/Brussels",
    "MET": "Europe/Brussels",
    "WET": "Europe/Lisbon",
    "WEST": "Europe/Lisbon",
    "EET": "Europe/Athens",
    "EEST": "Europe/Athens",
    "GMT": "Europe/London",
    "BST": "Europe/London",
    "EST": "America/New_York",
    "EST5EDT": "America/New_York",
    "EDT": "America/New_York",
    "CST": "America/Chicago",
    "CDT": "America/Chicago",
    "CST6CDT": "America/Chicago",
    "MST": "America/Denver",
    "MDT": "America/Denver",
    "MST7MDT": "America/Denver",
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
    "PST8PDT": "America/Los_Angeles",
    "IST": "Asia/Kolkata",
    "HST": "Pacific/Honolulu",
}


class UnknownZone(ValueError):
    """The name is not an IANA time zone, or is an abbreviation that could mean several."""


@cache
def zone(name: str) -> ZoneInfo:
    """Return the zone with this IANA name, such as `Europe/Brussels` or `UTC`.

    Abbreviations (`CET`, `EST`) are refused even where the database knows them, because readers disagree on whether
    they follow daylight saving. Raises UnknownZone.
    """
    if name not in {"UTC", "Etc/UTC"} and "/" not in name:
        raise UnknownZone(name)
    try:
        return ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise UnknownZone(name) from problem


def advice(name: str) -> str | None:
    """Return the IANA name that was probably meant by a refused one, or None when there is no good guess."""
    wanted = name.strip()
    if guess := _AMBIGUOUS.get(wanted.upper()):
        return guess
    if fixed := re.fullmatch(r"(?:GMT|UTC)\s*([+-])([0-9]{1,2})", wanted.upper()):
        # The names in Etc count the other way round: Etc/GMT-1 is one hour ahead of UTC.
        return f"Etc/GMT{'-' if fixed[1] == '+' else '+'}{int(fixed[2])}"
    if re.search(r"central european|mitteleurop|europa centrale", wanted, re.IGNORECASE):
        return "Europe/Brussels"
    # Looked up only on an error path: listing every zone reads some hundred files.
    import difflib  # noqa: PLC0415

    close = difflib.get_close_matches(wanted, sorted(zoneinfo.available_timezones()), n=1, cutoff=0.75)
    return close[0] if close else None


def fixed(abbreviation: str) -> str | None:
    """Return the IANA name with the offset that an abbreviation stands for and no change of clocks; None for others."""
    place = _AMBIGUOUS.get(abbreviation.strip().upper())
    if place is None:
        return None
    winter, summer = (datetime(2026, month, 1, tzinfo=ZoneInfo(place)) for month in (1, 7))
    offset = (summer if summer.tzname() == abbreviation.strip().upper() else winter).utcoffset() or timedelta()
    hours, rest = divmod(int(offset.total_seconds()), 3600)
    # The names in Etc count the other way round, and know whole hours only: India never changes its clocks.
    return place if rest else f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"


def use_newest_rules() -> str:
    """Make `zoneinfo` read the newer of the system's rules and the `tzdata` package's, and return that release.

    Python prefers the system's rules even when they are years old. The release is an IANA name such as `2026f`, or
    "unknown" where neither source tells.
    """
    system, package = _system_release(), _package_release()
    if package > system:
        zoneinfo.reset_tzpath(to=())
        ZoneInfo.clear_cache()
        zone.cache_clear()
    return max(system, package) or "unknown"


def _system_release() -> str:
    for folder in zoneinfo.TZPATH:
        for name, pattern in (("+VERSION", r"(\S+)"), ("tzdata.zi", r"#\s*version\s+(\S+)")):
            path = Path(folder) / name
            if path.is_file():
                with path.open(encoding="ascii", errors="replace") as file:
                    if found := re.match(pattern, file.readline()):
                        return found[1]
    return ""


def _package_release() -> str:
    try:
        from tzdata import IANA_VERSION  # noqa: PLC0415
    except ImportError:
        return ""
    return str(IANA_VERSION)
