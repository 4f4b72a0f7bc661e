"""The forms of the repair pages, which refuse what a verb would refuse."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puntuale.agreements.contracts import is_uncovered, refuse_unknown_plan
from puntuale.agreements.models import Contract
from puntuale.guarantee.agreement import UnknownTerm
from puntuale.guarantee.zones import UnknownZone, zone
from puntuale.people.email import normalised
from puntuale.people.models import VENDOR_ROLES, Person
from puntuale.wording.languages import LANGUAGES


class ContractRepair(forms.ModelForm):  # type: ignore[type-arg]
    """A contract. `at` is the instant of the request and `by` who sent it, which the page sets."""

    at: datetime
    by: Person
    i_answer = forms.BooleanField(
        required=False, label=gettext_lazy("I answer for promises day and night that nobody is on call for at times.")
    )

    class Meta:
        """Who answers for it is whoever ticks the box."""

        model = Contract
        fields = ("organisation", "plan", "starts_at", "ends_at", "signed_at")

    def clean(self) -> dict[str, Any]:
        """Return what was filled in, with its plan one that the agreement has for what is left of the contract."""
        filled: dict[str, Any] = super().clean() or self.cleaned_data
        if {"plan", "starts_at"} <= filled.keys():
            try:
                refuse_unknown_plan(
                    filled["plan"], starts_at=filled["starts_at"], ends_at=filled.get("ends_at"), at=self.at
                )
            except UnknownTerm as problem:
                said = forms.ChoiceField.default_error_messages["invalid_choice"] % {"value": problem.value}
                self.add_error("plan", f"{said} ({', '.join(problem.known)})")
            else:
                self._let_somebody_answer(filled)
        return filled

    def _let_somebody_answer(self, filled: dict[str, Any]) -> None:
        """Ask for a manager who answers for it, where nobody is on call at times, unless one does already."""
        since, until = max(filled["starts_at"], self.at), filled.get("ends_at")
        if (until and until <= since) or not is_uncovered(filled["plan"], since=since, until=until):
            return
        if filled.get("i_answer"):
            self.instance.answered_for_by = self.by
        elif self.instance.answered_for_by is None or "plan" in self.changed_data:
            self.add_error("i_answer", _("This plan promises answers day and night, and at times nobody is on call."))


class PersonRepair(forms.ModelForm):  # type: ignore[type-arg]
    """A person."""

    email = forms.EmailField(max_length=254)
    language = forms.ChoiceField(choices=LANGUAGES.items())

    def clean_email(self) -> str:
        """Return the address as it is stored and compared, so that she can log in with it."""
        return normalised(self.cleaned_data["email"])

    def clean_zone_name(self) -> str:
        """Return the zone, one that there is."""
        name: str = self.cleaned_data["zone_name"]
        try:
            zone(name)
        except UnknownZone as problem:
            raise forms.ValidationError(_("%(zone)s is not a time zone.") % {"zone": name}) from problem
        return name

    def clean(self) -> dict[str, Any]:
        """Return what was filled in: customers belong to an organisation, and nobody else does."""
        filled: dict[str, Any] = super().clean() or self.cleaned_data
        role, organisation = filled.get("role", self.instance.role), filled.get("organisation")
        if organisation is None and role and role not in VENDOR_ROLES:
            self.add_error("organisation", forms.Field.default_error_messages["required"])
        elif organisation is not None and role in VENDOR_ROLES:
            said = _("%(name)s does not belong to %(organisation)s.")
            self.add_error("organisation", said % {"name": filled.get("name", ""), "organisation": organisation})
        return filled
