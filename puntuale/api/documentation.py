"""The pages that tell what the API can do: for people, and for programs."""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from puntuale.api.describing import described
from puntuale.api.examples import Shapes
from puntuale.api.operations import api
from puntuale.api.problems import KINDS


@require_safe
def description(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Give the description of the API to programs."""
    return JsonResponse(described(api), json_dumps_params={"ensure_ascii": False})


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """Show what the API can do, operation by operation."""
    found = described(api)
    shapes = Shapes(found)
    return render(
        request,
        "api/documentation.html",
        {
            "about": found["info"]["description"],
            "subjects": shapes.subjects(),
            "shapes": shapes.shapes(),
            "kinds": [(name, kind.status.value, kind.title) for name, kind in KINDS.items()],
            "problem": json.dumps(shapes.example({"$ref": "#/components/schemas/Problem"}), indent=2),
        },
    )
