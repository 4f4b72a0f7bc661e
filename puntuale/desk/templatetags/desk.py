"""What the templates of the agents' door need said."""

from collections.abc import Mapping

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from puntuale.desk.boxes import Again
from puntuale.desk.drawing import Drawing
from puntuale.desk.menu import Item, menu
from puntuale.desk.phases import phase, phase_since
from puntuale.looks.promises import ShownPromise
from puntuale.looks.requests import language
from puntuale.looks.templatetags.looks import options
from puntuale.tickets.models import Link
from puntuale.wording import notices

register = template.Library()
register.filter(phase)
register.filter(phase_since)


@register.simple_tag
def queues() -> list[Item]:
    """Return the queues with the keys that lead there."""
    return menu()


@register.simple_tag(takes_context=True)
def refused(context: Context, form: str, key: int | str = "") -> Again | None:
    """Return the form of this name when it is shown again, with what was in it and why; else None."""
    again = context.get("again")
    return again if isinstance(again, Again) and again.form == f"{form}{key}" else None


@register.filter
def at_key(found: Mapping[int, object] | None, key: int) -> object:
    """Return what stands at a key, or nothing."""
    return (found or {}).get(key, "")


@register.filter
def cancelled_because(key: str) -> str:
    """Tell a reason for cancelling a ticket."""
    return notices.cancellation(key, language())


@register.filter
def came_from(kind: str) -> str:
    """Tell how a ticket came from another one."""
    return {
        Link.Kind.FOLLOWS: _("follows"),
        Link.Kind.SPLIT_OFF: _("split off from"),
        Link.Kind.DUPLICATES: _("duplicate of"),
    }[Link.Kind(kind)]


@register.filter
def led_to(kind: str) -> str:
    """Tell how another ticket came from this one."""
    return {
        Link.Kind.FOLLOWS: _("followed by"),
        Link.Kind.SPLIT_OFF: _("split off"),
        Link.Kind.DUPLICATES: _("duplicated by"),
    }[Link.Kind(kind)]


@register.filter
def plan_name(key: str, promise: ShownPromise) -> str:
    """Tell what a plan is called, in the agreement of a promise where that knows it."""
    plans = {plan.key: plan.name.in_language(language()) for plan in promise.standing.agreement.plans}
    return plans.get(key, key)


@register.simple_tag(takes_context=True)
def agent_options(context: Context, chosen: str = "") -> SafeString:
    """Draw whom a ticket can be with: oneself, nobody, and the other agents."""
    others = [(agent.pk, agent.name) for agent in context["agents"] if agent != context["user"]]
    return options([("me", _("me")), ("nobody", _("nobody")), *others], chosen)


@register.simple_tag(takes_context=True)
def table_rows(context: Context) -> SafeString:
    """Draw the rows of a list."""
    drawing = Drawing.of(context["request"], context["trail"], checkable=bool(context.get("checkable")))
    return SafeString("".join(map(drawing.row, context["rows"])))


@register.filter
def option(columns: dict[str, list[tuple[str, str]]], name: str) -> list[tuple[str, str]]:
    """Return what one column of the filter can be narrowed to."""
    return columns.get(name, [])
