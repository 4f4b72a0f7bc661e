"""The people of the desk, as forms offer them."""

from django.db.models import QuerySet
from django.http import Http404

from puntuale.looks.requests import Admitted
from puntuale.people.models import VENDOR_ROLES, Person
from puntuale.tickets.keys import is_key


def at_the_desk() -> QuerySet[Person]:
    """Return everybody a ticket can be given to, by name."""
    return Person.objects.filter(role__in=VENDOR_ROLES, left_at=None)


def offered() -> QuerySet[Person]:
    """Return the same people as forms list them: nothing but their names."""
    return at_the_desk().only("name")


def chosen(request: Admitted) -> Person | None:
    """Return whom a form gives tickets to: whoever asks, a colleague, or None for nobody. Nonsense is not found."""
    to = request.POST.get("to", "")
    if to == "nobody":
        return None
    if to == "me":
        return request.person
    found = at_the_desk().filter(pk=to).first() if is_key(to) else None
    if found is None:
        raise Http404
    return found
