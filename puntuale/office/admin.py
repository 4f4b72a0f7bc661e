"""Repair pages for managers: rows by hand, where no verb fits. What only grows can be read there, not changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from puntuale.agreements import contracts
from puntuale.agreements.models import Contract, Product, Publication
from puntuale.office.forms import ContractRepair, PersonRepair
from puntuale.people.models import Organisation, Person
from puntuale.tickets.models import Event, PromiseMade, Ticket

admin.site.site_header = "Puntuale"
admin.site.site_title = "Puntuale"


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that nobody changes by hand."""

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:  # noqa: ARG002
        """Tell that none are added."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        """Tell that none are changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        """Tell that none are deleted."""
        return False


@admin.register(Organisation)
class Organisations(admin.ModelAdmin):  # type: ignore[type-arg]
    """Organisations."""

    list_display = ("name", "joined_at")
    search_fields = ("name",)


@admin.register(Person)
class Persons(admin.ModelAdmin):  # type: ignore[type-arg]
    """Persons, but for their passwords."""

    form = PersonRepair
    list_display = ("name", "email", "role", "organisation")
    list_filter = ("role",)
    search_fields = ("name", "email")
    exclude = ("password", "last_login")


@admin.register(Contract)
class Contracts(admin.ModelAdmin):  # type: ignore[type-arg]
    """Contracts."""

    form = ContractRepair
    list_display = ("organisation", "plan", "starts_at", "ends_at", "answered_for_by")
    list_filter = ("plan",)

    def get_form(self, request: HttpRequest, *what: Any, **how: Any) -> Any:
        """Return the form, which is to know when it was asked for."""
        form = super().get_form(request, *what, **how)
        form.at, form.by = request.at, request.user  # type: ignore[attr-defined]
        return form

    def save_model(self, request: HttpRequest, obj: Contract, form: Any, change: bool) -> None:
        """Save a contract, and let everybody know of it."""
        super().save_model(request, obj, form, change)
        contracts.signed(obj)


@admin.register(Product)
class Products(admin.ModelAdmin):  # type: ignore[type-arg]
    """Products."""

    list_display = ("name", "stage", "retired_at")


@admin.register(Publication)
class Publications(ReadOnly):
    """Published versions."""

    list_display = ("version", "effective_from", "published_at", "published_by")


@admin.register(Ticket)
class Tickets(ReadOnly):
    """Tickets."""

    list_display = ("number", "subject", "organisation", "priority", "due_at", "answered_at")
    list_select_related = ("organisation",)


@admin.register(Event)
class Events(ReadOnly):
    """Events."""

    list_display = ("ticket_id", "number", "kind", "at", "by")
    list_select_related = ("by",)


@admin.register(PromiseMade)
class Promises(ReadOnly):
    """Promises."""

    list_display = ("ticket_id", "number", "priority", "target", "due_at", "no_guarantee")
