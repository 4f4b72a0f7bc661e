"""Publishing a version of the agreement."""

import hashlib
import json
from datetime import datetime

from django.db import IntegrityError, transaction

from puntuale.agreements.models import Publication
from puntuale.agreements.proposals import propose
from puntuale.guarantee import document
from puntuale.people.models import Person


class PublicationRefused(ValueError):
    """A version that cannot be published, with the rule it breaks."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(f"{message} [{rule}]")
        self.rule = rule


def publish(
    source: str,
    *,
    effective_from: datetime,
    at: datetime,
    by: Person | None = None,
    allowing_warnings: bool = False,
) -> Publication:
    """Return a new version of the agreement, in force from an instant on. It applies to tickets submitted from then.

    The holidays are spelled out and stored, so that a newer holidays library changes nothing. Raises DocumentRefused
    with everything wrong with the document, PublicationRefused when its version or instant cannot be.
    """
    reading = document.read(source, propose=propose)
    agreement = reading.sound()
    if reading.warnings and not allowing_warnings:
        raise document.DocumentRefused(reading.warnings)
    with transaction.atomic():
        latest = Publication.objects.order_by("-version").first()
        if latest is not None:
            _refuse_to_rewrite(latest, version=agreement.version, effective_from=effective_from, at=at)
        spelled_out = json.dumps(document.as_document(agreement), ensure_ascii=False)
        try:
            with transaction.atomic():
                return Publication.objects.create(
                    version=agreement.version,
                    source=source,
                    document=spelled_out,
                    digest=hashlib.sha256(spelled_out.encode()).hexdigest(),
                    effective_from=effective_from,
                    published_at=at,
                    published_by=by,
                )
        except IntegrityError as problem:
            # Somebody else published the same version a moment ago.
            raise PublicationRefused(
                "version.published", f"Version {agreement.version} is already published."
            ) from problem


def _refuse_to_rewrite(latest: Publication, *, version: int, effective_from: datetime, at: datetime) -> None:
    """Refuse what would change a promise already made: an old version, or one that began in the past (rule 11)."""
    if version <= latest.version:
        raise PublicationRefused(
            "version.not_newer",
            f"Version {latest.version} is published; the next one must be {latest.version + 1} or more.",
        )
    if effective_from < at:
        raise PublicationRefused(
            "effective.past", "A version cannot take effect in the past: tickets sent since then have their promise."
        )
    if effective_from < latest.effective_from:
        raise PublicationRefused(
            "effective.before_latest",
            f"Version {latest.version} takes effect on {latest.effective_from.isoformat()}; none can come before it.",
        )
