"""How a person wants to be spoken to."""

from datetime import time

from puntuale.guarantee.zones import zone
from puntuale.people.models import Person
from puntuale.wording.languages import spoken


class QuietHoursRefused(ValueError):
    """Quiet hours need a beginning and an end that differ, or neither."""


def speak(person: Person, language: str) -> Person:
    """Return the person, who wants to be spoken to in a language from now on."""
    person.language = spoken(language)
    person.save(update_fields=["language"])
    return person


def prefer(
    person: Person, *, language: str, zone_name: str, uses_keys: bool, quiet: tuple[time | None, time | None]
) -> Person:
    """Return the person with what she prefers; `quiet` is when her quiet hours begin and end, to the minute.

    Raises UnknownZone, QuietHoursRefused.
    """
    zone(zone_name)
    begins, ends = (None if one is None else one.hour * 60 + one.minute for one in quiet)
    if (begins is None) != (ends is None) or (begins is not None and begins == ends):
        raise QuietHoursRefused
    person.language, person.zone_name, person.uses_keys = spoken(language), zone_name, uses_keys
    person.quiet_from, person.quiet_until = begins, ends
    person.save(update_fields=["language", "zone_name", "uses_keys", "quiet_from", "quiet_until"])
    return person
