"""Fields of forms that are not ours, as ours look."""

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

from puntuale.accounts import devices

register = template.Library()


@register.filter
def plain(field: BoundField) -> SafeString:
    """Return the field without the placeholder, which would only repeat its label."""
    return field.as_widget(attrs={"placeholder": False})


@register.filter
def browser(user_agent: str) -> str:
    """Return what people call a browser and its system."""
    return devices.describe(user_agent)
