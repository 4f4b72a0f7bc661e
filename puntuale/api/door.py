"""How an operation is declared, and what is looked at before it is done: token, allowance, rights, parameters."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import Router
from ninja.operation import Operation
from ninja.security import HttpBearer
from pydantic import BaseModel

from puntuale.api import etags, idempotency, limits
from puntuale.api.calls import Call
from puntuale.api.problems import FieldProblem, Problem, Refused
from puntuale.people import tokens
from puntuale.people.access import OPERATIONS

Deed = TypeVar("Deed", bound=Callable[..., Any])
READING = (401, 403, 422, 429)
DOING = (400, 401, 403, 409, 412, 413, 415, 422, 429)


class Bearer(HttpBearer):
    """Lets in whoever shows a token that is meant for an operation, of somebody who may do it."""

    def __init__(self, operation: str) -> None:
        super().__init__()
        self.who, self.scope = OPERATIONS[operation]

    def authenticate(self, request: HttpRequest, token: str) -> bool:
        """Let a request in. Raises Refused."""
        call = cast("Call", request)
        shown = tokens.shown(token, at=call.at)
        if shown is None:
            raise Refused("no-token")
        call.token, call.person = shown, shown.person
        if "Accept-Language" not in call.headers:
            translation.activate(call.person.language)
        call.allowance = limits.spend(shown, at=call.at)
        tokens.note_use(shown, at=call.at)
        if not self.who.admits(call.person):
            raise Refused("not-allowed")
        if self.scope not in shown.scopes:
            raise Refused("wrong-scope", _("It needs the scope %(scope)s.") % {"scope": self.scope.value})
        if call.method == "POST" and call.content_type not in {"application/json", ""} and call.body:
            raise Refused("wrong-type")
        return True


def reads(router: Router, path: str, *, gives: Any, also: tuple[int, ...] = ()) -> Callable[[Deed], Deed]:
    """Declare an operation that changes nothing, by the name of its function. `also` are further ways to refuse."""
    return _declared(router, "GET", path, {200: gives, 304: None}, {*READING, *also})


def does(
    router: Router, path: str, *, gives: Any, status: int = 200, also: tuple[int, ...] = ()
) -> Callable[[Deed], Deed]:
    """Declare an operation that changes something, once for each Idempotency-Key, and gives what came of it."""
    return _declared(router, "POST", path, {status: gives}, {*DOING, *also})


def _declared(
    router: Router, method: str, path: str, gives: dict[int, Any], refuses: set[int]
) -> Callable[[Deed], Deed]:
    answers = gives | dict.fromkeys(sorted(refuses | ({404} if "{" in path else set())), Problem)

    def declare(deed: Deed) -> Deed:
        name, status = deed.__name__, next(iter(gives))
        carried_out = _carried_out(deed, status)
        said = (deed.__doc__ or "").strip()
        router.api_operation(
            [method],
            path,
            auth=Bearer(name),
            response=answers,
            operation_id=name,
            summary=said.partition("\n")[0],
            description=said,
            by_alias=True,
        )(carried_out)
        return deed

    return declare


def _carried_out(deed: Callable[..., Any], status: int) -> Callable[..., HttpResponse]:
    @wraps(deed)
    def carry_out(request: Call, **said: Any) -> HttpResponse:
        operation: Operation = carry_out._ninja_operation  # type: ignore[attr-defined]
        _refuse_unknown(request, operation)

        def answer() -> HttpResponse:
            return _answer(request, deed(request, **said), status)

        return answer() if request.method == "GET" else idempotency.once(request, answer)

    return carry_out


def _answer(call: Call, told: BaseModel | HttpResponse, status: int) -> HttpResponse:
    if isinstance(told, HttpResponse):
        return told
    body = told.model_dump_json(by_alias=True)
    return etags.tell(call, HttpResponse(body, status=status, content_type="application/json"), etags.of(body))


def _refuse_unknown(call: Call, operation: Operation) -> None:
    """Raise Refused for a parameter that the operation does not have, and for a body where none is read."""
    known = {
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in model.__ninja_flatten_map__
    }
    unknown = [
        FieldProblem(field=f"query.{name}", rule="extra_forbidden", detail=_("There is no such field."))
        for name in call.GET
        if name not in known
    ]
    has_body = any(model.__ninja_param_source__ == "body" for model in operation.models)
    if not has_body and call.body.strip() not in {b"", b"{}"}:
        unknown.append(
            FieldProblem(field="body", rule="extra_forbidden", detail=_("Nothing is read from a body here."))
        )
    if unknown:
        raise Refused("refused", unknown[0].detail, unknown)
