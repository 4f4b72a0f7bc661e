"""Searching the audit log, and telling its entries in words or as a table for spreadsheets."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.http import QueryDict

from puntuale.guarantee.rota import reached
from puntuale.people.models import AuditEntry
from puntuale.reports import tables

LONGEST_SHOWN = 40
COLUMNS = ("number", "at", "action", "by", "about", "address", "details")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for. Days are those of whoever asks; what is unreadable is not looked for."""

    action: str = ""
    by: str = ""
    about: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def read(cls, sent: QueryDict) -> "Asked":
        """Return what a request asks."""
        return cls(*(sent.get(name, "").replace("\0", "").strip()[:100] for name in cls.__dataclass_fields__))

    @property
    def address(self) -> str:
        """Return it as an address asks it, without what is empty."""
        return urlencode({name: said for name in self.__dataclass_fields__ if (said := getattr(self, name))})

    def found(self, zone: ZoneInfo) -> QuerySet[AuditEntry]:
        """Return the entries, the newest first."""
        entries = AuditEntry.objects.select_related("by").order_by("-pk")
        narrowed = {"action": self.action, "by__name__icontains": self.by, "about__icontains": self.about}
        entries = entries.filter(**{field: said for field, said in narrowed.items() if said})
        if (since := _begins(self.since, zone)) is not None:
            entries = entries.filter(at__gte=since)
        if (until := _begins(self.until, zone, after=1)) is not None:
            entries = entries.filter(at__lt=until)
        return entries


def actions() -> list[str]:
    """Return everything that was ever done, by its key."""
    return list(AuditEntry.objects.order_by("action").values_list("action", flat=True).distinct())


def details(entry: AuditEntry) -> str:
    """Return what matters of an entry on one line."""
    return ", ".join(f"{key}={_shown(value)}" for key, value in entry.details.items())


def as_csv(entries: QuerySet[AuditEntry]) -> Iterator[str]:
    """Yield the lines of a table for spreadsheets."""
    return tables.as_csv(_rows(entries))


def _rows(entries: QuerySet[AuditEntry]) -> Iterator[Sequence[object]]:
    yield COLUMNS
    for entry in entries.iterator(chunk_size=1_000):
        facts = json.dumps(entry.details, ensure_ascii=False, cls=DjangoJSONEncoder) if entry.details else ""
        at = entry.at.astimezone(UTC).isoformat()
        yield str(entry.pk), at, entry.action, entry.by_name, entry.about, entry.address, facts


def _begins(written: str, zone: ZoneInfo, *, after: int = 0) -> datetime | None:
    try:
        return reached(date.fromisoformat(written) + timedelta(days=after), 0, str(zone))
    except (ValueError, OverflowError):
        return None


def _shown(value: object) -> str:
    if isinstance(value, dict):
        if set(value) == {"was", "now"}:
            return _shown([value["was"], value["now"]])
        return "; ".join(f"{name}={_shown(one)}" for name, one in value.items())
    if isinstance(value, list):
        return " \N{RIGHTWARDS ARROW} ".join(_shown(one) for one in value)
    return "\N{EN DASH}" if value in {None, ""} else str(value)[:LONGEST_SHOWN]
