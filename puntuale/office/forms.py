"""The forms of the repair pages, which refuse what a verb would refuse."""

from datetime import datetime
from typing import Any

from django import forms

from puntuale.agreements.contracts import refuse_unknown_plan
from puntuale.guarantee.agreement import UnknownTerm


class ContractRepair(forms.ModelForm):  # type: ignore[type-arg]
    """A contract. `at` is the instant of the request, which the page sets."""

    at: datetime

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
        return filled
