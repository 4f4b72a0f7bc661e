"""Letting somebody in who has just come to be known, through the same gates as everybody."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from puntuale.people.models import Person


def let_in(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Return the way to her own door, in a new session. She has just set her password."""
    record_authentication(request, person, method="password")
    response: HttpResponseBase = perform_login(request, person, redirect_url=reverse("home"))
    return response
