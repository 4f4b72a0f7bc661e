"""What the templates of the managers' door need said."""

from collections.abc import Sequence

from django import template
from django.template.context import RequestContext

from puntuale.office.menu import ITEMS, Item, is_current

register = template.Library()


@register.filter
def at(row: Sequence[str], position: int) -> str:
    """Return what stands at a position of a row."""
    return row[position]


@register.simple_tag(takes_context=True)
def office_menu(context: RequestContext) -> list[tuple[Item, bool]]:
    """Return the pages of the office, and which one is shown."""
    match = context["request"].resolver_match
    route = (match.url_name if match else "") or ""
    return [(item, is_current(item, route)) for item in ITEMS]
