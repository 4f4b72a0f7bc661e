"""Pages of people whom the door has let in."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast

from django.http import HttpResponseBase

from puntuale.looks.requests import Admitted, Request

Arguments = ParamSpec("Arguments")
Page = Callable[Concatenate[Admitted, Arguments], HttpResponseBase]
View = Callable[Concatenate[Request, Arguments], HttpResponseBase]


def admitted(page: Page[Arguments]) -> View[Arguments]:
    """Return a page that wants to know its person. Who that may be is told in `people.access`."""
    return cast("View[Arguments]", page)
