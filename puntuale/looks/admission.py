"""Letting people through a door."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponseBase
from django.views.decorators.cache import never_cache

from puntuale.looks.requests import Admitted, Request
from puntuale.looks.views import refused
from puntuale.people.models import Person

Arguments = ParamSpec("Arguments")
Page = Callable[Concatenate[Admitted, Arguments], HttpResponseBase]
View = Callable[Concatenate[Request, Arguments], HttpResponseBase]


def admit(may_enter: Callable[[Person], bool]) -> Callable[[Page[Arguments]], View[Arguments]]:
    """Return a decorator for pages that only some may see. Whoever is not signed in is asked to; for others it is 404.

    What somebody sends who is not signed in any more is shown to her, so that she can send it again. What people get is
    never kept by caches.
    """

    def admitting(page: Page[Arguments]) -> View[Arguments]:
        @wraps(page)
        def view(request: Request, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
            person = request.user
            if not isinstance(person, Person):
                if request.method == "POST":
                    return refused.signed_out(request)
                return redirect_to_login(request.get_full_path())
            if not may_enter(person):
                raise Http404
            request.person = person  # type: ignore[attr-defined]
            return page(request, *args, **kwargs)  # type: ignore[arg-type]

        return never_cache(cast("View[Arguments]", view))

    return admitting


everybody = admit(lambda person: person.is_active)
managers = admit(lambda person: person.manages)
customers = admit(lambda person: not person.works_for_vendor)
agents = admit(lambda person: person.works_for_vendor)
