"""The form in which an agent takes down what a customer says on the phone."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from puntuale.agreements.models import Product
from puntuale.agreements.reading import agreement_in_force, products_on_offer
from puntuale.guarantee.agreement import NoGuarantee
from puntuale.looks.requests import Admitted, language
from puntuale.people.models import VENDOR_ROLES, Person
from puntuale.tickets.models import Draft
from puntuale.tickets.submission import quote_for
from puntuale.wording import durations

MOST_OFFERED = 20


class PhoneCall(forms.Form):
    """What the customer says, and perhaps what she is answered at once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    environment = forms.ChoiceField(label=_("Where does it happen?"))
    product = forms.ModelChoiceField(queryset=Product.objects.none(), required=False)
    subject = forms.CharField(strip=True)
    priority = forms.CharField(required=False)
    body = forms.CharField(strip=False)
    answer = forms.CharField(strip=False, required=False)

    def __init__(self, request: Admitted, data: Mapping[str, object] | None = None, draft: Draft | None = None) -> None:
        agreement = agreement_in_force(request.at)
        known: dict[str, object] = {"key": uuid4(), "environment": agreement.environments[0].key}
        if draft is not None:
            known |= (draft.fields or {}) | {"subject": draft.subject, "body": draft.body, "key": draft.key or uuid4()}
        super().__init__(data, initial=known)
        environment, product = self.fields["environment"], self.fields["product"]
        assert isinstance(environment, forms.ChoiceField)
        assert isinstance(product, forms.ModelChoiceField)
        environment.choices = [(place.key, place.name.in_language(language())) for place in agreement.environments]
        product.queryset = products_on_offer()

    def spend_key(self) -> None:
        """Show the form with a fresh key: the one it was sent with belongs to another submission."""
        self.data = {**self.data.dict(), "key": str(uuid4())} if isinstance(self.data, QueryDict) else self.data


@dataclass(frozen=True)
class Level:
    """A priority as the form offers it: what it means, and what it would be promised if it was sent now."""

    key: str
    name: str
    meaning: str
    target: str
    promise: object
    is_barred: bool
    is_chosen: bool


def callers(asked: str) -> QuerySet[Person]:
    """Return the people of customers whose name, address or organisation is like what was asked, a few of them.

    Nobody when nothing that can be read was asked.
    """
    asked_for = asked.replace("\0", " ").split()[:5]
    if not asked_for:
        return Person.objects.none()
    people = Person.objects.exclude(role__in=VENDOR_ROLES).filter(left_at=None).select_related("organisation")
    for word in asked_for:
        like = Q(name__icontains=word) | Q(email__icontains=word) | Q(organisation__name__icontains=word)
        people = people.filter(like)
    return people.order_by("name", "pk")[:MOST_OFFERED]


def levels(request: Admitted, caller: Person, form: PhoneCall) -> list[Level]:
    """Return the priorities for a caller and what the form says so far, one of them chosen."""
    agreement = agreement_in_force(request.at)
    places = {place.key for place in agreement.environments}
    environment = str(form["environment"].value() or "")
    environment = environment if environment in places else agreement.environments[0].key
    allowed = {one.key for one in agreement.priorities if agreement.allows(one, environment)}
    wanted = str(form["priority"].value() or "")
    chosen = wanted if wanted in allowed else agreement.default_priority
    return [
        _level(request, caller, one.key, environment, is_barred=one.key not in allowed, is_chosen=one.key == chosen)
        for one in agreement.priorities
    ]


def _level(request: Admitted, caller: Person, key: str, environment: str, *, is_barred: bool, is_chosen: bool) -> Level:
    agreement = agreement_in_force(request.at)
    priority = agreement.priority(key)
    name, meaning = priority.name.in_language(language()), priority.meaning.in_language(language())
    if is_barred:
        return Level(key, name, meaning, "", None, is_barred, is_chosen)
    promise = quote_for(caller, environment=environment, product=None, priority=key, at=request.at)
    if promise.target is not None:
        target = durations.target(promise.target, agreement, language())
    else:
        target = durations.no_guarantee(NoGuarantee(promise.reason), language()) if promise.reason else ""
    return Level(key, name, meaning, target, promise, is_barred, is_chosen)
