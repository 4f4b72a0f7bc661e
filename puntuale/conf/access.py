"""The door-keeper: every request is held against the table of who may go where before any page sees it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import add_never_cache_headers

from puntuale.looks.views import refused
from puntuale.people.access import Who, who_may_enter
from puntuale.people.models import Person


class Unlisted(RuntimeError):
    """A route that is in no row of the table. It is shut until somebody says who may enter."""


class Access:
    """Gives each page the `person` it is for. Whoever is not signed in is asked to; for others a page is not there.

    What somebody sends who is not signed in any more is shown to her, so that she can send it again. What is for some
    only is never kept by caches.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        response = self.get_response(request)
        if getattr(request, "is_for_some", False):
            add_never_cache_headers(response)
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],  # noqa: ARG002
        arguments: Sequence[Any],  # noqa: ARG002
        named: Mapping[str, Any],  # noqa: ARG002
    ) -> HttpResponseBase | None:
        """Let the request pass, or answer it."""
        route = request.resolver_match.view_name if request.resolver_match else ""
        who = who_may_enter(route)
        if who is None:
            raise Unlisted(route)
        request.is_for_some = who is not Who.ANYBODY  # type: ignore[attr-defined]
        person = request.user
        if isinstance(person, Person):
            if not who.admits(person):
                raise Http404
            request.person = person  # type: ignore[attr-defined]
            if request.method == "POST" and request.POST.get(refused.WRITER, str(person.pk)) != str(person.pk):
                return refused.written_by_another(request)
        elif not who.is_open:
            return (
                refused.signed_out(request) if request.method == "POST" else redirect_to_login(request.get_full_path())
            )
        return None
