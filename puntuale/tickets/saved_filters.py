"""Views of the queue that somebody gave a name, for herself."""

from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from django.db.models import QuerySet

from puntuale.people.models import Person
from puntuale.tickets import texts
from puntuale.tickets.models import SavedFilter
from puntuale.tickets.queues import Filter, View
from puntuale.tickets.rights import agents_only

MOST = 30
LONGEST_NAME = 60


class TooManyFilters(ValueError):
    """Somebody keeps as many filters as one person may."""


def save(*, name: str, view: View, narrowed: Filter, by: Person, at: datetime) -> SavedFilter:
    """Return a queue and its filter under a name; a filter of that name is replaced.

    Raises NotAnAgent, TextRefused, TooManyFilters.
    """
    agents_only(by)
    said = texts.name(name, limit=LONGEST_NAME)
    if by.saved_filters.exclude(name=said).count() >= MOST:
        raise TooManyFilters(said)
    asked = urlencode({"view": view.value}) + (f"&{narrowed.asked}" if narrowed.asked else "")
    kept, _ = SavedFilter.objects.update_or_create(person=by, name=said, defaults={"asked": asked, "saved_at": at})
    return kept


def of(person: Person) -> QuerySet[SavedFilter]:
    """Return the filters somebody has saved, by name."""
    return SavedFilter.objects.filter(person=person)


def opened(kept: SavedFilter) -> tuple[View, Filter]:
    """Return what a saved filter asks for, judged anew: what is no queue or no column any more is left out."""
    asked = dict(parse_qsl(kept.asked))
    view = asked.pop("view", "")
    return View(view) if view in set(View) else View.DUE, Filter.of(asked)


def forget(kept: SavedFilter, *, by: Person) -> None:
    """Drop a filter; only one's own."""
    SavedFilter.objects.filter(pk=kept.pk, person=by).delete()
