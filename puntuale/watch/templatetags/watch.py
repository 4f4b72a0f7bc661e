"""What pages say of the watch."""

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
    return moments.near(since, language(), request.zone, now=request.at) if since else ""
