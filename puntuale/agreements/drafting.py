"""Writing the next version of the agreement: each manager has a draft of her own, which nobody reads but her."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from importlib.resources import files

from django.db import transaction

from puntuale.agreements import holidays
from puntuale.agreements.models import AgreementDraft, Publication
from puntuale.guarantee.texts import Text
from puntuale.people import audit
from puntuale.people.models import Person

LARGEST = 1_000_000
_VERSION = re.compile(r'^(\s*"?version"?\s*[=:]\s*)\d+', re.MULTILINE)


class DraftTooLarge(ValueError):
    """No document is that long."""


def draft_of(person: Person) -> AgreementDraft | None:
    """Return what a manager is writing, or None."""
    return AgreementDraft.objects.filter(person=person).first()


def begun(person: Person, *, at: datetime) -> AgreementDraft:
    """Return what a manager is writing, or would begin with: the newest version as it was written, one number on."""
    return draft_of(person) or AgreementDraft(
        person=person, source=next_source(), based_on=newest_version(), saved_at=at
    )


def save(person: Person, source: str, *, at: datetime) -> AgreementDraft:
    """Return the draft with another text, sound or not: people stop in the middle. Raises DraftTooLarge."""
    if len(source) > LARGEST:
        raise DraftTooLarge(len(source))
    clean = source.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")
    draft = begun(person, at=at)
    draft.source, draft.saved_at = clean, at
    draft.save()
    return draft


def confirm_holidays(
    person: Person, key: str, *, up_to: int, days: Mapping[date, Text], at: datetime, address: str = ""
) -> AgreementDraft:
    """Return a manager's draft with the holidays she confirmed for further years. Raises NotConfirmable."""
    source = holidays.confirm(begun(person, at=at).source, key, up_to=up_to, days=days)
    with transaction.atomic():
        told = {"list": key, "up_to": up_to, "days": len(days)}
        audit.record("holidays_confirmed", by=person, at=at, about="agreement draft", address=address, **told)
        return save(person, source, at=at)


def discard(person: Person) -> None:
    """Throw a manager's draft away."""
    AgreementDraft.objects.filter(person=person).delete()


def newest_version() -> int:
    """Return the number of the newest published version, 0 when there is none."""
    return Publication.objects.order_by("-version").values_list("version", flat=True).first() or 0


def next_source() -> str:
    """Return the newest version as its author wrote it, numbered as the next one; without any, the one that ships."""
    newest = Publication.objects.order_by("-version").values_list("source", flat=True).first()
    if newest is None:
        return files("puntuale.agreements").joinpath("standard.toml").read_text(encoding="utf-8")
    if newest.lstrip().startswith("{"):
        document = json.loads(newest) | {"version": newest_version() + 1}
        return json.dumps(document, ensure_ascii=False, indent=2)
    return _VERSION.sub(rf"\g<1>{newest_version() + 1}", newest, count=1)
