"""What customers are told when a priority changes: the usual sentences, or those the managers wrote instead."""

import re
from datetime import datetime

from django.db import transaction

from puntuale.people import audit
from puntuale.people.models import Person
from puntuale.tickets import texts
from puntuale.tickets.models import Grounds, SuggestedText
from puntuale.tickets.rights import managers_only
from puntuale.wording import notices
from puntuale.wording.languages import LANGUAGES

VARIABLES = ("was", "to")
_WRITTEN = re.compile(r"\{\{\s*([\w.]{1,60})\s*\}\}")


class UnknownPlaceholder(ValueError):
    """A text names something that there is none of; `name` says what."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def suggestion(grounds: str, language: str, *, was: str, to: str) -> str:
    """Return what a customer may be told about a change of priority. `was` and `to` name the priorities."""
    values = {"was": was, "to": to}
    return _WRITTEN.sub(lambda found: values.get(found[1], found[0]), template(grounds, language))


def template(grounds: str, language: str) -> str:
    """Return a text with its variables as they are written: the managers' own, or the usual one."""
    own = SuggestedText.objects.filter(grounds=grounds, language=language).values_list("text", flat=True).first()
    return usual(grounds, language) if own is None else own


def usual(grounds: str, language: str) -> str:
    """Return the text that Puntuale ships with."""
    return notices.suggestion(grounds, language, was="{{ was }}", to="{{ to }}")


def own_texts() -> dict[tuple[str, str], str]:
    """Return the managers' own texts, by reason and language."""
    return {(one.grounds, one.language): one.text for one in SuggestedText.objects.all()}


def write(grounds: Grounds, language: str, text: str, *, by: Person, at: datetime, address: str = "") -> None:
    """Let customers be told something else. Nothing, or the usual text, brings the usual one back.

    Raises NotAManager, TextRefused, UnknownPlaceholder, and KeyError for a language that Puntuale does not speak.
    """
    managers_only(by)
    said = texts.explanation(text, may_be_empty=True)
    for name in _WRITTEN.findall(said):
        if name not in VARIABLES:
            raise UnknownPlaceholder(name)
    LANGUAGES[language]
    if said == template(grounds, language):
        return
    with transaction.atomic():
        if said in {"", usual(grounds, language)}:
            SuggestedText.objects.filter(grounds=grounds, language=language).delete()
        else:
            written = {"text": said, "written_by": by, "written_at": at}
            SuggestedText.objects.update_or_create(grounds=grounds, language=language, defaults=written)
        audit.record("suggested_text_changed", by=by, at=at, about=f"text {grounds} {language}", address=address)
