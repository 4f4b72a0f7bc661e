"""Which tables hold rows of one organisation, by what way, and which of their unique keys would have to name it."""

from django.apps import apps
from django.db.models import ForeignKey, UniqueConstraint

from puntuale.tickets.models import Ticket


def models():
    return [one for one in apps.get_models() if one.__module__.startswith("puntuale")]


def references(model):
    """The foreign keys of a table that are never empty."""
    return [field for field in model._meta.fields if isinstance(field, ForeignKey) and not field.null]


def ways():
    """By model, the way from a row to the organisation it belongs to: tickets, and whatever hangs on a ticket."""
    found = {Ticket: "organisation"}
    grows = True
    while grows:
        hanging = {
            model: f"{field.name}__{found[field.related_model]}"
            for model in models()
            if model not in found
            for field in reversed(references(model))
            if field.related_model in found
        }
        found |= hanging
        grows = bool(hanging)
    return found


def keys(model):
    """The unique keys of a table as lists of columns."""
    single = [(field.column,) for field in model._meta.fields if field.unique]
    several = [one.fields for one in model._meta.constraints if isinstance(one, UniqueConstraint)]
    return single + [tuple(model._meta.get_field(name).column for name in names) for names in several]


def lines():
    """The rows of the table in docs/scaling.md."""
    return [
        f"| {model._meta.db_table} | {way.replace('__', ', ')} | {'; '.join(', '.join(key) for key in keys(model))} |"
        for model, way in sorted(ways().items(), key=lambda found: found[0]._meta.db_table)
    ]


def crossing():
    """Rows that refer to a row of another organisation, as table, column and key."""
    known = ways()
    return [
        (model._meta.db_table, field.column, key)
        for model, way in known.items()
        for field in model._meta.fields
        if isinstance(field, ForeignKey) and field.related_model in known
        for key, own, other in model.objects.filter(**{f"{field.name}__isnull": False}).values_list(
            "pk", way, f"{field.name}__{known[field.related_model]}"
        )
        if own != other
    ]
