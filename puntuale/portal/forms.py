"""The form of a new ticket."""

from collections.abc import Mapping
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from puntuale.agreements.models import Product
from puntuale.agreements.reading import products_on_offer
from puntuale.guarantee.agreement import Agreement
from puntuale.looks.words import why_refused
from puntuale.tickets.texts import TextRefused


class NewTicket(forms.Form):
    """What a customer says. Which priorities she may choose is the agreement's to say, when it is sent."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    environment = forms.ChoiceField(label=_("Where does it happen?"))
    product = forms.ModelChoiceField(queryset=Product.objects.none(), required=False)
    subject = forms.CharField(strip=True)
    priority = forms.CharField(required=False)
    body = forms.CharField(strip=False)

    def __init__(self, agreement: Agreement, language: str, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data, initial={"key": uuid4(), "environment": agreement.environments[0].key})
        environment, product = self.fields["environment"], self.fields["product"]
        assert isinstance(environment, forms.ChoiceField)
        assert isinstance(product, forms.ModelChoiceField)
        environment.choices = [(place.key, place.name.in_language(language)) for place in agreement.environments]
        product.queryset = products_on_offer()

    def refuse(self, problem: TextRefused) -> None:
        """Tell at its field why a text cannot be taken."""
        self.add_error(problem.field, why_refused(problem))
