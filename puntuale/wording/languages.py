"""The languages Puntuale speaks, and its own words in them."""

import gettext
from functools import cache
from pathlib import Path

LANGUAGES = {"en": "English", "it": "Italiano", "de": "Deutsch", "fr": "Français", "es": "Español"}
"""Language codes with their own names, the fallback first."""

CATALOGUES = Path(__file__).parent.parent / "locale"


@cache
def words(language: str) -> gettext.NullTranslations:
    """Return the catalogue of a language code such as `it` or `it-it`. English, and what is not known, need none."""
    base = language.replace("_", "-").split("-", maxsplit=1)[0]
    return gettext.translation("django", CATALOGUES, languages=[base], fallback=True)


def spoken(language: str) -> str:
    """Return the language that will really be spoken when this one is asked for: itself, its base, or English."""
    base = language.replace("_", "-").split("-", maxsplit=1)[0].lower()
    return base if base in LANGUAGES else "en"
