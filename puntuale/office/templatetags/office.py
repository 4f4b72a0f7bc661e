"""What the templates of the managers' door need said."""

from collections.abc import Sequence

from django import template

register = template.Library()


@register.filter
def at(row: Sequence[str], position: int) -> str:
    """Return what stands at a position of a row."""
    return row[position]
