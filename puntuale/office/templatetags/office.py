"""What the templates of the managers' door need said."""

from collections.abc import Sequence

from django import template
from django.template.context import Context

from puntuale.looks.requests import language
from puntuale.watch import heartbeat
from puntuale.wording import moments

register = template.Library()


@register.simple_tag(takes_context=True)
def silent_since(context: Context) -> str:
    """Return since when no worker has kept watch, in words, once that is too long; else nothing."""
    request = context["request"]
    since = heartbeat.silent_since(at=request.at)
    if since is None:
        return ""
    said = moments.near_moment(since, language(), request.zone, now=request.at)
    return f"{said} {moments.zone_letters(since, request.zone)}"


@register.filter
def at(row: Sequence[str], position: int) -> str:
    """Return what stands at a position of a row."""
    return row[position]
