"""A promise at a glance, drawn in one piece: a list shows fifty of them, and templates within templates are slow."""

from functools import cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from puntuale.looks.icons import icon
from puntuale.looks.promises import ShownPromise
from puntuale.wording.languages import words

CHIP = '<span class="chip {}"{}>{}<span class="chip-text">{}</span></span>'
RUNNING = ' data-countdown data-spans="{}" data-beyond="{}" data-soon="{}" data-due="{}"'
MISSED = ' data-countdown data-due="{}"'
QUIET = '<span class="muted small">{}</span>'
DUE = '<span class="muted small" title="{}">{}</span>'
COUNTS_FROM = '\n<span class="muted small" data-counts-from>{}</span>'


def chip(promise: ShownPromise) -> SafeString:
    """Return how a promise stands, with what the browser needs to count on."""
    shown = promise.chip
    if promise.due_at is None or not (promise.is_running or promise.is_missed):
        return format_html(CHIP, shown.tone, "", icon(shown.icon), shown.text)
    due = int(promise.due_at.timestamp())
    if promise.is_missed:
        return format_html(CHIP, shown.tone, format_html(MISSED, due), icon(shown.icon), shown.text)
    counts = format_html(RUNNING, promise.spans, str(promise.beyond), promise.soon_from, due)
    return format_html(CHIP, shown.tone, counts, _while_running(), shown.text)


def due(promise: ShownPromise) -> SafeString:
    """Return when a promise is due, or was kept, or what was promised, in small print."""
    if promise.is_running or promise.is_missed:
        told = words(promise.language).gettext("due %(due)s") % {"due": promise.due}
        drawn = format_html(DUE, promise.due_exactly, told)
        return (
            format_html("{}{}", drawn, format_html(COUNTS_FROM, promise.counts_from)) if promise.is_running else drawn
        )
    return format_html(QUIET, promise.answered or promise.target)


@cache
def _while_running() -> SafeString:
    """Return the icons of a running promise; the browser shows the one that fits what is left."""
    names = {"when-calm": "clock", "when-soon": "triangle-alert", "when-late": "circle-x"}
    return format_html_join("", '<span class="{}">{}</span>', ((key, icon(name)) for key, name in names.items()))
