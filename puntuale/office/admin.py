"""Repair pages for managers: rows by hand, where no verb fits. What only grows can be read there, not changed."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from puntuale.agreements import contracts
from puntuale.agreements.models import Contract, Product, Publication
from puntuale.looks.requests import address_of
from puntuale.office.forms import ContractRepair, PersonRepair
from puntuale.people import audit
from puntuale.people.models import Organisation, Person, Role
from puntuale.people.roles import may_make_administrators
from puntuale.tickets.models import Event, PromiseMade, Ticket

admin.site.site_header = "Puntuale"
admin.site.site_title = "Puntuale"
# Rights come with roles. Groups give none, and changing one is in no log.
admin.site.unregister(Group)


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


class Repaired(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that can be repaired by hand. Every repair is in the audit log, with the fields it changed."""

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Save a row, and write down that somebody did."""
        super().save_model(request, obj, form, change)
        _note(request, "row_repaired" if change else "row_added", obj, fields=form.changed_data)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Delete a row, and write down that somebody did."""
        _note(request, "row_deleted", obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> None:
        """Delete rows, and write down each."""
        for one in queryset:
            self.delete_model(request, one)


def _note(request: HttpRequest, action: str, row: Model, **details: object) -> None:
    about = f"{row._meta.model_name} {row.pk}"
    by = request.user if isinstance(request.user, Person) else None
    at = request.at  # type: ignore[attr-defined]
    audit.record(action, by=by, at=at, about=about, address=address_of(request), **details)


@admin.register(Organisation)
class Organisations(Repaired):
    """Organisations."""

    list_display = ("name", "joined_at")
    search_fields = ("name",)


@admin.register(Person)
class Persons(Repaired):
    """Persons, but for their passwords. Roles change in the office, where the rules for that are."""

    form = PersonRepair
    list_display = ("name", "email", "role", "organisation")
    list_filter = ("role",)
    search_fields = ("name", "email")
    exclude = ("password", "last_login")

    def get_readonly_fields(self, request: HttpRequest, obj: Person | None = None) -> list[str]:  # noqa: ARG002
        """Return what is only read here of somebody who is there already."""
        return ["role", "left_at"] if obj else []

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **how: Any) -> Any:
        """Return the field of a choice; the roles are those that whoever asks may give."""
        if db_field.name == "role" and not may_make_administrators(request.user):  # type: ignore[arg-type]
            how["choices"] = [(role.value, role.label) for role in Role if role is not Role.ADMINISTRATOR]
        return super().formfield_for_choice_field(db_field, request, **how)

    def has_change_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """Tell whether a row may be repaired: another address would make whoever changes it an administrator."""
        if obj is not None and obj.role == Role.ADMINISTRATOR and request.user.role != Role.ADMINISTRATOR:  # type: ignore[union-attr]
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:  # noqa: ARG002
        """Tell that nobody is deleted: who has left, has left."""
        return False


@admin.register(Contract)
class Contracts(Repaired):
    """Contracts, for what the office does not do: it signs and ends them."""

    form = ContractRepair
    list_display = ("organisation", "plan", "starts_at", "ends_at", "answered_for_by")
    list_filter = ("plan",)

    def get_form(self, request: HttpRequest, *what: Any, **how: Any) -> Any:
        """Return the form, which is to know when it was asked for."""
        form = super().get_form(request, *what, **how)
        form.at, form.by = request.at, request.user  # type: ignore[attr-defined]
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save a contract, and let everybody know of it."""
        super().save_model(request, obj, form, change)
        contracts.signed(obj)


@admin.register(Product)
class Products(Repaired):
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
