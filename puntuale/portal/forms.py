"""The form of a new ticket."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from puntuale.agreements.models import Product
from puntuale.agreements.reading import products_on_offer
from puntuale.guarantee.agreement import Agreement
from puntuale.looks.words import why_refused
from puntuale.tickets.texts import TextRefused


class Written(forms.CharField):
    """What somebody wrote, as she wrote it. What of it can be kept is the ticket's to say."""

    def __init__(self, *, required: bool = True) -> None:
        super().__init__(required=required, strip=False)
        # Django would refuse NUL, which the ticket replaces.
        self.validators = []


class NewTicket(forms.Form):
    """What a customer says. Which priorities she may choose is the agreement's to say, when it is sent."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    environment = forms.ChoiceField(label=_("Where does it happen?"))
    product = forms.ModelChoiceField(queryset=Product.objects.none(), required=False)
    subject = Written()
    priority = forms.CharField(required=False)
    body = Written()
    colleagues = Written(required=False)

    def __init__(
        self,
        agreement: Agreement,
        language: str,
        data: Mapping[str, object] | None = None,
        draft: Mapping[str, str] | None = None,
        key: UUID | None = None,
    ) -> None:
        known = {"environment": agreement.environments[0].key} | dict(draft or {})
        super().__init__(data, initial=known)
        environment, product = self.fields["environment"], self.fields["product"]
        assert isinstance(environment, forms.ChoiceField)
        assert isinstance(product, forms.ModelChoiceField)
        environment.choices = [(place.key, place.name.in_language(language)) for place in agreement.environments]
        product.queryset = products_on_offer()
        self._is_spent, self._kept_key = False, key

    def refuse(self, problem: TextRefused) -> None:
        """Tell at its field why a text cannot be taken."""
        self.add_error(problem.field, why_refused(problem))

    def spend_key(self) -> None:
        """Note that the key belongs to another submission, so that the form gets a fresh one when it is shown."""
        self._is_spent = True

    @property
    def key_to_show(self) -> UUID:
        """Return the key that the form is shown with: the one it was sent with as long as that is good.

        Else it is that of the draft, if there is one.
        """
        sent = getattr(self, "cleaned_data", {}).get("key") if self.is_bound else None
        return sent if isinstance(sent, UUID) and not self._is_spent else self._kept_key or uuid4()
