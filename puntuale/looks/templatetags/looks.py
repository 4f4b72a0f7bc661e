"""The tags of the design system."""

import json
from collections.abc import Iterable
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from django import template
from django.template.context import RequestContext
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from puntuale.looks import chips, plain, times
from puntuale.looks.happenings import Happening, happening, outcome
from puntuale.looks.icons import icon as drawn
from puntuale.looks.markdown import rendered
from puntuale.looks.promises import ShownPromise
from puntuale.tickets.models import Message
from puntuale.tickets.timeline import Entry
from puntuale.wording import mails, moments, notices
from puntuale.wording.languages import words

register = template.Library()

SELECTED = SafeString(" selected")


def _language() -> str:
    return get_language() or "en"


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon."""
    return drawn(name)


@register.simple_tag(takes_context=True)
def moment(context: RequestContext, at: datetime) -> SafeString:
    """Tell an instant with its zone, in the reader's language and zone."""
    now, zone = _reader(context)
    return times.element(at, moments.moment(at, _language(), zone, now=now), _language(), zone)


@register.simple_tag(takes_context=True)
def near(context: RequestContext, at: datetime) -> SafeString:
    """Tell an instant as people say it, with its zone."""
    now, zone = _reader(context)
    return times.near(at, _language(), zone, now=now)


@register.simple_tag(takes_context=True)
def near_text(context: RequestContext, at: datetime) -> str:
    """Tell an instant as people say it, with its zone, where no element may stand."""
    now, zone = _reader(context)
    return moments.near(at, _language(), zone, now=now)


@register.simple_tag(takes_context=True)
def span(context: RequestContext, start: datetime, end: datetime) -> str:
    """Tell a span as people say it, with its zone."""
    now, zone = _reader(context)
    return moments.near_span(start, end, _language(), zone, now=now)


@register.simple_tag(takes_context=True)
def day(context: RequestContext, at: datetime) -> SafeString:
    """Tell the day of an instant, in the reader's language and zone."""
    _, zone = _reader(context)
    return times.element(at, moments.plain_day(at.astimezone(zone).date(), _language()), _language(), zone)


@register.simple_tag
def options(pairs: Iterable[tuple[object, str]], chosen: str = "") -> SafeString:
    """Draw the options of a field, as keys with names. In one piece: there may be hundreds."""
    return SafeString(
        "".join(
            f'<option value="{escape(str(key))}"{SELECTED if str(key) == chosen else ""}>{escape(str(said))}</option>'
            for key, said in pairs
        )
    )


@register.simple_tag
def chip(promise: ShownPromise) -> SafeString:
    """Show how a promise stands."""
    return chips.chip(promise)


@register.simple_tag
def due(promise: ShownPromise) -> SafeString:
    """Show when a promise is due, in small print."""
    return chips.due(promise)


@register.inclusion_tag("looks/strip.html")
def strip(promise: ShownPromise) -> dict[str, object]:
    """Show a promise from submission to due."""
    return {"promise": promise}


@register.inclusion_tag("looks/sum.html")
def worked_sum(promise: ShownPromise) -> dict[str, object]:
    """Show how the due time was counted."""
    return {"promise": promise}


@register.filter
def as_written(said: str, message: Message | None = None) -> SafeString:
    """Show a text that somebody wrote: Markdown, or plain as its message is, no HTML, long quotes folded."""
    draw = plain.drawn if message is not None and message.is_plain else rendered
    return draw(said, words(_language()).gettext("Quoted text"))


@register.filter
def happened(entry: Entry) -> Happening:
    """Tell what happened."""
    return happening(entry)


@register.filter
def did(entry: Entry) -> Happening | None:
    """Tell what an answer did to the promise."""
    return outcome(entry)


@register.filter
def why_mail(code: str) -> str:
    """Tell why a mail became no message."""
    return mails.why(code, _language())


@register.filter
def grounds(key: str) -> str:
    """Tell why a priority changed."""
    return notices.grounds(key, _language())


@register.simple_tag
def spoken_words() -> str:
    """Return the few words that the countdown in the browser needs, as JSON."""
    said = words(_language())
    return json.dumps(
        {
            "left": said.gettext("%(time)s left"),
            "missed": said.gettext("missed %(time)s ago"),
            "countsFrom": said.gettext("counts from %(time)s"),
            "today": said.gettext("today"),
            "tomorrow": said.gettext("tomorrow"),
        }
    )


def _reader(context: RequestContext) -> tuple[datetime, ZoneInfo]:
    request = context["request"]
    return request.at, request.zone
