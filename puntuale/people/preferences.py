"""How a person wants to be spoken to."""

from puntuale.guarantee.zones import zone
from puntuale.people.models import Person
from puntuale.wording.languages import spoken


def prefer(person: Person, *, language: str, zone_name: str, uses_keys: bool) -> Person:
    """Return the person with what she prefers. Raises UnknownZone."""
    zone(zone_name)
    person.language, person.zone_name, person.uses_keys = spoken(language), zone_name, uses_keys
    person.save(update_fields=["language", "zone_name", "uses_keys"])
    return person
