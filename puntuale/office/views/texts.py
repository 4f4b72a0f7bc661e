"""What customers read when a priority changes, by reason and language; saved replies stand on the desk."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted, address_of, language
from puntuale.looks.words import why_refused
from puntuale.tickets import suggested_texts
from puntuale.tickets.models import Grounds
from puntuale.tickets.suggested_texts import UnknownPlaceholder
from puntuale.tickets.texts import TextRefused
from puntuale.wording import notices
from puntuale.wording.languages import LANGUAGES


@admitted
@require_safe
def texts(request: Admitted) -> HttpResponse:
    """Show the reasons, and in which languages the managers wrote a text of their own."""
    own = suggested_texts.own_texts()
    rows = [
        (
            one.value,
            notices.grounds(one.value, language()),
            [(code, name, (one.value, code) in own) for code, name in LANGUAGES.items()],
        )
        for one in Grounds
    ]
    return render(request, "office/texts.html", {"rows": rows})


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: Admitted, grounds: str, code: str) -> HttpResponseBase:
    """Show a text, and take another one. An empty one brings the usual text back."""
    if grounds not in set(Grounds) or code not in LANGUAGES:
        raise Http404
    if request.method != "POST":
        return _page(request, grounds, code, suggested_texts.template(grounds, code), "")
    said = request.POST.get("text", "")
    try:
        suggested_texts.write(
            Grounds(grounds), code, said, by=request.person, at=request.at, address=address_of(request)
        )
    except TextRefused as problem:
        return _page(request, grounds, code, said, why_refused(problem))
    except UnknownPlaceholder as problem:
        told = _("There is no variable %(name)s. There are: %(known)s.") % {
            "name": problem.name,
            "known": ", ".join(suggested_texts.VARIABLES),
        }
        return _page(request, grounds, code, said, told)
    messages.success(request, _("Saved."))
    return redirect("office_texts")


def _page(request: Admitted, grounds: str, code: str, said: str, problem: str) -> HttpResponse:
    shown = {
        "reason": notices.grounds(grounds, language()),
        "code": code,
        "language_name": LANGUAGES[code],
        "text": said,
        "usual": suggested_texts.usual(grounds, code),
        "problem": problem,
        "variables": ["{{ " + name + " }}" for name in suggested_texts.VARIABLES],
    }
    return render(request, "office/text.html", shown, status=422 if problem else 200)
