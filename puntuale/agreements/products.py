"""What the vendor sells: adding a product, telling how far it has come, and taking it out of the form."""

from datetime import datetime

from django.db import IntegrityError, transaction

from puntuale.agreements.models import Product
from puntuale.agreements.reading import agreement_in_force
from puntuale.guarantee.visible import one_line
from puntuale.people import audit
from puntuale.people.models import Person

LONGEST_NAME = 200


class ProductRefused(ValueError):
    """A product that cannot be, with the rule it breaks."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def shape(product: Product | None, *, name: str, stage: str, by: Person, at: datetime, address: str = "") -> Product:
    """Return a product with a name and a stage of the agreement in force, a new one for None.

    Tickets that are open keep what they were promised: the stage counts when a ticket is sent. Raises ProductRefused,
    UnknownTerm for a stage that the agreement does not know, NothingInForce.
    """
    said = one_line(name)
    if not said or len(said) > LONGEST_NAME:
        raise ProductRefused("name.length")
    agreement_in_force(at).stage(stage)
    before = product.stage if product else ""
    product = product or Product(added_at=at)
    product.name, product.stage = said, stage
    try:
        with transaction.atomic():
            product.save()
            _note("product_changed", product, by, at, address, was=before, stage=stage)
    except IntegrityError as problem:
        raise ProductRefused("name.taken") from problem
    return product


def retire(product: Product, *, by: Person, at: datetime, address: str = "") -> None:
    """Take a product out of the form. What was asked about it stays."""
    with transaction.atomic():
        if Product.objects.filter(pk=product.pk, retired_at=None).update(retired_at=at):
            _note("product_retired", product, by, at, address)


def bring_back(product: Product, *, by: Person, at: datetime, address: str = "") -> None:
    """Offer a product in the form again."""
    with transaction.atomic():
        if Product.objects.filter(pk=product.pk, retired_at__isnull=False).update(retired_at=None):
            _note("product_brought_back", product, by, at, address)


def _note(action: str, product: Product, by: Person, at: datetime, address: str, **details: object) -> None:
    audit.record(action, by=by, at=at, about=f"product {product.pk}", address=address, **details)
