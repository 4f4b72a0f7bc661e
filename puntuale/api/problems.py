"""Why a request was refused, as RFC 9457 has it, in the language of the caller."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from puntuale.api.values import Told
from puntuale.guarantee.parsing import Unreadable
from puntuale.looks.words import unstorable, why_refused
from puntuale.tickets.texts import TextRefused

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 100
REALM = 'Bearer realm="puntuale"'


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status, and its title."""

    status: HTTPStatus
    title: Lazy | str


KINDS: Mapping[str, Kind] = {
    "unreadable": Kind(HTTPStatus.BAD_REQUEST, gettext_lazy("This is no JSON document.")),
    "no-token": Kind(HTTPStatus.UNAUTHORIZED, gettext_lazy("This needs a token that works.")),
    "wrong-scope": Kind(HTTPStatus.FORBIDDEN, gettext_lazy("The token is not meant for this.")),
    "not-allowed": Kind(HTTPStatus.FORBIDDEN, gettext_lazy("You may not do this.")),
    "not-found": Kind(HTTPStatus.NOT_FOUND, gettext_lazy("There is nothing here.")),
    "wrong-method": Kind(HTTPStatus.METHOD_NOT_ALLOWED, gettext_lazy("This cannot be done here.")),
    "too-slow": Kind(HTTPStatus.REQUEST_TIMEOUT, gettext_lazy("The request came too slowly.")),
    "conflict": Kind(HTTPStatus.CONFLICT, gettext_lazy("This is not possible as things stand.")),
    "newer-messages": Kind(HTTPStatus.CONFLICT, gettext_lazy("Somebody else has written meanwhile.")),
    "in-progress": Kind(HTTPStatus.CONFLICT, gettext_lazy("This request is being answered already.")),
    "changed": Kind(HTTPStatus.PRECONDITION_FAILED, gettext_lazy("It has changed meanwhile. Please read it again.")),
    "too-large": Kind(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, gettext_lazy("The request is too large.")),
    "wrong-type": Kind(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, gettext_lazy("A body of this type is not read here.")),
    "refused": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, gettext_lazy("Something in the request cannot be taken.")),
    "key-spent": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY, gettext_lazy("This Idempotency-Key was used for another request.")
    ),
    "too-many": Kind(HTTPStatus.TOO_MANY_REQUESTS, gettext_lazy("Too many requests. Please wait.")),
    "no-room": Kind(HTTPStatus.SERVICE_UNAVAILABLE, gettext_lazy("Too many files are being uploaded right now.")),
}
"""Every kind there is. Its name ends the address that `type` gives, where the documentation explains it."""


class FieldProblem(Told):
    """What is wrong with one field."""

    field: str = Field(description="The field, as a path such as `body.subject` or `query.limit`.")
    rule: str = Field(description="The rule that it breaks, as a name that stays the same.")
    detail: str = Field(description="The same for people, in the language of the request.")


class Problem(Told):
    """Why a request was refused (RFC 9457)."""

    type: str = Field(description="Which kind of problem, as an address that explains it.")
    title: str = Field(description="The kind in words.")
    status: int
    detail: str = Field(description="What is wrong with this request, for people, in the language of the request.")
    instance: str = Field(description="What was asked for.")
    errors: list[FieldProblem] = Field(default_factory=list, description="What is wrong with each field.")


class Refused(Exception):
    """A request that is refused: the kind of problem, what is wrong in words, and field by field."""

    def __init__(
        self,
        kind: str,
        detail: str = "",
        errors: Sequence[FieldProblem] = (),
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind, detail)
        self.kind = kind
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})


def of_field(field: str, rule: str, detail: str) -> Refused:
    """Return the refusal of one field."""
    return Refused("refused", detail, [FieldProblem(field=field, rule=rule, detail=detail)])


def together(*checks: Callable[[], object]) -> None:
    """Make checks. Raises Refused with the fields of all that refuse, so that nothing is found out one by one."""
    refusals = []
    for check in checks:
        try:
            check()
        except Refused as problem:
            if not problem.errors:
                raise
            refusals.append(problem)
    if refusals:
        raise Refused("refused", refusals[0].detail, [error for one in refusals for error in one.errors])


def told(request: HttpRequest, problem: Exception) -> HttpResponse:
    """Return the answer that tells a problem."""
    refused = problem if isinstance(problem, Refused) else _understood(request, problem)
    kind = KINDS[refused.kind]
    body = Problem(
        type=f"/api/v1/docs#problem-{refused.kind}",
        title=str(kind.title),
        status=kind.status,
        detail=refused.detail or str(kind.title),
        instance=request.path,
        errors=refused.errors,
    )
    answer = HttpResponse(body.model_dump_json(), status=kind.status, content_type=MEDIA_TYPE)
    for name, value in refused.headers.items():
        answer[name] = value
    if kind.status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = REALM
    return answer


UNDERSTOOD = (Http404, HttpError, ValidationError, RequestDataTooBig, UnreadablePostError, Refused)
"""What is raised on the way to an operation, and by operations that find nothing."""


def _understood(request: HttpRequest, problem: Exception) -> Refused:
    if isinstance(problem, ValidationError):
        errors = [*getattr(request, "unknown", ()), *(_field_problem(one) for one in problem.errors)][:MOST_ERRORS]
        return Refused("refused", errors[0].detail if errors else "", errors)
    if isinstance(problem, AuthenticationError):
        return Refused("no-token")
    if isinstance(problem, RequestDataTooBig):
        return Refused("too-large")
    if isinstance(problem.__cause__, Unreadable) and problem.__cause__.place:
        return of_field(f"body.{problem.__cause__.place.rstrip('.')}", "text.unstorable", unstorable())
    if isinstance(problem.__cause__, Unreadable):
        return Refused("unreadable", f"{KINDS['unreadable'].title} ({problem.__cause__})")
    return Refused("not-found" if isinstance(problem, Http404) else "unreadable")


def _field_problem(error: Mapping[str, object]) -> FieldProblem:
    rule, place, context = str(error["type"]), error["loc"], error.get("ctx")
    assert isinstance(place, tuple)
    known = context if isinstance(context, dict) else {}
    refused = known.get("refused")
    detail = why_refused(refused) if isinstance(refused, TextRefused) else _sentence(rule, known)
    # The name of the argument stands between the body and its fields; callers never see it.
    path = [place[0], *place[2:]] if place[0] == "body" and len(place) > 1 else place
    return FieldProblem(field=".".join(str(part) for part in path), rule=rule, detail=detail)


def _sentence(rule: str, known: Mapping[str, object]) -> str:
    sentences = {
        "missing": _("This field is needed."),
        "extra_forbidden": _("There is no such field."),
        "text.unstorable": unstorable(),
        "instant": _("An instant needs its zone, as in 2026-11-20T15:00:00Z."),
        "string_too_long": _("This is too long."),
        "string_too_short": _("Please write something here."),
        "enum": _("Please choose one of these: %(these)s.") % {"these": known.get("expected", "")},
        "literal_error": _("Please choose one of these: %(these)s.") % {"these": known.get("expected", "")},
    }
    return sentences.get(rule, _("This value does not fit."))
