"""The repair pages: what may be asked there about rows, and what is written down about changes by hand."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from puntuale.looks.requests import address_of
from puntuale.people import audit
from puntuale.people.models import Person
from puntuale.privacy.data_map import PERSONAL, SECRET

HIDDEN = "\N{BULLET}" * 3
LOOKUPS = ("", "__exact", "__isnull")


class RepairPage(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that managers see by hand. Nothing is looked up there but what the page itself offers to narrow by."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:  # noqa: ARG002
        """Tell whether an address may narrow the rows by this: only the page's own filters, and a row's own number.

        Django lets every column of the table be asked for, how it begins too, which tells a secret letter by letter.
        """
        offered = [*self.list_filter, self.model._meta.pk.name, "pk"]
        # No text in the database has a NUL, nor can it be asked for one.
        return lookup in {f"{name}{how}" for name in offered for how in LOOKUPS} and "\0" not in str(value)

    def note(self, request: HttpRequest, action: str, row: Model, **details: object) -> None:
        """Write down what somebody did to a row."""
        by = request.user if isinstance(request.user, Person) else None
        at = request.at  # type: ignore[attr-defined]
        about = f"{row._meta.model_name} {row.pk}"
        audit.record(action, by=by, at=at, about=about, address=address_of(request), **details)


class ReadOnly(RepairPage):
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


class Repaired(RepairPage):
    """Rows that can be repaired by hand. Every repair is in the audit log, with what was there and what is now."""

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Save a row, and write down what changed."""
        before = type(obj)._default_manager.filter(pk=obj.pk).first() if change else None
        super().save_model(request, obj, form, change)
        changed = [name for name in form.changed_data if name in {field.name for field in obj._meta.fields}]
        told = changes(before, obj, changed)
        self.note(request, "row_repaired" if change else "row_added", obj, fields=form.changed_data, values=told)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Delete a row, and write down what it was."""
        names = [field.name for field in obj._meta.fields]
        self.note(request, "row_deleted", obj, values={name: shown(obj, name) for name in names})
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> None:
        """Delete rows, and write down each."""
        for one in queryset:
            self.delete_model(request, one)


def changes(before: Model | None, after: Model, names: Iterable[str]) -> dict[str, dict[str, object]]:
    """Return by field what was there and what is now, as the audit log may keep it."""
    return {name: {"was": shown(before, name) if before else None, "now": shown(after, name)} for name in names}


def shown(row: Model, name: str) -> object:
    """Return a value as the audit log may keep it: no secret, and nothing that would outlast the erasure of a person.

    Of an address its domain is kept, which tells whether it left the company.
    """
    value = row.serializable_value(name)
    table = f"{row._meta.app_label}.{row._meta.object_name}"
    if name in SECRET.get(table, "").split():
        return HIDDEN
    if name in PERSONAL.get(table, "").split():
        return f"{HIDDEN}@{value.rpartition('@')[2]}" if name == "email" else HIDDEN
    return value
