"""Publishing a version of the agreement."""

import hashlib
import json
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from puntuale.agreements import contracts
from puntuale.agreements.models import Contract, Publication
from puntuale.agreements.proposals import propose
from puntuale.agreements.reading import NothingInForce, agreement_in_force
from puntuale.guarantee import document
from puntuale.guarantee.agreement import Agreement
from puntuale.people import audit
from puntuale.people.models import Person

TOLD = 5
FARTHEST = timedelta(days=2 * 366)


class PublicationRefused(ValueError):
    """A version that cannot be published, with the rule it breaks."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(f"{message} [{rule}]")
        self.rule = rule


def publish(
    source: str | bytes,
    *,
    effective_from: datetime,
    at: datetime,
    by: Person | None = None,
    allowing_warnings: bool = False,
    answering: Person | None = None,
    address: str = "",
) -> Publication:
    """Return a new version of the agreement, in force from an instant on. It applies to tickets submitted from then.

    Older versions that are only planned for a later instant than its own never take effect; `replaced_by` tells which.
    The holidays are spelled out and stored, so that a newer holidays library changes nothing. Raises DocumentRefused
    with everything wrong with the document, PublicationRefused when its version or instant cannot be, when it lacks a
    plan that somebody has, or when it begins to promise answers day and night that nobody may be there to give: for
    those, a manager has to answer, who is `answering`.
    """
    reading = document.read(source, propose=propose)
    agreement = reading.sound()
    if reading.warnings and not allowing_warnings:
        raise document.DocumentRefused(reading.warnings)
    with transaction.atomic():
        _refuse_to_rewrite(version=agreement.version, effective_from=effective_from, at=at)
        _refuse_to_drop_plans(agreement, effective_from=effective_from)
        if not contracts.may_answer(answering):
            _refuse_uncovered_plans(agreement, effective_from=effective_from)
        spelled_out = json.dumps(document.as_document(agreement), ensure_ascii=False)
        try:
            with transaction.atomic():
                made = Publication.objects.create(
                    version=agreement.version,
                    source=source.decode("utf-8-sig") if isinstance(source, bytes) else source,
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
        about = f"agreement version {made.version}"
        told = {"effective_from": effective_from, "digest": made.digest, "answered_for": answering is not None}
        audit.record("agreement_published", by=by, at=at, about=about, address=address, **told)
        return made


def replaced_by(publication: Publication) -> QuerySet[Publication]:
    """Return the versions that were planned for later and that this newer one keeps from taking effect, if any."""
    return Publication.objects.filter(
        version__lt=publication.version, effective_from__gte=publication.effective_from
    ).order_by("version")


def _refuse_to_rewrite(*, version: int, effective_from: datetime, at: datetime) -> None:
    """Refuse what would change a promise already made: an old version, or one that began in the past (rule 11).

    So is an instant so far away that it must be a slip. The first version may begin in the past: nothing was promised.
    """
    if effective_from - at > FARTHEST:
        raise PublicationRefused(
            "effective.too_far",
            f"{effective_from.isoformat()} is more than two years ahead; no version is planned for so long.",
        )
    latest = Publication.objects.order_by("-version").first()
    if latest is None:
        return
    if version <= latest.version:
        raise PublicationRefused(
            "version.not_newer",
            f"Version {latest.version} is published; the next one must be {latest.version + 1} or more.",
        )
    if effective_from < at:
        raise PublicationRefused(
            "effective.past", "A version cannot take effect in the past: tickets sent since then have their promise."
        )


def _refuse_to_drop_plans(agreement: Agreement, *, effective_from: datetime) -> None:
    """Refuse a version without a plan that a contract is on when it takes effect, or later."""
    broken = contracts.contracts_outside(agreement, since=effective_from).select_related("organisation")
    if broken:
        told = ", ".join(f'"{contract.plan}" ({contract.organisation})' for contract in broken[:TOLD])
        more = f" and {len(broken) - TOLD} more" if len(broken) > TOLD else ""
        raise PublicationRefused(
            "plan.in_use",
            f"Version {agreement.version} lacks plans that contracts are on: {told}{more}. Keep them, or end the"
            " contracts first.",
        )


def _refuse_uncovered_plans(agreement: Agreement, *, effective_from: datetime) -> None:
    """Refuse plans that somebody has, that nobody may be there to keep, and that could be kept before."""
    sold = set(Contract.objects.exclude(ends_at__lte=effective_from).values_list("plan", flat=True))
    bare = {plan for plan in sold if contracts.lacks_people(plan, agreement, since=effective_from)}
    if not bare:
        return
    try:
        former = agreement_in_force(effective_from)
    except NothingInForce:
        former = None
    fresh = sorted(
        plan for plan in bare if former is None or not contracts.lacks_people(plan, former, since=effective_from)
    )
    if fresh:
        raise PublicationRefused(
            "plan.uncovered",
            f"Version {agreement.version} begins to promise answers day and night for {', '.join(fresh)}, and at times"
            " nobody is on call. Fill the rotas and chains first, or let a manager answer for it.",
        )
