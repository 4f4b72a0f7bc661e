"""What the desk calls itself, and how it greets whoever it does not know yet."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from puntuale.agreements.models import DeskSettings
from puntuale.agreements.reading import NothingInForce, agreement_in_force
from puntuale.guarantee.visible import one_line
from puntuale.guarantee.zones import zone
from puntuale.people import audit
from puntuale.people.models import AuditEntry, Person
from puntuale.wording.languages import spoken

LONGEST_NAME = 60
USUAL_NAME = "Puntuale"


class NameRefused(ValueError):
    """A desk has a name, and not a long one."""


def settings() -> DeskSettings:
    """Return the settings of the desk, the usual ones where nobody has changed any."""
    return DeskSettings.objects.first() or DeskSettings(pk=1, name=USUAL_NAME)


def zone_at(at: datetime) -> ZoneInfo:
    """Return the zone the desk lives in: that of its hours, or of its settings while no agreement is in force."""
    try:
        return agreement_in_force(at).zone
    except NothingInForce:
        return zone(settings().zone_name)


def is_arranged() -> bool:
    """Tell whether somebody has chosen the settings."""
    return AuditEntry.objects.filter(action="settings_changed", about="desk").exists()


def arrange(*, name: str, language: str, zone_name: str, by: Person, at: datetime, address: str = "") -> DeskSettings:
    """Return the desk with other settings. Raises NameRefused, UnknownZone."""
    said = one_line(name)
    if not said or len(said) > LONGEST_NAME:
        raise NameRefused(said)
    zone(zone_name)
    with transaction.atomic():
        found = settings()
        before = {"name": found.name, "language": found.language, "zone": found.zone_name}
        found = _saved(name=said, language=spoken(language), zone_name=zone_name)
        now = {"name": said, "language": found.language, "zone": zone_name}
        changed = {key: [before[key], now[key]] for key in now if now[key] != before[key]}
        audit.record("settings_changed", by=by, at=at, about="desk", address=address, **changed)
    return found


def set_up(*, by: Person, at: datetime, skipped: bool, address: str = "") -> None:
    """Put the first steps away: they are done, or nobody wants them."""
    with transaction.atomic():
        found = settings()
        if found.set_up_at is None:
            _saved(set_up_at=at)
            audit.record("set_up_skipped" if skipped else "set_up_done", by=by, at=at, about="desk", address=address)


def publish_attainment(*, wanted: bool, by: Person, at: datetime, address: str = "") -> None:
    """Let everybody read how promises were kept beside the guarantee, or nobody any more."""
    with transaction.atomic():
        found = settings()
        if wanted is (found.attainment_published_at is not None):
            return
        _saved(attainment_published_at=at if wanted else None)
        action = "attainment_published" if wanted else "attainment_withdrawn"
        audit.record(action, by=by, at=at, about="desk", address=address)


def _saved(**changed: object) -> DeskSettings:
    """Return the desk with some of its settings changed, and no others."""
    found, _ = DeskSettings.objects.update_or_create(
        pk=1, defaults=changed, create_defaults={"name": USUAL_NAME, **changed}
    )
    return found
