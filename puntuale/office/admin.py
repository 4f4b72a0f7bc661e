"""Repair pages for managers: rows by hand, where no verb fits. What only grows can be read there, not changed."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest

from puntuale.agreements import contracts
from puntuale.agreements.models import Contract, Product, Publication
from puntuale.looks.requests import address_of
from puntuale.office.forms import ContractRepair, PersonRepair
from puntuale.people import revocation
from puntuale.people.models import VENDOR_ROLES, Organisation, Person, Role
from puntuale.privacy.repair import ReadOnly, Repaired
from puntuale.tickets.models import Event, PromiseMade, Ticket

admin.site.site_header = "Puntuale"
admin.site.site_title = "Puntuale"
# Rights come with roles. Groups give none, and changing one is in no log.
admin.site.unregister(Group)


@admin.register(Organisation)
class Organisations(Repaired):
    """Organisations."""

    list_display = ("name", "joined_at")
    search_fields = ("name",)


@admin.register(Person)
class Persons(Repaired):
    """Persons, but for their passwords. Roles change in the office, where the rules for that are.

    Who works for the vendor comes in by an invitation, and only an administrator gives them another address: a manager
    who could make or take over a second account would be the second person who confirms what they did themselves.
    """

    form = PersonRepair
    list_display = ("name", "email", "role", "organisation")
    list_filter = ("role",)
    search_fields = ("name", "email")
    exclude = ("password", "last_login", "credentials_from")

    def get_readonly_fields(self, request: HttpRequest, obj: Person | None = None) -> list[str]:
        """Return what is only read here of somebody who is there already."""
        if obj is None:
            return []
        return ["role", "left_at", *([] if _may_readdress(obj, request) else ["email"])]

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **how: Any) -> Any:
        """Return the field of a choice; the roles are those that whoever asks may give."""
        if db_field.name == "role" and not _administers(request):
            how["choices"] = [(role.value, role.label) for role in Role if role not in VENDOR_ROLES]
        return super().formfield_for_choice_field(db_field, request, **how)

    def has_change_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """Tell whether a row may be repaired: an administrator's only by another one, never of somebody erased."""
        if obj is not None and (obj.is_erased or (obj.role == Role.ADMINISTRATOR and not _administers(request))):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:  # noqa: ARG002
        """Tell that nobody is deleted: who has left, has left."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save a person. With another address their sessions and links end, and the old one is told."""
        before = Person.objects.get(pk=obj.pk) if change else None
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            if before is None:
                return
            at, by = request.at, request.user  # type: ignore[attr-defined]
            assert isinstance(by, Person)
            if before.organisation_id != obj.organisation_id:
                revocation.revoke_access(obj, by=by, at=at, address=address_of(request))
            elif before.email != obj.email:
                revocation.renew_credentials(obj, at=at)
            if before.email != obj.email:
                revocation.tell_old_address(before, by=by)


def _administers(request: HttpRequest) -> bool:
    return isinstance(request.user, Person) and request.user.role == Role.ADMINISTRATOR


def _may_readdress(person: Person, request: HttpRequest) -> bool:
    return not person.works_for_vendor or _administers(request)


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
