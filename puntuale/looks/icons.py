"""Lucide icons (ISC licence), only those used, drawn into the page."""

import re
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe

FOLDER = Path(__file__).parent / "icons"


@cache
def icon(name: str) -> SafeString:
    """Return an icon as markup that assistive technology passes over; the words beside it say the same."""
    drawing = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    inner = re.sub(r"(?s).*?<svg[^>]*>(.*)</svg>.*", r"\1", drawing)
    shapes = " ".join(inner.split())
    return mark_safe(f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{shapes}</svg>')  # noqa: S308 -- our own files
